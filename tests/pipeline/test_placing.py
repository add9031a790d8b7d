"""Which application a mail belongs to, and why: the rules of docs/matching.md, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from strategies import START, invitation, signal

from hearback.model.act import Add, Confirm, Link, Merge
from hearback.model.application import Stage
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Detail, InterviewAction, Kind, Signal
from hearback.pipeline.folding import fold
from hearback.pipeline.review import NO_NAMES, OTHER_WAITS, SEVERAL_FIT

RECEIPT, STATUS, INVITE = Kind.APPLICATION_CONFIRMATION, Kind.STATUS_UPDATE, Kind.INTERVIEW_INVITATION
REJECTION, APPROACH, OFFER = Kind.REJECTION, Kind.RECRUITER_OUTREACH, Kind.OFFER
PANEL = invitation(InterviewAction.INVITE, START + timedelta(days=40))


def sender(address: str, name: str = "") -> Address:
    return Address(Personal(address), Personal(name))


def mail(
    number: float, kind: Kind = RECEIPT, company: str | None = "Acme", role: str | None = None, **fields: Any
) -> Signal:
    """A mail of day `number`, from an applicant system unless `fields` say otherwise."""
    base: dict[str, Any] = {
        "received_at": START + timedelta(days=number),
        "kind": kind,
        "company": Personal(company) if company else None,
        "role": Personal(role) if role else None,
        "domain": None,
        "sender": sender("no-reply@ats.example"),
        "interview": PANEL if kind is INVITE else None,
    }
    return signal(round(number * 100), **(base | fields))


def person(number: float, address: str, kind: Kind = INVITE, company: str | None = "Acme", **fields: Any) -> Signal:
    """A mail a person wrote, from their employer's own domain unless `fields` say otherwise."""
    local, _, domain = address.partition("@")
    named = sender(address, local.replace(".", " ").title())
    return mail(number, kind, company, **({"sender": named, "domain": domain} | fields))


def sets(*facts: Fact) -> list[list[int]]:
    """The applications of `facts`, each as the numbers (days × 100) of its mail."""
    made = fold(facts).applications
    return sorted(sorted(int(fact.rpartition("m")[2]) for fact in each.facts if "/m" in fact) for each in made)


def why(number: float, *facts: Fact) -> str:
    """Why the mail of that day is where it is."""
    wanted = f"gmail-1/m{round(number * 100):03d}"
    return next(e.why for each in fold(facts).applications for e in each.timeline if e.fact == wanted)


def waits(*facts: Fact) -> dict[int, str]:
    return {int(each.fact.rpartition("m")[2]): each.reason for each in fold(facts).review}


BACKEND, DATA = mail(1, role="Backend Engineer"), mail(2, role="Data Analyst")


def test_a_reply_belongs_to_what_it_answers_whatever_it_seems_to_call_the_role() -> None:
    """A role read out of prose may be misread; a reply is a reply."""
    answer = person(3, "ann@acme.example", role=Personal("leadership"), references=(BACKEND.message_id,))
    assert sets(BACKEND, answer) == [[100, 300]]
    assert why(3, BACKEND, answer).startswith("same thread")


def test_what_a_misread_reply_calls_the_role_attracts_no_other_mail() -> None:
    """The mail about the data analyst is not the backend engineer's because a reply was misread once."""
    answer = person(3, "ann@acme.example", role=Personal("Data Analyst"), references=(BACKEND.message_id,))
    later = mail(4, OFFER, role="Data Analyst")
    assert sets(BACKEND, answer, later) == [[100, 300], [400]]


def test_a_receipt_in_one_thread_for_another_role_begins_its_own() -> None:
    """Providers put receipts with one subject into one thread."""
    other = mail(2, role="Data Analyst", references=(BACKEND.message_id,))
    assert sets(BACKEND, other) == [[100], [200]]


