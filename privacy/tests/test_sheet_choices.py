"""Choosing on the decision sheet: as proposed, otherwise with a reason, never against the law."""

from datetime import date

import pytest

from privacy import actions
from privacy.models import Item, Request
from privacy.refusals import ItemSettled, OverrideUnexplained, WrongState
from privacy.services import sheets
from privacy.tests.factories import (
    State,
    companion,
    expected,
    lead,
    make_hold,
    subjects_of,
)
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    a_past_stay,
    in_review,
    item_of,
    log_row,
    log_rows,
    made_sheet,
    outcomes,
)
from staff.permissions import NotAllowed
from vault.models import Envelope

pytestmark = pytest.mark.django_db


def choose(item, officer, chosen, **facts):
    return sheets.choose_item(item=item, actor=officer, chosen=chosen, at=LATER, **facts)


def test_a_choice_as_proposed_needs_no_reason_and_is_one_exact_row(officer, request_):
    row = choose(item_of(made_sheet(request_, officer), "name"), officer, "erase")
    assert (row.chosen, row.override_reason) == ("erase", "")
    assert log_rows(actions.ITEM_CHOSEN) == [
        log_row(actions.ITEM_CHOSEN, officer, request_, detail={"item": row.pk, "category": "name", "chosen": "erase"})
    ]


def test_another_choice_needs_a_known_reason(officer, request_):
    row = item_of(made_sheet(request_, officer), "note")
    for reason in ("", "because"):
        with pytest.raises(OverrideUnexplained):
            choose(row, officer, "restrict", reason=reason)
    kept = choose(row, officer, "restrict", reason="needed_for_claim", until=date(2026, 12, 31))
    assert (kept.chosen, kept.override_reason) == ("restrict", "needed_for_claim")
    assert row.request.property.local(kept.until).date() == date(2026, 12, 31)
    assert log_rows(actions.ITEM_CHOSEN)[0]["detail"] == {
        "item": row.pk, "category": "note", "chosen": "restrict", "reason": "needed_for_claim",
    }  # fmt: skip


def test_back_to_the_proposal_the_day_is_the_rules_again(officer, house, request_):
    row = item_of(made_sheet(request_, officer), "register")
    assert choose(row, officer, "keep", reason="still_in_use").until is None
    assert house.local(choose(row, officer, "restrict").until).date() == date(2029, 5, 14)


def test_a_restriction_does_not_end_in_the_past(officer, request_):
    with pytest.raises(sheets.EndIsPast):
        choose(
            item_of(made_sheet(request_, officer), "note"),
            officer,
            "restrict",
            reason="guest_agrees",
            until=LATER.date(),
        )


def test_counsel_may_clear_a_lower_rule_but_nobody_the_law(officer, request_):
    rows = made_sheet(request_, officer)
    assert choose(item_of(rows, "register"), officer, "erase", reason="counsel_advised").chosen == "erase"
    with pytest.raises(sheets.ChoiceNotAllowed):
        choose(item_of(rows, "payment"), officer, "erase", reason="counsel_advised")


def test_no_reason_erases_what_a_hold_keeps_also_an_unseen_one(officer, approver, past, request_):
    rows = made_sheet(request_, officer)
    hold = make_hold(past.property, placed_by=approver, kind="authority", stay=past, confidential=True, at=LATER)
    hold.officers.add(approver)
    with pytest.raises(sheets.ChoiceNotAllowed):
        choose(item_of(rows, "register"), officer, "erase", reason="counsel_advised")


def test_what_also_holds_another_is_never_erased_as_a_whole(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion())
    rows = sheets.make_sheet(request=in_review(stay), actor=officer, at=BILL_OVER)
    with pytest.raises(sheets.ChoiceNotAllowed):
        sheets.choose_item(
            item=item_of(rows, "register"), actor=officer, chosen="erase", reason="guest_agrees", at=BILL_OVER
        )


def test_nobody_erases_where_only_restriction_was_asked(officer, past):
    rows = made_sheet(in_review(past, kind="restriction"), officer)
    with pytest.raises(sheets.ChoiceNotAllowed):
        choose(item_of(rows, "name"), officer, "erase", reason="guest_agrees")


def test_choosing_is_refused_to_others_and_out_of_review(clerk, stranger, officer, request_):
    row = item_of(made_sheet(request_, officer), "name")
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            choose(row, person, "erase")
    with pytest.raises(ValueError, match="no such outcome"):
        choose(row, officer, "burn")
    Item.objects.filter(pk=row.pk).update(chosen="erase", done_at=LATER)
    with pytest.raises(ItemSettled):
        choose(row, officer, "erase")
    Request.objects.filter(pk=request_.pk).update(state=State.CLOSED, result="withdrawn", closed_at=LATER)
    with pytest.raises(WrongState):
        choose(row, officer, "erase")


def test_all_proposals_at_once_leave_what_is_chosen(officer, request_):
    rows = made_sheet(request_, officer)
    choose(item_of(rows, "note"), officer, "keep", reason="still_in_use")
    assert sheets.choose_proposed(request=request_, actor=officer, at=LATER) == len(rows) - 1
    assert dict(request_.items.values_list("category", "chosen")) == {
        "name": "erase", "contact": "erase", "register": "restrict", "payment": "restrict", "note": "keep",
    }  # fmt: skip
    assert sheets.choose_proposed(request=request_, actor=officer, at=LATER) == 0
    assert [row["detail"] for row in log_rows(actions.ITEM_CHOSEN)][1:] == [{"count": 4, "chosen": "proposed"}]


def test_a_stay_that_came_to_nothing_keeps_only_what_it_sealed(clerk, officer, house):
    stay = expected(clerk, house)
    desk_stay = type(stay).objects.filter(pk=stay.pk)
    desk_stay.update(status="cancelled")
    assert outcomes(made_sheet(in_review(stay), officer)) == {"name": "erase", "contact": "erase"}
    assert Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True).count() == 2
