"""A time told by the one agreed before, and which of several times a mail is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from hearback.model.message import Message, RawMessage
from hearback.model.signal import InterviewAction
from hearback.reading import agreed, interviews, mime

ZONE = "Europe/Berlin"
Raw = Callable[[bytes], RawMessage]


def written(raw: Raw, subject: str, text: str) -> Message:
    """A mail of Monday, 9 March 2026, as the parser sees it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@acme.example>", "Me <me@home.example>", subject
    mail["Date"] = "Mon, 09 Mar 2026 09:00:00 +0100"
    mail.set_content(text)
    return mime.parse(raw(mail.as_bytes()), frozenset({"me@home.example"}), frozenset())


TOLD = [
    (
        InterviewAction.RESCHEDULE,
        "Thursday",
        "Sorry, something came up on Thursday at 10. Could we do Friday, same time?",
        "2026-03-13T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: chat",
        "Can't make it after all. Same time, a day later?\n\nOn Fri, 6 Mar 2026 at 10:12, Anna Berg wrote:\n> Thursday 12 March at 11:30 it is. Plan on 40 minutes.",
        "2026-03-13T11:30:00+01:00",
        40,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: chat",
        "Könnten wir es auf Freitag legen, gleiche Uhrzeit?\n\nAm 06.03.2026 um 10:12 schrieb Anna Berg:\n> Donnerstag, 12. März, 14 Uhr passt.",
        "2026-03-13T14:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: entretien",
        "Peut-on se voir vendredi à la même heure ?\n\nDe : Anna\nEnvoyé : vendredi 6 mars 2026 10:12\n> Parfait pour jeudi 12 mars à 15h.",
        "2026-03-13T15:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: call",
        "An hour later, if that's OK?\n\nOn Fri, 6 Mar 2026 at 10:12, Anna Berg wrote:\n> Thursday 12 March at 11:30.",
        "2026-03-12T12:30:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "today",
        "can we bump to 4:15? same zoom\n\nOn Fri, 6 Mar 2026 at 10:12, Anna Berg wrote:\n> Monday 9 March at 2pm, half an hour",
        "2026-03-09T16:15:00+01:00",
        30,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: Thursday",
        "Let's push it a week later, same place.\n\nOn Fri, 6 Mar 2026 at 10:12, Anna Berg wrote:\n> Thursday 12 March at 2pm",
        "2026-03-19T14:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Moved",
        "FROM\nTuesday 10/03/2026, 0900 CET\nTO\nFriday 13/03/2026, 1330 CET",
        "2026-03-13T13:30:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Moved",
        "Now: Friday 13 March, 13:30.\nPreviously: Tuesday 10 March, 9:00.",
        "2026-03-13T13:30:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Moved",
        "Your interview is now on Friday 13 March at 13:30. The original was Tuesday 10 March, 9:00.",
        "2026-03-13T13:30:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "tomorrow",
        "can we make it 5 instead of half 3 tomorrow",
        "2026-03-10T17:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Przełożenie",
        "Niestety jutrzejsza 11 odpada. Zróbmy w czwartek o 9, dobrze?",
        "2026-03-12T09:00:00+01:00",
        None,
    ),
    (
        InterviewAction.CANCEL,
        "Cancelled",
        "I have to cancel tomorrow at 10, so sorry.",
        "2026-03-10T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.INVITE,
        "dinsdag half drie",
        "Graag zien we u dinsdag 17 maart om half drie. Reken op anderhalf uur.",
        "2026-03-17T14:30:00+01:00",
        90,
    ),
    (
        InterviewAction.INVITE,
        "Call",
        "I'll ring you Thursday at 10, I knock off at 3 and can be reached until 6.",
        "2026-03-12T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Verschiebung",
        "Statt Dienstag, 10 Uhr, treffen wir uns Donnerstag um halb zwölf.",
        "2026-03-12T11:30:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Cambio",
        "En vez del martes a las 10, nos vemos el jueves a las doce menos cuarto.",
        "2026-03-12T11:45:00+01:00",
        None,
    ),
    (
        InterviewAction.RESCHEDULE,
        "Spostamento",
        "Domani alle 9 non riesco, spostiamo a mezzogiorno e un quarto?",
        "2026-03-10T12:15:00+01:00",
        None,
    ),
    (
        InterviewAction.INVITE,
        "Interview",
        "We'd like to see you on Thursday 12 March at 10. You'll be finished by noon.",
        "2026-03-12T10:00:00+01:00",
        120,
    ),
    (
        InterviewAction.INVITE,
        "Interview",
        "Thursday 12 March at 10:00. Please confirm by Wednesday 17:00.",
        "2026-03-12T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.INVITE,
        "Interview",
        "Thursday 12 March at 10:00. Our office is open until 18:00.",
        "2026-03-12T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.INVITE,
        "Interview",
        "Thursday 12 March at 10:00, for an hour and a quarter. Arrive ten minutes early.",
        "2026-03-12T10:00:00+01:00",
        75,
    ),
    (
        InterviewAction.INVITE,
        "Interview",
        "12 March 2026 at 10:00, £12.50 an hour, bring 2 references.",
        "2026-03-12T10:00:00+01:00",
        None,
    ),
    (
        InterviewAction.INVITE,
        "Rozmowa",
        "Zapraszam w czwartek o wpół do jedenastej, godzinka wystarczy.",
        "2026-03-12T10:30:00+01:00",
        60,
    ),
    (InterviewAction.CONFIRM, "Re: bar", "Yep 4 tomorrow works, round the back", "2026-03-10T16:00:00+01:00", None),
]


