"""Whose job it is: the employer a mail speaks for, never the system or board that sent it.

Where the encoder is installed its marks decide: each marked stretch votes for a name, a mark on the sender's address for the
name its domain spells. Without it, phrases, display name, signature and domain vote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from hearback.model.message import Address, Message
from hearback.reading import meeting, roles, senders
from hearback.reading.encoder import HOST, Mark
from hearback.reading.spelling import JOINS, LABEL, LINE, LINES, WORDS, spelled_out, squeezed

SURE: Final = 0.6
"""A marked name is taken from this probability on."""
SURE_ELSEWHERE: Final = 0.95
"""The same where an employer's own domain writes, and spells another name."""
OWN: Final = 1.3
"""What a mark on the sender's own address is worth beside one on a name."""
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
#: Words of a display name, and of an address, that belong to an office and to nobody.
_OFFICES: Final = frozenset(
    [
        "personal", "personale", "personeel", "recruiting", "recruitment", "recrutement", "reclutamiento", "recrutamento", "talent",
        "talento", "careers", "career", "jobs", "hr", "rh", "rrhh", "team", "werving", "seleccion", "selecao", "selezione", "kadry",
        "karriere", "bewerbung", "office", "people", "hiring", "info", "empleo", "emploi", "etude", "kanzlei", "praxis", "admin",
    ]
)  # fmt: skip
_AGENCIES: Final = re.compile(
    r"recruit|search|staffing|talent|personal|selec|consult|people|resourc|hiring|career|executive|headhunt|legal|vermittlung|interim|tech$|rh$|hr$"
)
"""What domains of agencies hold: they name their clients."""
_NOT_COMPANY: Final = frozenset(
    [
        "application", "position", "role", "job", "team", "interview", "you", "your", "the", "this", "our", "we",
        "us", "i", "it", "company", "hiring", "recruiting", "talent", "people", "careers", "hr", "update", "re",
        "fwd", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
        "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "berlin", "london", "paris", "madrid", "new", "york", "zoom", "teams", "google", "microsoft", "linkedin",
        "indeed", "greenhouse", "lever", "workday", "video", "phone", "online", "no-reply", "noreply",
        "notifications", "any", "all", "please", "best", "kind", "dear", "hi", "hello", "thanks", "thank", "good",
        "senior", "junior", "herr", "frau", "sehr", "liebe", "ihre", "ihrer", "uns",
    ]
)  # fmt: skip
_CODE: Final = re.compile(r"\d+|[A-Z]{2,8}[-/ ]\d{2,}|[A-Z]{2,8}\d{3,}")
"""Numbers, and codes of jobs and rooms."""
#: What parts a line of a signature into name, post and employer.
_SEGMENT: Final = re.compile(r"[,·|•;–—]|\s-\s")
_STARTS_NAME: Final = re.compile(rf"(?!\d){_WORD}")
#: Capitalised words before a name on a line of its own which are no part of it.
_BEFORE_NAME: Final = frozenset(
    [
        "the", "team", "hr", "rh", "ta", "people", "careers", "recruiting", "recruitment", "talent", "your",
        "from", "for", "at", "das", "dein", "ihr", "ihre", "euer", "personalabteilung", "recruiting-team",
        "bauleitung", "personal", "équipe", "equipe", "l'équipe", "l’équipe", "equipo", "selección", "seleção",
        "recrutement", "rrhh", "admón", "squadra", "risorse", "selezione", "het", "zespół", "dział",
        "personeelszaken", "cyngor", "prifysgol", "via", "re", "fw",
    ]
)  # fmt: skip


def find(message: Message, marks: Sequence[Mark], role: str | None) -> str | None:
    """The employer, as a person would write it on a list; None where the mail does not tell."""
    return _marked(message, marks, role) or _voted(message, role)


def agency(message: Message) -> str | None:
    """Who writes for an unnamed client."""
    return _from_display(message) or _signature(message.text[:20_000])


