"""HTML that is deep, wide, unclosed or heavy; markup that no person sees as text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Final

from hostile import VISIBLE, Holds, Hostile, family, html, multipart, part

Builds = dict[str, Callable[[], bytes]]
P: Final = f"<p>{VISIBLE}</p>"
DEEP: Final = ("div", "span", "b", "a", "font", "ul", "blockquote", "table", "section", "xyz")


def deep(tag: str, levels: int) -> bytes:
    """The visible text at the bottom of a nest."""
    return html(f"<{tag}>" * levels + P + f"</{tag}>" * levels)


def _attributes(count: int) -> str:
    return " ".join(f"a{n}" for n in range(count))


def families() -> Iterable[Hostile]:
    """Everything that attacks through the size and shape of HTML."""
    reads: Builds = {f"{tag} 190 deep": functools.partial(deep, tag, 190) for tag in DEEP if tag != "table"}
    reads |= {
        "10,000 cells": lambda: html(f"{P}<table><tr>" + "<td>x</td>" * 10_000 + "</tr></table>"),
        "10,000 rows": lambda: html(f"{P}<table>" + "<tr><td>x</td></tr>" * 10_000 + "</table>"),
        "20,000 cells, none closed": lambda: html(f"{P}<table>" + "<tr><td>x" * 20_000),
        "60 tables nested": lambda: html("<table><tr><td>" * 60 + P),
        "40,000 paragraphs": lambda: html(P + "<p>x" * 40_000),
        "50,000 breaks": lambda: html(P + "<br>" * 50_000),
        "60,000 rules": lambda: html(P + "<hr>" * 60_000),
        "30,000 list items": lambda: html(f"{P}<ul>" + "<li>x" * 30_000),
        "20,000 flat spans": lambda: html(P + "<span>x</span>" * 20_000),
        "5,000 links": lambda: html(P + '<a href="https://a.example/x">x</a>' * 5000),
        "10,000 pictures": lambda: html(P + '<img src="x" alt="y">' * 10_000),
        "a link of 100,000 characters": lambda: html(f'{P}<a href="https://a.example/{"x" * 100_000}">x</a>'),
        "4,000 attributes": lambda: html("<div " + " ".join(f"a{n}=b" for n in range(4000)) + f">{P}</div>"),
        "10,000 equal attributes": lambda: html("<div " + "a=b " * 10_000 + f">{P}</div>"),
        "an attribute of 200,000 characters": lambda: html(f'<div title="{"x" * 200_000}">{P}</div>'),
        "a style of 200,000 characters": lambda: html(f'<div style="{"color:red;" * 20_000}">{P}</div>'),
        "a style of colons": lambda: html(f'<div style="{":" * 100_000}">{P}</div>'),
        "a style of blanks": lambda: html(f'<div style="color{" " * 100_000}:red">{P}</div>'),
        "a style of display": lambda: html(f'<div style="{"display " * 20_000}">{P}</div>'),
        "a style of brackets": lambda: html(f'<div style="background:url({"(" * 50_000}">{P}</div>'),
        "10,000 styled paragraphs": lambda: html(P + '<p style="color:#123456;background:#fff">x</p>' * 8000),
        "white on nothing, 5,000 times": lambda: html(P + '<p style="color:white">x</p>' * 5000),
        "8,000 classes": lambda: html("<style>" + "".join(f".a{n}{{color:red}}" for n in range(8000)) + f"</style>{P}"),
        "a class hidden 8,000 times": lambda: html(
            "<style>" + "".join(f".a{n}{{display:none}}" for n in range(8000)) + f"</style>{P}" + "<p class=a1>x</p>" * 900
        ),
        "a sheet of braces": lambda: html("<style>" + "{" * 100_000 + f"</style>{P}"),
        "a sheet of comments": lambda: html("<style>" + "/*" * 100_000 + f"</style>{P}"),
        "a sheet of commas": lambda: html("<style>" + "," * 100_000 + "{display:none}" + f"</style>{P}"),
        "a sheet of dots": lambda: html("<style>" + "." * 100_000 + "{display:none}" + f"</style>{P}"),
        "a sheet of media": lambda: html("<style>" + "@media x{" * 30_000 + f"</style>{P}"),
        "3,000 sheets": lambda: html("<style>p{color:red}</style>" * 3000 + P),
        "an element of 3,000 classes": lambda: html(
            "<style>.a1{display:none}</style>" + f'<div class="{"b " * 30_000}">{P}</div>'
        ),
        "entities": lambda: html(P + "&amp;" * 60_000),
        "entities without an end": lambda: html(P + "&amp" * 60_000),
        "entities that are none": lambda: html(P + "&bogus;" * 60_000),
        "numbers of letters": lambda: html(P + "&#x41;" * 60_000),
        "numbers beyond letters": lambda: html(P + "&#99999999999;" * 20_000),
        "an entity of 200,000 digits": lambda: html(f"{P}&#{'9' * 200_000};"),
        "entities declared": lambda: html(
            f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>{P}&b;&b;'
        ),
        "ampersands": lambda: html(P + "&" * 200_000),
        "a comment of 300,000 characters": lambda: html(f"<!--{'x' * 300_000}-->{P}"),
        "30,000 comments": lambda: html("<!--x-->" * 30_000 + P),
        "comments in comments": lambda: html(f"<!--<!--<!-- x -->{P}"),
        "comments ended oddly": lambda: html(f"<!-->{P}<!--->{P}<!-- x --!>{P}"),
        "processing instructions": lambda: html("<?xml x?>" * 20_000 + P),
        "doctypes": lambda: html("<!DOCTYPE html>" * 20_000 + P),
        "CDATA": lambda: html(f"<![CDATA[ x ]]>{P}"),
        "1,000 CDATA in svg": lambda: html("<svg>" + "<![CDATA[x]]>" * 1000 + f"</svg>{P}"),
        "Outlook's comments": lambda: html(f"<!--[if mso]><p>x</p><![endif]-->{P}<!--[if !mso]><!-->x<!--<![endif]-->"),
        "5,000 of Outlook's comments": lambda: html("<!--[if mso]><table><tr><td><![endif]-->" * 5000 + P),
        "end tags of nothing": lambda: html("</div>" * 40_000 + P),
        "end tags of bold": lambda: html("</b>" * 40_000 + P),
        "end tags of paragraphs": lambda: html("</p>" * 40_000 + P),
        "misnested formatting": lambda: html("<b><i>x</b></i>" * 90 + P),
        "links in links": lambda: html("<a href=x>" * 150 + P),
        "buttons in buttons": lambda: html("<button>" * 150 + P),
        "headings in headings": lambda: html("<h1>" * 150 + P),
        "rubies": lambda: html(P + "<ruby><rt>x<rp>(" * 60),
        "math and svg in turns": lambda: html(P + "<math><mi>x</mi></math><svg></svg>" * 2000),
        "a frameset": lambda: html(f"{P}<frameset><frame src=x></frameset>"),
        "nuls in tags": lambda: html(f"<p\x00>{VISIBLE}</p>"),
        "nuls in text": lambda: html(P + "\x00" * 100_000),
        "no markup at all": lambda: html(VISIBLE),
        "a tag cut off": lambda: html(f"{P}<a href="),
        "a quote never closed": lambda: html(f'{P}<a href="x>y'),
        "brackets in text": lambda: html(P + " < > " * 30_000),
        "a pre of lines": lambda: html(f"{P}<pre>" + "x\n" * 40_000),
        "upper case": lambda: html(P.replace("p>", "P>") + "<DIV>x</DIV>" * 10_000),
        "blanks that do not break": lambda: html(P + "&nbsp;" * 60_000),
        "500 KB of text": lambda: html(P + "words of no weight " * 26_000),
        "unknown elements": lambda: html(P + "".join(f"<x{n}>y</x{n}>" for n in range(10_000))),
        "MathML text points": lambda: html("<math><mtext><table><mglyph><style><!--</style></math>" + P),
    }  # fmt: skip
    yield from family("HTML within the caps", Holds.READS, reads)
    over: Builds = {f"{tag} 2,000 deep": functools.partial(deep, tag, 2000) for tag in DEEP}
    over |= {f"{tag} {n} deep": functools.partial(deep, tag, n) for tag in ("div", "span") for n in (201, 60_000)}
    over |= {
        "600 KB": lambda: html(P + "<p>words" * 80_000),
        "10,000 attributes": lambda: html("<div " + " ".join(f"a{n}=b" for n in range(10_000)) + f">{P}</div>"),
        "attributes behind slashes": lambda: html("<div/" + "/".join(f"a{n}" for n in range(40_000)) + f">{P}</div>"),
        "attributes behind quotes": lambda: html("<p " + "".join(f"a{n}='>'" for n in range(40_000)) + f">{P}</p>"),
        "attributes in a drawing's style": lambda: html(
            f"{P}<svg><style><p " + " ".join(f"a{n}" for n in range(40_000)) + "></style></svg>"
        ),
        "attributes that a comment hides": lambda: html(f'{P}<!-- <x y=" --><p {_attributes(40_000)}></p>"'),
        "attributes that a style hides": lambda: html(f'{P}<style><x y="</style><p {_attributes(40_000)}></p>"'),
        "attributes behind no space of HTML's": lambda: html(f'<p a=\x0b" {_attributes(40_000)} ">{P}</p>'),
        "4,990 attributes and one 80,000 times": lambda: html(f"<p {_attributes(4990)}{' a4989' * 80_000}>{P}</p>"),
        "attributes of 190 roots": lambda: html(
            P + "".join(f"<html {' '.join(f'a{n}' for n in range(at, at + 358))}>" for at in range(0, 68_000, 358))
        ),
        "190 fonts of 60 attributes, opened again 600 times": lambda: html(
            "<p>" + "".join(f"<font x{n} {_attributes(60)}>" for n in range(190)) + "<p>x" * 600 + P
        ),
        "190 fonts of 60 attributes, each with an empty one in it": lambda: html(
            "<p>" + "".join(f"<font x{n} {_attributes(60)}><font></font>" for n in range(190)) + "<p>x" * 600 + P
        ),
        "4,000 attributes 15 times": lambda: html(P + ("<p " + " ".join(f"a{n}" for n in range(4000)) + ">") * 15),
        "just beyond its cap": lambda: html(P + "x" * (512 * 1024)),
        "ten megabytes": lambda: html(P + "<br>x" * 2_000_000),
        "forms in forms": lambda: html("<form>" * 5000 + P),
        "options in a select": lambda: html(P + "<select>" + "<option>x" * 20_000),
        "bodies in bodies": lambda: html("<body>" * 3000 + P),
        "heads in heads": lambda: html("<html><head>" * 3000 + P),
        "divs that close themselves": lambda: html("<div/>" * 40_000 + P),
        "end tags in comments": lambda: html("<div><!--</div>-->" * 20_000 + P),
        "end tags in attributes": lambda: html('<div a="</div>">' * 20_000 + P),
        "end tags in raw text": lambda: html("<div><xmp></div></xmp>" * 15_000 + P),
        "end tags in scripts": lambda: html("<div><script></div></script>" * 12_000 + P),
        "end tags in quotes of one sort": lambda: html("<div a='</div>'>" * 20_000 + P),
        "formatting opened again": lambda: html(
            "<div>" + "".join(f"<font size={n}>" for n in range(180)) + "</div>" + "<p>x" * 40_000
        ),
        "formatting in 180 depths": lambda: html("<b>" * 180 + "<p>x" * 60_000),
    }
    yield from family("HTML beyond the caps", Holds.UNREADABLE, over)
    beside: Builds = {
        name: functools.partial(
            lambda bomb: multipart(part(VISIBLE), part(bomb, b"text/html; charset=utf-8"), kind=b"alternative"), bomb
        )
        for name, bomb in {
            "a nest": "<div>" * 5000,
            "600 KB": "<p>x" * 200_000,
            "unknown elements": "<x>" * 30_000,
            "formatting": "<b>" * 5000,
        }.items()
    }
    yield from family("plain text beside a bomb", Holds.READS, beside)
    odd: Builds = {
        "opening brackets": lambda: html("<" * 400_000),
        "closing brackets": lambda: html(">" * 400_000),
        "unclosed tags": lambda: html("<a " * 150_000),
        "unclosed end tags": lambda: html("</a " * 100_000),
        "tags of one letter": lambda: html("<a" * 200_000),
        "a comment without an end": lambda: html("<!--" * 100_000 + P),
        "quotes in a tag": lambda: html("<a " + "'\"" * 150_000),
        "equals signs in a tag": lambda: html("<a " + "=" * 300_000 + ">x"),
        "slashes in a tag": lambda: html("<a " + "/" * 300_000 + ">x"),
        "attributes without a value": lambda: html("<a " + "b= " * 100_000 + ">x"),
        "a script without an end": lambda: html("<script>" + "x<" * 200_000),
        "a sheet without an end": lambda: html("<style>" + "a{}" * 150_000),
        "a title without an end": lambda: html("<title>" + "x<" * 200_000),
        "a textarea without an end": lambda: html("<textarea>" + "<x" * 200_000),
        "scripts half closed": lambda: html("<script></scrip" * 30_000),
        "plaintext": lambda: html("<plaintext>" + "<div>" * 90_000),
        "exclamation marks": lambda: html("<!" * 200_000),
        "question marks": lambda: html("<?" * 200_000),
        "only blanks": lambda: html(" " * 500_000),
        "only breaks": lambda: html("<br>" * 120_000),
        "a style on every element": lambda: html('<p style="color:#fff">' * 20_000),
        "hidden in hidden": lambda: html('<div style="display:none">' * 190 + "x"),
        "20,000 hidden": lambda: html('<p style="display:none">x</p>' * 16_000),
        "20,000 hidden by attribute": lambda: html("<p hidden>x</p>" * 30_000),
        "hidden rows in hidden rows": lambda: html('<table style="display:none"><tr style="display:none"><td hidden>' * 60),
        "colours at the bottom of a nest": lambda: html("<div>" * 190 + '<i style="color:#fff">x</i>' * 15_000),
        "font colours at the bottom of a nest": lambda: html("<div>" * 190 + "<font color=white>x</font>" * 15_000),
    }  # fmt: skip
    yield from family("HTML that says nothing", Holds.BOUNDED, odd)
