"""What a mail's prose says of an interview: the action, when, where, with whom, which round."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time
from itertools import pairwise
from typing import Final

from hearback.model.ids import Personal
from hearback.model.message import Message
from hearback.model.signal import InterviewAction, InterviewNotice
from hearback.reading import agreed, language, lengths, meeting, moments, sentences, zones
from hearback.reading.moments import Moment

_I: Final = re.IGNORECASE
_THING: Final = r"(?:interview|call|meeting|conversation|chat|appointment|session|slot|screen|trial|visit|discussion|round|it|this|us)"
_CANCEL: Final = re.compile(
    rf"\b(?:cancel(?:l?ed|l?ing|lation)?|call(?:ing|ed)? off)\b[^.!?\n]{{0,80}}\b{_THING}\b|\b{_THING}\b[^.!?\n]{{0,80}}\b(?:cancel(?:l?ed|lation)|called off|(?:will not|won't|cannot|can't|can no longer|not) (?:take place|go ahead|happen))|^\W*(?:re: |fwd: )?cancel(?:l?ed|lation)\b|\bhave to cancel\b|\bno longer going ahead\b|\bwill not be going ahead\b"
    r"|\b(?:absagen|abgesagt|entfällt|ausfallen|Absage des (?:Termins|Gesprächs)|storniert|Terminabsage|findet nicht statt|nicht stattfinden)\b|\b(?:annul(?:er|é|ée|ons|ation|ez)|n['’]aura pas lieu)\b"
    r"|\b(?:cancelar|cancelad[oa]|cancelamos|cancelación|anulad[oa]|anular|suspendid[oa])\b|\b(?:cancelada|cancelamento|desmarcar|desmarcada|desmarcamos)\b|\b(?:annullar\w+|annullat[oa]|annulliamo|annullamento|disdire|non (?:si terrà|avrà luogo))\b"
    r"|\b(?:geannuleerd|annuleren|afgezegd|afzeggen|gaat niet door|niet doorgaan|komt te vervallen)\b|\b(?:odwoł\w+|anulowan\w+|anuluj\w+|nie odbędzie się)\b",
    _I,
)
_MOVE: Final = re.compile(
    r"\b(?:re-?schedul\w+|postpon\w+|push(?:ed|ing)? (?:back|it|our|the|your)|mov(?:e|ed|ing) (?:our|your|the|it|this|forward|to|from|back)|bring(?:ing)? [^.!?\n]{0,30}forward|brought forward|new (?:date|time|slot)|(?:different|another|later|earlier) (?:date|time|slot|day)|chang(?:e|ed|ing) (?:of |in |to )?(?:the |your |our )?(?:interview )?(?:date|time|schedule)|(?:date|time) (?:has )?changed|moves? (?:from|to)|shift(?:ed)? (?:the|your|our|it)|instead of (?:the )?(?:original|planned|agreed|monday|tuesday|wednesday|thursday|friday|\d)|has been moved)\b"
    r"|\b(?:verschieben|verlegen|verschoben|verlegt|neue[rn]? (?:Termin|Zeit|Uhrzeit)|Terminverschiebung|Terminänderung|umbuchen|vorziehen|vorgezogen|Ersatztermin|umplanen)\b"
    r"|\b(?:reporter|décaler|reporté|décalé|déplacer|déplacé|reprogramm\w+|replanifi\w+|nouvelle (?:date|heure)|nouvel horaire|nouveau créneau|avancer)\b"
    r"|\b(?:reprogram\w+|aplaz\w+|pospon\w+|cambi(?:ar|amos|o) (?:de |la |el |tu )?(?:hora|fecha|día|entrevista)|nuev[ao] (?:hora|fecha|horario)|adelantar|mover (?:la|tu))\b"
    r"|\b(?:reagend\w+|remarc\w+|adi(?:ar|ad[ao]|amos|amento)|nov[ao] (?:horário|data|hora)|antecip\w+)\b|\b(?:spost\w+|rinvi\w+|posticip\w+|riprogramm\w+|nuov[oa] (?:orario|data)|anticip\w+)\b"
    r"|\b(?:verzet(?:ten)?|verplaats\w*|verschuiven|verschoven|nieuwe? (?:tijd|datum|tijdstip|afspraak)|vervroeg\w*|uitstellen|uitgesteld)\b|\b(?:przełoż\w+|przesun\w+|przenie\w+|now(?:y|ą|a) (?:termin|dat[aę]|godzin[aę])|zmian\w+ (?:terminu|godziny|daty))\b",
    _I,
)
_CONDITIONAL: Final = re.compile(
    r"\b(?:if|should (?:you|this|that|the)|in case|unless|whether|you (?:need|have|want|wish) to|(?:^|link |here |below |way )to (?:cancel|reschedule)\b|to (?:cancel|reschedule)(?: or (?:cancel|reschedule))?(?:[,:]|\W+(?:\w+\W+){0,4}(?:please|click|use|reply|visit))|cancel or reschedule|reschedule or cancel|(?:may|can|could) (?:you )?(?:also )?(?:cancel|reschedule)|happy to (?:move|reschedule)|free to|please (?:reschedule|cancel)|reschedule:|cancel:|"
    r"falls|sollten? (?:Sie|du|dir|Ihnen|der|das)|wenn (?:Sie|du|Ihnen|dir|der)|können Sie|en cas|si (?:vous|ce|cette|le|la|tu|no|necesita\w*|te|este|esta)|au cas où|en caso|caso (?:precise|não|não possa|o|a)|se (?:precis\w+|não|non|hai|dovess\w+|la data|l'orario|você|fosse)|qualora|in caso|mocht|indien|als (?:je|u|dit|het|de)|jeśli|jeżeli|gdyby|w razie|w przypadku)\b",
    _I,
)
_CONFIRM: Final = re.compile(
    r"\b(?:(?:is|are|been|we are|all|now|you(?:'re| are)|happy to|glad to|pleased to|delighted to|want(?:ed)? to|writing to|just to|this is to|to|can|hereby|I|we|I'd like to|wonderful,?|great,?|perfect,?|thanks for) confirm(?:ed|ing)?|confirmation|confirmed (?:for|:|–|-)|confirming|is booked|are booked|(?:is|been) scheduled|you(?:'re| are) (?:all set|scheduled|booked)|see you (?:on|tomorrow|at|then|there|next)|looking forward to (?:our|the|meeting|speaking|seeing|welcoming|talking|your)|look forward to (?:our|the|meeting|speaking|seeing|welcoming|talking|your)|in the (?:calendar|diary|books)|(?:that|this|which) works (?:great |well |perfectly )?for (?:us|me)|reminder|locked in|noted (?:for|down)|(?:everything else|the (?:time|date|rest|slot)|all else|nothing else) (?:stays|remains|is unchanged|changes)|change of interviewer|new link|updated link|changed link|will (?:join|be there|step in|take over)[^.!?\n]{0,40}instead|instead of [A-Z][a-z]+,? you|(?:quick|friendly|gentle) reminder)\b|^\W*(?:re: |aw: )?confirm(?:ed|ation)\b"
    r"|\b(?:bestätig(?:e|en wir|t|ung)|(?:hiermit|gerne) bestätigen|Terminbestätigung|fest(?:gehalten|gelegt|gemacht)|(?:Wir|Ich) freue[n]? (?:uns|mich) (?:auf (?:das|unser|dich|Sie)|,? (?:Sie|dich))|Erinnerung|eingetragen|(?:alles andere|der Termin|die Zeit|Uhrzeit)[^.!?\n]{0,20}bleib\w+|bis (?:morgen|dann|Montag|Dienstag|Mittwoch|Donnerstag|Freitag))\b"
    r"|\b(?:(?:nous|je|vous) (?:vous )?confirm\w+|confirmation|confirmé\w?|est (?:fixé|prévu)|à (?:demain|jeudi|lundi|mardi|mercredi|vendredi)|rappel)\b"
    r"|\b(?:(?:te|le|les|os|queda|está) confirm\w+|confirmad[oa]|confirmamos|confirmación|confirmo|recordatorio|quedamos|nos vemos)\b|\b(?:confirmad[oa]|confirmação|lembrete|marcad[oa] para|até (?:amanhã|lá))\b"
    r"|\b(?:confermiamo|confermo|confermat[oa]|conferma(?:zione)?|promemoria|ci vediamo|è fissato)\b|\b(?:bevestig\w*|bij deze|tot (?:dan|morgen|donderdag|maandag|dinsdag|woensdag|vrijdag)|herinnering|ingepland|staat gepland)\b|\b(?:potwierdz(?:am|amy|ony|ona|one|enie)|przypomin\w+|do zobaczenia|przypomnienie)\b",
    _I,
)
_ASKS_CONFIRM: Final = re.compile(
    r"\b(?:please|kindly|could you|can you|would you|do) (?:please )?(?:confirm|let (?:me|us) know)|\bconfirm (?:your (?:attendance|availability)|that (?:you|this)|whether|if|by)|\bbitte (?:\w+ ){0,6}bestätigen|\bbestätigen Sie|\bbestätige (?:uns|mir)|\bmerci de (?:bien vouloir )?(?:nous |me )?confirmer|\bveuillez (?:nous )?confirmer|\bpouvez-vous|\bpor favor,? (?:nos |me )?confirm|\bconfírm\w+|\bconfirme (?:a sua|sua|se|por)|\bpoderia confirmar|\bla preghiamo|\bpuò confermar|\b(?:ti|vi) chiediamo di confermare|\bconfermi\b|\bfammi sapere|\bkun (?:je|u) [^.!?\n]{0,30}bevestigen|\bgraag (?:je |uw |een )?bevestiging|\blaat [^.!?\n]{0,20}weten|\bprosz[ęi]\w* o potwierdz|\bprosimy o potwierdz",
    _I,
)
_INVITE: Final = re.compile(
    r"\binvit\w+|\b(?:would|we'd|i'd|we would) (?:like|love) to (?:meet|speak|talk|interview|have|schedule|arrange|set up|get to know|offer you an? (?:\w+ ){0,3}(?:interview|slot|call|chat)|chat|see|discuss)|\b(?:could|can|would) you (?:do|make|join|come|manage)\b|\bwould [^.!?\n]{3,60} (?:work|suit)|\bhow about\b|\bdoes [^.!?\n]{3,60} (?:work|suit)|\bwe have scheduled you\b|\bshall we\b|\bare you (?:free|available) (?:on|at|tomorrow|this|next|for)"
    r"|\b(?:laden|lade|einladen|Einladung|einzuladen|eingeladen|kennenlernen|kennenzulernen)\b|\bpasst (?:Ihnen|dir|es)|\b(?:inviter|invitons|convier|convions|invitation|souhait\w+ vous rencontrer|aimerions vous rencontrer)\b"
    r"|\b(?:invitar\w*|invitamos|invitación|convocar\w*|citar\w*|nos gustaría (?:conocer|hablar|entrevist|concertar))\w*|\b(?:convid\w+|convite|gostaríamos de (?:conhec|conversar|agendar|marcar|falar))\w*|\b(?:invit(?:arti|arla|iamo|o)|vorremmo (?:incontr|conosc|fissar|invit|organizz)\w*|ci piacerebbe)\b"
    r"|\b(?:uitnodig\w*|nodig\w* (?:je|u|wij)|graag (?:uit|kennis|ontmoeten|spreken))|\b(?:zaprasz\w+|zaprosi\w+|zaproszeni\w+|chcielibyśmy (?:się|porozm|spotk|pozna)\w*)",
    _I,
)
_ASKS: Final = re.compile(
    r"\b(?:your availabilit\w+|availabilit(?:y|ies)|when (?:are|would|could|can|might|suits) (?:you|it|be)?|when you(?:'re| are| would be)? (?:free|available)|what (?:times?|days?)|which (?:of|slots?|times?|days?|one|option|date)|(?:pick|choose|book|select|find|grab|reserve|schedule) (?:a|any|your|an?other|the) (?:[\w-]+ ){0,3}(?:time|slot|date|appointment|day|interview|call)|any of (?:these|the following|them)|slots? (?:that|which) (?:suit|work)|let (?:me|us) know (?:when|what|which|a time|some|a few|your)|(?:suggest|propose|send|share|give|offer)(?: me| us)? (?:a few|some|two|three|several|your|possible) (?:[\w-]+ )?(?:times?|slots?|dates?|availab\w+|options?|days)|the following (?:times?|slots?|dates?|options?)|(?:times?|dates?) (?:that )?(?:work|suit)s? (?:best )?for you|(?:one|either) of (?:these|the following|those))\b"
    r"|\b(?:wann (?:hätten|passt|haben|hast|könnten|würde|Sie|du|es)|Terminvorschl[äa]g\w*|welche[rns]? (?:der |von )?(?:Termin\w*|Tag\w*|Zeit\w*)|Verfügbarkeit\w*|folgenden? (?:Termin\w*|Zeit\w*|Slots?)|Termin (?:aus|wählen|buchen|vereinbaren)|(?:wählen|buchen|suchen) Sie|teilen Sie uns [^.!?\n]{0,40}mit, wann)\b"
    r"|\b(?:disponibilités?|vos disponibilités|quand (?:seriez|êtes|pourriez)|quelles? (?:sont|dates?|jour)|créneaux?|choisir (?:une?|le)|réserver)\b|\b(?:disponibilidad\w*|qué (?:día|hora|horario)|cuándo|cuál(?:es)? de|eleg\w+|elij\w+|escoge\w*|reserv\w+ (?:un|tu|la)|siguientes (?:horarios|opciones|fechas))\b"
    r"|\b(?:disponibilidade\w*|quando (?:você|poderia|pode|teria)|qual (?:dos|destes|o melhor|data)|escolh\w+|seguintes (?:horários|datas|opções))\b|\b(?:disponibilità|quando (?:potrebbe|sei|è|saresti|sarebbe)|quale (?:dei|di|data|orario)|scegli\w*|seguenti (?:orari|date|slot|opzioni))\b"
    r"|\b(?:beschikbaar\w*|wanneer (?:kun|zou|schikt|je|u|het)|welke? (?:van|dag|tijd|datum|moment)|kies|inplannen|plan (?:zelf|hier)|volgende (?:momenten|tijden|opties|data))\b|\b(?:dostępnoś\w+|kiedy|dogodn\w+|któr(?:y|a|e) (?:z|termin)|wybra\w+|wybierz|następujących (?:termin\w*|godzin\w*)|propozycj\w+ termin\w*)\b",
    _I,
)
_OLD: Final = re.compile(
    r"\b(?:originally|previously|original(?:ly)? (?:planned|scheduled)?|was (?:scheduled|planned|set|due|meant|to be)|(?:had|were) (?:been )?(?:scheduled|planned|agreed)|instead of|rather than|no longer|not|was|were|previous:?|original:?|(?:planned|scheduled|agreed|booked|set) for|cannot make|can't (?:make|do)|unable to (?:make|meet)|from|old (?:time|date)|"
    r"ursprünglich\w*|statt|anstatt|anstelle|bisherige[rn]?|geplante[rn]?|geplant|vom|initialement|au lieu (?:de|du)|prévue?|du|en lugar de|en vez de|previst[ao]|original|inicialmente|em vez d[eoa]|marcad[ao] para|anziché|invece d\w+|originariamente|dal|oorspronkelijk\w*|in plaats van|gepland\w*|van|zamiast|pierwotn\w+|planowan\w+|z)\b[^.!?\n]{0,48}$",
    _I,
)
_NEW: Final = re.compile(
    r"\b(?:to|new (?:time|date|slot|appointment)|now|it'll be|it will be|will be|make it|do|instead(?! of)|moved? (?:it )?to|reschedul\w+ (?:\w+ ){0,3}(?:to|for)|auf|neue[rn]? \w+|nun|jetzt|stattdessen|au|nouve\w+ \w+|désormais|al|para|a la|nuev[ao] \w+|ahora|nov[ao] \w+|agora|nuov[ao] \w+|ora|naar|nieuwe? \w+|na|now[yaą] \w+)\b\W{0,3}(?:\w+\W+){0,3}$",
    _I,
)
_OLD_LABEL: Final = re.compile(
    r"(?:^|\n)\W{0,3}(?:old|former|previous|was|alt|bisher\w*|vorher|ancien\w*|avant|anterior|antigu[ao]|antes|precedente|prima|oud|eerst|poprzedni\w*|stary)\b[^\n:]{0,24}[:\n]\s{0,3}$",
    _I,
)
_OLD_SAID: Final = re.compile(
    r"\b(?:old|first|earlier|previous|original) (?:one|entry|invite|invitation|mail|email|message) (?:said|says|had|showed)\W*$",
    _I,
)
_OFF: Final = re.compile(
    r"^[^.!?\n]{0,30}\b(?:flachgefallen|(?:fällt|ist) (?:leider |bei uns ){0,2}(?:aus|flach|geplatzt)|(?:geht|klappt) (?:leider |bei uns |doch ){0,2}n(?:ich|e)t|won['’]t work|doesn['’]t work|no longer works|(?:fell|falls|has fallen) through"
    r"|tombe à l['’]eau|n['’]est plus possible|ya no (?:puede|va|es posible)|não (?:dá|vai dar|rola)|è saltat[oa]|salta|non va più|gaat (?:helaas )?niet (?:door|lukken|meer)|lukt niet|odpada|nie pasuje)\b",
    _I,
)
"""Behind a time that is given up."""
_NOW: Final = re.compile(
    r"\b(?:now|instead|rather|jetzt|nun|stattdessen|désormais|plutôt|ahora|agora|adesso|ora|nu|teraz)\s(?:at |um |à |a las |às |alle |om |o )?$",
    _I,
)
_FROM_TO: Final = re.compile(
    r"\b(?:shift|mov|push|pull|bring|chang|verschieb|verleg|décal|déplac|report|cambi|mov|pas|spost|verzet|verschui|przenie|przesun|mud)\w*\b(?:(?!\b(?:to|on|auf|au|al|para|naar|na|a (?:luned|marted|mercoled|gioved|venerd|sabato|domenica)\w?)\b)[^.!?\n]){0,50}\b(?:from|von|de|das|dalle|van|od)\s(?:las\s)?$",
    _I,
)
"""Before the old and the new time, which look like a range: "shift the start from 1pm to 1.30"."""
_SLOTS: Final = re.compile(
    r"(?:^|\n)\s{0,4}(?:[-•*·–]|\d{1,2}[.)]|[a-e]\)|option \d)\s|\b(?:or|oder|ou|lub|oppure|of|albo)\b|\s[/|]\s|\bo\b",
    _I,
)
_SUITS: Final = re.compile(
    r"\b(?:does (?:that|this|the)|would (?:that|this)|is (?:that|this)|passt (?:Ihnen|dir|das|es)|works? for you|suits? you|convenient|te (?:va|viene)|vous convien\w+|le va bene|ti va|schikt (?:dat|dit|het)|pasuje|funciona para|serve para)\b",
    _I,
)


_CHOICE: Final = 90
"""Minutes of the longest choice; a longer one is a stretch to find a time in."""


_OFFERED: Final = 3
"""So many days that each begin a line are a choice, also where one alone has its time."""


_ROWS: Final = 4
"""Fewer times are no programme."""


def notice(message: Message, zone: str, seen: InterviewAction | None = None) -> InterviewNotice:
    """The interview a mail is about. Only called for interview mail; total. `seen`: the action the encoder sees."""
    subject, text = str(message.subject), message.text[: moments.MAX_TEXT]
    reader, zone = zone, zones.of_writer(message.sent_at, zone, language.detect(f"{subject}\n{text}"))
    said_at = _written_at(message, zone)
    text, quoted = agreed.apart(text)
    quoted = f"{quoted}\n{message.quoted}".strip()
    told = moments.all_in(f"{subject}\n{text}", said_at, zone, reader)
    found = _distinct([each for each in told if each.clock is not None and not each.deadline], zone)
    found = [_moved_within(each) for each in found]
    old = agreed.before(quoted, said_at, zone) if quoted else None
    books = meeting.booking_link(text, message.links) is not None
    offered = len({each.day for each in told if not each.deadline and each.before.rstrip(" -–•*·").endswith("\n")})
    action, chosen = _decide(subject, text, found, books=books, offered=offered)
    if seen is not None and seen is not action:
        action, chosen = seen, _moment_of(seen, found)
    if action is not InterviewAction.REQUEST_AVAILABILITY:
        days = [each for each in told if each.clock is None and not each.deadline]
        chosen = agreed.moved(text, found, days, old) or chosen
        if chosen is None and action in {InterviewAction.CONFIRM, InterviewAction.CANCEL}:
            chosen = agreed.known(days, old)
    return InterviewNotice(
        action=action,
        start_at=chosen.at(zone) if chosen is not None else None,
        zone=(chosen.zone or (None if chosen.offset is not None else zone)) if chosen is not None else None,
        duration_min=_minutes(action, chosen, found, text, quoted),
        type=meeting.round_of(subject, text),
        interviewers=tuple(Personal(name) for name in meeting.people(text, str(message.sender.name))),
        location=_personal(meeting.place(text)),
        video_link=_personal(meeting.video_link(text, message.links)),
    )


def _minutes(action: InterviewAction, chosen: Moment | None, found: list[Moment], text: str, quoted: str) -> int | None:
    """How long it takes: from one time to another, as told, as long as every choice is, or as agreed before."""
    if (span := chosen.minutes if chosen is not None else None) is not None:
        return span
    if (told := lengths.minutes(text)) is not None:
        return told
    spans = {each.minutes for each in found}
    if action is InterviewAction.REQUEST_AVAILABILITY:
        only = spans.pop() if len(spans) == 1 else None
        return only if only is not None and only <= _CHOICE else None
    if (programme := _programme(found)) is not None:
        return programme
    return lengths.minutes(quoted) if action is InterviewAction.RESCHEDULE else None


def _programme(found: list[Moment]) -> int | None:
    """From first to last of a day's times that each end a line, as the rows of a programme do."""
    rows = [each.clock for each in found if each.clock is not None and each.after.lstrip(" ").startswith("\n")]
    if len(rows) < _ROWS or len({each.day for each in found}) != 1 or any(b <= a for a, b in pairwise(rows)):
        return None
    return (rows[-1].hour - rows[0].hour) * 60 + rows[-1].minute - rows[0].minute


