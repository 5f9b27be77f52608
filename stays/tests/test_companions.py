"""Somebody more, or less, in a party in house: a document, a register and a report of their own, place in the room."""

from datetime import date

import pytest
from django.test import Client

from audit.models import Event
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Figure, Note, Occupant, Registration, Room, Stay
from stays.services import companions
from stays.services.companions import Joining, add_companion, let_companion_leave
from stays.tests.desk_visits import at_desk, current_notice, in_house
from stays.tests.factories import (
    AT,
    ReviewRuleFactory,
    as_row,
    checked_in,
    companion,
    contents_of,
    guest,
    lead,
    make_person,
    resident_id,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

PASSPORT = {"document_type": "passport", "document_number": "E12345678", "nationality": "GBR", "region": ""}
CHILD = {"birth_date": date(2014, 6, 1), "document_type": "household_register"}


def join(clerk: Person, stay: Stay, sequence: int = 2, **facts: object) -> Occupant:
    """Somebody joins."""
    more = {name: facts.pop(name) for name in ("override", "override_reason", "guardian", "ticked") if name in facts}
    return add_companion(actor=clerk, stay=stay, joining=Joining(companion(sequence, **facts), **more), at=AT)


def test_a_companion_has_a_register_and_a_report_of_their_own(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    added = join(clerk, stay, **PASSPORT)
    stay.refresh_from_db()
    assert (added.role, added.position, added.came_at, stay.party_size) == ("companion", 2, AT, 2)
    assert [one["name"] for one in contents_of(stay)["register"]] == ["欧阳海棠", "单雨桐"]
    assert Registration.objects.get(occupant=added).kind == "overseas"
    assert Figure.objects.get(kind="guests").count == 2
    assert Figure.objects.get(kind="arrivals").count == 1


def test_joining_is_one_exact_row(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    join(clerk, stay)
    assert row("companion.added") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        fields=["birth_date", "document_number", "document_type", "name", "nationality", "region", "sex"],
        detail={"people": 2},
    )


def test_a_full_room_needs_a_reason_which_is_sealed(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion())
    with pytest.raises(refusals.RoomTooSmall):
        join(clerk, stay, 3)
    join(clerk, stay, 3, override="extra_bed", override_reason="加了一张床")
    note = Note.objects.get(stay=stay, kind="reason")
    assert (note.owner, contents_of(stay)["note"][0]["text"]) == (None, "加了一张床")
    assert Event.objects.get(action="companion.added").note_commit is not None


def test_the_same_guest_is_not_in_one_party_twice(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion(2))
    with pytest.raises(refusals.SameGuestTwice):
        join(clerk, stay, 2, override="extra_bed")


def test_the_checklist_holds_for_a_companion_too(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    line = ReviewRuleFactory()
    ReviewRuleFactory(code="fields_complete", kind="automatic")
    with pytest.raises(refusals.ReviewIncomplete) as refused:
        join(clerk, stay)
    assert refused.value.missing == (line,)
    join(clerk, stay, ticked=frozenset({line.code}))
    assert [tick.rule for tick in stay.ticks.all()].count(line) == 1


def test_a_minor_who_joins_opens_the_five_duties(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    join(clerk, stay, guardian=guest("欧阳明远", "13911112222"), **CHILD)
    done = set(stay.minor_duties.filter(done_at__isnull=False).values_list("kind", flat=True))
    assert (stay.minor_duties.count(), done) == (5, {"identity", "guardian"})
    assert "欧阳明远" in [one["name"] for one in contents_of(stay)["name"]]


def test_only_a_party_in_house_is_joined(clerk: Person, house: Property, stranger: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    for person in (stranger, make_person(house, "finance")):
        with pytest.raises(NotAllowed):
            join(person, stay)
    services.check_out_guest(actor=clerk, stay=stay, at=AT)
    with pytest.raises(refusals.WrongState):
        join(clerk, stay)


def test_a_companion_leaves_and_may_come_back_to_their_place(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion(2))
    gone = stay.occupants.get(position=2)
    let_companion_leave(actor=clerk, stay=stay, occupant=gone, at=AT)
    stay.refresh_from_db()
    assert (stay.party_size, stay.occupants.get(position=2).left_at) == (1, AT)
    assert row("companion.left") == as_row(
        clerk, house, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay), detail={"people": 1}
    )
    back = join(clerk, stay, 2)
    assert (back.pk, back.left_at, Registration.objects.filter(occupant=back).count()) == (gone.pk, None, 1)


def test_the_lead_guest_and_who_is_gone_do_not_leave(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion(2))
    first, second = stay.occupants.all()
    with pytest.raises(companions.LeadStays):
        let_companion_leave(actor=clerk, stay=stay, occupant=first, at=AT)
    let_companion_leave(actor=clerk, stay=stay, occupant=second, at=AT)
    with pytest.raises(companions.NotHere):
        let_companion_leave(actor=clerk, stay=stay, occupant=second, at=AT)


def typed(**facts: str) -> dict[str, str]:
    """What a clerk types for a companion."""
    filled = {
        "guest-TOTAL_FORMS": "1",
        "guest-INITIAL_FORMS": "1",
        "guest-0-document_type": "resident_id",
        "guest-0-document_number": resident_id(9),
        "guest-0-name": "单雨桐",
        "guest-0-nationality": "CHN",
        "review-notice_shown": "on",
        "deed": "complete",
    }
    return filled | {name.replace("__", "-"): value for name, value in facts.items()}


def test_a_companion_is_typed_on_the_page(client: Client, clerk: Person, house: Property, room: Room) -> None:
    notice = current_notice()
    stay = in_house(clerk, room)
    path = f"/stays/{stay.reference}/companions/new/"
    at_desk(client, clerk, house)
    assert client.get(path).status_code == 200
    assert client.post(path, typed())["Location"] == f"/stays/{stay.reference}/"
    added = stay.occupants.get(position=2)
    assert (added.role, added.notice) == ("companion", notice)
    page = client.get(f"/stays/{stay.reference}/").content.decode()
    assert ("leaves now" in page, "Add a companion" in page) == (True, True)
    client.post(f"/stays/{stay.reference}/companions/2/leave/")
    assert "Has left" in client.get(f"/stays/{stay.reference}/").content.decode()


def test_the_page_says_what_is_missing(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room, lead(), companion(2))
    path = f"/stays/{stay.reference}/companions/new/"
    at_desk(client, clerk, house)
    nameless = client.post(path, typed(guest__0__name="", guest__0__nationality=""))
    assert list(nameless.context["arrival"].occupants.forms[0].errors) == ["name"]
    full = client.post(path, typed())
    assert list(full.context["place"].errors) == ["override"]
    child = client.post(path, typed(guest__0__document_number=resident_id(9, birth="20160101")))
    assert b"A minor is in the party" in child.content
    assert stay.occupants.count() == 2


def test_a_passport_is_read_without_scripts(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, house)
    page = client.post(f"/stays/{stay.reference}/companions/new/", typed(deed="read", guest__0__name=""))
    assert page.context["arrival"].occupants.forms[0]["birth_date"].value() == "1988-02-14"
    assert stay.occupants.count() == 1
