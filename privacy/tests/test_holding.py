"""Holds: who places, approves and releases, when they hold, and that a confidential one leaves no trace."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from privacy import actions
from privacy.models import Hold, Step
from privacy.refusals import (
    AuthorityMissing,
    DocumentMissing,
    DocumentUnneeded,
    HoldAboutNothing,
    HoldEnded,
    HoldNotAsked,
    HoldNotWaiting,
    HoldReasonUnfit,
    HoldTooLong,
    OfficersMissing,
    ReviewTooLate,
    SamePerson,
    UnknownReason,
)
from privacy.services import holding
from privacy.services.holding import About
from privacy.tests.factories import AT, make_person, subjects_of
from staff.permissions import NotAllowed
from stays.refusals import NotInFreeText
from vault import services as vault
from vault.models import Envelope, Subject

pytestmark = pytest.mark.django_db

REVIEW = date(2026, 6, 1)
UNTIL = AT + timedelta(days=90)
OF_AUTHORITY = {"reason": "freeze_notice", "authority": "浦东分局", "document_number": "沪公(2026)第 0815 号"}


def place(actor, stay, **facts):
    """An internal hold on the stay for 90 days, or the authority's freeze of it."""
    plain = {"property": stay.property, "kind": "internal", "reason": "dispute", "review_on": REVIEW}
    plain |= {"about": About(stay=stay)}
    plain |= OF_AUTHORITY if facts.get("kind") == "authority" else {"until": UNTIL}
    return holding.place_hold(actor=actor, at=AT, **(plain | facts))


def rows():
    """What the log says of holds, and nothing else of them."""
    told = Event.objects.filter(action__startswith="hold.").order_by("id")
    for row in told:
        kind = "secret_hold" if row.object_ref.startswith("HC-") else "hold"
        assert (row.subjects, row.fields, row.detail, row.purpose_ref, row.object_type) == ([], [], {}, "", kind)
    return [(row.action, row.actor, row.object_ref, row.outcome) for row in told]


def in_force(at=AT):
    return list(Hold.objects.in_force(at))


def test_an_internal_hold_holds_once_another_approved_it(officer, approver, stay):
    hold = place(officer, stay)
    assert in_force() == []
    holding.approve_hold(hold=hold, actor=approver, at=AT)
    assert (in_force(), in_force(UNTIL)) == ([hold], [])
    assert rows() == [
        (actions.HOLD_PLACED, officer.pk, hold.number, "ok"),
        (actions.HOLD_APPROVED, approver.pk, hold.number, "ok"),
    ]


def test_an_authoritys_hold_holds_at_once_and_without_an_end(officer, approver, stay):
    hold = place(officer, stay, kind="authority", until=None)
    assert in_force(AT + timedelta(days=9999)) == [hold]
    with pytest.raises(HoldNotWaiting):
        holding.approve_hold(hold=hold, actor=approver, at=AT)


def test_the_documents_number_is_sealed_apart_from_the_guest(officer, stay):
    hold = place(officer, stay, kind="authority", until=None)
    sealed = Envelope.objects.select_related("subject").get(pk=hold.envelope)
    assert (sealed.subject.kind, sealed.belongs_to) == (Subject.Kind.REQUESTER, None)
    with transaction.atomic():
        assert vault.open_for_deed([hold.envelope])[hold.envelope].text.plain == "沪公(2026)第 0815 号"
    assert hold.envelope not in Envelope.objects.filter(subject__in=subjects_of(stay)).values_list("pk", flat=True)


def test_a_hold_may_be_on_a_guest_alone(officer, stay):
    subject = Subject.objects.get(pk=subjects_of(stay)[0])
    assert place(officer, stay, about=About(subject=subject)).subject == subject


def test_release_takes_two_and_ends_it(officer, approver, stay):
    hold = place(officer, stay, kind="authority", until=None)
    with pytest.raises(HoldNotAsked):
        holding.release_hold(hold=hold, actor=approver, at=AT)
    holding.ask_release(hold=hold, actor=approver, at=AT)
    with pytest.raises(SamePerson):
        holding.release_hold(hold=hold, actor=approver, at=AT)
    later = AT + timedelta(days=1)
    released = holding.release_hold(hold=hold, actor=officer, at=later)
    assert (released.released_by, released.released_at, in_force(), in_force(later)) == (officer, later, [hold], [])
    assert [row[0] for row in rows()] == [actions.HOLD_PLACED, actions.HOLD_RELEASE_ASKED, actions.HOLD_RELEASED]


@pytest.mark.parametrize("deed", [holding.approve_hold, holding.ask_release, holding.release_hold])
def test_nothing_is_done_to_a_hold_that_has_ended(officer, approver, stay, deed):
    hold = holding.approve_hold(hold=place(officer, stay), actor=approver, at=AT)
    with pytest.raises(HoldEnded):
        deed(hold=hold, actor=approver, at=UNTIL)
    holding.ask_release(hold=hold, actor=officer, at=AT)
    holding.release_hold(hold=hold, actor=approver, at=AT)
    with pytest.raises(HoldEnded):
        deed(hold=hold, actor=approver, at=AT + timedelta(days=1))


