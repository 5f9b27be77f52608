"""Checking in: what is written and what is sealed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from audit.models import Event
from stays import services
from stays.models import Figure, Note, Registration, ReviewTick, RoomUse
from stays.tests.factories import (
    AT,
    TODAY,
    NoticeFactory,
    ReviewRuleFactory,
    RoomFactory,
    arrival,
    as_row,
    basics_of,
    checked_in,
    companion,
    contents_of,
    document,
    expected,
    guest,
    lead,
    row,
    subjects_of,
)
from stays.typed import OccupantData, PaymentData
from vault.models import Envelope, Subject
from vault.services import UNTIL_LIFTED

pytestmark = pytest.mark.django_db

MINOR = {"birth_date": date(2015, 3, 1)}
PASSPORT = {"document_type": "passport", "document_number": "ZZ1234567", "nationality": "GBR", "region": ""}
REGISTER_FIELDS = [
    "address", "birth_date", "card_last4", "document_number", "document_type", "email", "latin_name", "method",
    "name", "nationality", "payer", "phone", "region", "sex",
]  # fmt: skip


def test_walk_in_writes_the_stay_and_its_party(clerk, room):
    notice = NoticeFactory()
    stay = checked_in(clerk, room, lead(), companion(), notice=notice)
    stay.refresh_from_db()
    assert (stay.status, stay.origin, stay.arrived_at, stay.party_size) == ("in_house", "walk_in", AT, 2)
    party = stay.occupants.values_list("role", "position", "came_at", "left_at", "notice", "notice_shown_at")
    assert list(party) == [("lead", 1, AT, None, notice.pk, AT), ("companion", 2, AT, None, notice.pk, AT)]
    use = stay.room_uses.get()
    assert (use.room, use.state, use.during.lower) == (room, "in_house", AT)
    assert use.during.upper == AT.replace(day=14, hour=4)  # noon in Shanghai two days later


def test_walk_in_seals_register_and_payment_for_the_stay(clerk, room):
    stay = checked_in(clerk, room, lead(), companion())
    sealed = contents_of(stay)
    assert {category: len(contents) for category, contents in sealed.items()} == {"register": 2, "payment": 1}
    assert sealed["register"][0] == {
        "document_type": "resident_id",
        "document_number": document().document_number,
        "nationality": "CHN",
        "birth_date": "1988-02-14",
        "sex": "F",
        "expires_on": "",
        "region": "11",
        "name": "欧阳海棠",
        "latin_name": "",
    }
    assert basics_of(subjects_of(stay)[0]) == {"name": "欧阳海棠", "phone": "13900001234"}


def test_check_in_is_one_exact_row(clerk, house, room):
    lead_with_mail = OccupantData(
        guest(latin_name="Ouyang Haitang", email="h@example.com", address="青石巷 7 号"), document()
    )
    stay = checked_in(clerk, room, lead_with_mail, companion())
    assert row("guest.checked_in") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        fields=REGISTER_FIELDS,
        detail={"people": 2, "returning": 0, "notice": 0, "origin": "walk_in"},
    )


def test_reports_are_due_by_their_kind(clerk, room):
    checked_in(clerk, room, lead(), companion(name="Imogen", **PASSPORT))
    found = Registration.objects.order_by("occupant__position").values_list("kind", "state", "due_at")
    assert list(found) == [
        ("domestic", "pending", AT + timedelta(hours=1)),
        ("overseas", "pending", AT + timedelta(hours=24)),
    ]


def test_deposit_is_a_settled_line_with_its_payment(clerk, room):
    payment = PaymentData(method="cash", payer="欧阳海棠", deposit=Decimal("500.00"))
    stay = checked_in(clerk, room, payment=payment)
    line = stay.bill_lines.get()
    assert (line.kind, line.amount, line.currency, line.settled_at) == ("deposit", Decimal("500.00"), "CNY", AT)
    assert Envelope.objects.get(pk=line.payment_envelope_id).belongs_to == stay.pk


def test_expected_stay_keeps_its_lead_and_changes_rooms_by_rows(clerk, house, room):
    other = RoomFactory(property=house)
    stay = expected(clerk, house, room=room)
    subject = subjects_of(stay)[0]
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=arrival(other), at=AT)
    assert subjects_of(stay) == [subject]
    assert list(stay.room_uses.values_list("room", "state")) == [(room.pk, "undone"), (other.pk, "in_house")]


def test_returning_guest_is_the_same_subject(clerk, house, room):
    first = checked_in(clerk, room)
    again = checked_in(clerk, RoomFactory(property=house), lead(guest=guest(phone="")))
    assert subjects_of(again) == subjects_of(first)
    assert basics_of(subjects_of(again)[0]) == {"name": "欧阳海棠", "phone": "13900001234"}
    details = Event.objects.filter(action="guest.checked_in").order_by("id").values_list("detail__returning", flat=True)
    assert list(details) == [0, 1]


def test_changed_contact_of_a_returning_guest_is_sealed_anew(clerk, house, room):
    first = checked_in(clerk, room)
    checked_in(clerk, RoomFactory(property=house), lead(guest=guest(phone="13900009999")))
    assert basics_of(subjects_of(first)[0])["phone"] == "13900009999"
    assert Envelope.objects.filter(category="contact", erased_at__isnull=True).count() == 1


def test_booked_guest_recognised_leaves_no_second_copy_in_sight(clerk, house, room):
    known = subjects_of(checked_in(clerk, room))
    stay = expected(clerk, house)
    booked = subjects_of(stay)
    typed = arrival(RoomFactory(property=house))
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=typed, at=AT)
    assert subjects_of(stay) == known != booked
    copies = Envelope.objects.filter(subject__in=booked).values_list("category", "restricted_until", "erased_at")
    assert set(copies) == {(category, UNTIL_LIFTED, None) for category in ("name", "contact")}
    assert basics_of(booked[0]) == {}


def book_known_guest(clerk, house, room):
    known = subjects_of(checked_in(clerk, room, lead()))[0]
    stay = expected(clerk, house)
    stay.occupants.update(subject=known)
    return stay, known


def arrive(clerk, house, stay, person):
    typed = arrival(RoomFactory(property=house), person)
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=typed, at=AT)


def test_booked_known_guest_may_show_another_document(clerk, house, room):
    stay, known = book_known_guest(clerk, house, room)
    other = replace(lead(), guest=guest(phone=""), document=document(5))
    arrive(clerk, house, stay, other)
    assert subjects_of(stay) == [known]
    assert basics_of(known)["phone"] == "13900001234"


def test_somebody_else_in_place_of_a_booked_known_guest_is_somebody_else(clerk, house, room):
    stay, known = book_known_guest(clerk, house, room)
    other = replace(lead(), guest=guest("单雨桐", phone="13900009999"), document=document(5))
    arrive(clerk, house, stay, other)
    party = list(stay.occupants.order_by("position", "pk").values_list("role", "came_at"))
    assert party == [("companion", None), ("lead", AT)]
    assert stay.occupants.get(role="companion").subject_id == known
    assert basics_of(known)["phone"] == "13900001234"


def test_manual_and_automatic_lines_are_ticked(clerk, room):
    ReviewRuleFactory(code="document_seen")
    ReviewRuleFactory(code="every_document", kind="automatic")
    stay = checked_in(clerk, room, ticked=frozenset({"document_seen"}))
    ticks = ReviewTick.objects.filter(stay=stay).order_by("rule__code").values_list("rule__code", "ticked_by", "at")
    assert list(ticks) == [("document_seen", clerk.pk, AT), ("every_document", None, AT)]


def test_guardian_of_a_minor_is_a_subject_of_their_own(clerk, room):
    stay = checked_in(clerk, room, lead(**MINOR), guardian=guest("欧阳守拙", "13900005678"))
    guardian = Subject.objects.get(kind="guardian")
    assert guardian.pk not in subjects_of(stay)
    assert contents_of(stay)["contact"] == [{"phone": "13900005678", "email": "", "address": ""}]


def test_day_room_ends_when_the_business_day_turns(clerk, room):
    stay = checked_in(clerk, room, departure_on=TODAY)
    assert stay.room_uses.get().during.upper == AT.replace(hour=22)  # 06:00 in Shanghai on the next day


def test_figures_count_without_persons(clerk, room):
    checked_in(clerk, room, lead(), companion(name="Imogen", **PASSPORT))
    counted = {(kind, key): count for kind, key, count in Figure.objects.values_list("kind", "key", "count")}
    assert counted == {
        ("arrivals", ""): 1,
        ("guests", ""): 2,
        ("sex", "F"): 2,
        ("region", "CN-11"): 1,
        ("region", "GBR"): 1,
        ("origin", "walk_in"): 1,
        ("length", "2"): 1,
    }


def test_special_request_is_sealed_and_owned(clerk, room):
    stay = checked_in(clerk, room, special_request="加一个枕头")
    assert [content["text"] for content in contents_of(stay)["note"]] == ["加一个枕头"]
    assert Note.objects.get(stay=stay).owner == clerk


def test_arrival_data_shows_nothing_personal(room):
    shown = repr(arrival(room, replace(lead(), known_subject=None), override_reason="秘密"))
    assert [word for word in ("欧阳海棠", "13900001234", document().document_number, "秘密") if word in shown] == []


def test_check_in_stays_within_its_statements(clerk, house, room, django_assert_max_num_queries):
    typed = arrival(room, lead(), companion())
    with django_assert_max_num_queries(46):
        services.check_in_guest(actor=clerk, property=house, stay=None, arrival=typed, at=AT)


def test_uses_of_one_room_are_rows(clerk, room):
    stay = checked_in(clerk, room)
    services.reverse_check_in(actor=clerk, stay=stay, reason="wrong_room", at=AT)
    assert list(RoomUse.objects.order_by("pk").values_list("state", flat=True)) == ["undone", "expected"]
