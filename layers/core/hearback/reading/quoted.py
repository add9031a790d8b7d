"""Cuts the quoted replies off: an own linear scan, line by line, in the languages Hearback reads."""

from __future__ import annotations

import re
from typing import Final

_WROTE: Final = re.compile(
    r"^(?:On\b.{4,200}\bwrote|Am\b.{4,200}\bschrieb\b.{0,120}|Le\b.{4,200}\ba écrit|El\b.{4,200}\bescribió|Em\b.{4,200}\bescreveu"
    r"|Il\b.{4,200}\bha scritto|Op\b.{4,200}\bschreef\b.{0,120}|(?:W dniu|Dnia|dnia)\b.{4,200}\bnapisał\(?a?\)?.{0,80})\s*:?\s*$"
)
_ORIGINAL: Final = re.compile(
    r"^[-_ ]{2,}+\s*(?:Original Message|Ursprüngliche Nachricht|Message d.origine|Mensaje original|Mensagem original"
    r"|Messaggio originale|Oorspronkelijk bericht|Wiadomość oryginalna)\s*[-_ ]{2,}$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"^\*?(?:From|Von|De|Da|Van|Od)\s?:\*?\s.{2,200}$", re.IGNORECASE)
_SENT: Final = re.compile(
    r"^\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviado|Fecha|Data|Inviato|Verzonden|Wysłano|To|An|À|Para|A|Aan|Do|Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Temat)\s?:\*?\s",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"^[-_ ]{2,}+\s*(?:Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|Mensagem encaminhada"
    r"|Messaggio inoltrato|Doorgestuurd bericht|Przekazana wiadomość)\s*[-_ ]{0,}",
    re.IGNORECASE,
)

PASSED_ON: Final = -1
_OPENINGS: Final = frozenset(["On", "Am", "Le", "El", "Em", "Il", "Op", "W ", "Dn", "dn"])
"""How the line above a quote begins; no other line is looked at closer."""
_RULES: Final = frozenset(["-", "_"])
_RULED: Final = 12
"""A line of dashes with words in it is longer."""
_VERB: Final = "(?:wrote|schrieb|écrit|escribió|escreveu|scritto|schreef|napisał)"
_MAY_BEGIN: Final = re.compile(
    rf"\n[^\S\n]*(?:(?:On|Am|Le|El|Em|Il|Op|W |Dn|dn)(?=[^\n]{{0,210}}?{_VERB}|[^\n]{{0,210}}+\n[^\n]{{0,210}}?{_VERB})"
    rf"|[-_][^\n]{{{_RULED}}}|\*?(?i:From|Von|De|Da|Van|Od)[^\S\n]?:)"
)
"""The lines that may say who wrote: few of a long text."""


def split(text: str, *, forwarded: bool = False) -> tuple[str, str]:
    """The new text and what is quoted below it. A forwarded message is no quote: it is what was sent."""
    lines = text.split("\n")
    found = begins(lines, forwarded=forwarded)
    if found == PASSED_ON:
        return text, ""
    if found is not None:
        return "\n".join(lines[:found]).strip(), "\n".join(lines[found:])
    if ">" not in text:
        return text, ""
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    if len(kept) != len(lines):
        quoted = [line for line in lines if line.lstrip().startswith(">")]
        return "\n".join(kept).strip(), "\n".join(quoted)
    return text, ""


def begins(lines: list[str], *, forwarded: bool = False) -> int | None:
    """Where the text of mail before begins, by the line that says who wrote; None: nowhere; PASSED_ON: it is what was sent."""
    text = "\n".join(["", *lines])
    index = counted = 0
    for found in _MAY_BEGIN.finditer(text):
        index += text.count("\n", counted, found.start())
        counted = found.start()
        begun = begins_at(lines, index, forwarded=forwarded)
        if begun is not None:
            return begun
    return None


def begins_at(lines: list[str], index: int, *, forwarded: bool = False) -> int | None:
    """The same of one line."""
    bare = lines[index].strip()
    if bare[:2] in _OPENINGS and (_WROTE.match(bare) or _wrote_over_two(lines, index)):
        return index
    if bare[:1] in _RULES and len(bare) > _RULED:
        if _FORWARDED.match(bare):
            return PASSED_ON
        if _ORIGINAL.match(bare):
            return index
    if ":" in bare[:12] and _outlook(lines, index):
        return PASSED_ON if forwarded else index
    return None


def is_marked(quote: str) -> bool:
    """Whether every line of a quote has its mark, or says who wrote: no mail passed on is quoted so."""
    return all(
        not line.strip() or line.lstrip().startswith(">") or _WROTE.match(line.strip()) for line in quote.split("\n")
    )


def _wrote_over_two(lines: list[str], index: int) -> bool:
    """Gmail wraps its "On …, X <x@y> wrote:" over two lines."""
    if index + 1 >= len(lines) or len(lines[index]) > 200:  # noqa: PLR2004  no such line is longer
        return False
    return bool(_WROTE.match(f"{lines[index].strip()} {lines[index + 1].strip()}"[:400])) and "@" in (
        lines[index] + lines[index + 1]
    )


def _outlook(lines: list[str], index: int) -> bool:
    """Outlook's block of From:, Sent:, To:, Subject:."""
    if not _FROM.match(lines[index].strip()):
        return False
    return sum(1 for line in lines[index + 1 : index + 5] if _SENT.match(line.strip())) >= 2  # noqa: PLR2004  two more fields