def test_two_receipts_for_sibling_roles_are_two() -> None:
    """A senior is another job, and so is a title with more words from the same sender."""
    assert sets(BACKEND, mail(2, role="Senior Backend Engineer")) == [[100], [200]]
    assert sets(BACKEND, mail(2, role="Backend Engineer, Payments")) == [[100], [200]]


def test_the_exact_title_outranks_a_known_contact() -> None:
    """Ann wrote about payments; her mail that names the plain title is about the other one."""
    payments = mail(2, role="Backend Engineer, Payments")
    of_payments = person(3, "ann@acme.example", role=Personal("Backend Engineer, Payments"))
    plain = person(4, "ann@acme.example", STATUS, role=Personal("Backend Engineer"))
    assert sets(BACKEND, payments, of_payments, plain) == [[100, 400], [200, 300]]


def test_a_requisition_leads_even_where_it_is_cut_short() -> None:
    """Both are for one title; the number tells which."""
    one = mail(1, role="Electrician", requisition_id="VAC/1043")
    other = mail(2, role="Electrician", requisition_id="VAC/1051")
    panel = person(9, "lee@acme.example", requisition_id="1051")
    assert sets(one, other, panel) == [[100], [200, 900]]
    assert "requisition 1051" in why(9, one, other, panel)


def test_a_board_and_an_applicant_system_are_one_however_they_word_the_title() -> None:
    """Two receipts within minutes, one from a board."""
    board = mail(1, role="Occupational Health Nurse", sender=sender("apply@board.example"))
    system = mail(1.01, role="EHS Nurse", ats="workday")
    assert [[round(n, -2) for n in each] for each in sets(board, system)] == [[100, 100]]


def test_receipts_worded_differently_and_far_apart_are_two() -> None:
    """A day later it is another application."""
    board = mail(1, role="Occupational Health Nurse", sender=sender("apply@board.example"))
    assert sets(board, mail(2, role="EHS Nurse", ats="workday")) == [[100], [200]]


def test_near_miss_names_are_two_companies() -> None:
    """ "Meta" is not "Metaverse", and "Acme" with a receipt is not "Acme Homes" with another."""
    assert sets(mail(1, company="Meta", role="Engineer"), mail(2, company="Metaverse", role="Engineer")) == [
        [100],
        [200],
    ]
    assert sets(mail(1, role="Engineer"), mail(9, company="Acme Homes", role="Engineer")) == [[100], [900]]


def test_a_company_that_writes_from_three_domains_is_one() -> None:
    """Relay, own domain, and a coordinator's: the names lead, and the domain that spells the name."""
    own = person(3, "ann@acme.example", role=Personal("Backend Engineer"))
    desk = person(4, "desk@acme-people.example", STATUS, company=None)
    studio = person(5, "pia@lkm.example", company="Acme", references=("x@y",))
    assert sets(BACKEND, own, desk, studio) == [[100, 300, 400, 500]]


AGENT = "eve@halyard.example"
LEAD = person(1, AGENT, APPROACH, "Halyard Search", role=Personal("Design Lead"))


def test_a_client_named_later_names_the_application() -> None:
    """The agency's mail and the client's are one, and it is called as the client."""
    named = person(5, AGENT, STATUS, "Wardlight", role=Personal("Design Lead"), detail=Detail.ADVANCED)
    invited = person(9, AGENT, company="Wardlight")
    (one,) = fold([LEAD, named, invited]).applications
    assert len(one.facts) == 3
    assert one.company == "Wardlight"


def test_two_clients_of_an_agency_are_two() -> None:
    """Even for one title."""
    one = person(1, AGENT, APPROACH, "Wardlight", role=Personal("Design Lead"))
    other = person(2, AGENT, APPROACH, "Pellgrove", role=Personal("Design Lead"))
    assert sets(one, other) == [[100], [200]]


