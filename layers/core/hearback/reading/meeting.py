"""Where an interview is, with whom, by which link, and which round it is: from prose and from calendar entries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hearback.model.signal import InterviewType
from hearback.reading import senders

_URL: Final = re.compile(r"https?://[^\s<>\"'\])}\\]{4,500}", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?<![/@\w.])(?:[a-z0-9-]{1,40}\.)?(?:zoom\.us|meet\.google\.com|meet\.[a-z0-9-]{2,40}|teams\.microsoft\.com|whereby\.com|webex\.com)(?:\.[a-z]{2,8})?/[\w./?=&%+-]{2,200}",
    re.IGNORECASE,
)
_VIDEO_HOST: Final = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:zoom\.us|zoomgov\.com|zoom\.com|meet\.google\.com|teams\.microsoft\.com|teams\.live\.com|teams\.cloud\.microsoft|webex\.com|whereby\.com|"
    r"gotomeeting\.com|gotomeet\.me|goto\.com|bluejeans\.com|chime\.aws|skype\.com|meet\.jit\.si|around\.co|livestorm\.co|hirevue\.com|"
    r"ringcentral\.com|vidyard\.com|bigbluebutton\.org|daily\.co|butter\.us|lifesizecloud\.com|starleaf\.com|coderpad\.io|riverside\.fm|kmeet\.infomaniak\.com)(?:[/:?]|$)",
    re.IGNORECASE,
)
_VIDEO_LIKE: Final = re.compile(
    r"^https?://(?:(?:meet|meeting|meetings|video|videocall|call|calls|join|zoom|teams|jitsi|bbb|konferenz|visio|conf|conference|webinar)\d?\.[^/]+/.|[^/]+/(?:meet|j|join|live|room|rooms|call|video|meetup-join|meeting|visio)/.)",
    re.IGNORECASE,
)
_BOOKING: Final = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:calendly\.com|cal\.com|goodtime\.io|modernloop\.io|doodle\.com|savvycal\.com|koalendar\.com|youcanbook\.me|acuityscheduling\.com|meetings\.hubspot\.com|"
    r"calendar\.app\.google|chilipiper\.com|candidate\.fyi|prelude\.co|tidycal\.com|zcal\.co|x\.ai|oncehub\.com|appointlet\.com|paradox\.ai|gem\.com/schedule)(?:[/:?]|$)"
    r"|^https?://[^/]+/(?:[^?#]{0,80}/)?(?:self-?schedul\w*|schedule|scheduling|schedules|book|booking|bookings|slots?|availability|pick|pick-a-time|appointments?|termine?|terminbuchung|creneaux?|agendar|agenda)(?:[/?#]|$)"
    r"|^https?://(?:book|booking|schedule|scheduling|termin|termine|slots?|appointments?|kalender|agenda|calendar)\.[^/]+/",
    re.IGNORECASE,
)
_POSING: Final = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:zoom\.us|meet\.google\.com|teams\.microsoft\.com|teams\.live\.com|webex\.com|whereby\.com)\.",
    re.IGNORECASE,
)
"""A known service's name in front of somebody else's domain."""
_CHANGES: Final = re.compile(
    r"reschedul|cancel|stornier|annul|unsubscribe|add-?to-?calendar|\.ics\b|privacy|datenschutz", re.IGNORECASE
)
_ABOUT_VIDEO: Final = re.compile(
    r"\b(?:video|zoom|teams|google meet|meet|webex|join|enter here|link|call|beitreten|teilnehmen|visio\w*|rejoindre|enlace|unirse|collegamento|deelnemen|dołącz\w*)\b[^\n]{0,60}$",
    re.IGNORECASE,
)
_ABOUT_BOOKING: Final = re.compile(
    r"\b(?:pick|choose|book|select|schedule (?:a|your|it)|reserve|find a time|wähl\w+|buch\w+|choisi\w+|réserv\w+|elig\w+|elij\w+|escolh\w+|agend\w+|scegli\w*|prenot\w+|kies|plan zelf|wybierz|umów)\b[^\n]{0,60}$",
    re.IGNORECASE,
)
_I: Final = re.IGNORECASE
_ROUNDS: Final = (
    (
        InterviewType.FINAL_ROUND,
        re.compile(
            r"\b(?:final|last|closing)[- ](?:stage|round|interview|step|conversation|meeting|panel|call|on-?site|technical)|\bfinal[- ]round|\bfinals?\b(?=[^.!?\n]{0,12}\binterview)|\bletzte[ns]? (?:Runde|Gespräch|Schritt|Interview)|\bfinale[nrs]? (?:Runde|Gespräch|Interview)|\bAbschlussgespräch"
            r"|\bentretien final|\bdernier (?:entretien|tour)|\bdernière étape|\b(?:entrevista|fase|ronda|etapa) final|\búltima (?:entrevista|ronda|fase|etapa)|\bcolloquio finale|\bultimo colloquio"
            r"|\b(?:laatste|finale|afsluitende?) (?:gesprek|ronde|sollicitatiegesprek|interview)|\b(?:ostatni|finałow|końcow)\w{0,3} (?:etap|rozmow|rund|spotkan)\w*",
            _I,
        ),
    ),
    (
        InterviewType.PANEL,
        re.compile(
            r"\bpanel\b|\bpanelgespräch|\bPanelinterview|\bAuswahlkommission|\bjury\b|\binterview (?:with|by) (?:a |the )?(?:committee|board)\b|\bkommission\b|\bcommissie\b|\bkomisj\w{1,3}\b|\bcommission de (?:sélection|recrutement)|\btribunal\b",
            _I,
        ),
    ),
    (
        InterviewType.TECHNICAL,
        re.compile(
            r"\btech(?:nical)?[- ](?:\w+[- ])?(?:interview|conversation|round|discussion|call|screen|session|chat|deep[- ]dive|stage|exercise|review|part)|\bpair(?:ing|[- ]programming|ed programming)|\b(?:live|virtual)[- ]cod(?:ing|e)|\bsystem[- ]design|\bcoding (?:interview|session|round)|\bwhiteboard|\bcode review|\bcase (?:study |interview)"
            r"|\btechnische[nrs]? (?:\w+ )?(?:Gespräch|Interview|Runde|Teil)|\bFachgespräch|\bFachinterview|\bTech-?Interview|\bentretien technique|\béchange technique|\btest technique en direct|\b(?:entrevista|prueba|ronda|sesión) técnica|\bentrevista técnica|\bcolloquio tecnico|\bprova tecnica"
            r"|\btechnisch(?:e)? (?:gesprek|interview|ronde|sessie)|\brozmow\w+ techniczn\w+|\betap techniczn\w+",
            _I,
        ),
    ),
    (
        InterviewType.CULTURE_FIT,
        re.compile(
            r"\b(?:culture|cultural|values?|behaviou?ral|team)[- ]?(?:fit|interview|add|chat|match|conversation|round)|\bmeet[- ](?:and[- ]greet|the team|your (?:future |potential )?(?:team|colleagues))|\bTeamgespräch|\b(?:das )?Team (?:persönlich )?kennen(?:zu)?lernen|\bKennenlernen (?:mit|des) (?:dem )?Teams?|\brencontrer l['’]équipe|\bfit culturel|\bentretien (?:de )?fit|\bconocer al equipo|\bencaje cultural|\bfit cultural|\bconhecer a equipa?|\bconoscere il team|\bkennismak\w+ met het team|\bdopasowani\w+ kulturow\w+|\bpozna\w+ zespoł\w*",
            _I,
        ),
    ),
    (
        InterviewType.ONSITE,
        re.compile(
            r"\bon[- ]?site\b|\bin[- ]person\b|\bface[- ]to[- ]face\b|\bat our (?:\w+ )?(?:offices?|premises|restaurant|shop|store|site|academy|school|headquarters|hq|studio|clinic|practice|workshop|warehouse|plant|factory|branch|kitchen|hotel|lab)\b|\bcome (?:in|by|to (?:our|the) (?:\w+ )?(?:office|shop|site|restaurant|school))\b|\btrial (?:day|shift|lesson|work|session)|\bassessment (?:cent(?:er|re)|day)\b|\bvisit (?:us|our)\b"
            r"|\bvor Ort\b|\bin unserem (?:\w+ )?(?:Büro|Haus|Werk|Restaurant|Standort|Betrieb)|\bin unseren (?:\w+ )?(?:Räumen|Büros|Räumlichkeiten)|\bbei uns (?:im|in)\b|\bProbe(?:tag|arbeiten|arbeitstag|schicht|arbeit)|\bpersönliche[ns]? (?:Vorstellungs)?(?:gespräch|Kennenlernen|Treffen)|\bSchnuppertag|\bHospitation"
            r"|\bdans nos (?:locaux|bureaux)|\bsur (?:place|site)\b|\ben présentiel|\bjournée d['’]essai|\ben nuestras (?:oficinas|instalaciones)|\bpresencial\w*|\bnas nossas instalações|\bno nosso escritório|\bin sede\b|\bpresso (?:la nostra|i nostri|il nostro)|\bdi persona|\bin presenza|\bgiornata di prova"
            r"|\bop (?:ons )?kantoor|\bbij ons op|\bproefdag|\bmeeloopdag|\bop locatie|\bw naszej siedzibie|\bw (?:naszym )?biurze|\bstacjonarn\w+|\bdzień próbny",
            _I,
        ),
    ),
    (
        InterviewType.RECRUITER_SCREEN,
        re.compile(
            r"\b(?:phone|telephone|telephonic|initial|screening|intro(?:ductory)?|recruiter|hr|exploratory|pre-?screen(?:ing)?)[- ](?:phone |video |zoom |telephone )?(?:screen(?:ing)?|interview|call|chat|conversation|session|discussion)|\b(?:phone|video|recruiter|hr|candidate)[- ]?screen(?:ing)?\b|\bscreening\b|\bfirst (?:phone |telephone )?(?:call|chat)\b|\bget[- ]to[- ]know[- ]you\b|\bby (?:tele)?phone\b|\bover the phone\b|\bphone call\b|\bcall you (?:on|at)\b"
            r"|\bTelefon(?:interview|at|gespräch|termin|isch\w*)|\btelefonische[sn]?\b|\bErst(?:gespräch|interview|kontakt)|\bVorgespräch|\bKennenlerngespräch|\bentretien téléphonique|\bpar téléphone|\bpré-?(?:qualification|sélection)|\bpremier (?:échange|contact|appel)|\béchange téléphonique|\bentrevista telef[óo]nica|\bllamada telefónica|\bprimera (?:llamada|toma de contacto)|\bpor tel[ée]fono|\bpor telefone|\bprimeir[oa] (?:contacto|contato|conversa|chamada)|\btriagem"
            r"|\bcolloquio (?:telefonico|conoscitivo)|\bprimo (?:contatto|colloquio conoscitivo)|\bper telefono|\btelefonisch\w*|\bkennismakingsgesprek|\bbelafspraak|\brozmow\w+ (?:telefoniczn|wstępn|rekrutacyjn\w+ telefoniczn)\w+|\btelefonicznie",
            _I,
        ),
    ),
)
_REPLY: Final = re.compile(r"^\s*(?:re|aw|sv|antw|odp|res|rif)\s*:", _I)
_LABELLED: Final = re.compile(
    r"(?:^|\n)[ \t*•\-📍]{0,4}(?:Where|Location|Venue|Address|Place|Wo|Ort|Adresse|Lieu|Où|Lugar|Dirección|Local|Morada|Endereço|Luogo|Dove|Indirizzo|Sede|Locatie|Plaats|Adres|Waar|Miejsce|Gdzie|Adresse)[ \t]*[:\-–][ \t*]*([^\n]{3,160})",
    _I,
)
_OFFICE: Final = re.compile(
    r"\b(?:at|in) our ((?:[\w'-]+ ){0,3}(?:offices?|premises|headquarters|hq|restaurant|shop|store|studio|clinic|school|academy|workshop|warehouse|branch|kitchen|hotel|site)\b(?:(?:,| at| in| on) (?:[^.!?\n;:()]|(?<=\bSt)\.){3,90})?)"
    r"|\bin unser(?:em|en) ((?:[\w-]+ ){0,3}(?:Büros?|Räumen|Räumlichkeiten|Haus|Restaurant|Werk|Betrieb|Standort)\b(?:(?:,| in| an| am| im) [^.!?\n;:()]{3,90})?)"
    r"|\bdans nos ((?:locaux|bureaux)\b(?:(?:,| au| à| du| de|) [^.!?\n;:()]{3,90})?)|\ben nuestras ((?:oficinas|instalaciones)\b(?:(?:,| en| de) [^.!?\n;:()]{3,90})?)"
    r"|\b(?:nas nossas|nos nossos) ((?:instalações|escritórios)\b(?:(?:,| em| na| no) [^.!?\n;:()]{3,90})?)|\bpresso (?:la nostra |i nostri |il nostro )?((?:sede|uffici|ufficio)\b(?:(?:,| di| in| a) [^.!?\n;:()]{3,90})?)"
    r"|\bop ons ((?:kantoor)\b(?:(?:,| in| aan| te) [^.!?\n;:()]{3,90})?)|\bw (?:naszej |naszym )((?:siedzibie|biurze)\b(?:(?:,| przy| w) [^.!?\n;:()]{3,90})?)"
)
_REMOTE: Final = re.compile(
    r"^(?:online|remote|video|zoom|(?:microsoft )?teams|ms teams|google meet|webex|skype|phone|telephone|telefon|virtual|https?:|n/?a\b|tbd|tbc|visio|by (?:video|phone)|per video|videocall|microsoft-teams|besprechung|conference call|en ligne|en línea|en remoto|videollamada|videochiamata|[^\n]{0,40}\b(?:call you|ring you|phone you|rufe\w* (?:Sie|dich)))",
    _I,
)
_STREET_STOP: Final = re.compile(
    r"\s+(?:statt\b|und (?:dauert|wird)|stattfinden|ein\b|teilzunehmen|on|am|um|at \d|le \d|el \d|il \d|op \d|for \d|from \d|with|mit|avec|con|com|met|when|where|and (?:meet|will|we)|(?:to|for) (?:meet|an?|the|discuss))\b.*$",
    re.DOTALL,
)
_PERSON_WORD: Final = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][a-zà-öø-ÿłśżźćńóęą]+(?:[-'’][A-ZÀ-Þ]?[a-zà-ÿłśżźćńóęą]+){0,2}|[A-ZÀ-ÞŁŚŻ]['’][A-ZÀ-Þ][a-zà-ÿ]+|Mc[A-Z][a-z]+)"
_PERSON: Final = rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Herrn?|Frau|Mme|M|Sra?|Dra?|Pan|Panią|dott(?:\.ssa)?|Dott(?:\.ssa)?|ing|dhr|mevr|mw)\.? ){{0,2}}{_PERSON_WORD}(?: (?:[A-Z]\.|van der|van den|van|von|de la|de|der|da|di|dos|du|le|el|bin|al|O['’]){{1}})?(?: {_PERSON_WORD}){{1,3}}"
_NOTE: Final = r"(?:\s?\([^()\n]{2,60}\)|,\s(?:our |the |unsere[rnm]? |notre |nuestr[oa] |nosso |nossa |il nostro |la nostra |onze |nasz[aey]? )?[\w'’&/ -]{3,50}(?=,|\.|\s(?:and|und|et|y|e|en|i)\s))?"
_AND: Final = r"(?:,? (?:and|und|sowie|et|y|e|en|i|&|as well as|oraz) (?:with |mit |avec |con |com |met |z )?|, )(?:(?:our|the|unser[em]?|notre) [\w -]{2,30}, )?"
_WITH: Final = re.compile(
    rf"\b(?:[Ww]ith|[Mm]it|[Aa]vec|[Cc]on|[Cc]om|[Mm]et|z|ze|meet|meeting|join|see|speak to|by|[Ii]nterviewers?:|[Pp]anel:|[Ii]ntervistator[ei]:|[Pp]articipants?:|[Tt]eilnehmer:|[Aa]ttendees:|[Ww]er:|[Ww]ho:|[Ww]hom you(?:['’]ll| will)? meet:|[Ww]ho you(?:['’]ll| will) meet:|[Ww]ith:|[Mm]it:|rencontrerez|conocerás a|incontrerai|treffen|kennenlernen|lernen)\s+(?:(?:me|mir|moi|both|our|Sie|dann|dabei|unsere[rnm]?|notre|nuestr[oa]|nosso|nossa|onze|nasz\w{{0,3}}|den|dem|der)\s+(?:[A-Za-zÀ-ž&/-]+\s+){{0,4}})?(?:and |und |et |y |e |en )?(?:Kolleg\w+ )?({_PERSON}{_NOTE}(?:{_AND}{_PERSON}{_NOTE}){{0,5}})"
)
_NAME: Final = re.compile(_PERSON)
_WITH_ME: Final = re.compile(
    r"\b(?:with|meet|mit|avec|con|com|met) (?:[A-ZÀ-Þ]\w+ (?:and|und|et|y|e|en) )?(?:me|mir|moi|mij)\b|\bconmigo\b|\bcomigo\b|\bze mną\b"
)
_BY_FIRST_NAME: Final = re.compile(
    rf"\b(?:with|mit|avec|con|com|met|meet) (?:(?:me|mir|moi|mij) (?:and|und|et|y|e|en) (?P<one>{_PERSON_WORD})\b"
    rf"|(?P<two>{_PERSON_WORD}) (?:and|und|et|y|e|en) (?:(?:me|mir|moi|mij)\b|(?P<three>{_PERSON_WORD})\b(?= (?:from|of|aus|von|de|del|van|z|who|on)\b|[.,;(]| \()))"
)
_TITLES: Final = re.compile(r"^(?:(?:Mr|Mrs|Ms|Herrn?|Frau|Mme|M|Sra?|Pan|Panią|dhr|mevr|mw)\.? )+")
_NO_NAME: Final = re.compile(
    r"\b(?:Team|Manager|Managerin|Engineering|Engineer|Hiring|Talent|Acquisition|Recruiting|Recruiter|Recruitment|Google|Microsoft|Zoom|Meet|Teams|Labs?|Group|Gruppe|Data|Software|Product|Head|Senior|Junior|Lead|Director|Systems|Solutions|Technologies|GmbH|Ltd|Inc|Office|Human|Resources|People|Operations|Monday|Tuesday|Wednesday|Thursday|Friday|January|February|March|April|May|June|July|August|September|October|November|December|Europe|Time|Video|Call|Interview|University|School|Hospital|Bank|Developer|Designer|Analyst|Chief|Officer|Department|Best|Kind|Regards|Hello|Dear|Vielen|Dank|Mit|Freundlichen|New|York|San|Francisco|Studio|Studios|Partners|Consulting|Health|Energy|Digital|Media|Foods?|Logistics|Services|Capital|Ventures|Analytics|Company|Foundation|Museum|Hotel|Restaurant|Stage|Round|Technical|Support|Customer|Success|Sales|Marketing|Finance|Legal)\b"
)


def links_of(text: str, links: Iterable[str]) -> tuple[str, ...]:
    """Every address a mail leads to, targets first, each once."""
    found = [*links, *(each.rstrip(".,;:!?") for each in _URL.findall(text))]
    return tuple(dict.fromkeys(found))[:100]


def is_service(host: str) -> bool:
    """Whether a host is a video or booking service's."""
    link = f"https://{host}/"
    return _VIDEO_HOST.match(link) is not None or _BOOKING.match(link) is not None


