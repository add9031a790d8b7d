"""What a person would see of a mail, and nothing that is hidden from them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.reading import quoted, text


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("One<br>two<BR/>three", "One\ntwo\nthree"),
        ("<b>Hi</b> <i>there</i>, Sam", "Hi there, Sam"),
        ("in<b>ter</b>view", "interview"),
        ("<table><tr><td>Date</td><td>12 March</td></tr></table>", "Date\n12 March"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("wrapped\n   in the\nsource", "wrapped in the source"),
        ("&lt;p&gt; &amp; &nbsp;x", "<p> & x"),
        ("<style>p{color:red}</style><script>x</script><title>t</title>shown", "shown"),
        ("inter\u00advi\u200bew", "interview"),
        ("<DIV>A</DIV><DIV>B</DIV>", "A\nB"),
        ("", ""),
        ("<p", ""),
    ],
)
def test_visible_text_comes_in_lines(html: str, seen: str) -> None:
    """Blocks end a line, inline elements do not, source wrapping means nothing."""
    assert seen == text.from_html(html)[0]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">REJECTED</div>',
        '<div style="DISPLAY : NONE !important">REJECTED</div>',
        "<span style='font-size:0'>REJECTED</span>",
        "<span style='font-size:0px;color:red'>REJECTED</span>",
        "<span style='visibility:hidden'>REJECTED</span>",
        "<span style='opacity:0'>REJECTED</span>",
        "<span style='max-height:0;overflow:hidden'>REJECTED</span>",
        "<span style='mso-hide:all'>REJECTED</span>",
        "<p hidden>REJECTED</p>",
        "<p style='color:#ffffff'>REJECTED</p>",
        "<p style='color: white'>REJECTED</p>",
        "<font color='#FFFFFF'>REJECTED</font>",
        "<!-- REJECTED -->",
        "<!--[if mso]>REJECTED<![endif]-->",
        "<template>REJECTED</template>",
    ],
)
def test_hidden_text_is_left_out(hidden: str) -> None:
    """What no reader sees must not decide anything."""
    assert text.from_html(f"<p>shown</p>{hidden}<p>shown too</p>")[0] == "shown\nshown too"


@pytest.mark.parametrize(
    "html",
    [
        "<td bgcolor='#003366'><p style='color:#fff'>Interview</p></td>",
        "<div style='background:#036'><p style='color:white'>Interview</p></div>",
        "<p style='color:white;background-color:black'>Interview</p>",
        "<p style='border-color:white'>Interview</p>",
        "<p style='font-size:0.9em'>Interview</p>",
        "<p style='opacity:0.8'>Interview</p>",
    ],
)
def test_white_text_on_a_dark_ground_is_seen(html: str) -> None:
    """A button's label is no hidden text."""
    assert text.from_html(f"<table><tr>{html}</tr></table>" if html.startswith("<td") else html)[0] == "Interview"


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab \t\n\r\xa0\x0b\x1c\u2028"), max_size=30))
def test_spaces_and_line_ends_are_one_each(spaced: str) -> None:
    """However many of them there are, and of whatever sort."""
    words = re.sub(r"[^\S\n]+", " ", spaced.replace("\r", "\n"))
    assert text.tidy(spaced) == re.sub(r" ?\n[ \n]*", "\n", words).strip(" \n")


def test_lines_behind_more_than_a_program_can_have_wrapped_stay() -> None:
    """Short ones that seem to go on with a paragraph without end are not joined to it without end."""
    endless = "x" * text.WRAPPED * 2 + "\ny" * (text.MAX_JOINED * 2)
    joined = text.from_plain(endless, flowed=False)
    assert (joined.count(" "), joined.count("\n")) == (text.MAX_JOINED + 1, text.MAX_JOINED - 1)


def test_links_are_collected_in_order_and_once() -> None:
    """Only http(s) targets; script and mail links are none."""
    html = "<a href='https://a.example/x'>1</a><a href='javascript:x'>2</a><a href=' HTTPS://b.example '>3</a><a href='https://a.example/x'>4</a>"
    assert text.from_html(html)[1] == ("https://a.example/x", "HTTPS://b.example")
    assert text.links_in("see https://a.example/x, or (https://a.example/x).") == ("https://a.example/x",)


def test_wrapped_plain_text_becomes_paragraphs() -> None:
    """A sentence over two wrapped lines is one line; short lines stay apart."""
    wrapped = "Thank you for your application for the position of nurse, which we have\nreceived today.\n\nBest\nAnna"
    joined = "Thank you for your application for the position of nurse, which we have received today.\nBest\nAnna"
    assert joined == text.from_plain(wrapped, flowed=False)


