"""Shingles of a template: the same whoever the mail is about, different where it says something else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.pipeline.lessons import ALIKE
from hearback.pipeline.templates import alike, sketch
from hearback.reading.read import Context, read
from hearback.reading.template import MAX_WORDS, shingles

CONTEXT = Context(
    owners=frozenset({"ann@mail.example"}), zone="UTC", mode=AutomationMode.SMART, privacy=PrivacyLevel.STRICT
)
KEY = b"k" * 32
RECEIPT = (
    "Hi {name},\n\nThank you for applying to {company}. We have received your application for the {role} position on {day}. "
    "Your reference is {number}. Our team is looking at what you sent us and will be in touch when there is news. "
    "You can see where things stand at https://jobs.example/{number}.\n\nThe hiring team"
)
REJECTION = (
    "Hi {name},\n\nThank you for applying to {company}. Unfortunately we have decided not to move forward with your application "
    "for the {role} position. We wish you all the best with your search.\n\nThe hiring team"
)
ONE = {"name": "Ann", "company": "Acme", "role": "Data Engineer", "day": "3 May 2026", "number": "20417"}
TWO = {"name": "Ann", "company": "Blue Heron", "role": "Head of Sales", "day": "21 October 2026", "number": "7"}


def template(text: str, subject: str = "Your application") -> str:
    """The sketch of a mail."""
    content = f"From: no-reply@ats.example\nTo: Ann <ann@mail.example>\nSubject: {subject}\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\n{text}"
    raw = RawMessage(mailbox_id=MailboxId("m"), provider_message_id=ProviderMessageId("1"), content=content.encode())
    reading = read(raw, CONTEXT)
    return sketch(shingles(reading.message, reading.signal), KEY)


def test_names_roles_dates_numbers_and_links_do_not_count() -> None:
    """Two employers' mail in one template is nearly equal."""
    one = template(RECEIPT.format(**ONE), "Your application at Acme")
    two = template(RECEIPT.format(**TWO), "Your application at Blue Heron")
    assert alike(one, two) > 0.8


def test_another_template_of_the_same_tone_is_another() -> None:
    """A receipt and a rejection of one sender share a greeting and a signature, and are far apart."""
    assert alike(template(RECEIPT.format(**ONE)), template(REJECTION.format(**ONE))) < ALIKE / 2


def test_a_line_of_text_is_no_template() -> None:
    """ "See you tomorrow" is like too much mail."""
    assert template("See you tomorrow.", "Hi") == ""


@given(st.text(max_size=400))
def test_any_text_has_shingles_or_none(text: str) -> None:
    """Whatever stands in the mail, masking ends, and equal text is the same template."""
    assert template(text) == template(text)


def test_a_long_mail_is_bounded_work() -> None:
    """Of a mail of a hundred thousand words the first MAX_WORDS count."""
    words = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}x" for n in range(100_000))
    content = (
        f"From: a@b.example\nTo: Ann <ann@mail.example>\nSubject: x\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\n{words}"
    )
    raw = RawMessage(mailbox_id=MailboxId("m"), provider_message_id=ProviderMessageId("1"), content=content.encode())
    reading = read(raw, CONTEXT)
    assert len(shingles(reading.message, reading.signal)) <= MAX_WORDS
