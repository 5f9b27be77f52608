"""Guests who come again: after the purge took their stay out of sight, after they had their record locked away, and
with a booking by which nobody knew them."""

from datetime import datetime, timedelta
from typing import Final

import pytest
from psycopg2.extras import DateTimeTZRange

from audit import services as audit
from audit.models import Event
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import (
    AT,
    RoomFactory,
    basics_of,
    checked_in,
    document,
    expected,
    guest,
    lead,
    make_hold,
    subjects_of,
)
from privacy.tests.purges import COPY_OVER, gone_stay, purged
from staff.models import Person, Property
from stays import services
from stays.models import Room, Stay
from stays.tests.factories import ReviewRuleFactory, arrival
from vault import services as vault
from vault.models import Envelope

pytestmark = pytest.mark.django_db

AGAIN: Final = COPY_OVER + timedelta(days=2)


def come_again(clerk: Person, house: Property, at: datetime = AGAIN) -> Stay:
    """The guest of the first document walks in, with another phone."""
    day = house.today(at)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=1), "at": at}
    return checked_in(clerk, RoomFactory(property=house), lead(guest=guest(phone="13900009999")), **facts)


def test_who_comes_again_after_half_a_year_is_one_guest_and_the_desk_does_not_learn_it(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    ReviewRuleFactory(applies_to="returning")
    before = gone_stay(clerk, room)
    purged(house, officer, COPY_OVER)
    card = {"document_type": "resident_id", "number": document().document_number}
    assert services.recognise_guest(actor=clerk, property=house, at=AGAIN, **card) is None
    again = come_again(clerk, house)
    before.refresh_from_db()
    registers = Envelope.objects.filter(category="register").order_by("created_at")
    assert subjects_of(again) == subjects_of(before)
    assert basics_of(subjects_of(again)[0])["phone"] == "13900009999"
    assert list(registers.values_list("restricted_until", flat=True)) == [UNTIL_LIFTED, None]
    assert before.restricted_until == UNTIL_LIFTED
    assert Event.objects.get(action="guest.checked_in", object_ref=again.reference).detail["returning"] == 0


def test_who_had_the_name_locked_away_is_somebody_new(clerk: Person, house: Property, room: Room) -> None:
    before = gone_stay(clerk, room)
    sealed = {each.pk: bytes(each.ciphertext) for each in Envelope.objects.all()}
    vault.restrict_envelopes(list(sealed), until=UNTIL_LIFTED, who=audit.SYSTEM)
    again = come_again(clerk, house)
    assert set(subjects_of(again)).isdisjoint(subjects_of(before))
    assert {each.pk: bytes(each.ciphertext) for each in Envelope.objects.filter(pk__in=sealed)} == sealed


def test_a_contact_that_is_locked_away_is_neither_read_nor_written_over(
    clerk: Person, house: Property, room: Room
) -> None:
    before = gone_stay(clerk, room)
    locked = Envelope.objects.get(category="contact")
    vault.restrict_envelopes([locked.pk], until=UNTIL_LIFTED, who=audit.SYSTEM)
    again = come_again(clerk, house)
    kept, new = Envelope.objects.filter(category="contact").order_by("turn")
    assert subjects_of(again) == subjects_of(before) == [new.subject_id]
    assert (kept.pk, bytes(kept.ciphertext)) == (locked.pk, bytes(locked.ciphertext))
    assert (new.restricted_until, basics_of(new.subject_id)["phone"]) == (None, "13900009999")


@pytest.mark.parametrize(
    ("held", "kept"),
    [("", 0), ("booking", 2), ("stay", 2), ("guest", 2), ("guest in stay", 2), ("room", 2), ("other stay", 0)],
)
def test_what_was_booked_by_a_guest_we_know_ends_in_the_night_unless_a_hold_keeps_it(
    clerk: Person, officer: Person, house: Property, room: Room, held: str, kept: int
) -> None:
    """Confidential: that night and desk are as they always are, and nothing is lost."""
    before = gone_stay(clerk, room)
    known = subjects_of(before)
    other = RoomFactory(property=house)
    stay = expected(clerk, house, room=other, guest=guest(phone="13900007777"))
    [booked] = subjects_of(stay)
    things: dict[str, dict[str, object]] = {
        "booking": {"subject_id": booked},
        "stay": {"stay": stay},
        "guest": {"subject_id": known[0]},
        "guest in stay": {"subject_id": known[0], "stay": stay},
        "room": {"room": other, "during": DateTimeTZRange(AT, AT + timedelta(days=1))},
        "other stay": {"stay": before},
    }
    if held:
        make_hold(house, placed_by=officer, kind="authority", until=None, confidential=True, **things[held])
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=arrival(other), at=AT)
    copies = Envelope.objects.filter(subject=booked, erased_at__isnull=True)
    assert (subjects_of(stay), copies.count(), basics_of(booked)) == (known, 2, {})
    purged(house, officer, AT)
    assert copies.count() == kept