def test_an_agencys_word_that_names_no_client_waits_with_its_candidates_ranked() -> None:
    """It names itself: nothing says which of the clients said no."""
    one = person(1, AGENT, APPROACH, "Wardlight", role=Personal("Design Lead"))
    other = person(2, AGENT, APPROACH, "Halyard Search", role=Personal("Service Designer"))
    no = person(9, AGENT, REJECTION, "Halyard Search")
    assert waits(one, other, no) == {900: SEVERAL_FIT}
    (item,) = fold([one, other, no]).review
    assert {each.fact for each in item.candidates} == {one.id, other.id}
    assert all(each.reasons and each.against is None for each in item.candidates)


def test_mail_that_names_no_role_waits_where_two_are_open() -> None:
    """Two applications at one employer."""
    assert waits(BACKEND, DATA, person(9, "ann@acme.example")) == {900: SEVERAL_FIT}


def test_the_only_one_still_open_gets_it() -> None:
    """The other was rejected before."""
    no = mail(5, REJECTION, role="Data Analyst")
    invited = person(9, "ann@acme.example")
    assert sets(BACKEND, DATA, no, invited) == [[100, 900], [200, 500]]
    assert "the only one still open there" in why(9, BACKEND, DATA, no, invited)


def test_a_word_of_the_subject_tells_two_apart() -> None:
    """Only one of the roles has it."""
    invited = person(9, "ann@acme.example", subject=Personal("analysts, Thursday"))
    assert sets(BACKEND, DATA, invited) == [[100], [200, 900]]


def test_a_code_tells_two_apart() -> None:
    """A system wrote it into the number of the receipt's own mail."""
    first = replace(BACKEND, message_id="reg-260609-8812@acme.example")
    second = replace(DATA, message_id="reg-260609-8829@acme.example")
    assert sets(first, second, mail(9, STATUS, subject=Personal("SG26-8829"))) == [[100], [200, 900]]


def test_a_year_is_no_code() -> None:
    """It stands everywhere."""
    first = replace(BACKEND, subject=Personal("Intake 2026"))
    told = mail(9, STATUS, subject=Personal("News 2026"))
    assert waits(first, DATA, told) == {900: SEVERAL_FIT}


def test_who_will_be_there_tells_two_apart() -> None:
    """By the first name alone."""
    rounds = replace(PANEL, interviewers=(Personal("Rory Mac Sweeney"),))
    invited = person(5, "ann@acme.example", role=Personal("Data Analyst"), interview=rounds)
    moved = invitation(InterviewAction.RESCHEDULE, PANEL.start_at + timedelta(days=1))
    other = mail(9, INVITE, interview=replace(moved, interviewers=(Personal("Rory"),)))
    assert sets(BACKEND, DATA, invited, other) == [[100], [200, 500, 900]]


def test_who_applies_again_meets_the_same_people() -> None:
    """They tell nothing of which try is meant: the open one is."""
    rounds = replace(PANEL, interviewers=(Personal("Rory Mac Sweeney"),))
    invited = person(5, "ann@acme.example", interview=rounds)
    no, again = person(20, "ann@acme.example", REJECTION), mail(60, role="Backend Engineer")
    anew = mail(
        70,
        INVITE,
        interview=replace(
            invitation(InterviewAction.INVITE, START + timedelta(days=90)), interviewers=rounds.interviewers
        ),
    )
    assert sets(BACKEND, invited, no, again, anew) == [[100, 500, 2000], [6000, 7000]]


def test_a_place_in_the_subject_tells_two_apart() -> None:
    """The first mail's subject named it."""
    first = replace(BACKEND, subject=Personal("Acme in Ahrensburg"))
    assert sets(first, DATA, mail(9, REJECTION, subject=Personal("Nachricht aus Ahrensburg"))) == [[100, 900], [200]]


