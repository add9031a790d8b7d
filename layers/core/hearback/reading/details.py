"""Company, role, place, requisition, deadline, urgency: what a job mail is about. The ATS or board is never the company."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Kind
from hearback.reading import deadline as deadlines
from hearback.reading import roles, senders
from hearback.reading.kinds import Judgement
from hearback.reading.second import Pointed

#: A name as written: capitalised words, joined by small ones.
_WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ0-9][\w'’.+#&-]{0,40}"
_NAME: Final = rf"{_WORD}(?:[ ](?:(?:&|and|und|of|de|the|van|von|for|y|e|et|i)[ ])?{_WORD}){{0,4}}"
_COMPANY_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:applying|applied|application|apply|applications?) (?:was sent to|has been sent to|to|at|with|sent to) (?:join )?(?:the )?({_NAME})",
        rf"\b(?:position|role|job|opening|vacancy|opportunity|career|interest|working|work|join|joining) (?:here )?(?:at|with|in|bei|chez) (?:the )?({_NAME})",
        rf"\b(?:[Ii]nvited? to interview|[Ii]nterview|[Oo]ffer|[Cc]all|[Cc]hat|[Uu]pdate|[Aa]ssessment) (?:at|from|bei|chez|von) (?:the )?({_NAME})",
        rf"\bat ({_NAME}) (?:has|have|is|was|and|we)\b",
        rf"\b(?:bei|bei der|bei dem) ({_NAME})",
        rf"\b(?:chez|au sein de) ({_NAME})",
        rf"\b(?:candidatura|solicitud|puesto|vaga|empleo|trabajo)[^.!?\n]{{0,60}} (?:en|na|no|presso|at|da) ({_NAME})",
        rf"\b(?:my client|our client),? ({_NAME})",
        rf"\b({_NAME}) (?:hiring|recruiting|recruitment|talent|careers|people) team\b",
        rf"\bjoin(?:ing)? (?:us at |the team at )?({_NAME})",
    )
)
_DISPLAY: Final = re.compile(
    r"\s*(?:(?:[-|·,]|\bvia\b|\bat\b|\(|\bthrough\b).*|(?:\b(?:Careers?|Recruiting|Recruitment|Recruiter|Hiring(?: Team)?|Talent(?: Acquisition| Team)?|People(?: Team| & Culture)?|HR|Human Resources|Jobs?|Bewerbermanagement|Bewerbung|Karriere|Personal(?:abteilung)?|Recrutement|Team|No-?[Rr]eply|Notifications?|Applications?|Onboarding)\b\s*)+)$"
)
_AT_SENDER: Final = re.compile(rf"\b(?:at|from|bei|[-|·@]) ({_NAME})\s*$")
_SIGNATURE: Final = re.compile(
    rf"(?:^|\n)(?:[^\n]{{0,50}}(?:Recruiter|Recruiting|Talent(?: Acquisition)?|People|HR|Hiring|Manager|Engineering|Partner|Personal\w*)[^\n,]{{0,30}}, ({_NAME})\s*(?:\n|$)|(?:The )?({_NAME}) (?:Hiring|Recruiting|Talent|People|Careers?|Recruitment|HR)(?: Team| Acquisition| & Culture)?\s*(?:\n|$))"
)
_REQUISITION: Final = re.compile(
    r"\b(?:(?:[Rr]eq(?:uisition)?|[Rr]eference|[Rr]ef|[Jj]ob|[Kk]ennziffer|[Rr]eferenznummer|[Ss]tellen-?ID|[Rr]éf(?:érence)?|[Vv]acancy|[Pp]osting)\.?(?: ?(?:ID|[Nn]o|[Nn]r|[Nn]umber|code)\.?)?\s?[:#]?\s?#?|#)((?=[A-Z0-9/_-]*\d)[A-Z0-9][A-Z0-9/_-]{2,20})\b|\b((?:JR|REQ|R|JOB)-?\d{4,10})\b"
)
_LOCATION: Final = re.compile(
    r"\b(?:based in|located in|[Ll]ocation:|[Ss]tandort:?|[Oo]rt:) ({0}(?:, {0})?)".format(
        r"[A-ZÀ-Ö][\w-]+(?: [A-ZÀ-Ö][\w-]+){0,2}"
    )
)
_NOT_COMPANY: Final = frozenset(
    [
        "application",
        "position",
        "role",
        "job",
        "team",
        "interview",
        "you",
        "your",
        "the",
        "this",
        "our",
        "we",
        "us",
        "i",
        "it",
        "company",
        "hiring",
        "recruiting",
        "talent",
        "people",
        "careers",
        "hr",
        "update",
        "re",
        "fwd",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "berlin",
        "london",
        "paris",
        "madrid",
        "new",
        "york",
        "zoom",
        "teams",
        "google",
        "microsoft",
        "linkedin",
        "indeed",
        "greenhouse",
        "lever",
        "workday",
        "video",
        "phone",
        "online",
        "no-reply",
        "noreply",
        "notifications",
        "any",
        "all",
        "please",
        "best",
        "kind",
        "dear",
        "hi",
        "hello",
        "thanks",
        "thank",
        "good",
        "senior",
        "junior",
        "herr",
        "frau",
        "sehr",
        "liebe",
        "ihre",
        "ihrer",
        "uns",
    ]
)
_URGENT: Final = re.compile(
    r"\b(?:urgent(?:ly)?|as soon as possible|asap|within (?:24|48|twenty-four) hours|by (?:tomorrow|tonight|end of (?:the )?day|eod|cob)|today(?: at| by|\b)|dringend|innerhalb von (?:24|48) Stunden|bis morgen|heute noch|dans les (?:24|48) heures|en (?:24|48) horas|entro (?:24|48) ore|binnen (?:24|48) uur)\b",
    re.IGNORECASE,
)
_AGENCY: Final = re.compile(
    r"\b(?:my client|our client|a client of (?:mine|ours)|on behalf of (?:my|our) client|mein Kunde|unser Kunde|mon client|mi cliente)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Details:
    """What the mail is about; all empty for mail that is not."""

    company: str | None = None
    role: str | None = None
    location: str | None = None
    ats: str | None = None
    requisition_id: str | None = None
    deadline: str | None = None
    urgent: bool = False
    agency: str | None = None


def extract(message: Message, judgement: Judgement, pointed: Pointed, zone: str) -> Details:
    """Everything `message` says of the job it is about."""
    if judgement.kind is Kind.OTHER:
        return Details()
    subject, text = str(message.subject), message.text[:20_000]
    role = (roles.clean(pointed.role, pointed_at=True) if pointed.role else None) or roles.find(subject, text)
    company = (clean_company(pointed.company, role) if pointed.company else None) or _company(
        message, subject, text, role
    )
    found = _REQUISITION.search(f"{subject}\n{text}")
    place = _LOCATION.search(text)
    agency = None
    if judgement.kind is Kind.RECRUITER_OUTREACH and _AGENCY.search(text):
        agency = _from_display(message) or _signature(text)
    return Details(
        company=company,
        role=role,
        location=place[1] if place else None,
        ats=senders.vendor_of(message.sender.domain),
        requisition_id=(found[1] or found[2]) if found else None,
        deadline=deadlines.find(message, judgement.kind, zone),
        urgent=bool(_URGENT.search(text)) and judgement.kind is not Kind.APPLICATION_CONFIRMATION,
        agency=agency if agency != company else None,
    )


def _company(message: Message, subject: str, text: str, role: str | None) -> str | None:
    votes: dict[str, float] = {}
    shown: dict[str, str] = {}

    def vote(name: str | None, weight: float) -> None:
        cleaned = clean_company(name, role) if name else None
        if cleaned is not None:
            key = cleaned.casefold()
            votes[key] = votes.get(key, 0) + weight
            shown.setdefault(key, cleaned)

    for weight, source in ((1.0, subject), (0.8, text)):
        for pattern in _COMPANY_PATTERNS:
            for found in list(pattern.finditer(source))[:4]:
                vote(found[1], weight)
    vote(_from_display(message), 1.2)
    vote(_signature(text), 0.9)
    label = _label(message)
    if label is not None:
        whole = _written(label, f"{subject}\n{text}\n{message.sender.name}")
        vote(whole, 2.0)
        for key in votes:
            if _squeezed(key).startswith(label) or (len(_squeezed(key)) > 3 and label.startswith(_squeezed(key))):
                votes[key] += 1.5
    if votes:
        return shown[max(votes, key=lambda key: (votes[key], len(key), key))]
    return _spelled(message) if label is not None and senders.employer_domain(message.sender.domain) else None


def _from_display(message: Message) -> str | None:
    """The employer in a display name: "Acme Careers", "Acme via Personio", "Jane at Acme"; a person's name is none."""
    name = str(message.sender.name).strip("\"' ")
    at = _AT_SENDER.search(name)
    if at and " via " not in name:
        return at[1]
    stripped = _DISPLAY.sub("", name).strip()
    if not stripped:
        return None
    if stripped != name or senders.is_relay(message.sender.domain):
        return None if _person_like(stripped, message) else stripped
    own = senders.employer_domain(message.sender.domain)
    label = _squeezed(own.split(".")[0]) if own else ""
    return stripped if label and _squeezed(stripped)[:4] == label[:4] else None


