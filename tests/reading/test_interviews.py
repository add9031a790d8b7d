"""What a mail says of an interview, in the eight languages Hearback reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hearback.model.message import Address, Message
from hearback.model.signal import InterviewAction, InterviewType
from hearback.reading import interviews, meeting

Make = Callable[..., Message]
ZONE = "Europe/Berlin"

#: subject, text, "action start minutes round"; written on Monday, 9 March 2026
TOLD = [
    (
        "Interview invitation",
        "Hi Sam,\nWe'd like to invite you to a technical interview with Henrik Aalto (Staff Engineer) and Leila Nazari (Backend) on\nThursday, 12 March, 10:00 to 11:30, Berlin time\nhttps://meet.acme.example/abc\nPlease confirm that this works.",
        "invite 2026-03-12T10:00:00+01:00 90 technical",
    ),
    (
        "Phone screen",
        "We would love to chat. Please book a slot: https://calendly.com/acme/30min It takes 30 minutes.",
        "request_availability None 30 recruiter_screen",
    ),
    (
        "Re: interview",
        "Could you do Thursday at 14:00, or Friday at 09:30? Both Berlin time. A 30 minute video call.",
        "request_availability None 30 other",
    ),
    (
        "Your interview is confirmed",
        "This is to confirm your interview on Thursday, 12 March at 3pm GMT with Jane Doe. Join: https://zoom.us/j/123",
        "confirm 2026-03-12T15:00:00+00:00 None other",
    ),
    (
        "Interview moved",
        "Unfortunately Jane is ill. We have to move your interview from Tuesday at 10:00 to Thursday at 11:00 (Berlin time).",
        "reschedule 2026-03-12T11:00:00+01:00 None other",
    ),
    (
        "Interview cancelled",
        "I'm sorry, we have to cancel our interview on Thursday 12 March at 10:00. We will be in touch.",
        "cancel 2026-03-12T10:00:00+01:00 None other",
    ),
    (
        "We need to reschedule",
        "Hi, we need to reschedule our call on Thursday at 10:00. When would you be available next week?",
        "request_availability None None other",
    ),
    (
        "Einladung zum Vorstellungsgespräch",
        "Sehr geehrte Frau Kern,\nwir laden Sie herzlich zu einem Vorstellungsgespräch am Donnerstag, den 12. März 2026 um 14:00 Uhr ein. Das Gespräch findet in unserem Büro in der Musterstraße 5, 10115 Berlin statt und dauert etwa 60 Minuten. Bitte bestätigen Sie den Termin.\nFalls Sie absagen müssen, melden Sie sich bitte.",
        "invite 2026-03-12T14:00:00+01:00 60 onsite",
    ),
    (
        "Terminverschiebung",
        "leider müssen wir unser Gespräch am Dienstag um 10 Uhr verschieben. Neuer Termin: Donnerstag, 12.03.2026, 15 Uhr.",
        "reschedule 2026-03-12T15:00:00+01:00 None other",
    ),
    (
        "Absage Termin",
        "leider müssen wir das Gespräch am 12.03.2026 um 15 Uhr absagen.",
        "cancel 2026-03-12T15:00:00+01:00 None other",
    ),
    (
        "Terminbestätigung",
        "hiermit bestätige ich unseren Termin am Donnerstag, 12. März, 9:30 Uhr. Sie treffen Frau Dr. Sabine Schmidt und Herrn Jonas Weber.",
        "confirm 2026-03-12T09:30:00+01:00 None other",
    ),
    (
        "Entretien",
        "Nous souhaitons vous rencontrer pour un entretien le jeudi 12 mars à 14h30 dans nos locaux, 12 rue de Rivoli, Paris. Merci de confirmer votre présence.",
        "invite 2026-03-12T14:30:00+01:00 None onsite",
    ),
    (
        "Entretien",
        "Pourriez-vous nous communiquer vos disponibilités pour un entretien téléphonique de 30 minutes la semaine prochaine ?",
        "request_availability None 30 recruiter_screen",
    ),
    (
        "Entretien reporté",
        "Votre entretien du mardi 10 mars à 10h est reporté au jeudi 12 mars à 11h.",
        "reschedule 2026-03-12T11:00:00+01:00 None other",
    ),
    (
        "Entretien annulé",
        "Nous sommes au regret d'annuler l'entretien prévu le jeudi 12 mars à 11h.",
        "cancel 2026-03-12T11:00:00+01:00 None other",
    ),
    (
        "Entrevista",
        "Nos gustaría invitarte a una entrevista técnica el jueves 12 de marzo a las 10:00 (hora de Madrid) por Teams: https://teams.microsoft.com/l/meetup-join/1",
        "invite 2026-03-12T10:00:00+01:00 None technical",
    ),
    (
        "Confirmación entrevista",
        "Te confirmamos la entrevista del jueves 12 de marzo a las 16:00.",
        "confirm 2026-03-12T16:00:00+01:00 None other",
    ),
    (
        "Entrevista",
        "Gostaríamos de convidar você para uma entrevista na quinta-feira, 12 de março, às 15h, com duração de 45 minutos.",
        "invite 2026-03-12T15:00:00+01:00 45 other",
    ),
    (
        "Entrevista remarcada",
        "Precisamos remarcar a entrevista. O novo horário é quinta-feira, 12 de março, às 15h.",
        "reschedule 2026-03-12T15:00:00+01:00 None other",
    ),
    (
        "Colloquio",
        "La invitiamo a un colloquio giovedì 12 marzo alle ore 15.00 presso la nostra sede di Via Roma 3, Milano.",
        "invite 2026-03-12T15:00:00+01:00 None onsite",
    ),
    (
        "Colloquio",
        "Il colloquio di giovedì 12 marzo alle 15:00 è annullato.",
        "cancel 2026-03-12T15:00:00+01:00 None other",
    ),
    (
        "Uitnodiging gesprek",
        "We nodigen je graag uit voor een gesprek op donderdag 12 maart om 14:00 uur op ons kantoor in Utrecht.",
        "invite 2026-03-12T14:00:00+01:00 None onsite",
    ),
    (
        "Gesprek verzet",
        "Helaas moeten we het gesprek verzetten naar donderdag 12 maart om 15:00 uur.",
        "reschedule 2026-03-12T15:00:00+01:00 None other",
    ),
    (
        "Zaproszenie na rozmowę",
        "Zapraszamy na rozmowę kwalifikacyjną w czwartek 12 marca o godz. 14:00 przez Teams.",
        "invite 2026-03-12T14:00:00+01:00 None other",
    ),
    (
        "Potwierdzenie",
        "Potwierdzam termin rozmowy: czwartek, 12 marca, godz. 10:00.",
        "confirm 2026-03-12T10:00:00+01:00 None other",
    ),
    (
        "Odwołanie",
        "Niestety musimy odwołać rozmowę zaplanowaną na czwartek 12 marca o 10:00.",
        "cancel 2026-03-12T10:00:00+01:00 None other",
    ),
    (
        "Final round",
        "We'd like to invite you to the final round at our office in Leeds, on Thursday 19 March from 9:30 to 12:00. You will meet Priya Shah, Head of Data, and Tom O'Neil.\nAgenda:\n09:30-10:15 Priya Shah\n10:15-11:00 System design\n11:00-12:00 Lunch with the team",
        "invite 2026-03-19T09:30:00+01:00 150 final_round",
    ),
    (
        "Slots",
        "Hi Sam, here are some times:\n- Mon 16 March, 10:00-10:45\n- Tue 17 March, 14:00-14:45\n- Wed 18 March, 9:00-9:45\nWhich one works best?",
        "request_availability None 45 other",
    ),
    (
        "Reminder: interview tomorrow",
        "A friendly reminder of your interview with Acme tomorrow at 10:00 ET. If you need to reschedule, please reply.",
        "confirm 2026-03-10T10:00:00-04:00 None other",
    ),
    (
        "Interview with Acme",
        "Thursday 12 March at 2pm works for us. See you then! Jane will join instead of Tom.",
        "confirm 2026-03-12T14:00:00+01:00 None other",
    ),
    (
        "Quick chat?",
        "Hi Sam, thanks for applying. Are you free for a quick 20-minute call tomorrow at 3pm?",
        "invite 2026-03-10T15:00:00+01:00 20 other",
    ),
    (
        "Change of interviewer",
        "A small change: instead of Tom, you'll meet Jane Doe on Thursday 12 March at 10:00. Everything else stays the same.",
        "confirm 2026-03-12T10:00:00+01:00 None other",
    ),
]


@pytest.mark.parametrize(("subject", "text", "expected"), TOLD)
def test_action_start_length_and_round_are_read(message: Make, subject: str, text: str, expected: str) -> None:
    """From prose alone, without a calendar part."""
    found = interviews.notice(message(text, subject), ZONE)
    assert found is not None
    start = found.start_at.isoformat() if found.start_at else None
    assert expected == f"{found.action} {start} {found.duration_min} {found.type}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "an interview with Henrik Aalto (Staff Engineer) and Leila Nazari (Backend) on",
            ["Henrik Aalto", "Leila Nazari"],
        ),
        ("You will meet Priya Shah, Head of Data, and Tom O'Neil.", ["Priya Shah", "Tom O'Neil"]),
        ("Sie treffen Frau Dr. Sabine Schmidt und Herrn Jonas Weber.", ["Dr. Sabine Schmidt", "Jonas Weber"]),
        ("un entretien avec Mme Claire Dubois", ["Claire Dubois"]),
        ("una entrevista con Lucía Ferrán", ["Lucía Ferrán"]),
        ("een gesprek met Jan van der Berg", ["Jan van der Berg"]),
        ("a call with me on Thursday", ["Anna Berg"]),
        ("60 minutes by video, with Aksel and Noor from grid data.", ["Aksel", "Noor"]),
        ("a first interview with me and Theo, who leads the team", ["Anna Berg", "Theo"]),
        ("by video with Joke and me: https://x.example", ["Anna Berg", "Joke"]),
        ("an interview with Acme on Thursday", []),
        ("an interview with Acme Labs", []),
        ("an interview with the Engineering Team", []),
        ("", []),
    ],
)
def test_interviewers_are_people(text: str, names: list[str]) -> None:
    """Titles and roles are no part of a name; teams and companies are nobody."""
    assert names == list(meeting.people(text, "Anna Berg"))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Join https://zoom.us/j/123?pwd=x.", "https://zoom.us/j/123?pwd=x"),
        ("https://acme.zoom.us/j/123", "https://acme.zoom.us/j/123"),
        ("https://meet.google.com/abc-defg-hij", "https://meet.google.com/abc-defg-hij"),
        ("meet.google.com/abc-defg-hij", "https://meet.google.com/abc-defg-hij"),
        ("https://teams.microsoft.com/l/meetup-join/1", "https://teams.microsoft.com/l/meetup-join/1"),
        ("https://whereby.com/acme", "https://whereby.com/acme"),
        ("https://acme.webex.com/meet/anna", "https://acme.webex.com/meet/anna"),
        ("https://meet.acme.example/anna", "https://meet.acme.example/anna"),
        ("The video link is https://acme.example/r/77", "https://acme.example/r/77"),
        ("Book: https://calendly.com/anna/30min", None),
        ("Our jobs: https://acme.example/jobs", None),
        ("Enter here: https://acme.example/session/t40", "https://acme.example/session/t40"),
        ("One hour: https://code.acme.example/live/t40", "https://code.acme.example/live/t40"),
        ("Pick a time: https://meet.acme.example/anna", None),
        ("Choose one, then a Meet room is made: https://acme.example/interview/pick/5", None),
        ("Cancel: https://zoom.us/cancel/1", None),
        ("https://zoom.us.evil.example/x", None),
    ],
)
def test_the_video_link_is_found(text: str, link: str | None) -> None:
    """Known services first, then what looks or is spoken of like one; booking pages are none."""
    assert link == meeting.video_link(text)


@pytest.mark.parametrize(
    ("link", "books"),
    [
        ("https://calendly.com/anna/30min", True),
        ("https://app.acme.example/interviews/schedule/77", True),
        ("https://calendly.com/reschedulings/1", False),
        ("https://acme.example/jobs/77", False),
    ],
)
def test_a_booking_link_asks_for_a_time(message: Make, link: str, books: bool) -> None:
    """Where the person picks a slot, no time is fixed yet."""
    found = interviews.notice(message("We would like to invite you to an interview.", links=(link,)), ZONE)
    assert found is not None
    assert (found.action is InterviewAction.REQUEST_AVAILABILITY) is books
    assert found.start_at is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Where: Acme, Main Street 5, 2nd floor\nBring your CV", "Acme, Main Street 5, 2nd floor"),
        ("Ort: Musterstraße 5, Berlin", "Musterstraße 5, Berlin"),
        ("at our office in Leeds on Thursday", "office in Leeds"),
        ("dans nos locaux, 12 rue de Rivoli, Paris.", "locaux, 12 rue de Rivoli, Paris"),
        ("Where: Zoom", None),
        ("Location: https://zoom.us/j/1", None),
        ("Where: Anna will call you on your mobile", None),
        ("", None),
    ],
)
def test_a_place_is_somewhere_one_can_go(text: str, place: str | None) -> None:
    """Video and phone are no place."""
    assert place == meeting.place(text)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Final round with our CTO", InterviewType.FINAL_ROUND),
        ("Panel interview", InterviewType.PANEL),
        ("Technical screen", InterviewType.TECHNICAL),
        ("Culture fit chat", InterviewType.CULTURE_FIT),
        ("On-site interview", InterviewType.ONSITE),
        ("Phone screen", InterviewType.RECRUITER_SCREEN),
        ("Erstgespräch", InterviewType.RECRUITER_SCREEN),
        ("Fachgespräch", InterviewType.TECHNICAL),
        ("Probetag", InterviewType.ONSITE),
        ("Entretien téléphonique", InterviewType.RECRUITER_SCREEN),
        ("Entrevista final", InterviewType.FINAL_ROUND),
        ("Colloquio tecnico", InterviewType.TECHNICAL),
        ("Kennismakingsgesprek", InterviewType.RECRUITER_SCREEN),
        ("Rozmowa telefoniczna", InterviewType.RECRUITER_SCREEN),
        ("Interview", InterviewType.OTHER),
    ],
)
def test_the_round_is_named_in_the_subject(subject: str, kind: InterviewType) -> None:
    """The most particular word wins."""
    assert kind is meeting.round_of(subject, "")


def test_an_answers_subject_is_of_the_round_before() -> None:
    """Below "Re: phone screen" the text says which round is next."""
    assert InterviewType.PANEL is meeting.round_of("Re: Phone screen", "We invite you to a panel interview.")


def test_a_time_without_a_zone_is_the_writers(message: Make) -> None:
    """Whose clock the Date header shows, with the offset of the day."""
    found = interviews.notice(message("Interview on 2 July at 10:00", "Interview"), "America/New_York")
    assert found.start_at is not None
    assert found.start_at.isoformat() == "2026-07-02T10:00:00+02:00"
    assert found.zone == "Europe/Berlin"


def test_a_date_in_utc_leaves_the_readers_zone(message: Make) -> None:
    """Relays stamp so; the person's own zone then."""
    mail = message("Interview on 2 July at 10:00", "Interview", sent_at=datetime(2026, 3, 9, 8, 0, tzinfo=UTC))
    found = interviews.notice(mail, "America/New_York")
    assert found.start_at is not None
    assert found.start_at.isoformat() == "2026-07-02T10:00:00-04:00"


def test_any_text_gives_a_notice(message: Make) -> None:
    """Nothing to go by is an invitation without a time."""
    found = interviews.notice(message("", sender=Address()), "No/Such_Zone")
    assert found is not None
    assert InterviewAction.INVITE is found.action
    assert found.start_at is None