def _marked(message: Message, marks: Sequence[Mark], role: str | None) -> str | None:
    """The name most marks agree on."""
    whole = f"{message.sender.name}\n{message.subject}\n{message.text[:20_000]}"
    label = _label(message) or ""
    written = spelled_out(label, whole)
    votes: dict[str, float] = {}
    best: dict[str, float] = {}

    def vote(name: str | None, chance: float, share: float = 1.0) -> None:
        if name is not None:
            votes[name] = votes.get(name, 0.0) + chance * share
            best[name] = max(best.get(name, 0.0), chance)

    spelled: list[float] = []
    for mark in marks:
        host = HOST.fullmatch(mark.text) is not None
        if "@" in mark.text or (host and senders.registrable(mark.text) == senders.registrable(message.sender.domain)):
            spelled.append(mark.chance)
        elif host:
            vote(None if meeting.is_service(mark.text) else _of_host(mark.text, whole), mark.chance, 0.5)
        else:
            name = clean_company(mark.text, role, label)
            if name is not None and not _person_like(name, message, label):
                vote(name, mark.chance)
    if label and spelled:
        near = [name for name in votes if _akin(squeezed(name), label) and not name.islower()]
        own = written or max(near, key=lambda name: (votes[name], len(name), name), default=None) or _spelled(message)
        vote(own, max(spelled), OWN)
    if not votes:
        return None
    chosen = max(votes, key=lambda name: (votes[name], len(name), name))
    if best[chosen] < SURE:
        return None
    domain = senders.employer_domain(message.sender.domain)
    direct = domain is not None and _AGENCIES.search(domain) is None
    if direct and best[chosen] < SURE_ELSEWHERE and chosen != written and not _akin(squeezed(chosen), label):
        return written or _spelled(message)
    fuller = [name for name in votes if name.casefold().startswith(f"{chosen.casefold()} ")]
    name = max(fuller, key=lambda name: (votes[name], len(name), name), default=chosen)
    if written is not None and label.startswith(squeezed(name)):
        name = written
    return _from_its_start(name, message)


def _from_its_start(name: str, message: Message) -> str:
    """The name as a line of its own writes it, where the mark began late: "Keogh Solicitors" → "Loughrane Keogh Solicitors"."""
    people = {word.casefold() for word in str(message.sender.name).split()}
    for line in message.text[:20_000].split("\n")[:LINES]:
        if name not in line:
            continue
        for segment in _SEGMENT.split(line[:LINE]):
            words = segment.strip(" .").removesuffix(f" {name}").split()
            if (
                segment.strip(" .").endswith(f" {name}")
                and 0 < len(words) < WORDS - len(name.split())
                and _STARTS_NAME.fullmatch(words[0])
                and all(word in JOINS or _begins_name(word) for word in words)
                and not {word.casefold() for word in (*words, *name.split())} <= people
            ):
                return f"{' '.join(words)} {name}"
    return name


def _begins_name(word: str) -> bool:
    return _STARTS_NAME.fullmatch(word) is not None and word.casefold() not in _BEFORE_NAME


def _of_host(host: str, text: str) -> str | None:
    """The name behind a link's host: of a vendor's host its first part, where the mail writes it out."""
    own = senders.employer_domain(host)
    return spelled_out(squeezed((own or host).split(".")[0]), text)


def _akin(name: str, label: str) -> bool:
    """Whether one is the beginning of the other."""
    return len(name) >= LABEL and (label.startswith(name) or name.startswith(label))


def _voted(message: Message, role: str | None) -> str | None:
    """The name that phrases, display name, signature and domain agree on."""
    subject, text = str(message.subject), message.text[:20_000]
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
        everything = f"{subject}\n{text}\n{message.sender.name}"
        whole = _written(label, everything) or spelled_out(label, everything)
        vote(whole, 2.0)
        for key in votes:
            if squeezed(key).startswith(label) or (len(squeezed(key)) > 3 and label.startswith(squeezed(key))):
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
    label = squeezed(own.split(".")[0]) if own else ""
    return stripped if label and squeezed(stripped)[:4] == label[:4] else None


def _person_like(name: str, message: Message, label: str = "") -> bool:
    """Whether a name is the sender's own, or of whom they write to: the address spells it, and the domain does not."""
    if label and _akin(squeezed(name), label):
        return False
    words = _words_of(name)
    if any(_is_of(words, each) for each in message.recipients):
        return True
    return _is_of(words, message.sender)


