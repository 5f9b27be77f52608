"""Lifting a restriction: by one, by two where two decided, and on its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from privacy import actions
from privacy.models import Letter, Request, Task, Told
from privacy.refusals import SamePerson, UnknownReason
from privacy.services import executing, lifting, processors
from privacy.services.letters import read_letter
from privacy.tests.factories import lead, make_person, seal_requester
from privacy.tests.sheets import LATER, a_past_stay, approved, decided, in_review, log_row, log_rows
from privacy.tests.visits import at_desk, of, reasons
from staff.models import Person
from staff.permissions import NotAllowed
from stays.models import Room, Stay
from stays.tests.papers import lines
from vault.models import Envelope

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(clerk: Person, room: Room) -> Stay:
    """A stay that is over, inside every period."""
    return a_past_stay(clerk, room)


@pytest.fixture
def deletion(officer: Person, past: Stay) -> Request:
    """A deletion inside the register period: register and bill are restricted, approved by two."""
    request = approved(in_review(past, officer=officer, language="en"), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    return request


@pytest.fixture
def restriction(officer: Person, past: Stay) -> Request:
    """A restriction the guest asked for, decided by one."""
    request = decided(in_review(past, kind="restriction", officer=officer, language="en"), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    return request


def locked_parts() -> set[str]:
    return set(Envelope.objects.filter(restricted_until__isnull=False).values_list("category", flat=True))


def ask(request: Request, actor: Person, reason: str = "claim_settled") -> Any:
    return lifting.ask_to_lift(request=request, actor=actor, reason=reason, at=LATER)


def answer(request: Request, actor: Person, *, agrees: bool = True) -> int:
    return lifting.answer_lift(request=request, actor=actor, agrees=agrees, at=LATER)


def test_what_two_restricted_one_does_not_lift(officer: Person, deletion: Request) -> None:
    with pytest.raises(lifting.LiftNeedsTwo):
        lifting.lift_restriction(request=deletion, actor=officer, reason="claim_settled", at=LATER)
    ask(deletion, officer)
    with pytest.raises(SamePerson):
        answer(deletion, officer)
    assert locked_parts() == {"register", "payment"}


def test_a_second_person_lifts_what_was_asked(officer: Person, approver: Person, deletion: Request) -> None:
    asked = ask(deletion, officer)
    assert lifting.asked_to_lift(deletion) == asked
    assert answer(deletion, approver) == 2
    assert (locked_parts(), lifting.asked_to_lift(deletion)) == (set(), None)
    second = {"actor_role": "second_approver"}
    assert log_rows(actions.LIFT_ASKED, actions.REQUEST_LIFTED) == [
        log_row(actions.LIFT_ASKED, officer, deletion, detail={"reason": "claim_settled"}),
        log_row(actions.REQUEST_LIFTED, approver, deletion, detail={"count": 2, "reason": "claim_settled"}, **second),
    ]


def test_a_second_person_may_leave_it_restricted(officer: Person, approver: Person, deletion: Request) -> None:
    ask(deletion, officer)
    assert answer(deletion, approver, agrees=False) == 0
    assert (locked_parts(), lifting.asked_to_lift(deletion)) == ({"register", "payment"}, None)
    assert log_rows(actions.LIFT_DECLINED) == [
        log_row(actions.LIFT_DECLINED, approver, deletion, actor_role="second_approver")
    ]
    with pytest.raises(lifting.LiftNotAsked):
        answer(deletion, approver)


def test_an_appeal_of_a_deletion_needs_two_as_well(past: Stay, deletion: Request) -> None:
    appeal = in_review(past, kind="appeal", appeal_of=deletion)
    assert (appeal.wanted, lifting.needs_two(appeal)) == ("deletion", True)


def test_asking_is_refused(clerk: Person, stranger: Person, officer: Person, deletion: Request) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            ask(deletion, person)
        with pytest.raises(NotAllowed):
            answer(deletion, person)
    with pytest.raises(UnknownReason):
        ask(deletion, officer, "why_not")
    Envelope.objects.update(erased_at=LATER, ciphertext=b"")
    with pytest.raises(lifting.NothingRestricted):
        ask(deletion, officer)


def test_the_guest_and_the_processors_are_told(officer: Person, restriction: Request) -> None:
    seal_requester(restriction)
    processors.save_processor(
        actor=officer, house=restriction.property, processor=None, is_of_group=False,
        facts={"name": "Cloud", "agreement_ref": "D-1", "scope": ["contact"], "contact": "a@b.example",
               "signed_on": LATER.date(), "expires_on": LATER.date() + timedelta(days=400)},
    )  # fmt: skip
    lifting.lift_restriction(request=restriction, actor=officer, reason="guest_asks", at=LATER)
    letter = Letter.objects.get(kind="lifted")
    (paper,) = read_letter(letter=letter, actor=officer, at=LATER).papers
    assert paper.title == "The restriction of your record is lifted"
    assert lines(paper)[2:4] == [
        "The restriction that rested on this request was lifted on 2026-06-13. The reason: The guest asks for it. What"
        " was locked away for it is used again for what it was recorded for, unless another request locks it away too.",
        "The rules on how long a record is kept, and your rights, are as before.",
    ]
    assert Told.objects.get(what="lifted").task == Task.objects.get(kind="processor")


# The page


def test_the_page_lifts_what_one_decided(client: Client, officer: Person, restriction: Request) -> None:
    at_desk(client, officer, restriction.property)
    assert f'href="{of(restriction, "lift/")}"' in client.get(of(restriction)).content.decode()
    answered = client.post(of(restriction, "lift/"), {"reason": "guest_asks"}, follow=True)
    assert (answered.redirect_chain, locked_parts()) == ([(of(restriction), 302)], set())
    assert f'href="{of(restriction, "lift/")}"' not in answered.content.decode()
    assert "Restriction lifted" in answered.content.decode()


def test_the_page_leads_two_persons_through(client: Client, officer: Person, deletion: Request) -> None:
    second = make_person(deletion.property, "second_approver")
    at_desk(client, officer, deletion.property).post(of(deletion, "lift/"), {"reason": "claim_settled"})
    again = client.post(of(deletion, "lift/"), {"agrees": "yes"})
    assert reasons(again) == ["This needs a second person: you did the first part yourself."]
    page = at_desk(client, second, deletion.property).get(of(deletion, "lift/"))
    assert "The claim is settled" in page.content.decode()
    client.post(of(deletion, "lift/"), {"agrees": "yes"})
    assert locked_parts() == set()


def test_without_a_reason_nothing_is_lifted(client: Client, officer: Person, restriction: Request) -> None:
    page = at_desk(client, officer, restriction.property).post(of(restriction, "lift/"), {"reason": ""})
    assert (list(page.context["form"].errors), len(locked_parts())) == (["reason"], 4)


def test_another_house_finds_no_page(client: Client, stranger: Person, restriction: Request) -> None:
    page = at_desk(client, stranger, stranger.kept_at).get(of(restriction, "lift/"))
    assert page.status_code == 404


# What a correction contests


def test_the_page_restricts_a_stay_while_it_is_checked(client: Client, officer: Person, past: Stay) -> None:
    asked = in_review(past, kind="correction")
    at_desk(client, officer, past.property)
    assert f'href="{of(asked, "contest/")}"' in client.get(of(asked)).content.decode()
    client.post(of(asked, "contest/"), {"stay": past.pk})
    assert locked_parts() == {"register", "payment"}
    client.post(of(asked, "lift/"), {"reason": "accuracy_settled"})
    assert locked_parts() == set()


def test_only_a_stay_of_the_guest_can_be_chosen(
    client: Client, officer: Person, clerk: Person, room: Room, past: Stay
) -> None:
    asked, other = in_review(past, kind="correction"), a_past_stay(clerk, room, lead(7))
    page = at_desk(client, officer, past.property).post(of(asked, "contest/"), {"stay": other.pk})
    assert (list(page.context["form"].errors), locked_parts()) == (["stay"], set())