def test_words_that_all_hiring_mail_shares_tell_nothing() -> None:
    """Else a receipt worded "Your application" would draw all that say so."""
    first = replace(BACKEND, subject=Personal("Your application was received"))
    assert waits(first, DATA, mail(9, REJECTION, subject=Personal("Your application"))) == {900: SEVERAL_FIT}


def test_an_interviewer_leads_to_the_mail_they_write() -> None:
    """A copy that a third person sends on names nobody but them."""
    invited = person(5, "hannah.blythe@acme.example", role=Personal("Backend Engineer"))
    copy = replace(PANEL, action=InterviewAction.CONFIRM, interviewers=(Personal("Hannah Blythe"),))
    sent_on = mail(9, INVITE, None, sender=sender("me@work.example", "Me"), domain="work.example", interview=copy)
    assert sets(BACKEND, invited, sent_on) == [[100, 500, 900]]


def test_the_round_it_calls_off_tells_two_apart() -> None:
    """One of them has an interview at that time."""
    invited = person(5, "ann@acme.example", role=Personal("Data Analyst"))
    off = mail(9, INVITE, interview=invitation(InterviewAction.CANCEL, PANEL.start_at))
    assert sets(BACKEND, DATA, invited, off) == [[100], [200, 500, 900]]


def test_a_receipt_after_the_end_begins_anew_and_what_follows_is_about_the_new_one() -> None:
    """Also from the contact of the first try."""
    no = person(20, "ann@acme.example", REJECTION)
    again = mail(60, role="Backend Engineer")
    invited = person(70, "ann@acme.example")
    assert sets(BACKEND, no, again, invited) == [[100, 2000], [6000, 7000]]


def test_a_receipt_that_comes_after_the_rejection_is_a_late_one() -> None:
    """There was none before."""
    assert sets(mail(1, REJECTION, role="Backend Engineer"), mail(9, role="Backend Engineer")) == [[100, 900]]


def test_a_lead_becomes_the_application() -> None:
    """The receipt names the same company and role."""
    approach = person(1, "ann@acme.example", APPROACH, role=Personal("Backend Engineer"))
    (one,) = fold([approach, mail(5, role="Backend Engineer")]).applications
    assert one.stage is Stage.APPLIED
    assert len(one.facts) == 2


def test_an_approach_for_another_role_stays_a_lead() -> None:
    """By an employer one has applied to."""
    approach = person(5, "ann@acme.example", APPROACH, role=Personal("Team Lead"))
    assert [each.is_lead for each in fold([BACKEND, approach]).applications] == [False, True]


def test_a_contact_on_free_mail_is_known_by_their_name() -> None:
    """They name neither company nor role."""
    invited = person(5, "megan.tully@acme.example")
    moved = mail(
        6,
        INVITE,
        None,
        sender=sender("megtully412@free.example", "Meg T"),
        free_mail=True,
        interview=invitation(InterviewAction.RESCHEDULE, START + timedelta(days=41)),
    )
    assert sets(BACKEND, invited, moved) == [[100, 500, 600]]
    assert "a contact's name" in why(6, BACKEND, invited, moved)


def test_mail_that_says_nothing_founds_no_application() -> None:
    """It goes on with something unknown: no company, no role, an address that tells nothing."""
    unknown = mail(5, INVITE, None, sender=sender("bex@free.example", "Bex"), free_mail=True)
    assert waits(BACKEND, unknown) == {500: NO_NAMES}


def test_the_rest_of_a_conversation_tells_where_its_beginning_belongs() -> None:
    """The first mail fits two; the answer names the role."""
    first = person(9, "ann@acme.example", message_id="first@acme.example")
    second = person(10, "ann@acme.example", STATUS, role=Personal("Data Analyst"), references=("first@acme.example",))
    assert sets(BACKEND, DATA, first, second) == [[100], [200, 900, 1000]]


