"""Purposes: which, for whom, with which case; and what a kept one serves."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from audit.services import Why
from stays import purposes, refusals, services
from stays.models import DeskCase
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    checked_in,
    companion,
    expected,
    lead,
    make_person,
    make_property,
    subjects_of,
)
from vault.models import Envelope

pytestmark = pytest.mark.django_db


def opened(actor, kind, stay=None):
    return services.open_desk_case(actor=actor, property=actor.kept_at, kind=kind, stay=stay, at=AT)


def disputed(actor, stay):
    return Why(purpose="dispute", ref=opened(actor, "dispute", stay).number)


def phone_of(guest):
    return Envelope.objects.get(subject=guest, category="contact").pk


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("front_desk", ["guest_service", "bill", "dispute", "safety", "authority"]),
        ("finance", ["bill", "dispute"]),
        ("privacy_officer", ["dispute", "safety", "authority", "investigation", "request"]),
        ("manager", []),
        ("administrator", []),
    ],
)
def test_roles_have_their_purposes(house, role, codes):
    assert [purpose.code for purpose in purposes.choices_for(make_person(house, role), house)] == codes


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [("dispute", "dispute"), ("dispute", "lost_property"), ("safety", "safety"), ("authority", "authority")],
)
def test_open_case_of_the_kind_is_accepted(clerk, house, purpose, kind):
    case = opened(clerk, kind)
    why = Why(purpose=purpose, ref=f" {case.number.lower()} ")
    assert purposes.require_purpose(actor=clerk, house=house, why=why) == Why(purpose=purpose, ref=case.number)


def test_missing_unknown_closed_wrong_and_foreign_cases_are_refused(clerk, house, stranger):
    closed = opened(clerk, "dispute")
    services.close_desk_case(actor=clerk, case=closed, at=AT)
    refs = ["", "C-999999", closed.number, opened(clerk, "safety").number, opened(stranger, "dispute").number]
    for ref in refs:
        with pytest.raises(refusals.PurposeRefused) as refused:
            purposes.require_purpose(actor=clerk, house=house, why=Why(purpose="dispute", ref=ref))
        assert refused.value.field == "purpose_ref"


def test_case_of_a_stay_opens_that_stay_and_its_guests(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion())
    facts = {"actor": clerk, "why": disputed(clerk, stay), "at": AT}
    assert services.open_stay(stay, **facts).stay == stay
    for guest in subjects_of(stay):
        assert services.open_history(subject=guest, property=house, **facts).subject == guest
    assert services.open_bill(stay, **facts).lines == ()
    services.look_before_deed(stay, **facts)


def test_case_of_a_stay_opens_no_other_stay_and_names_the_fix(clerk, house, room):
    stay, other = checked_in(clerk, room), checked_in(clerk, RoomFactory(property=house), lead(2))
    facts = {"actor": clerk, "why": disputed(clerk, stay), "at": AT}
    looks = [
        lambda: services.open_stay(other, **facts),
        lambda: services.open_history(subject=subjects_of(other)[0], property=house, **facts),
        lambda: services.open_bill(other, **facts),
        lambda: services.look_before_deed(other, **facts),
        lambda: services.print_card(other, stepped_up=True, **facts),
        lambda: services.reveal_field(
            envelope=phone_of(subjects_of(other)[0]), field="phone", stepped_up=True, **facts
        ),
        lambda: services.list_stays(property=house, which="in_house", **facts),
        lambda: services.find_stays(property=house, term_text="欧阳", **facts),
    ]
    case = f"Case {facts['why'].ref} is about stay {stay.reference} only"
    for look in looks:
        with override("en"), pytest.raises(refusals.PurposeRefused, match=case):
            look()


def test_case_of_a_stay_serves_its_guest_but_not_their_other_stays(clerk, house, room):
    stay = services.check_out_guest(actor=clerk, stay=checked_in(clerk, room), at=AT)
    again = checked_in(clerk, RoomFactory(property=house))
    facts = {"actor": clerk, "why": disputed(clerk, stay), "stepped_up": True, "at": AT}
    guest = subjects_of(stay)[0]
    assert subjects_of(again) == [guest]
    assert services.reveal_field(envelope=phone_of(guest), field="phone", **facts).plain == "13900001234"
    register = Envelope.objects.get(subject=guest, belongs_to=again.pk, category="register").pk
    with pytest.raises(refusals.PurposeRefused):
        services.reveal_field(envelope=register, field="document_number", **facts)


def test_stay_named_must_be_one_the_person_sees(clerk, house, stranger):
    own, other = expected(clerk, house), expected(stranger, stranger.kept_at)
    why = Why(purpose="bill", ref=own.reference)
    assert purposes.require_purpose(actor=clerk, house=house, why=why) == why
    with pytest.raises(refusals.PurposeRefused):
        purposes.require_purpose(actor=clerk, house=house, why=Why(purpose="bill", ref=other.reference))


def test_kept_purpose_serves_who_is_due_or_in_house_here(clerk, house, room):
    staying = checked_in(clerk, room)
    due = expected(clerk, house, arrival_on=TODAY + timedelta(days=1))
    later = expected(clerk, house, arrival_on=TODAY + timedelta(days=2), departure_on=TODAY + timedelta(days=4))
    gone = services.check_out_guest(actor=clerk, stay=checked_in(clerk, RoomFactory(property=house), lead(2)), at=AT)
    served = [purposes.kept_serves(stay, house, AT) for stay in (staying, due, later, gone)]
    assert served == [True, True, False, False]
    assert purposes.kept_serves(staying, make_property(), AT) is False


def test_every_kind_of_case_serves_a_purpose():
    named = {kind for purpose in purposes.PURPOSES.values() for kind in purpose.cases}
    assert named == set(DeskCase.Kind.values)
