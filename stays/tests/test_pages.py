"""The stay's page, the guest's history, recognition by document."""

from datetime import date, timedelta

import pytest

from audit.services import Why
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
    guest,
    lead,
    make_person,
    row,
    subjects_of,
)
from stays.typed import PaymentData

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
DAY = timedelta(days=1)


def left(clerk, room, sequence=1, *, days=30, **facts):
    """A stay that ended before the month."""
    then = AT - timedelta(days=days)
    stay = checked_in(
        clerk, room, lead(sequence, **facts), at=then, arrival_on=then.date(), departure_on=then.date() + DAY
    )
    return services.check_out_guest(actor=clerk, stay=stay, at=then + DAY)


def test_page_shows_everything_masked(clerk, room):
    payment = PaymentData(method="card", payer="欧阳海棠", card_last4="4242")
    stay = checked_in(clerk, room, lead(), companion(), payment=payment, special_request="高楼层")
    page = services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    first = page.occupants[0]
    assert (first.name.plain, str(first.name)) == ("欧阳海棠", "欧**棠")
    assert {sealed.name: str(sealed.value) for sealed in first.identity}["document_number"] == (
        f"·· {document().document_number[-4:]}"
    )
    assert [(sealed.name, str(sealed.value), sealed.reveal) for sealed in first.contact] == [
        ("phone", "·· 1234", "purpose")
    ]
    assert [(sealed.name, sealed.reveal) for sealed in page.payment] == [("method", "")]
    assert [note.text.plain for note in page.notes] == ["高楼层"]
    assert (page.rooms, page.may) == ((room,), {"check_out", "reverse", "move", "extend", "note", "mark"})


def test_page_is_one_exact_row(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion())
    services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    event = row("stay.viewed")
    assert sorted(event.pop("subjects")) == sorted(subjects_of(stay))
    plain = as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="stay",
        object_ref=stay.reference,
        fields=["name", "latin_name", "phone_tail", "document_tail"],
    )
    plain.pop("subjects")
    assert event == plain | {"explained_by": event["explained_by"]}


def test_page_takes_the_same_statements_for_one_and_for_many(clerk, house, django_assert_num_queries):
    for number, people in enumerate((1, 12)):
        room = RoomFactory(property=house, capacity=20)
        party = (lead(100 * number), *(companion(100 * number + each) for each in range(1, people)))
        stay = Stay.objects.select_related("property").get(pk=checked_in(clerk, room, *party).pk)
        with django_assert_num_queries(10):  # a savepoint and its release among them
            services.open_stay(stay, actor=clerk, why=WHY, at=AT)


def test_finance_may_not_see_identity_but_may_step_up_for_payment(clerk, house, room):
    stay = checked_in(clerk, room)
    page = services.open_stay(stay, actor=make_person(house, "finance"), why=Why(purpose="bill"), at=AT)
    assert {sealed.reveal for sealed in page.occupants[0].identity} == {""}
    assert {sealed.reveal for sealed in page.payment} == {"step_up"}
    assert page.may == frozenset()


def test_guardian_stands_on_the_page(clerk, room):
    minor = lead(birth_date=date(2015, 3, 1))
    stay = checked_in(clerk, room, minor, guardian=guest("欧阳守拙", "13900005678"))
    page = services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    assert [(sealed.name, str(sealed.value)) for sealed in page.guardian] == [("name", "欧**拙"), ("phone", "·· 5678")]


def test_page_is_not_for_managers(clerk, house, room):
    with pytest.raises(NotAllowed):
        services.open_stay(checked_in(clerk, room), actor=make_person(house, "manager"), why=WHY, at=AT)


def test_history_shows_the_guests_stays_newest_first(clerk, house):
    older, newer = (left(clerk, RoomFactory(property=house), days=days) for days in (90, 20))
    page = services.open_history(subject=subjects_of(newer)[0], actor=clerk, property=house, why=WHY, at=AT)
    assert [each.stay for each in page.stays] == [newer, older]
    assert (page.name.plain, [sealed.name for sealed in page.contact]) == ("欧阳海棠", ["phone"])
    assert row("guest.history_viewed")["detail"] == {"count": 2}


def test_history_shows_no_other_house(clerk, room, stranger):
    stay = checked_in(clerk, room)
    with pytest.raises(refusals.GuestGone):
        services.open_history(subject=subjects_of(stay)[0], actor=stranger, property=stranger.kept_at, why=WHY, at=AT)


def test_returning_guest_is_recognised_by_document(clerk, house, room):
    stay = left(clerk, room)
    known = services.recognise_guest(
        actor=clerk, property=house, document_type="resident_id", number=document().document_number, at=AT
    )
    assert known is not None
    assert (known.subject, known.name.plain, str(known.phone), known.stays_count) == (
        subjects_of(stay)[0], "欧阳海棠", "·· 1234", 1,
    )  # fmt: skip
    assert row("guest.recognised")["subjects"] == subjects_of(stay)


def test_unknown_document_is_a_row_too(clerk, house):
    found = services.recognise_guest(actor=clerk, property=house, document_type="passport", number="ZZ1", at=AT)
    assert (found, row("guest.not_recognised")["subjects"]) == (None, [])


def test_restricted_guest_is_not_recognised(clerk, house, room):
    stay = left(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    number = document().document_number
    assert services.recognise_guest(
        actor=clerk, property=house, document_type="resident_id", number=number, at=AT
    ) is None  # fmt: skip