def _person_like(name: str, message: Message) -> bool:
    """Whether a display name is a person's: the address spells it, or the employer's domain is named otherwise."""
    words = [word.casefold() for word in name.split()]
    local = str(message.sender.address).partition("@")[0]
    return len(words) in {2, 3} and any(
        len(word) > 2 and word in local.replace("-", ".").replace("_", ".").split(".") for word in words
    )


def _signature(text: str) -> str | None:
    found = list(_SIGNATURE.finditer(text[-1500:]))
    return (found[-1][1] or found[-1][2]) if found else None


def _label(message: Message) -> str | None:
    """The employer's name in the sender's domain, or in the tenant part of an ATS address."""
    own = senders.employer_domain(message.sender.domain)
    if own is not None:
        return _squeezed(own.split(".")[0])
    if senders.vendor_of(message.sender.domain) is None:
        return None
    local = str(message.sender.address).partition("@")[0].split("+")[0]
    if re.search(r"no-?reply|notification|donotreply|jobs|career|talent|recruit|mail", local):
        return None
    return _squeezed(local) or None


def _spelled(message: Message) -> str:
    """A company's name from its domain: "nachtzug-akademie.example" → "Nachtzug Akademie"."""
    own = senders.employer_domain(message.sender.domain) or ""
    return " ".join(part.capitalize() for part in own.split(".")[0].split("-"))