def _written_at(message: Message, zone: str) -> datetime:
    """The writer's wall clock where the Date header tells it, else the reader's."""
    moment = message.sent_at or message.received_at
    return moment if moment.utcoffset() else moment.astimezone(zones.zone_of(zone)[0])


def _distinct(found: list[Moment], zone: str) -> list[Moment]:
    """Each instant once, the fullest telling of it; those of the subject only where the text tells none."""
    if any(not each.headline for each in found):
        found = [each for each in found if not each.headline]
    kept: dict[datetime, Moment] = {}
    for each in found:
        start = each.at(zone)
        if start not in kept or (kept[start].end is None and each.end is not None):
            kept[start] = each
    return list(kept.values())


def _said(subject: str, text: str) -> frozenset[InterviewAction]:
    said: set[InterviewAction] = set()
    for sentence in dict.fromkeys((subject, *sentences.split(text)[:60])):
        conditional = bool(_CONDITIONAL.search(sentence))
        if not conditional and _CANCEL.search(sentence):
            said.add(InterviewAction.CANCEL)
        if not conditional and _MOVE.search(sentence):
            said.add(InterviewAction.RESCHEDULE)
        if not conditional and _CONFIRM.search(sentence) and not _ASKS_CONFIRM.search(sentence):
            said.add(InterviewAction.CONFIRM)
        if _INVITE.search(sentence):
            said.add(InterviewAction.INVITE)
        if not conditional and _ASKS.search(sentence):
            said.add(InterviewAction.REQUEST_AVAILABILITY)
    return frozenset(said)