def test_an_answer_in_a_conversation_that_waits_waits_with_it() -> None:
    """One word on both, not a guess on the second."""
    first = person(9, "ann@acme.example", message_id="first@acme.example")
    second = person(10, "bob@acme.example", STATUS, references=("first@acme.example",))
    assert {900, 1000} == set(waits(BACKEND, DATA, first, second))


def sent(number: float, to: str, *references: str) -> Signal:
    written = [sender(to)]
    return mail(
        number,
        Kind.OTHER,
        None,
        sender=sender("me@mail.example"),
        recipients=tuple(written),
        domain=to.partition("@")[2],
        sent=True,
        references=references,
    )


def test_the_persons_own_mail_joins_its_thread_whatever_comes_first() -> None:
    """A speculative letter, and the answer to it."""
    letter = sent(1, "office@kestrel.example")
    answer = person(3, "office@kestrel.example", RECEIPT, "Kestrel", references=(letter.message_id,))
    assert sets(letter, answer) == [[100, 300]]


def test_an_answer_to_mail_nobody_knows_is_no_word_on_another_client() -> None:
    """The agency wrote about something else too."""
    client = person(1, AGENT, APPROACH, "Wardlight", role=Personal("Design Lead"))
    assert sets(client, sent(2, AGENT, "unknown@halyard.example")) == [[100]]


def test_an_answer_to_mail_nobody_knows_is_no_word_on_what_began_after_it() -> None:
    """The person cannot have meant it."""
    later = person(3, "joel@acme.example", RECEIPT, role=Personal("Backend Engineer"))
    assert sets(sent(2, "joel@acme.example", "unknown@acme.example"), later) == [[300]]


def on(day: float) -> dict[str, Any]:
    return {"id": ActId(f"act{day}"), "at": START + timedelta(days=day)}


def test_mail_that_fits_two_that_the_person_merged_fits_one() -> None:
    """Nothing is left to ask."""
    later = person(9, "ann@acme.example")
    assert waits(BACKEND, DATA, later, Merge(**on(5), about=BACKEND.id, other=DATA.id)) == {}


def test_mail_follows_the_mail_that_the_person_put_elsewhere() -> None:
    """Its thread goes with it."""
    first = person(9, "ann@acme.example", message_id="first@acme.example")
    second = person(12, "bob@acme.example", STATUS, references=("first@acme.example",))
    link = Link(**on(10), about=FactId(first.id), application=FactId(DATA.id))
    assert sets(BACKEND, DATA, first, second, link) == [[100], [200, 900, 1200]]


def test_what_the_person_linked_stays_whatever_the_number_says() -> None:
    """A link is never overwritten."""
    numbered = mail(9, STATUS, requisition_id="R-1001")
    other = mail(1, role="Backend Engineer", requisition_id="R-1001")
    link = Link(**on(10), about=FactId(numbered.id), application=FactId(DATA.id))
    assert sets(other, DATA, numbered, link) == [[100], [200, 900]]
    assert why(9, other, DATA, numbered, link) == "you put it here"


def test_a_confirmed_mail_that_fits_two_stands_by_itself() -> None:
    """The person said that it is right and chose neither."""
    unsure = person(9, "ann@acme.example")
    assert sets(BACKEND, DATA, unsure, Confirm(**on(10), about=FactId(unsure.id))) == [[100], [200], [900]]


def test_what_was_entered_by_hand_meets_its_mail() -> None:
    """Company and role are the same."""
    entered = Add(**on(0), company=Personal("Acme"), role=Personal("Backend Engineer"))
    (one,) = fold([entered, BACKEND]).applications
    assert len(one.facts) == 2


def test_every_mail_says_why_it_is_here() -> None:
    """The first begins the application."""
    (one,) = fold([BACKEND, person(3, "ann@acme.example")]).applications
    assert [each.why for each in one.timeline] == [
        "it begins this application",
        "same company; the only application at this employer",
    ]


