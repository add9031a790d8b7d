"""The second stage: what it is given, what it points at, and when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model.message import RawMessage
from hearback.model.signal import Decision, Detail, InterviewAction, Kind
from hearback.reading import encoder, second
from hearback.reading.encoder import KINDS, TOKENS, Seen, pack, shown, stretch
from hearback.reading.kinds import Judgement
from hearback.reading.kinds import judge as first_judge
from hearback.reading.mime import parse
from hearback.reading.read import Context, read


@dataclass
class Words:
    """A tokenizer that splits at spaces."""

    ids: list[int] = field(default_factory=list)
    offsets: list[tuple[int, int]] = field(default_factory=list)

    def encode(self, text: str, /, *, add_special_tokens: bool) -> Words:
        """Each word is a token."""
        assert not add_special_tokens
        found = Words()
        at = 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            found.ids.append(100 + len(word))
            found.offsets.append((start, at))
        return found


def seen(kind: str, chance: float, body: str = "", **fields: object) -> Seen:
    """What an encoder might say."""
    rest = (1 - chance) / (len(KINDS) - 1)
    made = {
        "kinds": {name: chance if name == kind else rest for name in KINDS},
        "detail": "advanced",
        "action": "invite",
        "round": "panel",
        "company": (),
        "role": None,
        "evidence": (),
        "texts": ("", "", body),
    }
    return Seen(**{**made, **fields})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Fake:
    """An encoder that always says the same."""

    says: Seen
    version: str = "fake"
    both: float = 1.0

    def read(self, _: object) -> Seen:
        """Whatever the message is."""
        return self.says


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Seen], None]:
    """Put words in the encoder's mouth."""
    return lambda what: monkeypatch.setattr(encoder, "installed", lambda: Fake(what))


def mail(subject: str, text: str, extra: str = "") -> bytes:
    """A plain message."""
    return (
        f"From: Ann <ann@acme.example>\nTo: me@home.example\nSubject: {subject}\nMessage-ID: <1@x>\n"
        f"Date: Mon, 09 Mar 2026 09:00:00 +0100\n{extra}\n{text}\n"
    ).encode()


def test_a_link_is_shown_as_its_host(imported: Callable[[bytes], RawMessage]) -> None:
    """Long targets would fill the encoder's window."""
    message = parse(
        imported(mail("x", "Book at https://www.calendly.example/abc/def?x=1 please")), frozenset(), frozenset()
    )
    assert shown(message)[2] == "Book at calendly.example please"


def test_of_a_long_body_start_and_end_are_shown(imported: Callable[[bytes], RawMessage]) -> None:
    """The signature tells the employer."""
    text = "\n".join(["First line here."] + ["Some words in the middle of it."] * 200 + ["Harbour Foods Ltd"])
    body = shown(parse(imported(mail("x", text)), frozenset(), frozenset()))[2]
    assert body.startswith("First line here.")
    assert body.endswith("Harbour Foods Ltd")


@given(st.text(max_size=300), st.text(max_size=800), st.text(max_size=4000))
def test_a_pack_never_passes_its_window(sender: str, subject: str, body: str) -> None:
    """Whatever a mail holds."""
    ids, parts, places = pack((sender, subject, body), Words())
    assert len(ids) == len(parts) == len(places) <= TOKENS


@given(st.lists(st.integers(1, 8), min_size=300, max_size=500))
def test_a_packed_body_keeps_its_end(lengths: list[int]) -> None:
    """The last token of a body that is too long is in the pack."""
    body = " ".join("a" * length for length in lengths)
    places = pack(("", "", body), Words())[2]
    assert places[-2] is not None
    assert places[-2][2] == len(body)


def test_marked_tokens_that_touch_are_one_stretch() -> None:
    """Harbour Foods, said twice, outweighs a stray word."""
    texts = ("Harbour Foods <a@b>", "", "Join Harbour Foods or Zoom")
    places = [(0, 0, 7), (0, 8, 13), (2, 0, 4), (2, 5, 12), (2, 13, 18), (2, 19, 21), (2, 22, 26)]
    assert stretch(texts, places, [0.9, 0.9, 0.1, 0.8, 0.9, 0.2, 0.7]) == ("Harbour Foods", pytest.approx(0.9))


def test_a_host_is_no_name() -> None:
    """A link is shown as its host; the employer is not called so."""
    assert stretch(("", "", "meet.harbour.example"), [(2, 5, 12)], [0.9]) is None


def test_nothing_marked_points_at_nothing() -> None:
    """No company is better than a wrong one."""
    assert stretch(("a", "b", "c"), [(0, 0, 1)], [0.4]) is None