def video_link(text: str, links: Iterable[str] = ()) -> str | None:
    """Where to join: a known meeting service, else a link that looks or is spoken of like one."""
    every = [each for each in links_of(text, links) if not (_CHANGES.search(each) or _POSING.match(each))]
    known = next((each for each in every if _VIDEO_HOST.match(each)), None)
    if known is not None:
        return known
    rest = [each for each in every if not (_BOOKING.match(each) or _to_book(each, text))]
    like = next((each for each in rest if _VIDEO_LIKE.match(each)), None)
    if like is not None:
        return like
    bare = _BARE.search(text)
    if bare is not None:
        return f"https://{bare[0].rstrip('.,;:')}"
    for found in _URL.finditer(text):
        link = found[0].rstrip(".,;:!?")
        if link in rest and _ABOUT_VIDEO.search(text[max(found.start() - 90, 0) : found.start()].replace("\n", " ")):
            return link
    return None


def _to_book(link: str, text: str) -> bool:
    """Whether the words before a link offer times to choose from."""
    at = text.find(link)
    return at > 0 and bool(_ABOUT_BOOKING.search(text[max(at - 90, 0) : at]))


def booking_link(text: str, links: Iterable[str] = ()) -> str | None:
    """Where the person picks a time themselves."""
    return next((each for each in links_of(text, links) if _BOOKING.match(each) and not _CHANGES.search(each)), None)