def _decide(
    subject: str, text: str, found: list[Moment], *, books: bool, offered: int = 0
) -> tuple[InterviewAction, Moment | None]:
    """The action, and the moment it is about."""
    said = _said(subject, text)
    asks = books or InterviewAction.REQUEST_AVAILABILITY in said
    if InterviewAction.RESCHEDULE in said:
        new = [each for each in found if not _is_old(each)] if len(found) > 1 else found
        if len(new) > 1 and not asks:
            new = [each for each in new if _is_new(each)] or new[-1:]
        if len(new) == 1 and not _only_the_old(new[0], asks=asks):
            return InterviewAction.RESCHEDULE, new[0]
        if asks or new:
            return InterviewAction.REQUEST_AVAILABILITY, None
        return (InterviewAction.CANCEL if InterviewAction.CANCEL in said else InterviewAction.RESCHEDULE), None
    if InterviewAction.CANCEL in said:
        return InterviewAction.CANCEL, found[0] if found else None
    found = _standing(found)
    agenda = _agenda(found)
    if agenda is not None:
        found = [agenda]
    if len(found) == 1 and InterviewAction.CONFIRM in said and not books:
        inviting = InterviewAction.INVITE in said and not _CONFIRM.search(subject)
        opening = " ".join(sentences.split(text)[:5])
        if not inviting or (_CONFIRM.search(opening) and not _ASKS_CONFIRM.search(opening) and not _SUITS.search(text)):
            return InterviewAction.CONFIRM, found[0]
    if (len(found) > 1 or offered >= _OFFERED) and (asks or _SLOTS.search(text)):
        return InterviewAction.REQUEST_AVAILABILITY, None
    if found:
        return InterviewAction.INVITE, found[0]
    if asks:
        return InterviewAction.REQUEST_AVAILABILITY, None
    if InterviewAction.CONFIRM in said and InterviewAction.INVITE not in said:
        return InterviewAction.CONFIRM, None
    return InterviewAction.INVITE, None


