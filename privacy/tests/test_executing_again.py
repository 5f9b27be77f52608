"""Carrying a decision out after something has changed, twice, by the wrong people, or with a failure on the way."""

from datetime import timedelta

import pytest
from django.db import connection

from privacy.refusals import ItemSettled, NotVerified, WrongState
from privacy.services import deciding, executing, sheets
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import (
    State,
    checked_in,
    lead,
    make_hold,
    make_person,
    make_request,
    subjects_of,
)
from privacy.tests.sheets import (
    LATER,
    approved,
    decided,
    executed,
    live_of,
    with_preferences,
)
from staff.permissions import NotAllowed
from vault import keys

pytestmark = pytest.mark.django_db


def all_rows():
    """What the database holds in the tables a decision changes, as one text."""
    tables = (
        "vault_envelope", "keys.envelope_key", "search.subject_token", "erasure_ledger", "privacy_item",
        "privacy_request", "privacy_step", "privacy_task", "privacy_certificate", "privacy_recheck", "privacy_told",
        "stays_stay", "audit_event",
    )  # fmt: skip
    with connection.cursor() as cursor:
        counted = []
        for table in tables:
            row = "t.ref" if table == "audit_event" else "t"
            cursor.execute(f"SELECT {row}::text FROM {table} t ORDER BY 1")
            counted.append(cursor.fetchall())
    return counted


def test_a_hold_placed_after_the_decision_stops_it(officer, past, request_):
    request = approved(request_, officer)
    make_hold(past.property, placed_by=officer, kind="authority", stay=past, at=LATER)
    with pytest.raises(executing.SheetOutdated):
        executed(request, officer)
    assert set(live_of(subjects_of(past)[0]).values()) == {None}


def test_a_guest_who_has_come_again_is_not_erased_by_an_old_sheet(clerk, officer, room, request_):
    request = approved(request_, officer)
    checked_in(clerk, room, lead(), at=LATER, arrival_on=LATER.date(), departure_on=LATER.date() + timedelta(days=1))
    with pytest.raises(executing.SheetOutdated):
        executed(request, officer)


def test_what_was_recorded_since_has_to_be_decided_first(officer, past, request_):
    request = approved(request_, officer)
    with_preferences(past)
    with pytest.raises(executing.SheetOutdated):
        executed(request, officer)


def test_an_override_that_still_holds_is_carried_out(officer, past, request_):
    sheets.make_sheet(request=request_, actor=officer, at=LATER)
    register = request_.items.get(category="register")
    sheets.choose_item(item=register, actor=officer, chosen="erase", reason="counsel_advised", at=LATER)
    sheets.choose_proposed(request=request_, actor=officer, at=LATER)
    deciding.decide_request(request=request_, actor=officer, at=LATER)
    deciding.approve_decision(request=request_, actor=make_person(past.property, "second_approver"), at=LATER)
    executed(request_, officer)
    assert live_of(subjects_of(past)[0]) == {"payment": UNTIL_LIFTED}


def test_done_twice_it_is_refused_and_changes_nothing(officer, request_):
    request = approved(request_, officer)
    executed(request, officer)
    before = all_rows()
    with pytest.raises(ItemSettled):
        executed(request, officer)
    assert all_rows() == before


def test_wrong_role_house_state_kind_and_unverified(clerk, manager, stranger, officer, past, request_):
    with pytest.raises(WrongState):
        executed(decided(request_, officer), officer)
    deciding.approve_decision(request=request_, actor=make_person(past.property, "second_approver"), at=LATER)
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            executed(request_, person)
    with pytest.raises(NotVerified):
        executed(make_request(past.property, state=State.VERIFYING, stay=past), officer)
    with pytest.raises(sheets.NoSheet):
        executed(make_request(past.property, kind="access", state=State.EXECUTING, stay=past), officer)


def test_whatever_fails_on_the_way_nothing_has_happened(officer, past, request_, settings, tmp_path):
    """The key of certificates is lost: it is wanted after everything else and before the ledger."""
    request = approved(request_, officer)
    before, folder = all_rows(), settings.KEYS_DIR
    settings.KEYS_DIR = tmp_path
    keys.certificate_secret.cache_clear()
    try:
        with pytest.raises(keys.KeyUnknown):
            executed(request, officer)
    finally:
        settings.KEYS_DIR = folder
        keys.certificate_secret.cache_clear()
    assert all_rows() == before
    assert executed(request, officer) is not None
