"""Restriction with teeth: it does not lapse, ends on its day by erasing, waits for holds, and can be lifted."""

import json
from datetime import timedelta

import pytest

from audit.models import Event
from audit.services import Why
from privacy import actions
from privacy.models import Certificate, Item, PaperCard, Processor, Recheck, Request, Step, Task, Told
from privacy.refusals import NotVerified, UnknownReason, WrongState
from privacy.services import executing, holding, lifting, restricting, sheets
from privacy.services.ending_restrictions import finish_restrictions
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import (
    AT,
    State,
    checked_in,
    companion,
    lead,
    make_hold,
    make_person,
    make_request,
    make_rule,
    subjects_of,
)
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    PAST_NAME,
    REGISTER_OVER,
    a_past_stay,
    approved,
    decided,
    in_review,
    log_row,
    log_rows,
)
from staff.permissions import NotAllowed
from stays.models import Registration, Stay
from stays.services import registering
from stays.services.looking_up.registrations import list_registrations
from vault import services as vault
from vault.models import Envelope, ErasureEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(clerk, room):
    return a_past_stay(clerk, room)


@pytest.fixture
def deleted(officer, past):
    """A deletion carried out inside the register period."""
    request = approved(in_review(past, officer=officer), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    return request


def live_of(stay):
    rows = Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True)
    return dict(rows.values_list("category", "restricted_until"))


LOCKED = {"register": UNTIL_LIFTED, "payment": UNTIL_LIFTED}


def test_before_its_day_nothing_ends(past, deleted):
    assert finish_restrictions(at=REGISTER_OVER - timedelta(days=40)) == 0
    assert live_of(past) == LOCKED


def test_on_its_last_day_it_still_stands_and_on_the_day_after_it_is_erased(house, past, deleted):
    until = deleted.items.get(category="register").until
    assert finish_restrictions(at=until) == 0
    assert finish_restrictions(at=until + timedelta(seconds=1)) == 1
    assert live_of(past) == {"payment": UNTIL_LIFTED}
    assert finish_restrictions(at=BILL_OVER) == 1
    assert live_of(past) == {}


def test_what_an_appeal_of_an_appeal_of_a_deletion_locked_away_is_erased_too(officer, past):
    refused = {"state": State.CLOSED, "stay": past, "result": "refused", "refusal_ground": "no_ground"}
    first = make_request(past.property, **refused)
    second = make_request(past.property, kind="appeal", appeal_of=first, **refused)
    appeal = approved(in_review(past, kind="appeal", appeal_of=second, officer=officer), officer)
    executing.execute_decision(request=appeal, actor=officer, at=LATER)
    assert live_of(past) == LOCKED
    assert finish_restrictions(at=REGISTER_OVER) == 1
    assert live_of(past) == {"payment": UNTIL_LIFTED}


def test_where_the_sweep_is_late_the_record_stays_locked(clerk, past, deleted):
    much_later = BILL_OVER + timedelta(days=900)
    assert Stay.objects.unrestricted(much_later).filter(pk=past.pk).count() == 0
    assert live_of(past) == LOCKED


def test_the_erasure_on_the_day_is_certified_logged_and_says_why(officer, past, deleted):
    finish_restrictions(at=REGISTER_OVER)
    item = deleted.items.get(category="register")
    assert (item.chosen, item.override_reason, item.done_at) == ("erase", "period_over", REGISTER_OVER)
    certificate = Certificate.objects.latest("made_at")
    assert (certificate.reason, certificate.request, certificate.payload["erased"]) == (
        "period_over", deleted, {"register": 1},
    )  # fmt: skip
    assert log_rows(actions.DECISION_EXECUTED)[1:] == [
        log_row(actions.DECISION_EXECUTED, None, deleted, detail={"erase": 1, "reason": "period_over"})
    ]
    assert Step.objects.filter(code=actions.DECISION_EXECUTED).latest("at").actor is None
    assert ErasureEntry.objects.latest("sequence").role == "system"
    assert Recheck.objects.filter(certificate=certificate).count() == 2


def test_processors_told_before_are_told_again_and_paper_is_asked_for(officer, past, deleted):
    processor = Processor.objects.create(
        name="Cards Ltd", agreement_ref="A-9", contact="a@b.example", scope=["register", "contact"],
        signed_on=AT.date(), expires_on=BILL_OVER.date(),
    )  # fmt: skip
    told = Told.objects.create(request=deleted, processor=processor, what="erased", told_at=LATER, confirmed_at=LATER)
    PaperCard.objects.create(stay=past, place="Box 7", custodian=officer)
    finish_restrictions(at=REGISTER_OVER)
    told.refresh_from_db()
    assert (told.told_at, told.confirmed_at, told.task.about) == (None, None, str(processor.pk))
    assert Task.objects.get(kind="paper").about == past.reference