def test_no_address_of_a_machine_is_a_contact() -> None:
    """An applicant system nobody knows yet writes for many employers."""
    one = mail(
        1, company="Quay", sender=sender("no-reply@unknown-ats.example"), domain="unknown-ats.example", role="Cook"
    )
    other = mail(2, STATUS, "Ibex", sender=sender("no-reply@unknown-ats.example"), domain="unknown-ats.example")
    assert sets(one, other) == [[100], [200]]


LAST_YEAR = mail(1, role="Graduate Analyst, Credit"), mail(20, REJECTION, role="Graduate Analyst, Credit")
THIS_YEAR = mail(300, role="Graduate Analyst, Credit", confidence=0.9, requisition_id="KC-26")
"""A receipt that waits."""
TALK = person(340, "rev@acme.example", role=Personal("Graduate Analyst, Credit"), requisition_id="KC-26")


def test_mail_of_what_waits_waits_with_it() -> None:
    """It does not open last year's application again."""
    assert sets(*LAST_YEAR, THIS_YEAR, TALK) == [[100, 2000]]
    assert waits(*LAST_YEAR, THIS_YEAR, TALK)[34000] == OTHER_WAITS


def test_mail_of_what_waited_follows_once_that_is_settled() -> None:
    """Confirmed: both are this year's application."""
    confirmed = Confirm(**on(341), about=FactId(THIS_YEAR.id))
    assert sets(*LAST_YEAR, THIS_YEAR, TALK, confirmed) == [[100, 2000], [30000, 34000]]


def test_the_persons_word_on_a_mail_does_not_wait_for_another() -> None:
    """They said that it is right."""
    confirmed = Confirm(**on(341), about=FactId(TALK.id))
    assert [34000] in [numbers[-1:] for numbers in sets(*LAST_YEAR, THIS_YEAR, TALK, confirmed)]


def test_a_forged_mail_that_waits_holds_nothing_back() -> None:
    """Else anybody could keep news from the person."""
    forged = replace(THIS_YEAR, authenticity=Authenticity.FAIL)
    assert [34000] in [numbers[-1:] for numbers in sets(*LAST_YEAR, forged, TALK)]


def test_waiting_mail_of_the_same_application_holds_nothing_back() -> None:
    """It leads where the other one goes."""
    unsure = mail(2, STATUS, role="Backend Engineer", confidence=0.6)
    assert sets(BACKEND, unsure, mail(3, REJECTION, role="Backend Engineer")) == [[100, 300]]


def test_an_employers_own_mail_that_names_a_ward_is_the_employers() -> None:
    """Its domain spells the company and it has the number; what else it names is a place, a person or a part."""
    receipt = mail(1, company="Harbor Health", role="Nurse", requisition_id="26-00418")
    shadow = person(3, "luis@harborhealth.example", company="MSICU", requisition_id="26-00418")
    assert sets(receipt, shadow) == [[100, 300]]


def test_a_receipt_under_another_name_is_another_application_whatever_its_domain() -> None:
    """A house may write receipts for its daughters."""
    receipt = mail(1, company="Harbor Health", role="Nurse")
    other = person(3, "jobs@harborhealth.example", RECEIPT, company="Quay Clinic", role=Personal("Nurse"))
    assert sets(receipt, other) == [[100], [300]]


def test_mail_told_apart_from_many_applications_meets_mail_that_waits() -> None:
    """Its own is none of the few that are ranked for the person: it is weighed all the same."""
    many = [mail(day, role=f"Role{day} Person{day}", requisition_id=f"R-10{day}0") for day in range(1, 9)]
    told = mail(20, STATUS, requisition_id="R-1080", subject=Personal("Zeppelin hangar"))
    unsure = mail(30, STATUS, company="Acme", confidence=0.5)
    visit = person(40, "ann@acme.example", STATUS, subject=Personal("Zeppelin hangar"))
    assert [800, 2000, 4000] in sets(*many, told, visit)
    assert sets(*many, told, unsure, visit)
