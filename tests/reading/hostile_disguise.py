"""Text that no person sees, or that is not the writer's news: hidden, scripted, quoted, below the signature; and letters
that pose as others. What must not decide says "rejected"; the mail itself is a receipt.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Final

from hostile import CANARY, PROVED, VISIBLE, Holds, Hostile, family, html, mail

P: Final = f"<p>{VISIBLE}</p>"

#: Styles of an element nobody sees.
HIDING: Final = (
    "display:none",
    "display: none !important",
    "DISPLAY:NONE",
    "display : none ;color:red",
    "color:red;display:none",
    "display:/* x */none",
    "disp\\6c ay:none",
    "visibility:hidden",
    "visibility: collapse",
    "font-size:0",
    "font-size:0px",
    "font-size: 0.0em",
    "font-size:1px",
    "font-size:.1px",
    "font:0/0 a",
    "mso-hide:all",
    "opacity:0",
    "opacity:0.0",
    "opacity:.01",
    "opacity:0%",
    "max-height:0",
    "max-height:0px;overflow:hidden",
    "height:0;overflow:hidden",
    "width:0;overflow:hidden",
    "height:1px;width:1px;overflow:hidden",
    "line-height:0;max-height:0;overflow:hidden",
    "position:absolute;left:-9999px",
    "position:absolute;top:-5000px",
    "position:fixed;right:-10000px",
    "text-indent:-9999px",
    "margin-left:-9999px",
    "clip:rect(0,0,0,0);position:absolute",
    "clip-path:inset(100%)",
    "transform:scale(0)",
    "filter:opacity(0)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:white",
    "color:#fff",
    "color:#FFFFFF",
    "color:#fefefe",
    "color:rgb(255,255,255)",
    "color: rgb(100%, 100%, 100%)",
    "color:rgb(254 254 254)",
    "color:#ffff",
    "color:snow",
    "color:black;background:black",
    "color:#123456;background-color:#123456",
    "background:#f4f4f4;color:#f4f4f4",
    "background:rgb(10,20,30);color:#0a141e",
)
#: Mark-up around text nobody sees; {} is the text.
UNSEEN: Final = {
    "script": "<script>{}</script>",
    "script of a type": '<script type="application/ld+json">{{"text":"{}"}}</script>',
    "style": "<style>{}</style>",
    "title": "<title>{}</title>",
    "head": "<head><meta name=description content='{}'></head>",
    "template": "<template>{}</template>",
    "noscript": "<noscript>{}</noscript>",
    "svg": "<svg><text>{}</text></svg>",
    "svg's description": "<svg><desc>{}</desc></svg>",
    "iframe": "<iframe srcdoc='{0}'>{0}</iframe>",
    "object": "<object data=x>{}</object>",
    "noembed": "<noembed>{}</noembed>",
    "noframes": "<noframes>{}</noframes>",
    "audio": "<audio>{}</audio>",
    "video": "<video src=x>{}</video>",
    "canvas": "<canvas>{}</canvas>",
    "datalist": "<datalist><option>{}</option></datalist>",
    "closed dialog": "<dialog>{}</dialog>",
    "meta refresh": "<meta http-equiv=refresh content='0;url=data:text/html,{}'>",
    "a comment": "<!-- {} -->",
    "Outlook's comment": "<!--[if mso]><p>{}</p><![endif]-->",
    "a bogus comment": "<?xml {}?>",
    "a doctype": "<!DOCTYPE x '{}'>",
    "hidden": "<div hidden>{}</div>",
    "hidden with a value": '<div hidden="hidden">{}</div>',
    "hidden until found": '<div HIDDEN="until-found">{}</div>',
    "hidden input": "<input type=hidden value='{}'>",
    "alt text of a pixel": "<img width=1 height=1 alt='{}'>",
    "a tool tip": "<p title='{}'>.</p>",
    "a link's address": "<a href='https://a.example/?{}'>.</a>",
    "data attributes": "<p data-text='{}'>.</p>",
    "white font": "<font color=white>{}</font>",
    "white font in capitals": "<FONT COLOR='#FFFFFF'>{}</FONT>",
    "a font like its cell": "<table><tr><td bgcolor='#336699'><font color='#336699'>{}</font></td></tr></table>",
    "a cell like its table": "<table bgcolor=navy><tr><td style='color:navy'>{}</td></tr></table>",
    "white in white in grey": "<div style='background:#ccc'><div style='background:#fff'><p style='color:#fff'>{}</p></div></div>",
    "black on a black parent": "<div style='background-color:#000'><span style='color:#000'>{}</span></div>",
    "a hidden parent": "<div style='display:none'><p style='display:block'>{}</p></div>",
    "a hidden row": "<table><tr style='display:none'><td>{}</td></tr></table>",
    "a hidden table": "<table style='display:none;mso-hide:all'><tr><td>{}</td></tr></table>",
    "a preheader": "<div style='display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;'>{}</div>",
    "a class": "<style>.x{{display:none}}</style><div class='x'>{}</div>",
    "a class of several": "<style>.y, p.x , #z{{color:red;display:none!important}}</style><p class='a x b'>{}</p>",
    "an id": "<style>#x{{visibility:hidden}}</style><div id=x>{}</div>",
    "a class behind comments": "<style><!-- /* a */ .x/**/{{/* b */display:none}} --></style><div class=x>{}</div>",
    "a class of size nought": "<style type='text/css'>.x{{font-size:0;line-height:0}}</style><div class=x>{}</div>",
    "an element's name": "<style>center{{display:none}}</style><center>{}</center>",
    "a class in the body": "<div class=x>{}</div><style>.x{{display:none}}</style>",
    "a class after a rule at large": "<style>@import 'x';@media print{{.y{{color:red}}}} .x{{display:none}}</style><div class=x>{}</div>",
}
#: Bodies of which only what stands above the quote is new; {} is the quoted text.
QUOTED: Final = {
    "English": "On Mon, 2 Mar 2026 at 10:12, Anna Berg <anna@acme.example> wrote:\n> {}\n",
    "English over two lines": "On Mon, 2 Mar 2026 at 10:12, Anna Berg\n<anna@acme.example> wrote:\n> {}\n",
    "English without marks": "On Mon, 2 Mar 2026 at 10:12, Anna Berg wrote:\n{}\n",
    "German": "Am 02.03.2026 um 10:12 schrieb Anna Berg:\n> {}\n",
    "French": "Le lun. 2 mars 2026 à 10:12, Anna Berg a écrit :\n> {}\n",
    "Spanish": "El lun, 2 mar 2026 a las 10:12, Anna Berg escribió:\n> {}\n",
    "Portuguese": "Em seg., 2 de mar. de 2026 às 10:12, Anna Berg escreveu:\n> {}\n",
    "Italian": "Il giorno lun 2 mar 2026 alle ore 10:12 Anna Berg ha scritto:\n> {}\n",
    "Dutch": "Op ma 2 mrt 2026 om 10:12 schreef Anna Berg:\n> {}\n",
    "Polish": "W dniu 2.03.2026 o 10:12, Anna Berg napisał(a):\n> {}\n",
    "Outlook": "From: Anna Berg\nSent: Monday, 2 March 2026 10:12\nTo: Me\nSubject: Your application\n\n{}\n",
    "German Outlook": "Von: Anna Berg\nGesendet: Montag, 2. März 2026 10:12\nAn: Me\nBetreff: Bewerbung\n\n{}\n",
    "a line of dashes": "-----Original Message-----\nFrom: Anna Berg\n\n{}\n",
    "German dashes": "-----Ursprüngliche Nachricht-----\nVon: Anna Berg\n\n{}\n",
    "marks alone": "> {}\n> more\n",
    "marks of three depths": ">>> {}\n>> x\n> y\n",
    "marks without a blank": ">{}\n",
    "marks behind blanks": "   > {}\n",
    "a flood of marks": "> {}\n" + "> more of the same\n" * 5000,
    "a hundred mails deep": "".join(">" * n + " On a day, somebody wrote:\n" for n in range(1, 100))
    + ">" * 100
    + " {}\n",
    "an underlined block": "________________________________\nFrom: Anna Berg\nSent: Monday\nTo: Me\nSubject: x\n\n{}\n",
}
#: HTML in which a mail program marks the quote.
QUOTED_HTML: Final = {
    "Gmail": '<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at 10:12, Anna wrote:<br></div><blockquote>{}</blockquote></div>',
    "Gmail without its line": '<div class="gmail_quote"><blockquote class="gmail_quote">{}</blockquote></div>',
    "Apple": "<blockquote type='cite'><div>On 2 Mar 2026, at 10:12, Anna wrote:</div><br><div>{}</div></blockquote>",
    "Apple without its line": "<blockquote type='cite'><div>{}</div></blockquote>",
    "Thunderbird": "<div class='moz-cite-prefix'>On 02.03.26 10:12, Anna wrote:<br></div><blockquote type='cite' cite='mid:x'>{}</blockquote>",
    "Yahoo": "<div class='yahoo_quoted'><div>On Monday, 2 March 2026, Anna wrote:</div><div>{}</div></div>",
    "Outlook": "<div id='divRplyFwdMsg'><b>From:</b> Anna<br><b>Sent:</b> Monday<br><b>To:</b> Me<br><b>Subject:</b> x</div><div>{}</div>",
    "Outlook on the web": "<hr><div id='appendonsend'></div><div><b>From:</b> Anna<br><b>Sent:</b> Monday<br><b>To:</b> Me<br></div><p>{}</p>",
}
#: What stands below a signature; {} is what must not decide.
FOOTERS: Final = {
    "no reply": "Unfortunately this mailbox is not monitored and we cannot answer replies.",
    "confidential": "This message is confidential. If you are not the intended recipient, please delete it. Unauthorised offers are rejected.",
    "shortlist": "Due to the number of applications only shortlisted candidates will be contacted. If you do not hear from us within two weeks, unfortunately your application was unsuccessful.",
    "interviews": "If you are selected, we will invite you to an interview. Interviews take place by video.",
    "offers": "We never ask for money. Every job offer from us comes from an acme.example address.",
    "equal": "Acme is an equal opportunity employer; no candidate is rejected for who they are.",
    "alerts": "Unsubscribe | Job alerts | View 25 new jobs | Privacy policy",
    "talent": "Join our talent community to hear of future opportunities.",
    "survey": "How did we do? Take our survey. Your interview with our research team takes five minutes.",
    "registered": "Acme Ltd, registered in England 123456. Offers are subject to contract.",
}


def unmoved(
    name: str, case: str, build: Callable[[str], bytes], inserted: str, holds: Holds = Holds.UNMOVED
) -> Hostile:
    """A proved mail, with and without what must not decide."""
    return Hostile(name, case, holds, functools.partial(build, inserted), functools.partial(build, ""))


def above(inserted: str) -> bytes:
    """HTML before and behind the visible text."""
    return html(f"{inserted}{P}{inserted}", more=PROVED)


def below(inserted: str) -> bytes:
    """HTML behind the visible text."""
    return html(f"{P}{inserted}", more=PROVED)


def under(inserted: str) -> bytes:
    """Plain text under the visible text."""
    return mail(f"Hello Sam,\n\n{VISIBLE}\n\nKind regards\nAnna Berg\n\n{inserted}", more=PROVED)


def families() -> Iterable[Hostile]:
    """Everything that wants what is not said to decide."""
    for style in HIDING:
        yield unmoved("hidden by style", style, above, f'<div style="{style}">{CANARY}</div>')
    for name, around in UNSEEN.items():
        yield unmoved("unseen", name, below, around.format(CANARY))
    for name, quote in QUOTED.items():
        yield unmoved("quoted", name, under, quote.format(CANARY))
    for name, quote in QUOTED_HTML.items():
        yield unmoved("quoted in HTML", name, below, quote.format(CANARY))
    for name, footer in FOOTERS.items():
        yield unmoved("footers", name, under, f"-- \n{footer}", Holds.CAREFUL)
        yield unmoved("footers without a mark", name, under, footer, Holds.CAREFUL)
    yield from _letters()


def _letters() -> Iterable[Hostile]:
    body = VISIBLE
    spread = {
        "zero-width spaces": "\u200b",
        "zero-width joiners": "\u200d",
        "soft hyphens": "\u00ad",
        "word joiners": "\u2060",
        "combining grapheme joiners": "\u034f",
        "BOMs": "\ufeff",
        "left-to-right marks": "\u200e",
        "Arabic letter marks": "\u061c",
        "invisible operators": "\u2063",
        "variation selectors": "\ufe0f",
        "Mongolian vowel separators": "\u180e",
        "Hangul fillers": "\u3164",
        "isolates": "\u2066\u2069",
        "tag letters": "\U000e0041",
    }  # fmt: skip
    yield from family(
        "letters between letters",
        Holds.READS,
        {
            name: functools.partial(mail, between.join(body))
            for name, between in spread.items()
            if name != "Hangul fillers"
        },
    )
    floods = {
        "bidi overrides": "\u202e" + body + "\u202c",
        "bidi embeddings": body + "\u202a\u202b\u202d" * 20_000,
        "isolates": body + "\u2066" * 60_000,
        "combining marks": body + " e" + "\u0301" * 100_000,
        "Zalgo": body + " " + "".join(f"{letter}\u0300\u0316\u0334" for letter in "words of terror" * 2000),
        "emoji": body + " " + "\U0001f469\u200d\U0001f4bb" * 20_000,
        "flags": body + " " + "\U0001f1e9\U0001f1ea" * 20_000,
        "skin tones": body + " \U0001f44d" + "\U0001f3fd" * 30_000,
        "tag letters": body + " " + "\U000e0061" * 30_000,
        "private letters": body + " " + "\ue000" * 60_000,
        "ligatures": body + " " + "\ufdfa" * 40_000,
        "full-width": body + " " + "ＡＢＣ" * 20_000,
        "mathematical": body + " " + "𝕌𝕟𝕗𝕠𝕣𝕥𝕦𝕟𝕒𝕥𝕖𝕝𝕪 " * 3000,
        "Hangul": body + " " + "가나다" * 20_000,
        "Arabic": body + " " + "مرحبا " * 20_000,
        "ideographs": body + " " + "面試邀請" * 20_000,
        "replacement characters": body + " " + "\ufffd" * 60_000,
        "non-characters": body + " " + "\ufffe\uffff" * 20_000,
        "line and paragraph separators": body + "\u2028\u2029" * 30_000,
        "blanks of all sorts": body + "\u2000\u2003\u3000\u00a0\u205f" * 20_000,
        "the Turkish i": body + " " + "İıİ" * 30_000,
        "sharp s": body + " " + "ẞß" * 30_000,
        "digits of other scripts": body + " " + "١٢٣/٤/٥ " * 10_000,
        "superscripts": body + " " + "¹²³ ½ ⁴ " * 10_000,
    }
    yield from family("letters", Holds.READS, {name: functools.partial(mail, text) for name, text in floods.items()})
    posing = {
        "Cyrillic": "Unfоrtunаtеly wе hаvе rеjеctеd yоu",
        "Greek": "Υnfortunately ωe reject yοu",
        "full-width": "Ｕｎｆｏｒｔｕｎａｔｅｌｙ",
        "reversed": "\u202e" + "rejected are you"[::-1],
        "split": "U\u200bn\u200bf\u200bo\u200brtunately",
        "dotless": "Unfortunately, ınterview",
    }
    yield from family(
        "homoglyphs", Holds.BOUNDED, {name: functools.partial(mail, text) for name, text in posing.items()}
    )
    yield from family(
        "letters in a subject",
        Holds.READS,
        {
            name: functools.partial(mail, VISIBLE, subject=("Your application " + text[len(body) :][:300]).encode())
            for name, text in floods.items()
            if text.startswith(body)
        },
    )