def test_a_hold_keeps_it_and_its_release_lets_it_go(officer, approver, past, deleted):
    at = REGISTER_OVER
    hold = make_hold(past.property, placed_by=officer, stay=past, at=at, approved_by=approver, approved_at=at)
    assert finish_restrictions(at=at + timedelta(days=1)) == 0
    assert deleted.items.get(category="register").until is None
    holding.ask_release(hold=hold, actor=officer, at=at + timedelta(days=2))
    holding.release_hold(hold=hold, actor=approver, at=at + timedelta(days=2))
    assert finish_restrictions(at=at + timedelta(days=3)) == 1
    assert deleted.items.get(category="register").override_reason == "matter_over"


def test_a_hold_that_runs_out_keeps_nothing_any_more(officer, approver, past, deleted):
    at = REGISTER_OVER
    make_hold(past.property, placed_by=officer, stay=past, at=at, approved_by=approver, approved_at=at)
    assert [finish_restrictions(at=at + timedelta(days=days)) for days in (89, 91)] == [0, 1]


def test_what_only_a_hold_restricted_goes_when_it_is_released(officer, approver, past):
    hold = make_hold(past.property, placed_by=officer, kind="authority", stay=past, at=LATER, until=None)
    request = approved(in_review(past, officer=officer), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    assert (set(live_of(past)), finish_restrictions(at=LATER)) == ({"name", "contact", "register", "payment"}, 0)
    holding.ask_release(hold=hold, actor=approver, at=LATER)
    holding.release_hold(hold=hold, actor=officer, at=LATER)
    assert finish_restrictions(at=LATER + timedelta(minutes=1)) == 2
    assert live_of(past) == LOCKED
    assert {item.category: item.until is None for item in request.items.filter(chosen="restrict")} == {
        "register": False, "payment": False,
    }  # fmt: skip


def test_a_longer_period_restricts_on(house, past, deleted):
    make_rule("CN-RET-01", number=5)
    assert finish_restrictions(at=REGISTER_OVER) == 0
    assert house.local(deleted.items.get(category="register").until).year == 2031
    assert live_of(past) == LOCKED


def test_a_restriction_somebody_chose_without_a_day_ends_by_a_person_only(officer, past):
    request = in_review(past)
    sheets.make_sheet(request=request, actor=officer, at=LATER)
    name = request.items.get(category="name")
    sheets.choose_item(item=name, actor=officer, chosen="restrict", reason="needed_for_claim", at=LATER)
    sheets.choose_proposed(request=request, actor=officer, at=LATER)
    Request.objects.filter(pk=request.pk).update(decision="partly", decided_by=officer, decided_at=LATER,
                                                 approved_by=_second(past), state=State.EXECUTING)  # fmt: skip
    request.refresh_from_db()
    executing.execute_decision(request=request, actor=officer, at=LATER)
    assert finish_restrictions(at=LATER + timedelta(days=1)) == 0
    assert finish_restrictions(at=BILL_OVER) == 2
    assert live_of(past) == {"name": UNTIL_LIFTED}


def _second(stay):
    return make_person(stay.property, "second_approver")


def test_a_restriction_the_guest_asked_for_is_never_erased_by_the_sweep(officer, past):
    request = decided(in_review(past, kind="restriction"), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    assert finish_restrictions(at=BILL_OVER) == 0
    assert set(live_of(past)) == {"name", "contact", "register", "payment"}


def test_a_report_to_the_police_goes_out_of_a_restricted_register(clerk, officer, past):
    """A restriction the guest asked for stops no duty by law; the desk reads no name of it."""
    Registration.objects.update(state="failed", receipt="")
    executing.execute_decision(request=decided(in_review(past, kind="restriction"), officer), actor=officer, at=LATER)
    why, house = Why(purpose="guest_service"), past.property
    [row] = list_registrations(actor=clerk, property=house, why=why, at=LATER).rows
    assert (row.report.occupant.stay, row.title, row.in_sight) == (past, "", False)
    file = registering.hand_out_reports(actor=clerk, property=house, format="json", why=why, at=LATER)
    assert [guest["name"] for guest in json.loads(file.content)["guests"]] == [PAST_NAME]
    opened = Event.objects.get(action="registrations.opened")
    assert (opened.subjects, opened.detail) == ([subjects_of(past)[0]], {"count": 1, "restricted": 1})
    answers = [registering.Answer(row.report.pk, "R-2")]
    assert registering.take_in_answers(actor=clerk, property=house, answers=answers, at=LATER) == 1
    assert list_registrations(actor=clerk, property=house, which="acknowledged", why=why, at=LATER).rows == ()


def test_it_stops_at_its_limit_and_goes_on_next_time(clerk, officer, room):
    for sequence in (1, 2):
        stay = a_past_stay(clerk, room, lead(sequence))
        request = approved(in_review(stay, officer=officer), officer)
        executing.execute_decision(request=request, actor=officer, at=LATER)
    assert [finish_restrictions(at=REGISTER_OVER, limit=1) for _ in range(3)] == [1, 1, 0]


# Lifting


@pytest.fixture
def restricted(officer, past):
    request = decided(in_review(past, kind="restriction"), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    return request


def lift(request, person, reason="guest_asks"):
    return lifting.lift_restriction(request=request, actor=person, reason=reason, at=LATER)


def test_lifted_the_record_is_back(clerk, officer, past, restricted):
    assert lift(restricted, officer) == 4
    assert live_of(past) == dict.fromkeys(("name", "contact", "register", "payment"))
    past.refresh_from_db()
    assert (past.restricted_until, Stay.objects.visible_to(clerk).get()) == (None, past)
    assert set(restricted.items.values_list("chosen", "override_reason")) == {("keep", "guest_asks")}


def test_lifting_is_exact_rows(officer, past, restricted):
    lift(restricted, officer)
    assert log_rows(actions.RESTRICTION_LIFTED, actions.REQUEST_LIFTED, actions.LETTER_MADE) == [
        log_row(actions.RESTRICTION_LIFTED, officer, restricted, object_type="stay", object_ref=past.reference),
        log_row(actions.REQUEST_LIFTED, officer, restricted, detail={"count": 4, "reason": "guest_asks"}),
        log_row(
            actions.LETTER_MADE,
            officer,
            restricted,
            subjects=[restricted.requester_id],
            detail={"kind": "lifted"},
        ),
    ]


def test_what_another_request_restricts_too_stays_locked(officer, past, restricted):
    deletion = approved(in_review(past, officer=officer), officer)
    executing.execute_decision(request=deletion, actor=officer, at=LATER)
    assert lift(restricted, officer) == 0
    assert live_of(past) == LOCKED


def test_lifting_is_refused(clerk, stranger, officer, past, restricted):
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            lift(restricted, person)
    with pytest.raises(UnknownReason):
        lift(restricted, officer, "why_not")
    with pytest.raises(NotVerified):
        lift(make_request(past.property, state=State.RECEIVED, stay=past), officer)
    lift(restricted, officer)
    with pytest.raises(lifting.NothingRestricted):
        lift(restricted, officer)


# What a correction contests


def contest(request, person, stay, at=LATER):
    return restricting.restrict_stay(request=request, actor=person, stay=stay, at=at)


def test_what_is_contested_is_locked_while_it_is_checked(officer, past):
    request = in_review(past, kind="correction")
    items = contest(request, officer, past)
    assert {item.category for item in items} == {"register", "payment"}
    assert live_of(past) == LOCKED | {"name": None, "contact": None}
    assert Stay.objects.unrestricted(LATER).count() == 0
    assert log_rows(actions.STAY_RESTRICTED) == [
        log_row(actions.STAY_RESTRICTED, officer, request, object_type="stay", object_ref=past.reference)
    ]
    assert lift(request, officer, "accuracy_settled") == 2
    assert set(live_of(past).values()) == {None}


def test_contesting_is_refused(clerk, stranger, officer, past, room):
    request = in_review(past, kind="correction")
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            contest(request, person, past)
    with pytest.raises(restricting.NotContested):
        contest(in_review(past), officer, past)
    contest(request, officer, past)
    with pytest.raises(restricting.NothingContested):
        contest(request, officer, past)
    with pytest.raises(WrongState):
        contest(make_request(past.property, kind="correction", state=State.EXECUTING, stay=past), officer, past)
    stay = checked_in(clerk, room, lead(5))
    with pytest.raises(restricting.StillInUse):
        contest(in_review(stay, kind="correction"), officer, stay)


def test_a_companion_is_still_found_while_the_others_part_is_contested(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion())
    contest(in_review(stay, kind="correction"), officer, stay)
    assert Stay.objects.unrestricted(LATER).get() == stay
    assert Item.objects.values("subject").distinct().count() == 1


def test_restricted_envelopes_open_only_when_asked_for(officer, past, restricted):
    ids = list(Envelope.objects.filter(subject=subjects_of(past)[0]).values_list("pk", flat=True))
    assert (len(vault.open_for_deed(ids)), len(vault.open_for_deed(ids, with_restricted=True))) == (0, 4)