def test_nobody_approves_their_own_hold(officer, stay):
    hold = place(officer, stay)
    with pytest.raises(SamePerson):
        holding.approve_hold(hold=hold, actor=officer, at=AT)
    with pytest.raises(IntegrityError, match="hold_approver_is_another"), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(approved_by=officer, approved_at=AT)


def test_nobody_approves_twice(officer, approver, stay):
    hold = holding.approve_hold(hold=place(officer, stay), actor=approver, at=AT)
    with pytest.raises(HoldNotWaiting):
        holding.approve_hold(hold=hold, actor=approver, at=AT)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"about": About()}, HoldAboutNothing),
        ({"reason": "curiosity"}, UnknownReason),
        ({"reason": "court_order"}, HoldReasonUnfit),
        ({"kind": "authority", "reason": "dispute"}, HoldReasonUnfit),
        ({"until": None}, HoldTooLong),
        ({"until": AT}, HoldTooLong),
        ({"until": AT + timedelta(days=181)}, HoldTooLong),
        ({"review_on": date(2026, 5, 12)}, ReviewTooLate),
        ({"review_on": date(2026, 9, 1)}, ReviewTooLate),
        ({"kind": "authority", "document_number": ""}, DocumentMissing),
        ({"kind": "authority", "document_number": "x" * 81}, DocumentMissing),
        ({"kind": "authority", "authority": ""}, AuthorityMissing),
        ({"kind": "authority", "authority": "x" * 81}, AuthorityMissing),
        ({"kind": "authority", "authority": "王警官 13800001111"}, NotInFreeText),
        ({"authority": "浦东分局"}, DocumentUnneeded),
        ({"document_number": "1"}, DocumentUnneeded),
        ({"confidential": True}, OfficersMissing),
    ],
)
def test_an_unsound_hold_is_refused(officer, stay, facts, refusal):
    with pytest.raises(refusal):
        place(officer, stay, **facts)
    assert (Hold.objects.count(), rows()) == (0, [])


def test_180_days_are_allowed(officer, stay):
    assert place(officer, stay, until=AT + timedelta(days=180)).until == AT + timedelta(days=180)


def test_who_does_not_decide_here_places_and_ends_nothing(clerk, manager, stranger, officer, stay):
    hold = place(officer, stay)
    for person in (clerk, manager, stranger):
        for deed in (holding.approve_hold, holding.ask_release, holding.release_hold):
            with pytest.raises(NotAllowed):
                deed(hold=hold, actor=person, at=AT)
        with pytest.raises(NotAllowed):
            place(person, stay)


# Confidential


def test_a_confidential_hold_is_its_officers_alone(officer, approver, house, stay):
    outsider = make_person(house, "privacy_officer")
    hold = place(officer, stay, confidential=True, officers=[approver])
    seen = {person.pk: Hold.objects.visible_to(person).exists() for person in (officer, approver, outsider)}
    assert seen == {officer.pk: True, approver.pk: True, outsider.pk: False}
    for deed in (holding.approve_hold, holding.ask_release, holding.release_hold):
        with pytest.raises(NotAllowed):
            deed(hold=hold, actor=outsider, at=AT)
    holding.approve_hold(hold=hold, actor=approver, at=AT)
    assert in_force() == [hold]


def test_its_officers_decide_here_and_are_not_only_who_places_it(clerk, stranger, officer, stay):
    for officers in ([], [officer], [clerk], [stranger], [clerk, stranger]):
        with pytest.raises(OfficersMissing):
            place(officer, stay, confidential=True, officers=officers)


def test_it_leaves_no_trace_on_guest_stay_or_timeline(officer, approver, stay):
    before = Event.objects.about_subjects(subjects_of(stay)).count()
    about_stay = Event.objects.about("stay", stay.reference).count()
    hold = place(officer, stay, kind="authority", until=None, confidential=True, officers=[approver])
    assert Event.objects.about_subjects(subjects_of(stay)).count() == before
    assert Event.objects.about("stay", stay.reference).count() == about_stay
    assert Step.objects.count() == 0
    assert rows() == [(actions.HOLD_PLACED, officer.pk, hold.number, "ok")]


def test_a_refusal_names_the_refusal_and_never_the_confidential_hold(officer, approver, house, stay):
    hold = place(officer, stay, confidential=True, officers=[approver])
    outsider = make_person(house, "privacy_officer")
    with pytest.raises(NotAllowed) as refused:
        holding.ask_release(hold=hold, actor=outsider, at=AT)
    assert (refused.value.object_type, refused.value.object_ref) == ("right", "decide_request")