@pytest.mark.parametrize(("action", "subject", "text", "start", "minutes"), TOLD)
def test_the_time_a_mail_is_about(
    raw: Raw, action: InterviewAction, subject: str, text: str, start: str, minutes: int | None
) -> None:
    """The new one of a move, the old one of a cancellation; "same time" is that of the mail below."""
    found = interviews.notice(written(raw, subject, text), ZONE, action)
    assert found.start_at is not None
    assert (start, minutes) == (found.start_at.isoformat(), found.duration_min)


#: action, subject, text, start; written on Monday, 9 March 2026
WHICH = [
    (
        InterviewAction.RESCHEDULE,
        "Today",
        "Your 1pm interview this afternoon is now 3.30pm, same building.",
        "2026-03-09T15:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Heute",
        "Ihr Termin heute um 13 Uhr ist nun um 15:30 Uhr.",
        "2026-03-09T15:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Aujourd'hui",
        "Votre entretien de 13h cet après-midi est désormais à 15h30.",
        "2026-03-09T15:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Updated",
        "CURRENT: Tuesday 17 March 2026, 16:30 - 17:00\nOLD: Monday 16 March 2026, 16:30 - 17:00",
        "2026-03-17T16:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Updated",
        "New\nMon 16 March, 15:30–16:30\nFormer date and time\nThu 12 March, 11:00",
        "2026-03-16T15:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Neuer Termin",
        "Neu: Dienstag, 17. März, 16:30 Uhr\nBisheriger Termin: Montag, 16. März, 16:30 Uhr",
        "2026-03-17T16:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Nouvel horaire",
        "Nouveau créneau : mardi 17 mars à 16h30\nAncien créneau : lundi 16 mars à 16h30",
        "2026-03-17T16:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Monday",
        "Could we shift Monday's start from 1pm to 1.30? If that clashes with your shift at 3 tell me.",
        "2026-03-16T13:30:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "jueves",
        "¿Podemos mover la entrevista del jueves de las 13:00 a las 14:00?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Donnerstag",
        "Können wir das Gespräch am Donnerstag von 13 Uhr auf 14 Uhr verschieben?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "giovedì",
        "Possiamo spostare il colloquio di giovedì dalle 13 alle 14?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "jeudi",
        "Peut-on décaler l'entretien de jeudi de 13h à 14h ?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "donderdag",
        "Kunnen we het gesprek van donderdag verzetten van 13:00 naar 14:00?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "czwartek",
        "Czy możemy przenieść czwartkową rozmowę, czwartek z 13:00 na 14:00?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "quinta",
        "Podemos passar a entrevista de quinta-feira das 13h para as 14h?",
        "2026-03-12T14:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Re: Thursday",
        "cant do this thursday now. thursday week (19th) same time 7.30am at the workshop instead?",
        "2026-03-19T07:30:00+01:00",
    ),
    (InterviewAction.RESCHEDULE, "Move", "We have moved it to Thursday from 1pm to 2pm.", "2026-03-12T13:00:00+01:00"),
    (
        InterviewAction.INVITE,
        "Mittwoch",
        "Leider ist der Mittwoch um zehn bei uns flachgefallen. Donnerstag, der 12., nachmittags um halb fünf wär gut.",
        "2026-03-12T16:30:00+01:00",
    ),
    (
        InterviewAction.INVITE,
        "Wednesday",
        "Wednesday at 10 won't work any more. Thursday at 11 would.",
        "2026-03-12T11:00:00+01:00",
    ),
    (
        InterviewAction.INVITE,
        "mercredi",
        "Mercredi à 10h n'est plus possible. Jeudi à 11h ?",
        "2026-03-12T11:00:00+01:00",
    ),
    (
        InterviewAction.INVITE,
        "woensdag",
        "Woensdag om 10 uur gaat helaas niet lukken. Donderdag om 11 uur wel.",
        "2026-03-12T11:00:00+01:00",
    ),
    (
        InterviewAction.CONFIRM,
        "Confirmed",
        "All set for Tuesday, the invite is attached.\n\nOn Fri, 6 Mar 2026 at 10:12, Me wrote:\n> Tuesday 10 March at 2pm is perfect.",
        "2026-03-10T14:00:00+01:00",
    ),
    (
        InterviewAction.CONFIRM,
        "Bestätigt",
        "Dienstag passt, bis dann!\n\nAm 06.03.2026 um 10:12 schrieb Me:\n> Ginge Dienstag um 9:15?",
        "2026-03-10T09:15:00+01:00",
    ),
    (
        InterviewAction.CANCEL,
        "Tuesday",
        "I have to cancel Tuesday, sorry.\n\nOn Fri, 6 Mar 2026 at 10:12, Me wrote:\n> Tuesday 10 March at 2pm is perfect.",
        "2026-03-10T14:00:00+01:00",
    ),
    (
        InterviewAction.CONFIRM,
        "Confirmed",
        "All set for Wednesday.\n\nOn Fri, 6 Mar 2026 at 10:12, Me wrote:\n> Tuesday 10 March at 2pm is perfect.",
        None,
    ),
    (
        InterviewAction.INVITE,
        "Two rounds",
        "Round one is Thursday 12 March 9:00 to 10:00 with Ana, round two the same day 13:00 to 14:00 with Ben.",
        "2026-03-12T09:00:00+01:00",
    ),
    (
        InterviewAction.INVITE,
        "Zwei Gespräche",
        "Am Donnerstag sprechen Sie um 9 Uhr mit Frau Kern und um 14 Uhr mit Herrn Wolf.",
        "2026-03-12T09:00:00+01:00",
    ),
    (
        InterviewAction.RESCHEDULE,
        "Chat",
        "Can we make the chat 5pm Hong Kong / 10am Berlin instead, this Friday, 13 March?",
        "2026-03-13T10:00:00+01:00",
    ),
]


