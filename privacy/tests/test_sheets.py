"""The decision sheet: found by ids, every ground and blocker, chosen row by row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from privacy import actions
from privacy.models import Request, Step
from privacy.refusals import NotVerified, WrongState
from privacy.services import sheets
from privacy.tests.factories import (
    AT,
    RoomFactory,
    State,
    checked_in,
    companion,
    lead,
    make_hold,
    make_request,
    make_rule,
    subjects_of,
)
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    LEFT,
    REGISTER_OVER,
    a_past_stay,
    in_review,
    item_of,
    log_row,
    log_rows,
    made_sheet,
    outcomes,
    stays_of_one_guest,
    with_preferences,
)
from staff.permissions import NotAllowed
from stays import services as desk
from stays.models import Registration
from stays.typed import GuestData

pytestmark = pytest.mark.django_db


def test_inside_the_register_period_register_and_bill_are_restricted_the_rest_goes(officer, past, request_):
    with_preferences(past)
    rows = made_sheet(request_, officer)
    assert [(row.category, row.proposed, row.rule, row.stay) for row in rows] == [
        ("name", "erase", "", None),
        ("contact", "erase", "", None),
        ("preference", "erase", "", None),
        ("register", "restrict", "CN-RET-01", past),
        ("payment", "restrict", "CN-RET-05", past),
        ("note", "erase", "", past),
    ]


def test_the_end_of_a_restriction_is_the_last_instant_of_its_last_day(officer, house, request_):
    rows = made_sheet(request_, officer)
    ends = [house.local(item_of(rows, category).until) for category in ("register", "payment")]
    assert [(end.date(), end.time().isoformat()) for end in ends] == [
        (date(2029, 5, 14), "23:59:59.999999"),
        (date(2036, 5, 12), "23:59:59.999999"),
    ]


def test_every_ground_and_blocker_stands_in_the_row(officer, past, request_):
    with_preferences(past)
    rows = made_sheet(request_, officer)
    assert {row.category: (row.grounds, row.blockers) for row in rows} == {
        "name": (["D1"], ["X2"]),
        "contact": (["D1"], ["X2"]),
        "preference": (["D1", "D3"], ["X2"]),
        "register": (["D1"], ["B5", "X2"]),
        "payment": (["D1"], ["B4", "X2"]),
        "note": (["D1"], ["X2"]),
    }


def test_after_the_register_period_the_register_is_erased_and_after_ten_years_the_bill(officer, request_):
    assert outcomes(made_sheet(request_, officer, REGISTER_OVER)) == {
        "name": "erase", "contact": "erase", "register": "erase", "payment": "restrict", "note": "erase",
    }  # fmt: skip
    assert set(outcomes(made_sheet(request_, officer, BILL_OVER)).values()) == {"erase"}


def test_the_rule_of_the_house_goes_before_the_shipped_one(officer, house, request_):
    make_rule("CN-RET-01", number=5, level="law", status="A", in_force_from=date(2020, 1, 1))
    row = item_of(made_sheet(request_, officer), "register")
    assert (row.blockers, house.local(row.until).date()) == (["B4", "X2"], date(2031, 5, 14))


def test_an_open_stay_is_still_needed_and_only_what_rests_on_consent_goes(clerk, officer, room):
    stay = checked_in(clerk, room)
    with_preferences(stay)
    assert outcomes(made_sheet(in_review(stay), officer, AT)) == {
        "name": "keep", "contact": "keep", "preference": "erase", "register": "keep", "payment": "keep",
    }  # fmt: skip


def test_an_unpaid_bill_is_not_now_for_that_stay_only(clerk, officer, house, room):
    first = a_past_stay(clerk, room)
    second = a_past_stay(clerk, room, at=AT + timedelta(days=5), arrival_on=date(2026, 5, 17),
                         departure_on=date(2026, 5, 19))  # fmt: skip
    desk.add_bill_line(actor=clerk, stay=second, kind="damage", amount=Decimal(50), at=LATER)
    rows = made_sheet(in_review(first), officer)
    assert [(row.category, row.stay, row.proposed) for row in rows] == [
        ("name", None, "not_now"),
        ("contact", None, "not_now"),
        ("register", first, "restrict"),
        ("payment", first, "restrict"),
        ("register", second, "not_now"),
        ("payment", second, "not_now"),
    ]
    assert {house.local(row.until).date() for row in rows if row.proposed == "not_now"} == {date(2026, 7, 13)}


@pytest.mark.parametrize("kind", ["dispute", "lost_property", "safety", "investigation"])
def test_an_open_case_is_not_now(clerk, officer, house, past, request_, kind):
    desk.open_desk_case(actor=clerk, property=house, kind=kind, stay=past, at=LATER)
    assert set(outcomes(made_sheet(request_, officer)).values()) == {"not_now"}


@pytest.mark.parametrize(("state", "proposed"), [
    ("pending", "not_now"), ("sent", "not_now"), ("failed", "not_now"), ("acknowledged", "restrict"),
    ("withdrawn", "restrict"),
])  # fmt: skip
def test_what_the_police_have_not_acknowledged_is_not_now(officer, past, request_, state, proposed):
    receipt = "R-1" if state == "acknowledged" else ""
    Registration.objects.filter(occupant__stay=past).update(state=state, receipt=receipt)
    assert outcomes(made_sheet(request_, officer))["register"] == proposed


def test_a_request_of_an_authority_at_the_desk_is_no_matter_of_the_guest(clerk, officer, house, past, request_):
    desk.open_desk_case(actor=clerk, property=house, kind="authority", stay=past, at=LATER)
    assert outcomes(made_sheet(request_, officer))["name"] == "erase"


def test_an_open_complaint_of_the_same_guest_is_not_now(officer, past, request_):
    make_request(past.property, kind="complaint", stay=past)
    assert set(outcomes(made_sheet(request_, officer)).values()) == {"not_now"}


def test_what_a_correction_contests_is_restricted(officer, past, request_):
    make_request(past.property, kind="correction", state=State.IN_REVIEW, stay=past)
    rows = made_sheet(request_, officer)
    assert {(row.proposed, "B6" in row.blockers) for row in rows} == {("restrict", True)}


def test_a_freeze_restricts_before_all_else(officer, past, request_):
    make_hold(past.property, placed_by=officer, kind="authority", stay=past, at=LATER)
    assert {(row.proposed, row.blockers[0], row.until) for row in made_sheet(request_, officer)} == {
        ("restrict", "B1", None)
    }


def test_an_internal_hold_counts_once_it_is_approved(officer, approver, past, request_):
    hold = make_hold(past.property, placed_by=officer, subject_id=subjects_of(past)[0], at=LEFT)
    assert outcomes(made_sheet(request_, officer))["name"] == "erase"
    hold.approved_by, hold.approved_at = approver, LEFT
    hold.save(update_fields=["approved_by", "approved_at"])
    assert {(row.proposed, row.blockers[0]) for row in made_sheet(request_, officer)} == {("restrict", "B3")}


def test_a_hold_on_another_guest_of_the_stay_is_none_on_this_one(clerk, officer, house, room):
    stay = a_past_stay(clerk, room, lead(), companion())
    make_hold(house, placed_by=officer, kind="authority", stay=stay, subject_id=subjects_of(stay)[1], at=LATER)
    assert {"B1" in row.blockers for row in made_sheet(in_review(stay), officer)} == {False}


def test_a_confidential_hold_leaves_no_code_in_any_row(officer, approver, past, request_):
    hold = make_hold(past.property, placed_by=approver, kind="authority", stay=past, confidential=True, at=LATER)
    hold.officers.add(approver)
    rows = made_sheet(request_, officer)
    assert {row.category: (row.proposed, row.blockers, row.until is None) for row in rows} == {
        "name": ("restrict", ["X2"], True),
        "contact": ("restrict", ["X2"], True),
        "register": ("restrict", ["B5", "X2"], False),
        "payment": ("restrict", ["B4", "X2"], False),
        "note": ("restrict", ["X2"], True),
    }


def test_what_also_holds_a_companion_is_this_persons_part_only(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion(), words="婴儿床")
    rows = made_sheet(in_review(stay), officer, BILL_OVER)
    assert outcomes(rows) == {
        "name": "erase", "contact": "erase", "register": "others_part", "payment": "others_part", "note": "others_part",
    }  # fmt: skip
    assert {row.subject for row in rows} == {subjects_of(stay)[0]}


def test_a_form_never_finished_about_the_stay_is_found(clerk, officer, house, past, request_):
    draft = desk.save_draft(
        actor=clerk, property=house, form="note", about=past.reference, content={"name": "欧阳海棠"}, at=LATER
    )
    row = item_of(made_sheet(request_, officer), "draft")
    assert (row.envelope, row.stay, row.proposed, row.subject) == (
        draft.envelope_id, past, "erase", draft.envelope.subject_id,
    )  # fmt: skip


def test_the_guardians_contact_goes_with_the_last_of_the_party(clerk, officer, room):
    child = companion(name="小宝", birth_date=date(2015, 3, 1))
    guardian = GuestData(name="监护人", phone="13911112222")
    stay = a_past_stay(clerk, room, lead(), child, guardian=guardian)
    both = made_sheet(in_review(stay), officer)
    assert [row.category for row in both].count("name") == 1
    alone = a_past_stay(clerk, room, lead(7, birth_date=date(2010, 3, 1)), guardian=guardian)
    found = made_sheet(in_review(alone), officer)
    assert [row.category for row in found if row.subject != subjects_of(alone)[0]] == ["name", "contact"]


def test_a_guest_of_whom_nothing_is_held_has_an_empty_sheet(officer, house):
    assert made_sheet(make_request(house, state=State.IN_REVIEW), officer) == []


def test_restriction_asked_for_restricts_all_once_the_stay_is_over(clerk, officer, past, room):
    request = in_review(past, kind="restriction")
    assert set(outcomes(made_sheet(request, officer)).values()) == {"restrict"}
    checked_in(clerk, room, lead(), at=LATER, arrival_on=LATER.date(), departure_on=LATER.date() + timedelta(days=1))
    rows = made_sheet(request, officer)
    assert {(row.category, row.stay == past): row.proposed for row in rows} == {
        ("name", False): "not_now",
        ("contact", False): "not_now",
        ("register", True): "restrict",
        ("payment", True): "restrict",
        ("note", True): "restrict",
        ("register", False): "not_now",
        ("payment", False): "not_now",
    }


def test_an_objection_ends_consent_keeps_duty_and_restricts_the_rest(officer, past):
    with_preferences(past)
    assert outcomes(made_sheet(in_review(past, kind="objection"), officer)) == {
        "name": "restrict",
        "contact": "restrict",
        "preference": "erase",
        "register": "keep",
        "payment": "keep",
        "note": "restrict",
    }


def test_an_objection_under_a_hold_erases_nothing(officer, past):
    with_preferences(past)
    make_hold(past.property, placed_by=officer, kind="authority", stay=past, at=LATER)
    assert outcomes(made_sheet(in_review(past, kind="objection"), officer))["preference"] == "restrict"


def test_an_appeal_is_decided_like_what_it_appeals(officer, past):
    first = make_request(past.property, state=State.CLOSED, stay=past, result="refused", refusal_ground="no_ground")
    appeal = in_review(past, kind="appeal", appeal_of=first)
    assert outcomes(made_sheet(appeal, officer))["name"] == "erase"


@pytest.mark.parametrize("kind", ["access", "transfer", "correction", "complaint", "explanation"])
def test_other_kinds_have_no_sheet(officer, past, kind):
    with pytest.raises(sheets.NoSheet):
        made_sheet(in_review(past, kind=kind), officer)


def test_nothing_is_opened_and_making_it_is_one_exact_row(officer, request_):
    before = Event.objects.count()
    rows = made_sheet(request_, officer)
    assert Event.objects.count() == before + 1
    assert log_rows(actions.SHEET_MADE) == [log_row(actions.SHEET_MADE, officer, request_, detail={"count": len(rows)})]
    assert list(Step.objects.values_list("code", "actor", "detail")) == [
        (actions.SHEET_MADE, officer.pk, {"count": len(rows)})
    ]


def test_made_again_it_replaces_rows_and_choices(officer, request_):
    first = made_sheet(request_, officer)
    sheets.choose_proposed(request=request_, actor=officer, at=LATER)
    second = made_sheet(request_, officer)
    assert {row.pk for row in first}.isdisjoint(row.pk for row in second)
    assert set(request_.items.values_list("chosen", flat=True)) == {""}


def test_unverified_is_impossible_by_service_and_by_database(officer, past):
    request = make_request(past.property, state=State.VERIFYING, stay=past)
    with pytest.raises(NotVerified):
        made_sheet(request, officer)
    with pytest.raises(IntegrityError, match="request_runs_verified_only"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(state=State.IN_REVIEW)


def test_who_does_not_decide_here_makes_no_sheet(clerk, manager, stranger, request_):
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            made_sheet(request_, person)


@pytest.mark.parametrize("state", [State.AWAITING_SECOND, State.EXECUTING, State.CLOSED])
def test_a_decided_request_gets_no_other_sheet(officer, past, state):
    with pytest.raises(WrongState):
        made_sheet(make_request(past.property, state=state, stay=past), officer)


def test_as_many_queries_for_twenty_stays_as_for_one(clerk, officer, room):
    counts = []
    for count in (1, 20):
        stays = stays_of_one_guest(clerk, RoomFactory(property=room.property), count)
        request = in_review(stays[0], at=LATER + timedelta(days=90))
        officer = type(officer).objects.get(pk=officer.pk)
        with CaptureQueriesContext(connection) as asked:
            rows = made_sheet(request, officer, LATER + timedelta(days=90))
        counts.append(len(asked))
    assert (counts[0], len(rows)) == (counts[1], 2 + 2 * 21)


# Choosing
