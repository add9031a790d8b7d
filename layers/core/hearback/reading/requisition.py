"""The number by which an employer calls a vacancy: "R-20418", "LV/26/088", "Competition 26-093", "#88302", a bare 490077.

Every run of letters and digits with a digit in it is looked at. What stands right before it says most ("Req", "Kennziffer";
against it "candidate", "meeting ID"); else it counts by its shape: as applicant systems write them anywhere, others in a
subject, in brackets, at the beginning of a line or after "for". Days, hours, sums, grades, phones and files are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LINES, LINE = 200, 300
"""So many lines of a text, and so much of each, are searched."""
BEFORE: Final = 48
"""So many characters before a code can announce it."""
ENOUGH: Final = 1.0
"""From this worth on a code is the vacancy's."""
AGAIN: Final = 0.5
"""What it is worth that a code stands there more than once."""

_CODE: Final = re.compile(
    r"(?<![\w@./:%€£$+-])[A-Za-z0-9]{1,14}(?:[-/_.][A-Za-z0-9]{1,12}){0,6}(?![\w@%]|[-/:]\w|[.,]\d|\s?[€£$])"
)
_ANNOUNCED: Final = re.compile(
    r"""(?: (?<![^\W_])(?: req(?:uisition)?s? | ref(?:erence)?s? | r[ée]f(?:[ée]rences?)? | refer[eê]nci[ae]s? | rif(?:erimento)?
      | job(?:[ ]?(?:req|posting|opening|code|announcement|-?id))? | jo | vac(?:ancy|ature|aturenummer|aturenr|ante)? | va | id | file | exam
      | posting | post | position | posit[ií]on | competition | comp\. | campaign | pool | advt | ad | folio | procedure | proc
      | selection[ ]process | announcement | advert(?:isement)? | advertised[ ]as | circular | exercise | pool
      | kennziffer | kennung | referenznummer | referenznr | referenz | stellen(?:-?id|nummer|nr|ausschreibung|code) | az | aktenzeichen
      | ausschreibung(?:snummer|snr)? | \w*verfahren | jobnummer | projekt(?:nummer|nr)? | kenmerk | functienummer | referentie(?:nummer)?
      | offre(?:[ ]apec)? | affichage | annonce | concours | avis | convocatoria | proceso | c[óo]d(?:igo)?(?:[ ]da[ ]vaga)? | oferta | plaza | bolsa[ ]de[ ]\w+
      | procedimento(?:[ ]concursal)? | vaga | processo | edital | an[úu]ncio | concorso | selezione | bando | avviso | annuncio
      | og[łl](?:oszeni[ea])? | nab[oó]r(?:u)? | nr[ ]ref(?:erencyjny)? | numer[ ](?:referencyjny|oferty) | oferty
      ) \.? | \# )
    (?:[\s.:#]|\b(?:id|no|nr|num|number|nummer|numer|num[ée]ro|n[úu]mero|code|ref|is|was)\b|n[.°ºo]{1,2}|№){0,6}[(\[]?$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What announces the number of a vacancy."""
_BY_SHAPE: Final = re.compile(
    r"""(?: post | position | ad | file | projekt | proceso | procedure | proc | va | jo | id | avis | \w*verfahren
    )[\s.:#]*$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What announces other things too: a number after it has to look like one of a vacancy's."""
_ELSE: Final = re.compile(
    r"""(?<![^\W_])(?: candidate | applicant | person | cand | bewerber | kandidat\w* | profil\w* | roll | ticket | incident | order | invoice
      | booking | confirmation | meeting | webinar | conference | pass(?:code|word) | pin | kennwort | account | customer | member(?:ship)?
      | policy | licen[cs]e | registration | reg | vat | tax | charity | store | phone | tel | t[ée]l | fax | mobile | call | dial
      | ext(?:ension)? | poste | durchwahl | room | raum | suite | floor | level | zimmer | unit | gate | bay | building | block | platform | gleis
      | salle | sala | bus | tram | line | flight | train | zip | postcode | plz | grade | band | scale | class | version | windows | iso | din
      | form | chapter | section | article | page | step | stage | part | round | employee | personnel | staff | student | patient | ward
      | visa | passport | message | transaction | receipt | tracking | vorgang | dossier | prot(?:ocollo)? | l\.dz | sygn\w* | case
      | log-?in | user(?:name)? | key | (?:your|jouw|uw|ihr|dein|votre|tu|login|inlog|zugangs?|access|codice)[ ]?code | codice[ ]candidato
      | company | registered | hrb | krs | siren | siret | kvk | nip | regon | abn | acn | cif | nif | crn | ein | iban | p\.?[ ]?iva
      | code(?=:) | application[ ](?:id|ref(?:erence)?|number|no) | application,[ ]reference | r\.?e\.?a | domanda
      )(?:\.?\s+(?:ref(?:erence)?|id|no|nr|n|number|nummer|code|n[°ºo]|il))*[\s.:#]*$
    | (?<![^\W_])(?:registered|registration|incorporated)\b[^.\n]{0,40}\($""",
    re.IGNORECASE | re.VERBOSE,
)
"""What announces the number of something else."""
_MOMENT: Final = re.compile(
    r"""(?:19|20)\d\d | \d{1,2}[./-]\d{1,2}(?:[./-](?:\d{2}|\d{4}))? | (?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2} | (?:19|20)\d\d[-/](?:19|20)?\d\d
    | \d{1,2}-[A-Z][a-z]{2}-(?:19|20)?\d\d | \d{1,2}[.:]\d\d[ap]m | \d{1,2}h\d{0,2} | \d{1,2}[-/]\d{1,2}(?:am|pm|h) | [Qq][1-4] | \d+(?:[a-z]{1,3}|%) | \d{1,3}(?:[.]\d{3})+ | \d{2,3}[-.]\d{3}[-.]\d{4} | 0+""",
    re.VERBOSE,
)
"""Days, years, hours, sums, phones."""
_DAY: Final = re.compile(
    r"(?:19|20)\d\d|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|0+|\d+(?:st|nd|rd|th|[ap]m)"
)
"""Of these no word before makes a number."""
_FILE: Final = re.compile(r"\.(?:pdf|docx?|odt|rtf|txt|zip|xlsx?|pptx?|png|jpe?g|com|org|net)$", re.IGNORECASE)
_SYSTEMS: Final = re.compile(r"J?R-?\d{4,8}|REQ[-_]?\d{3,8}|REF\d{3,5}[A-Z]|MCF-20\d\d-\d{5,8}", re.ASCII)
"""As the large applicant systems number their vacancies."""
_LETTERED: Final = re.compile(r"(?=.*[A-Z])(?=.*\d.*\d)(?=.*[-/_.]|.*\d{4}|[A-Z]{2,6}\d{3})[A-Za-z0-9/_.-]{4,30}")
_NUMBER: Final = re.compile(r"\d{5,9}")
_PAIR: Final = re.compile(r"(?=(?:\D*\d){5})\d{2,4}[-/]\d{2,6}(?:[-/]\d{1,6})?")
_GRADE: Final = re.compile(
    r"[A-Z]{1,3}\d{1,2}(?:[-/][A-Z]{0,3}\d{1,2})?|\d{1,2}[A-Z]|[A-Z]{1,2}\d[A-Z]?|\d{1,2}/\d{1,2}|[A-Z]{2}-?20\d\d|GS-\d+-\d+"
)
_APART: Final = " \t-–—|:/,<>[]()·"
_FOR: Final = re.compile(
    r"(?:\b(?:for|about|regarding|concerning|re|from|zu|für|over|voor|pour|para|per|do|na)\s|^\W*|[.!?:|]\s+)$"
)
_SHORT: Final = 3


def find(subject: str, text: str, *, moved: bool = False) -> str | None:
    """The vacancy's number as written; None where it has none. Of an application `moved` to another vacancy, the new one's."""
    worth: dict[str, float] = {}
    for code, each in _weighed(subject, text):
        before = worth.get(code)
        worth[code] = each if before is None else max(before, each) + (AGAIN if min(before, each) > 0 else 0.0)
    good = [code for code, each in worth.items() if each >= ENOUGH]
    if not good:
        return None
    return good[-1] if moved else max(good, key=lambda code: (worth[code], -good.index(code)))


def _weighed(subject: str, text: str) -> Iterator[tuple[str, float]]:
    """Every code that may be one, with its worth; below zero: it is the number of something else."""
    yield from _in_line(subject[:LINE], None)
    above = subject[:LINE] if subject[:LINE].strip() else ""
    known: dict[tuple[str, str], tuple[tuple[str, float], ...]] = {}
    for line in text.split("\n")[:LINES]:
        lines = line, above[-BEFORE:]
        if lines not in known:
            known[lines] = tuple(_in_line(*lines))
        yield from known[lines]
        above = line if line.strip() else above


def _in_line(line: str, above: str | None) -> Iterator[tuple[str, float]]:
    """Those of one line; of the subject, which stands below none, where `above` is None."""
    for found in _CODE.finditer(line, 0, LINE):
        code = found[0]
        if len(code) < _SHORT or not any(each.isdigit() for each in code) or _FILE.search(code):
            continue
        before = line[max(0, found.start() - BEFORE) : found.start()]
        heading = f"{above[-BEFORE:]} " if above is not None and not before.strip(_APART) else before
        each = _worth(code, before, heading, line[found.end() :], titled=above is None)
        if each is not None:
            yield code, each


def _worth(code: str, before: str, heading: str, after: str, *, titled: bool) -> float | None:
    """`heading`: what announces it, the line above where it begins its own."""
    edge = before[-1:]
    system = _SYSTEMS.fullmatch(code) is not None
    if _ELSE.search(heading) and not (system and heading.rstrip().casefold().endswith("application")):
        return -1.0
    lettered, long = (
        _LETTERED.fullmatch(code) is not None,
        (_NUMBER.fullmatch(code) or _PAIR.fullmatch(code)) is not None,
    )
    plain = _MOMENT.fullmatch(code) is None and _GRADE.fullmatch(code) is None
    if _ANNOUNCED.search(heading) and not _DAY.fullmatch(code) and (not _BY_SHAPE.search(heading) or plain):
        return 3.0 if edge != "#" or (plain and len(code) > _SHORT) else None
    if system:
        return 2.0
    if not plain:
        return None
    alone = not before.strip(_APART) and not after.strip(_APART)
    apart = edge in _APART[1:] or not before.strip(_APART) or after.lstrip()[:1] in {*_APART[2:]}
    bracketed = edge in {"(", "["} and after[:1] in {")", "]"}
    if titled:
        if lettered or long:
            return 1.8 if apart else 1.2
        return 1.5 if alone and code.isdigit() else None
    if bracketed and (lettered or long):
        return 1.3
    return 1.1 if lettered and ("-" in code or "/" in code) and _FOR.search(before) else None