def _moment_of(action: InterviewAction, found: list[Moment]) -> Moment | None:
    """The moment an action is about."""
    if action is InterviewAction.REQUEST_AVAILABILITY or not found:
        return None
    if action is InterviewAction.RESCHEDULE:
        new = [each for each in found if not _is_old(each)] if len(found) > 1 else found
        marked = [each for each in new if _is_new(each)]
        return (marked or new or found)[-1]
    if action is not InterviewAction.CANCEL:
        found = _standing(found)
    return _agenda(found) or found[0]


def _standing(found: list[Moment]) -> list[Moment]:
    """Those that nothing behind them calls off; all where that leaves none."""
    return [each for each in found if not _OFF.match(each.after)] or found


def _is_old(moment: Moment) -> bool:
    """Whether the words before a time say that it is the one given up."""
    if _OLD_LABEL.search(moment.before) or _OLD_SAID.search(moment.told) or _OFF.match(moment.after):
        return True
    clause = re.split(r"[.!?\n;]\s?", moment.before)[-1]
    return bool(_OLD.search(clause)) and not _NEW.search(clause)


def _is_new(moment: Moment) -> bool:
    """Whether the words before a time say that it is the one it is moved to."""
    return bool(_NEW.search(moment.before) or _NOW.search(moment.told))