def _written(label: str, text: str) -> str | None:
    """How the text writes the name behind `label`: "tidewater" → "Tidewater Grid"."""
    names: dict[str, int] = {}
    for found in re.finditer(_NAME, text):
        words = found[0].split()
        for start in range(len(words)):
            for end in range(len(words), start, -1):
                piece = " ".join(words[start:end])
                squeezed = _squeezed(piece)
                if squeezed == label or (
                    len(label) > 3 and squeezed.startswith(label) and end - start <= 3 and not piece.endswith(".")
                ):
                    names[piece] = names.get(piece, 0) + 1
    good = [name for name in names if clean_company(name, None) is not None]
    if not good:
        return None
    return max(good, key=lambda name: (min(len(name.split()), 3), names[name], len(name), name))


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def clean_company(raw: str, role: str | None) -> str | None:
    """A company name without legal form and what surrounds it; None if it is none."""
    name = re.sub(
        r"\s+(?:GmbH(?: & Co\.? KG)?|AG|SE|Ltd\.?|Limited|Inc\.?|LLC|PLC|plc|S\.?A\.?|S\.?L\.?|B\.?V\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|Sp\. z o\.o\.|N\.?V\.?|e\.V\.)$",
        "",
        raw.strip(" ,.;:-–|!?\"'“”"),
    )
    name = re.sub(
        r"\s+(?:Careers?|Hiring|Recruiting|Recruitment|Talent|People|Team|HR|Jobs)(?:\s+(?:Team|Acquisition))?$",
        "",
        name,
    )
    name = re.sub(r"^(?:The|Team)\s+(?=\w)", "", name).split("\n")[0].strip(" ,.;:-–|!?'\"")
    name = re.split(r"\.\s+(?=[A-Z])|\s+(?:for|as|and we|has|is|The)$", name)[0].strip(" ,.")
    words = [word.casefold().strip(".,") for word in name.split()]
    if (
        not words
        or len(name) < 2
        or len(name) > 60
        or words[0] in _NOT_COMPANY
        or all(word in _NOT_COMPANY for word in words)
    ):
        return None
    if role is not None and name.casefold() in role.casefold():
        return None
    if roles.ROLE_NOUN.search(name) and len(words) <= 4 and roles.ROLE_NOUN.search(words[-1]):
        return None
    if senders_name(name):
        return None
    return name


def senders_name(name: str) -> bool:
    """Whether the name is an ATS's, a board's or a vendor's."""
    squeezed = _squeezed(name)
    return squeezed in _vendors()


def _vendors() -> frozenset[str]:
    table = senders.table()
    names: Iterable[str] = (
        *table["ats"].values(),
        *(domain.split(".")[0] for domain in (*table["boards"], *table["assessment"], *table["scheduling"])),
    )
    return frozenset(_squeezed(name) for name in names)