def round_of(subject: str, text: str) -> InterviewType:
    """Which round it is, by the subject first; OTHER where neither says."""
    told = (text[:6000], subject) if _REPLY.match(subject) else (subject, text[:6000])
    for source in told:
        found = next((kind for kind, pattern in _ROUNDS if pattern.search(source)), None)
        if found is not None:
            return found
    return InterviewType.OTHER


def place(text: str) -> str | None:
    """A place one can go to; None for video and phone."""
    labelled = _LABELLED.search(text)
    if labelled:
        where = _URL.sub("", labelled[1]).strip(" *,.;:()-")
        if where and not _REMOTE.match(where):
            return where
    office = _OFFICE.search(text)
    if office is None:
        return None
    where = next(group for group in office.groups() if group)
    return _STREET_STOP.sub("", where).strip(" ,.;:") or None


def physical(where: str) -> str | None:
    """A calendar's LOCATION where it is a place; None where it is a link or the name of a service."""
    where = _URL.sub("", where).replace("\\,", ",").strip(" ,;\n")
    return where[:200] if where and not _REMOTE.match(where) else None


def people(text: str, sender: str = "") -> tuple[str, ...]:
    """Names of those who will be met, in order, each once; the writer where they say "with me"."""
    names: list[str] = []
    for found in list(_WITH.finditer(text[:6000]))[:6]:
        for name in _NAME.findall(found[1]):
            clean = _TITLES.sub("", name).strip(" ,.")
            if not _NO_NAME.search(clean) and not senders.is_relay(clean.lower()) and clean not in names:
                names.append(clean)
    if not names:
        names += _first_names(text[:6000])
    if sender and _WITH_ME.search(text[:6000]):
        writer = sender.split(",", maxsplit=1)[0].split("(", maxsplit=1)[0].strip()
        if re.fullmatch(_PERSON, writer) and not _NO_NAME.search(writer) and writer not in names:
            names.insert(0, writer)
    return tuple(names[:8])


def _first_names(text: str) -> list[str]:
    """People told by their first names alone, where the sentence makes clear that they are people."""
    found = _BY_FIRST_NAME.search(text)
    if found is None:
        return []
    said = [name for name in (found["one"], found["two"], found["three"]) if name and not _NO_NAME.search(name)]
    return list(dict.fromkeys(said))