def _is_of(words: set[str], who: Address) -> bool:
    """Whether `words` are of the person's name: what stands before the @ spells one of them, or the other of two.
    Before a relay's @ often stands the employer: all have to.
    """
    local, whole = who.address.partition("@")[0], _words_of(who.name)
    if not words <= whole | _words_of(str(who.name).replace("-", " ")):
        return False
    told = {word for word in whole if len(word) > 2 and _told(word, local)}
    if senders.is_relay(who.domain):
        return words <= told
    return bool(words & told) or (bool(told) and len(whole) == 2 and not whole & _OFFICES)


def _words_of(name: str) -> set[str]:
    return {squeezed(word) for word in str(name).removesuffix("'s").removesuffix("’s").split()} - {""}


def _told(word: str, local: str) -> bool:
    """Whether the part of an address before the @ holds the word: alone, or after an initial ("yprewitt")."""
    parts = [squeezed(part) for part in re.split(r"[-._]", local)]
    return word in parts or any(part[1:] == word or part[:-1] == word for part in parts)


def _signature(text: str) -> str | None:
    found = list(_SIGNATURE.finditer(text[-1500:]))
    return (found[-1][1] or found[-1][2]) if found else None


def _label(message: Message) -> str | None:
    """The employer's name in the sender's domain, or in the tenant part of an ATS address."""
    own = senders.employer_domain(message.sender.domain)
    if own is not None:
        return squeezed(own.split(".")[0])
    if senders.vendor_of(message.sender.domain) is None:
        return None
    local = str(message.sender.address).partition("@")[0].split("+")[0]
    if re.search(r"no-?reply|notification|donotreply|jobs|career|talent|recruit|mail", local):
        return None
    return squeezed(local) or None


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
                plain = squeezed(piece)
                if plain == label or (
                    len(label) > 3 and plain.startswith(label) and end - start <= 3 and not piece.endswith(".")
                ):
                    names[piece] = names.get(piece, 0) + 1
    good = [name for name in names if clean_company(name, None) is not None]
    if not good:
        return None
    return max(good, key=lambda name: (min(len(name.split()), 3), names[name], len(name), name))


def clean_company(raw: str, role: str | None, label: str = "") -> str | None:
    """A company name without legal form and what surrounds it; None if it is none. What spells `label` is a name."""
    name = re.sub(
        r"\s+(?:GmbH(?: & Co\.? KG)?|AG|SE|Ltd\.?|Limited|Inc\.?|LLC|PLC|plc|S\.?A\.?|S\.?L\.?|B\.?V\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|Sp\. z o\.o\.|N\.?V\.?|e\.V\.)$",
        "",
        raw.strip(" ,.;:-–|!?\"'“”"),
    )
    if label and spelled_out(label, name) == name:
        return name
    name = re.sub(
        r"\s+(?:Careers?|Hiring|Recruiting|Recruitment|Talent|People|Team|HR|Jobs)(?:\s+(?:Team|Acquisition))?$",
        "",
        name,
    )
    name = re.sub(r"^(?:The|Team)\s+(?=\w)", "", name).split("\n")[0].strip(" ,.;:-–|!?'\"")
    name = re.split(
        r"(?<!\bSt)(?<!\bSte)(?<!\bMt)(?<!\bFt)(?<!\bDr)(?<!\b[A-Z])\.\s+(?=[A-Z])|\s+(?:for|as|and we|has|is|The)$",
        name,
    )[0].strip(" ,.")
    words = [word.casefold().strip(".,") for word in name.split()]
    if (
        not words
        or len(name) < 2
        or _CODE.fullmatch(name)
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
    return squeezed(name) in _vendors()


def _vendors() -> frozenset[str]:
    table = senders.trained_table()  # many a vendor learned of since is called like an employer: Shine, Frontline
    names: Iterable[str] = (
        *table["ats"].values(),
        *(domain.split(".")[0] for domain in (*table["boards"], *table["assessment"], *table["scheduling"])),
    )
    return frozenset(squeezed(name) for name in names)