@pytest.mark.parametrize(
    "opening",
    [
        "On Mon, 9 Mar 2026 at 10:00, Sam Lee <sam@home.example> wrote:",
        "On Mon, 9 Mar 2026 at 10:00, Sam Lee\n<sam@home.example> wrote:",
        "Am Mo., 9. März 2026 um 10:00 Uhr schrieb Sam Lee <sam@home.example>:",
        "Le lun. 9 mars 2026 à 10:00, Sam Lee <sam@home.example> a écrit :",
        "El lun, 9 mar 2026 a las 10:00, Sam Lee (<sam@home.example>) escribió:",
        "Em seg., 9 de mar. de 2026 às 10:00, Sam Lee <sam@home.example> escreveu:",
        "Il giorno lun 9 mar 2026 alle ore 10:00 Sam Lee <sam@home.example> ha scritto:",
        "Op ma 9 mrt 2026 om 10:00 schreef Sam Lee <sam@home.example>:",
        "W dniu 9.03.2026 o 10:00, Sam Lee napisał(a):",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "________________________________\nFrom: Sam Lee <sam@home.example>\nSent: Monday, 9 March 2026 10:00\nTo: Anna\nSubject: x",
        "Von: Sam Lee\nGesendet: Montag, 9. März 2026 10:00\nAn: Anna\nBetreff: x",
        "De : Sam Lee\nEnvoyé : lundi 9 mars 2026\nÀ : Anna\nObjet : x",
    ],
)
def test_a_quoted_reply_is_cut_off(opening: str) -> None:
    """The new text stays; what it answers is kept apart."""
    new, old = quoted.split(f"See you on Thursday.\n{opening}\nUnfortunately I cannot come.")
    assert new.replace("_" * 32, "").strip() == "See you on Thursday."
    assert "Unfortunately" in old


def test_lines_with_a_quote_mark_are_quotes() -> None:
    """Also without a line above that says who wrote."""
    assert quoted.split("> Can you come?\nYes, gladly.") == ("Yes, gladly.", "> Can you come?")


@pytest.mark.parametrize(
    "body",
    [
        "FYI\n---------- Forwarded message ---------\nFrom: Acme\nWe regret to inform you",
        "On Monday we wrote: nothing",
        "From: here to there is a long way.\nNothing else.",
        "We met. On our side the team wrote down its impressions.",
    ],
)
def test_what_is_no_quote_stays(body: str) -> None:
    """A forwarded message is what was sent; prose that resembles a header is prose."""
    assert body == quoted.split(body)[0]


QUOTING = [
    "On", " ", "a", "Am ", "wrote", " schrieb", ":", "\n", "\n", "@", "From: x", "Von: me here", "Sent: y", "To: z", "De :",
    "-----Original Message-----", "---------- Forwarded message ---------", "W dniu ", "napisał(a)", "> ", "*From:* abc",
    "*To:* z", "_" * 13, "Le ", "a écrit", " a", "écrit :", "Il ", " ha", "scritto:", "El ", "escribió", " x" * 20, "y" * 150, "Dnia ",
]  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(QUOTING), max_size=25))
def test_a_quote_begins_where_looking_at_every_line_finds_it(words: list[str]) -> None:
    """The lines that are passed over would say nothing."""
    lines = text.tidy("".join(words)).split("\n")
    looked = (quoted.begins_at(lines, index) for index in range(len(lines)))
    assert quoted.begins(lines) == next((begun for begun in looked if begun is not None), None)


def test_a_forward_in_outlooks_way_stays() -> None:
    """Outlook marks a forward by its subject alone."""
    body = "FYI\nFrom: Acme\nSent: Monday\nTo: me\nSubject: x\nWe regret to inform you"
    assert body == quoted.split(body, forwarded=True)[0]
    assert quoted.split(body)[0] == "FYI"


def test_text_in_a_box_of_font_size_nought_is_read_where_it_says_its_own_size() -> None:
    """Mail made with MJML stands in such boxes; what says no size of its own is hidden."""
    box = '<td style="font-size:0px;padding:20px">gone<div style="font-size:13px;color:#000">Hello Sam</div></td>'
    assert text.from_html(f"<table><tr>{box}</tr></table>")[0] == "Hello Sam"


def test_white_text_is_read_where_a_rule_paints_what_is_behind() -> None:
    """A banner's background may come from the style sheet."""
    sheet = "<style>.banner{background-color:#003366}</style>"
    assert text.from_html(f"{sheet}<div class=banner><p style='color:#fff'>Hello Sam</p></div>")[0] == "Hello Sam"


def test_many_empty_lines_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost nothing, and what stands around them stays apart."""
    given: list[str] = []
    parse = text.LexborHTMLParser
    monkeypatch.setattr(text, "LexborHTMLParser", lambda html: given.append(html) or parse(html))
    assert text.from_html("one" + "<br> " * 1000 + "two")[0] == "one\ntwo"
    assert given[0].count("<br") == 1