@pytest.mark.parametrize(("action", "subject", "text", "start"), WHICH)
def test_which_of_several_times_is_meant(
    raw: Raw, action: InterviewAction, subject: str, text: str, start: str | None
) -> None:
    """Not the old one, nor one that is called off; for a day without its time the one agreed below, if it is of that day."""
    found = interviews.notice(written(raw, subject, text), ZONE, action).start_at
    assert (datetime.fromisoformat(start) if start else None) == found


def test_days_in_a_list_are_a_choice(raw: Raw) -> None:
    """Also where only one of them has its time."""
    text = "Which of these would you manage?\nMon 16 - after lunch\nWed 18 - any time\nThur 19 - breakfast at 8.00"
    found = interviews.notice(written(raw, "General Manager", text), ZONE)
    assert found.action is InterviewAction.REQUEST_AVAILABILITY
    assert found.start_at is None


def test_a_programme_is_as_long_as_its_rows(raw: Raw) -> None:
    """From the first to the last of the day."""
    text = "Thursday 12 March\n9:00\nWelcome\n9:30\nTour\n11:00\nPanel\n12:30\nTaxi\n"
    assert interviews.notice(written(raw, "Your day", text), ZONE, InterviewAction.CONFIRM).duration_min == 210


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Fine.\nFrom: Anna\nSent: 6 March 2026 10:12\nThursday?", "Fine."),
        ("Olá\nDe: Anna\nEnviado: 6 de março de 2026 10:12\n", "Olá"),
        ("Hej\nwt., 3 mar 2026 o 09:12 Anna napisał(a):\nczwartek", "Hej"),
        ("Date: 12 March 2026\nTime: 10:00", "Date: 12 March 2026\nTime: 10:00"),
        ("", ""),
    ],
)
def test_a_mail_below_without_a_mark_is_no_part_of_the_answer(text: str, own: str) -> None:
    """Its From and Sent lines tell; a date's label alone does not."""
    assert own == agreed.apart(text)[0]
