"""Before a mail is opened: is it about the person's job search? Decided on sender, subject and snippet alone.

Recall comes first: whoever names an application, an interview or a job of the person's is opened, and so is every
applicant system. Alerts and digests of boards stay closed, and so does mail with no word of it; their bodies are never
fetched. Words count by weight: one sure phrase, one strong word, or several weak ones together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from hearback.reading import senders

OPENS: Final = 3
_I: Final = re.IGNORECASE
_SURE: Final = re.compile(
    r"\b(?:your (?:[\w-]+ ){0,2}(?:application|candidacy|candidature|interview|resume|résumé|cv|assessment|coding)|application (?:for|to|as|received|status|update|was|has)|appl(?:ied|ying) (?:for|to|at|with|as)|(?:phone|recruiter) screen|job offer|offer letter|offer of employment|hiring (?:manager|team|process)|talent (?:acquisition|team|partner)|recruit(?:er|ers|ing|ment)|(?:technical|final|panel|first|second|onsite|video|phone) interview|interview (?:with|at|for|invitation|confirm\w*|schedul\w*|on|request|process|tomorrow|moved|cancel\w*)|invit\w+ (?:you )?(?:to|for) (?:an? |the |your )?(?:\w+ ){0,2}interview|take-home|coding (?:challenge|test|exercise)|background check|notice period|salary expectations?|your (?:background|profile|experience)|the (?:position|role|vacancy) (?:of|as|at|with|has|is|we)"
    r"|bewerb\w*|vorstellungsgespr\w*|(?:telefon|video)interview\w*|bewerbungs\w*|lebenslauf\w*|arbeitsvertrag\w*|stellen(?:angebot|ausschreibung|anzeige)\w*|probe(?:tag|arbeit\w*)|personalabteilung|jobangebot|gehaltsvorstellung\w*|kennenlerngespräch\w*"
    r"|(?:votre|ta|ma|la) candidature|candidatures?|entretien (?:avec|pour|de|d|téléph|tech|du|le|au)\w*|recrut\w*|embauche\w*|offre d['’]emploi|poste (?:de|d)\b|lettre de motivation|promesse d['’]embauche"
    r"|(?:tu|su|mi|la|vuestra) candidatura|candidatura|entrevista|proceso de selección|proceso selectivo|vacante|puesto de|oferta de (?:trabajo|empleo)|currículum\w*|contratación|selección de personal"
    r"|processo seletivo|processo de (?:seleção|recrutamento)|recrutamento|vaga (?:de|para)|proposta de (?:trabalho|emprego)|currículo"
    r"|colloquio|selezione del personale|processo di selezione|posizione (?:di|da)|offerta di lavoro|assunzione|curriculum"
    r"|sollicit\w*|vacature\w*|arbeidsovereenkomst|arbeidsvoorwaarden|kennismakingsgesprek|selectieprocedure|jouw cv|uw cv"
    r"|rekrutac\w*|aplikacj\w+ na|rozmow\w+ (?:kwalifikac|rekrutac|o prac|techniczn)\w*|kandydat\w*|ofert\w+ zatrudnienia|umow\w+ o pracę|stanowisk\w+)\b",
    _I,
)
_STRONG: Final = re.compile(
    r"\b(?:application|applicant\w*|candida(?:te|cy)\w*|interview\w*|hiring|vacanc\w*|position|role|resume|résumé|cv|assessment|shortlist\w*|onboarding|employment|opening|talent|job|career|internship|apprenticeship|traineeship|probation|references?|internship|your offer|the offer|an offer"
    r"|kandidat\w*|stelle|position|karriere|praktikum\w*|ausbildung\w*|einladung zum gespräch|absage|zusage|gespräch|personalreferent\w*|arbeitsprobe|referenz\w*"
    r"|poste|entretien|stage|alternance|cdi|cdd|puesto|empleo|prácticas|vaga|emprego|estágio|posizione|lavoro|tirocinio|contratto|selezione|baan|functie|gesprek|stage|referenties|praca|pracy|pracę|etat\w*|stanowisko|staż\w*|rozmow[aęy])\b",
    _I,
)
_WEAK: Final = re.compile(
    r"\b(?:next (?:step|stage|round)s?|move forward|moving forward|other candidates?|unfortunately|regret|not to proceed|decided|decision|opportunit\w+|availab\w+|schedul\w+|resched\w+|confirm\w+|see you (?:then|on|at|tomorrow)|looking forward|calendar|zoom|teams|google meet|video call|call|chat|talk|meet|speak|conversation|challenge|test|exercise|task|contract|salary|start date|the team|our team|thank you for (?:your (?:interest|time|patience)|taking|coming|meeting|speaking|talking)|portfolio|invit\w+|slot|feedback|engineer|developer|manager|analyst|designer|nurse|teacher|consultant|specialist"
    r"|leider|unterlagen|einlad\w*|termin\w*|kennenlern\w*|nächste[nr]? schritt\w*|entschieden|rückmeldung|vertrag\w*|wir freuen uns|interesse|verfügbar\w*|aufgabe"
    r"|malheureusement|disponibilit\w+|rendez-vous|échange|retenu\w*|prochaine étape|suite donnée|contrat|lamenta\w+|disponibilidad\w*|siguiente paso|reunión|proceso|desafortunadamente|infelizmente|disponibilidade|próxima etapa|processo|reunião|purtroppo|disponibilità|incontro|prossimo passo"
    r"|helaas|afspraak|beschikbaar\w*|volgende stap|kennismak\w*|niestety|spotkani\w*|termin\w*|dostępnoś\w*|zaprasza\w*)\b",
    _I,
)
_AGAINST: Final = re.compile(
    r"\b(?:newsletter|digest|unsubscribe|% off|\d+ ?%|discount|voucher|coupon|black friday|sale (?:ends|now)|on sale|webinar|podcast|episode|issue \d+|your (?:order|parcel|package|delivery|invoice|receipt|subscription|bill|statement|booking|reservation|ticket|payment|flight|policy|loan|mortgage|credit|account)|order (?:no|number|#)|shipped|out for delivery|tracking number|rechnung|bestellung|lieferung|paket|rabatt|kontoauszug|abo|facture|commande|livraison|colis|pedido|factura|envío|fatura|encomenda|ordine|fattura|spedizione|bestelling|factuur|bezorg\w*|zamówieni\w*|faktur\w*|przesyłk\w*|password|verification code|security code|sign-in|log ?in|rental|tenant|lease|visa|passport|insurance|planning application|loan application|credit application)\b",
    _I,
)
_ALERT: Final = re.compile(
    r"\b(?:\d+\+? (?:new |more |matching )?(?:jobs?|vacancies|roles|positions|stellen|offres|ofertas|vagas|offerte|vacatures|ofert)\b|(?:new|similar|recommended|top|more|matching) jobs\b|jobs? (?:alert|recommend\w*|match\w*|for you|you (?:may|might)|near you|in your area|similar to)|(?:is|are) hiring|apply (?:now|today|with one click)|easily apply|complete your application|finish (?:your|it) application|viewed your profile|appeared in \d+ search\w*|people you may know|wants to connect|add me to your|neue (?:jobs|stellen)|jobs? für (?:sie|dich)|passende jobs|nouvelles offres|nuevas ofertas|novas vagas|nuove offerte|nieuwe vacatures|nowe oferty|alerte emploi|stellenalarm|job-?agent)",
    _I,
)
_ANSWERED: Final = re.compile(
    r"\b(?:your application (?:was|has|to|for|at)|you(?:'ve| have)? applied|thank(?:s| you) for (?:applying|your application)|application (?:was |has been )?(?:sent|received|viewed|submitted)|invit\w+ you to (?:an? )?interview|interview (?:invitation|request|confirm\w*|on )|ihre bewerbung|deine bewerbung|votre candidature|(?:tu|su) candidatura|sua candidatura|jouw sollicitatie|uw sollicitatie)\b",
    _I,
)
_TITLE: Final = re.compile(
    r"\b(?:engineer\w*|developer|manager|analyst|designer|scientist|architect|consultant|administrator|specialist|assistant|nurse|teacher|lecturer|accountant|technician|coordinator|intern|trainee|internship|programmer|recruiter|entwickler\w*|ingenieur\w*|werkstudent\w*|sachbearbeiter\w*|referent\w*|mitarbeiter\w*|développeu\w*|ingénieur\w*|responsable|ingenier[oa]|desarrollador\w*|analista|desenvolvedor\w*|engenheir[oa]|sviluppat\w*|ingegnere|medewerker|ontwikkelaar|programist\w*|specjalist\w*|kierownik|m/w/d|m/f/d|h/f|f/m/d|w/m/d)\b",
    _I,
)
_ROLE_ADDRESS: Final = re.compile(
    r"^(?:.*[._+-])?(?:jobs?|careers?|recruit\w*|talent\w*|hiring|hr|human-?resources|bewerb\w*|karriere|personal|recrutement|rrhh|rh|seleccion|selezione|vacatures?|werkenbij|rekrutacja|kariera|applicant\w*|candidat\w*|stellen|ausbildung|interviews?)(?:[._+-].*)?$",
    _I,
)
_REPLY: Final = re.compile(r"^\s*(?:re|aw|sv|antw|odp|res|rif|r|tr|wg|fw|fwd)\s*:", _I)
_MACHINE: Final = re.compile(
    r"no-?_?\.?reply|donotreply|do-not-reply|notif|news|mailer|info|service|support|hello|billing|marketing|update|alert|digest|community|team",
    _I,
)
_SEARCHED: Final = (
    "interview",
    "recruiter",
    "recruiting",
    "recruitment",
    '"your application"',
    '"applied for"',
    '"applying to"',
    '"thank you for applying"',
    '"application for"',
    '"hiring team"',
    '"hiring manager"',
    '"job offer"',
    '"offer letter"',
    '"talent acquisition"',
    '"coding challenge"',
    '"take-home"',
    '"phone screen"',
    '"other candidates"',
    '"the position of"',
    '"the role of"',
    '"your candidacy"',
    "Bewerbung",
    "Vorstellungsgespräch",
    "Stellenangebot",
    "Arbeitsvertrag",
    "candidature",
    "entretien",
    "recrutement",
    '"offre d\'emploi"',
    "candidatura",
    "entrevista",
    '"proceso de selección"',
    "vacante",
    '"processo seletivo"',
    "recrutamento",
    "colloquio",
    '"offerta di lavoro"',
    "sollicitatie",
    "vacature",
    "rekrutacja",
    "rekrutacji",
    "kandydat",
    '"rozmowa kwalifikacyjna"',
    '"rozmowę kwalifikacyjną"',
)  # fmt: skip  a list of words reads better in lines
SENDERS_PER_QUERY: Final = 60


@dataclass(frozen=True, slots=True)
class Gate:
    """The decision, with a fixed phrase for the ledger."""

    open: bool
    reason: str


def decide(sender: str, subject: str, snippet: str, *, known_domains: frozenset[str], known_thread: bool) -> Gate:
    """Whether to open a message. `sender` is a From header or a bare address; fields may be empty."""
    if known_thread:
        return Gate(True, "in a thread with an application")
    sender, text = sender[:1000], f"{subject[:1000]}\n{snippet[:2000]}"
    name, address = parseaddr(sender)
    address = (address if "@" in address else sender).strip().lower()
    local, _, domain = address.rpartition("@")
    answered = bool(_ANSWERED.search(text))
    if senders.is_alert(address) and not answered:
        return Gate(False, "job alert")
    if domain and (senders.vendor_of(domain) or senders.is_vendor(domain)):
        return Gate(True, "from an applicant system")
    if domain and senders.registrable(domain) in known_domains:
        return Gate(True, "from an employer you applied to")
    if (
        not answered
        and _ALERT.search(text)
        and (senders.is_board(domain) or not _REPLY.match(subject))
        and not _personal(subject)
    ):
        return Gate(False, "job alert")
    if _ROLE_ADDRESS.match(local) and not senders.is_freemail(domain):
        return Gate(True, "from a recruiting address")
    if answered or _weight(text, name, local, domain, subject) >= OPENS:
        return Gate(True, "it may be about an application")
    return Gate(False, "nothing in sender, subject or snippet is about an application")


def _personal(subject: str) -> bool:
    return bool(
        re.search(
            r"\binterview\b|\bapplication\b|\bbewerbung\b|\bcandidatur|\bentrevista\b|\bcolloquio\b|\bentretien\b|\bsollicitatie\b|\brekrutac",
            subject,
            _I,
        )
    )


def _weight(text: str, name: str, local: str, domain: str, subject: str) -> int:
    """How much in a mail speaks of a job search: OPENS and more is enough."""
    against = len(set(_lower(_AGAINST, text)))
    sure, strong, weak = (len(set(_lower(pattern, text))) for pattern in (_SURE, _STRONG, _WEAK))
    human = bool(name and " " in name.strip() and not _MACHINE.search(local))
    strong += bool(_TITLE.search(subject))
    weight = 5 * min(sure, 2) + 3 * min(strong, 2) + min(weak, 4) - 2 * min(against, 3)
    if strong or weak:
        weight += human + bool(_REPLY.match(subject)) + senders.is_board(domain)
    return weight


def _lower(pattern: re.Pattern[str], text: str) -> list[str]:
    return [found.lower()[:6] for found in pattern.findall(text)[:20]]


def gmail_queries(days: int) -> tuple[str, ...]:
    """Gmail searches that together find nearly all job mail of the last `days` days: by sender, then by words."""
    newer = f"newer_than:{days}d -in:spam -in:trash"
    table = senders.table()
    domains = sorted({*table["ats"], *table["assessment"], *table["scheduling"]})
    kept = [each for each in domains if not any(each.endswith(f".{other}") for other in domains)]
    chunks = [kept[at : at + SENDERS_PER_QUERY] for at in range(0, len(kept), SENDERS_PER_QUERY)]
    by_sender = tuple(f"{newer} from:({' OR '.join(chunk)})" for chunk in chunks)
    alerts = " OR ".join(sorted(each for each in table["alerts"] if "@" in each))
    return (*by_sender, f"{newer} -from:({alerts}) {{{' '.join(_SEARCHED)}}}")
