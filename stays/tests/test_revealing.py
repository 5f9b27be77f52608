"""Revealing a field: who may, for what, with which proof; and the card that prints identity."""

from datetime import timedelta

import pytest

from audit.services import SYSTEM, Why
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Stay
from stays.tests.factories import (
    AT,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    document,
    expected,
    lead,
    make_person,
    row,
    subjects_of,
)
from vault.models import Envelope
from vault.services import erase_envelopes

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
BILL = Why(purpose="bill")
SOON, LATER = AT + timedelta(minutes=10), AT + timedelta(hours=3)


@pytest.fixture
def stay(clerk, room):
    return checked_in(clerk, room)


def envelope_of(stay, category):
    subject = subjects_of(stay)[0]
    return Envelope.objects.get(subject=subject, category=category).pk


def reveal(actor, stay, category, field, *, why=WHY, stepped_up=False, at=LATER):
    envelope = envelope_of(stay, category)
    return services.reveal_field(actor=actor, envelope=envelope, field=field, why=why, stepped_up=stepped_up, at=at)


def test_contact_is_shown_for_a_purpose(clerk, house, stay):
    assert reveal(clerk, stay, "contact", "phone").plain == "13900001234"
    assert row("guest.revealed") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        fields=["phone"],
        explained_by=row("guest.revealed")["explained_by"],
    )


def test_identity_needs_no_step_up_at_check_in_and_does_later(clerk, stay):
    assert reveal(clerk, stay, "register", "document_number", at=SOON).plain == document().document_number
    with pytest.raises(refusals.StepUpMissing):
        reveal(clerk, stay, "register", "document_number")
    assert reveal(clerk, stay, "register", "document_number", stepped_up=True).plain == document().document_number


def test_payment_is_for_finance_with_step_up(clerk, house, stay):
    finance = make_person(house, "finance")
    assert reveal(finance, stay, "payment", "card_last4", why=BILL, stepped_up=True).plain == "4242"
    for person, stepped_up in ((finance, False), (clerk, True)):
        with pytest.raises(refusals.RevealRefused):
            reveal(person, stay, "payment", "card_last4", why=BILL, stepped_up=stepped_up)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("front_desk", {"contact": "purpose", "register": "step_up", "payment": ""}),
        ("finance", {"contact": "purpose", "register": "", "payment": "step_up"}),
        ("privacy_officer", {"contact": "purpose", "register": "step_up", "payment": "step_up"}),
        ("second_approver", {"contact": "purpose", "register": "step_up", "payment": ""}),
    ],
)
def test_grades_are_those_of_the_table_of_roles(house, stay, role, may):
    person = make_person(house, role)
    fields = {"contact": "phone", "register": "document_number", "payment": "card_last4"}
    found = {
        category: services.sealed_visible_to(person, envelope_of(stay, category), field, at=LATER).grade
        for category, field in fields.items()
    }
    assert found == may


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_who_sees_no_guest_finds_no_envelope(house, stay, role):
    person = make_person(house, role)
    assert services.sealed_visible_to(person, envelope_of(stay, "contact"), "phone", at=LATER) is None


def test_other_house_and_unknown_field_are_not_found(clerk, stay, stranger):
    for person, field in ((stranger, "phone"), (clerk, "document_number"), (clerk, "salt")):
        with pytest.raises(refusals.GuestGone):
            reveal(person, stay, "contact", field)


def test_purpose_is_needed(clerk, stay):
    for why in (Why(), Why(purpose="curiosity"), Why(purpose="investigation", ref="C-000001")):
        with pytest.raises(refusals.PurposeRefused):
            reveal(clerk, stay, "contact", "phone", why=why)


def test_erased_field_is_gone(clerk, stay):
    envelope = envelope_of(stay, "contact")
    erase_envelopes([envelope], reason="test", who=SYSTEM)
    with pytest.raises(refusals.GuestGone):
        services.reveal_field(actor=clerk, envelope=envelope, field="phone", why=WHY, stepped_up=False, at=LATER)


def test_restricted_stay_reveals_nothing_to_the_desk(clerk, stay):
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    with pytest.raises(refusals.GuestGone):
        reveal(clerk, stay, "contact", "phone")


def test_card_prints_the_register_of_everybody(clerk, house):
    stay = checked_in(clerk, RoomFactory(property=house), lead(), companion())
    card = services.print_card(stay, actor=clerk, why=WHY, stepped_up=False, at=SOON)
    assert [person["name"].plain for person in card.occupants] == ["欧阳海棠", "单雨桐"]
    assert card.occupants[0]["document_number"].plain == document().document_number
    assert sorted(row("card.printed")["subjects"]) == sorted(subjects_of(stay))


def test_card_later_needs_step_up_and_the_desk(clerk, house, stay):
    with pytest.raises(refusals.StepUpMissing):
        services.print_card(stay, actor=clerk, why=WHY, stepped_up=False, at=LATER)
    with pytest.raises(NotAllowed):
        services.print_card(stay, actor=make_person(house, "privacy_officer"), why=WHY, stepped_up=True, at=LATER)


def test_contact_of_a_guest_is_seen_through_a_stay_here(clerk, house, stranger):
    stay = expected(clerk, house)
    envelope = envelope_of(stay, "contact")
    assert services.sealed_visible_to(clerk, envelope, "phone", at=AT).stay == stay
    assert services.sealed_visible_to(stranger, envelope, "phone", at=AT) is None
