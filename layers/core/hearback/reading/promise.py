"""By which day they say that they will answer: "we will get back to you within two weeks", "bis Ende der Woche".

Only what they announce of themselves, in a receipt or a status update; never what hangs on an "if", on a closing date, or
on something the person does first.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.message import Message
from hearback.model.signal import Kind
from hearback.reading import moments, sentences
from hearback.reading.deadline import BY

FURTHEST: Final = timedelta(days=120)
_KINDS: Final = frozenset({Kind.APPLICATION_CONFIRMATION, Kind.STATUS_UPDATE})
_ANNOUNCED: Final = re.compile(
    r"\b(?:we|I|our (?:recruiting |hiring |talent )?team|(?:the|a member of (?:the|our)|someone from (?:the|our)) (?:recruiting |hiring |talent |resourcing )?team)(?:['’]ll| will| aim to| expect to| hope to| plan to| intend to| should be able to| are going to| try to)\b.{0,70}?"
    r"\b(?:get back|be back|(?:be|get) in touch|come back to|let you know|update you|contact you|respond|reply|answer|inform you|notify you|reach out|follow up|give you|(?:be able to )?tell you|write to|release (?:the )?results|have (?:a decision|an answer|news|feedback|an update)|(?:make|reach) (?:a|our) (?:final )?decision|decide|share)\b"
    r"|\byou(?:['’]ll| will| can expect to| should)(?: now)?\s(?:expect to hear\b|hear\b|(?:receive|get|have) (?:a|an|our|further) (?:answer|response|reply|decision|feedback|update|news|yes|no)\b)"
    r"|\bexpect (?:to hear|something from|a reply|an answer|(?:a|our|an) (?:response|decision|update))\b"
    r"|\b(?:an answer|decision)\b.{0,60}?\b(?:slipped|moved|expected|due|will be)\b"
    r"|\b(?:can|may|usually|typically|normally) takes?\b"
    r"|\b(?:wir|ich)\b.{0,90}?\b(?:melden?|Rückmeldung|Bescheid|informieren|informiere|Entscheidung|antworten|antworte|zurückkommen|entscheiden)\b"
    r"|\b(?:melden wir uns|melde ich mich|geben wir (?:Ihnen|dir)|erh[aä]lt(?:en|st) (?:Sie|du)\b.{0,40}?(?:Rückmeldung|Antwort|Bescheid|Entscheidung)|hör(?:en|st) (?:Sie|du)\b.{0,30}?von uns|(?:Rückmeldung|Antwort|Bescheid) erh[aä]lt(?:en|st) (?:Sie|du))"
    r"|\b(?:kann|dauert).{0,40}?(?:dauern|etwa|ungefähr|rund)\b"
    r"|\b(?:reviendrons|répondrons|recontacterons|contacterons|tiendrons informée?|donnerons (?:une )?(?:réponse|suite)|ferons un retour|vous (?:aurez|recevrez) (?:une|notre|un) (?:réponse|décision|retour))\b"
    r"|\b(?:pondremos en contacto|(?:te|le|os) (?:responderemos|contactaremos|contestaremos|informaremos|diremos algo|daremos (?:una )?(?:respuesta|noticias))|recibirás?\b.{0,20}?respuesta|tendrás? (?:una respuesta|noticias))\b"
    r"|\b(?:entraremos em contac?to|(?:daremos|teremos|enviaremos) (?:um |uma )?(?:retorno|resposta|feedback|notícias)|responderemos|receberá\b.{0,20}?(?:resposta|retorno))\b"
    r"|\b(?:ricontatteremo|contatteremo|risponderemo|faremo sapere|daremo (?:un )?(?:riscontro|feedback)|ricever(?:ai|à)\b.{0,20}?(?:risposta|riscontro)|ci faremo sentire)\b"
    r"|\b(?:we|wij|ik)\b.{0,60}?\b(?:laten|laat|nemen|neem|komen|kom|reageren|reageer)\b.{0,50}?\b(?:weten|contact|terug|horen)\b|\b(?:hoor|hoort|horen) (?:je|u)\b|\b(?:je|u) hoort\b|\bontvang(?:t|en)? (?:je|u)\b.{0,20}?(?:reactie|antwoord|bericht)"
    r"|\b(?:odezwiemy|skontaktujemy|odpowiemy|damy (?:Ci |Panu |Pani )?znać|poinformujemy|wrócimy)\b",
    re.IGNORECASE,
)
_IF: Final = re.compile(
    r"\b(?:if|unless|should you|sollten|falls|sofern|wenn|jeśli|jeżeli|indien)\b|(?:^|,\s|\()(?:si|se|caso|als)\s|\b(?:shortlisted|selected|successful|wybran\w+|ausgewählte|geselecteerde|sélectionn\w+|retenus|seleccionad\w+|selecionad\w+|selezionat\w+)\b|\b(?:closing date|deadline|Bewerbungs(?:schluss|frist)|date limite|fecha límite|data limite|sluitingsdatum)\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {
    word: number
    for number, words in {
        1: "a an one einer einem eine einen une un una uno uma um een één jednego tygodnia",
        2: "two zwei zweier deux dos dois duas due twee dwóch couple",
        3: "three drei trois tres três tre drie trzech",
        4: "four vier quatre cuatro quatro quattro czterech",
        5: "five fünf cinq cinco cinque vijf pięciu",
        6: "six sechs seis sei zes sześciu",
        7: "seven sieben sept siete sete sette zeven siedmiu",
        8: "eight acht huit ocho oito otto ośmiu",
        10: "ten zehn dix diez dez dieci tien dziesięciu",
        14: "fourteen vierzehn quinze quince quindici veertien czternastu",
    }.items()
    for word in words.split()
}
_DAY, _WORKDAY, _WEEK, _MONTH = "day", "workday", "week", "month"
_UNITS: Final = {
    _WORKDAY: r"(?:working|business) days?|Werktag(?:en|e)?|Arbeitstag(?:en|e)?|jours (?:ouvrés|ouvrables)|días (?:hábiles|laborables)|dias úteis|giorni lavorativi|werkdagen|dni robocz\w+",
    _DAY: r"days?|Tag(?:en|e)?|jours?|días?|dias?|giorn[oi]|dag(?:en)?|dni",
    _WEEK: r"weeks?|Wochen?|semaines?|semanas?|settiman[ae]|weken|week|tygodni\w*",
    _MONTH: r"months?|Monat(?:en|e|s)?|mois|mes(?:es)?|mês|mes[ei]|maand(?:en)?|miesi\w+",
}
_COUNT: Final = rf"\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_SPAN: Final = re.compile(
    r"\b(?:within|in|over|up to|about|around|innerhalb(?: von)?|binnen|in|bis zu|etwa|rund|dans|sous|d['’]ici|jusqu['’]à|en|dentro de|em|até|entro|fino a|tot|w ciągu|do)\s+"
    r"(?:the\s|den\s|der\s|les?\s|los\s|las\s|os\s|as\s|i\s|le\s|de\s|un plazo de\s|um prazo de\s)?(?:next\s|coming\s|following\s|nächsten\s|kommenden\s|prochaine?s\s|próxim[oa]s\s|prossim[ei]\s|komende\s|najbliższych\s)?"
    rf"(?:(?:{_COUNT})\s?(?:-|–|to|or|bis|oder|à|ou|a|o|tot|of|do|lub)\s?)?(?P<count>{_COUNT})(?:\s(?:prochaine?s|próxim[oa]s|prossim[ei]))?[\s-](?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
    + r")\b",
    re.IGNORECASE,
)
_NEXT_WEEK: Final = re.compile(
    r"\b(?:next week|this week and next|(?:nächste[rn]?|kommende[rn]?) Woche|semaine prochaine|próxima semana|semana que (?:viene|vem)|semana próxima|prossima settimana|settimana prossima|volgende week|przyszł(?:ym|ego) tygodni\w+)\b",
    re.IGNORECASE,
)
_WEEK_OF: Final = re.compile(r"\bweek (?:of|commencing|beginning|starting)\s", re.IGNORECASE)
_WEEK_AFTER_NEXT: Final = re.compile(r"\b(?:week after next|übernächste[rn]? Woche)\b", re.IGNORECASE)
_THIS_WEEK: Final = re.compile(
    r"\b(?:end of the week|this week|Ende (?:der|dieser) Woche|diese Woche|fin de (?:la|cette) semaine|cette semaine|fin(?:al)?(?:es)? de (?:la|esta) semana|esta semana|fim d(?:a|esta) semana|final da semana|fine settimana|fine della settimana|questa settimana|eind(?:e)? van (?:de|deze) week|deze week|końca (?:tego )?tygodnia|tym tygodniu)\b",
    re.IGNORECASE,
)
_THIS_MONTH: Final = re.compile(
    r"\b(?:end of (?:the|this) month|Ende (?:des|dieses) Monats|Monatsende|fin du mois|fin(?:al)?(?:es)? de mes|fim do mês|fine (?:del )?mese|eind(?:e)? van de maand|końca miesiąca)\b",
    re.IGNORECASE,
)
_FRIDAY, _SATURDAY = 4, 5
_FIRST_WORDS: Final = 30
"""A week named further before the announcement is that of something else."""


def find(message: Message, kind: Kind, zone: str) -> str | None:
    """The ISO date of that day; None where no day is announced."""
    if kind not in _KINDS or message.sent:
        return None
    said_at = (message.sent_at or message.received_at).astimezone(ZoneInfo(zone))
    for sentence in sentences.split(message.text):
        announced = _ANNOUNCED.search(sentence)
        if announced is None or _IF.search(sentence):
            continue
        far = announced.start() > _FIRST_WORDS
        near = f"{sentence[:_FIRST_WORDS]} … {sentence[announced.start() :]}" if far else sentence
        day = _week_of(near, said_at, zone) or _span(sentence, said_at.date()) or _named(near, said_at.date())
        if day is None and (by := BY.search(sentence)):
            day = _dated(sentence[by.end() :], said_at, zone)
        if day is not None and timedelta(0) <= day - said_at.date() <= FURTHEST:
            return day.isoformat()
    return None


def _week_of(sentence: str, said_at: datetime, zone: str) -> date | None:
    """The Friday of a week that is called by one of its days."""
    week = _WEEK_OF.search(sentence)
    day = _dated(sentence[week.end() :], said_at, zone) if week else None
    return _friday(day) if day is not None else None


def _dated(text: str, said_at: datetime, zone: str) -> date | None:
    found = moments.first(text[:80], said_at, zone)
    return found.day if found is not None else None


def _span(sentence: str, said_on: date) -> date | None:
    found = _SPAN.search(sentence)
    if found is None:
        return None
    word = found["count"].lower()
    count = int(word) if word.isdecimal() else _NUMBERS[word]
    if found[_WORKDAY]:
        return _working_days(said_on, count)
    days = 1 if found[_DAY] else 7 if found[_WEEK] else 30
    return said_on + timedelta(days=count * days)


def _named(sentence: str, said_on: date) -> date | None:
    """The Friday of this week or one of the next two, the last day of this month."""
    if _WEEK_AFTER_NEXT.search(sentence):
        return _friday(said_on + timedelta(days=14))
    if _NEXT_WEEK.search(sentence):
        return _friday(said_on + timedelta(days=7))
    if _THIS_WEEK.search(sentence):
        return _friday(said_on)
    if _THIS_MONTH.search(sentence):
        return (said_on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return None


def _friday(day: date) -> date:
    return day + timedelta(days=(_FRIDAY - day.weekday()) % 7)


def _working_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