def _moved_within(moment: Moment) -> Moment:
    """The new time where old and new are told as a range is."""
    if moment.end is None or not _FROM_TO.search(f"{moment.before}{moment.told}"):
        return moment
    return replace(moment, clock=moment.end, end=None, told="now ")


def _only_the_old(moment: Moment, *, asks: bool) -> bool:
    """As in "We have to move our call on Thursday at 10. When are you free?" names the old time alone."""
    return asks and not _NEW.search(re.split(r"[.!?\n;]\s?", moment.before)[-1])


def _agenda(found: list[Moment]) -> Moment | None:
    """The first of several times on one day that follow on each other: a programme, not a choice."""
    if len(found) < 2 or any(each.end is None or each.day != found[0].day for each in found):  # noqa: PLR2004  several
        return None
    ordered = sorted(found, key=lambda each: each.clock or time())
    joined = all(a.end is not None and b.clock is not None and a.end <= b.clock for a, b in pairwise(ordered))
    named = all(re.search(r"[A-Za-z]{3,}", each.after.split("\n")[0]) for each in ordered)
    if not (joined and named):
        return None
    first, last = ordered[0], ordered[-1]
    return Moment(first.day, first.clock, last.end, first.zone, first.offset, first.deadline, first.before, first.after)


def _personal(value: str | None) -> Personal | None:
    return Personal(value[:300]) if value else None