def test_a_doubtful_mail_gets_the_second_opinion(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """What the encoder is sure of outweighs what the words leave open."""
    says(seen("offer", 0.99, "It is yours if you still want it."))
    assert read(imported(mail("Hello", "It is yours if you still want it.")), context).signal.kind is Kind.OFFER


def test_both_stages_together_are_surer_than_one() -> None:
    """They err on different mail."""
    one = {**dict.fromkeys(KINDS, 0.02), "offer": 0.86}
    assert second.together(one, one, 1.0)["offer"] > 0.86


def test_stages_that_disagree_leave_doubt() -> None:
    """Such mail waits for the person."""
    rest = dict.fromkeys(KINDS, 0.01)
    both = second.together({**rest, "offer": 0.93}, {**rest, "other": 0.93}, 1.0)
    assert max(both.values()) < 0.9


def test_the_words_alone_never_overrule_a_sure_encoder() -> None:
    """Short mail in the usual words is not what they know best."""
    sure = {**dict.fromkeys(KINDS, 0.001), "offer": 0.993}
    words = {**dict.fromkeys(KINDS, 0.0), "other": 1.0}
    both = second.together(sure, words, 1.0)
    assert max(both, key=lambda name: both[name]) == "offer"


def test_where_the_words_say_nothing_the_encoder_decides() -> None:
    """A form that decided by itself has no odds."""
    one = {**dict.fromkeys(KINDS, 0.02), "offer": 0.86}
    assert second.together(one, {}, 2.0) == one


def test_a_detail_belongs_to_status_updates_only(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """An offer has none."""
    says(seen("status_update", 0.99))
    assert read(imported(mail("Your application", "You are through.")), context).signal.detail is Detail.ADVANCED
    says(seen("offer", 0.9))
    assert read(imported(mail("Hello", "It is yours.")), context).signal.detail is None


def test_a_likely_interview_is_shown_though_something_else_is_likelier(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage]
) -> None:
    """News one cannot afford to miss waits for the person rather than being ignored."""
    kinds = {**dict.fromkeys(KINDS, 0.02), "other": 0.6, "interview_invitation": 0.28}
    says(seen("other", 0.6, kinds=kinds))
    message = parse(imported(mail("Tues?", "Pop in at ten, ask for Bill.")), frozenset(), frozenset())
    doubt = Judgement(Kind.OTHER, None, 0.5, None, "en", ("in doubt",))
    assert second.judge(message, doubt)[0].kind is Kind.INTERVIEW_INVITATION


def test_an_interview_that_the_words_alone_are_sure_of_is_shown(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage]
) -> None:
    """Though the encoder, and both together, say otherwise."""
    says(seen("other", 0.99))
    message = parse(imported(mail("Tues?", "Pop in at ten, ask for Bill.")), frozenset(), frozenset())
    words = {**dict.fromkeys(KINDS, 0.005), "interview_invitation": 0.96}
    doubt = Judgement(Kind.INTERVIEW_INVITATION, None, 0.96, None, "en", ("in doubt",), chances=words)
    assert second.judge(message, doubt)[0].kind is Kind.INTERVIEW_INVITATION


def test_mail_of_the_person_is_not_second_guessed(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """What they wrote themselves is no news from an employer."""
    says(seen("offer", 0.99))
    own = mail("Re: role", "I would like to withdraw my application.").replace(b"ann@acme", b"me@home")
    message = parse(imported(own), frozenset({"me@home.example"}), frozenset())
    assert second.judge(message, first_judge(message))[0].kind is Kind.OTHER


def test_the_evidence_is_the_sentence_most_marks_lie_on(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """Verbatim from the mail."""
    body = "It was good to meet. The post went to somebody else. All the best."
    start = body.index("The post")
    marks = tuple(
        ((2, at, at + len(word)), 0.9 if start <= at < body.index(" All") else 0.1) for word, at in _words(body)
    )
    says(seen("rejection", 0.99, body, evidence=marks))
    assert read(imported(mail("News", body)), context).signal.evidence == "The post went to somebody else."


def test_the_encoder_names_action_and_round(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """Of an interview."""
    body = "The interview on Thursday 12 March at 10:00 is off, they are ill."
    says(seen("interview_invitation", 0.99, body, action="cancel"))
    notice = read(imported(mail("Thursday", body)), context).signal.interview
    assert notice is not None
    assert (notice.action, notice.type.value, notice.type_guessed) == (InterviewAction.CANCEL, "panel", True)


def test_words_that_say_which_round_it_is_outrank_the_encoder(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """A screen is a screen."""
    body = "Can we do the phone screen on Thursday 12 March at 10:00?"
    says(seen("interview_invitation", 0.99, body, action="invite"))
    notice = read(imported(mail("Thursday", body)), context).signal.interview
    assert notice is not None
    assert (notice.type.value, notice.type_guessed) == ("recruiter_screen", False)


def _words(text: str) -> list[tuple[str, int]]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((word, at))
        at += len(word)
    return found


def test_where_no_word_is_about_a_job_the_encoder_must_be_surer(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """At equal odds such a mail is none about a job."""
    kinds = {**dict.fromkeys(KINDS, 0.0), "other": 0.45, "assessment": 0.55}
    says(seen("assessment", 0.55, kinds=kinds))
    assert read(imported(mail("hello", "Here is the picture I promised.")), context).signal.kind is Kind.OTHER


def test_mail_read_as_nothing_that_may_be_something_is_faint(
    says: Callable[[Seen], None], imported: Callable[[bytes], RawMessage], context: Context
) -> None:
    """It is told as other, and kept for the fold; what is hardly likely is not."""
    kinds = {**dict.fromkeys(KINDS, 0.0), "other": 0.7, "rejection": 0.28, "offer": 0.02}
    says(seen("other", 0.7, kinds=kinds))
    reading = read(imported(mail("Hello", "It went to somebody else.")), context)
    assert (reading.signal.kind, reading.decision, reading.job_related) == (Kind.OTHER, Decision.IGNORE, False)
    assert reading.kept is not None
    assert (reading.kept.kind, reading.kept.faint) == (Kind.REJECTION, True)
    says(seen("other", 0.99, kinds={**kinds, "other": 0.99, "rejection": 0.005, "offer": 0.005}))
    assert read(imported(mail("Hello", "It went to somebody else.")), context).kept is None
