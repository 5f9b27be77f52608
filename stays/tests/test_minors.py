"""The five duties towards minors: begun at check-in, timed, done on record, noticed when late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from audit.services import Why
from staff.duties import kind_of
from staff.models import Duty, Person, Property
from staff.permissions import NotAllowed
from stays import services
from stays.models import MinorDuty, Room, Stay
from stays.services import minors
from stays.services.looking_up.minors import list_minors
from stays.services.watching import watch_reports
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    RoomFactory,
    arrival,
    as_row,
    checked_in,
    companion,
    contents_of,
    guest,
    lead,
    make_person,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

CHILD = {"birth_date": date(2014, 6, 1), "document_type": "household_register"}
GUARDIAN = guest("欧阳明远", "13911112222")
WHY = Why(purpose="guest_service")
# 06:00 in Shanghai, when the business day of AT is over
MORNING = datetime(2026, 5, 12, 22, 0, tzinfo=UTC)


def family(clerk: Person, room: Room, **facts: object) -> Stay:
    """A guest with a child."""
    return checked_in(clerk, room, lead(), companion(**CHILD), **facts)


def duty(stay: Stay, kind: str) -> MinorDuty:
    """The only duty of this kind."""
    return stay.minor_duties.get(kind=kind)


def standing(stay: Stay) -> dict[str, bool]:
    """Which of the five are done."""
    return {one.kind: one.done_at is not None for one in stay.minor_duties.all()}


def late_duties(house: Property, at: datetime) -> list[str]:
    """Duties of the property of which the keeper makes lapses."""
    duties = Duty.objects.filter(property=house).order_by("code")
    return [one.code for one in duties if one.is_late(at, kind_of(one.code).grace)]


def test_a_minor_opens_the_five_duties_each_with_its_time(clerk: Person, room: Room) -> None:
    stay = family(clerk, room)
    hour = AT + timedelta(hours=1)
    noon = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
    assert {one.kind: (one.due_at, one.done_at) for one in stay.minor_duties.all()} == {
        "identity": (hour, AT),
        "guardian": (hour, None),
        "relation": (hour, None),
        "patrol": (MORNING, None),
        "report": (noon, None),
    }


def test_what_the_check_in_fulfils_is_done(clerk: Person, room: Room) -> None:
    stay = family(clerk, room, guardian=GUARDIAN, ticked=frozenset({"relation_asked"}))
    done = {kind for kind, is_done in standing(stay).items() if is_done}
    assert (done, duty(stay, "guardian").done_by) == ({"identity", "guardian", "relation"}, clerk)


def test_adults_open_none(clerk: Person, room: Room) -> None:
    assert checked_in(clerk, room, lead(), companion()).minor_duties.count() == 0


def test_a_second_check_in_does_not_begin_them_again(clerk: Person, room: Room) -> None:
    stay = family(clerk, room)
    services.reverse_check_in(actor=clerk, stay=stay, reason="wrong_room", at=AT)
    people = lead(), companion(**CHILD)
    again = services.check_in_guest(
        actor=clerk, property=room.property, stay=stay, at=AT, arrival=arrival(room, *people, guardian=GUARDIAN)
    )
    assert standing(again) == {
        "identity": True, "guardian": True, "relation": False, "patrol": False, "report": False,
    }  # fmt: skip


def test_a_duty_done_is_one_exact_row(clerk: Person, house: Property, room: Room) -> None:
    stay = family(clerk, room)
    done = minors.do_minor_duty(actor=clerk, duty=duty(stay, "relation"), at=AT)
    assert (done.done_at, done.done_by) == (AT, clerk)
    assert row("minor_duty.done") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        detail={"duty": "relation", "late": 0},
    )


def test_the_guardian_is_sealed_with_the_stay(clerk: Person, room: Room) -> None:
    stay = family(clerk, room)
    with pytest.raises(minors.GuardianMissing):
        minors.do_minor_duty(actor=clerk, duty=duty(stay, "guardian"), at=AT)
    minors.do_minor_duty(actor=clerk, duty=duty(stay, "guardian"), guardian=GUARDIAN, at=AT)
    sealed = contents_of(stay)
    assert [one["name"] for one in sealed["name"]] == ["欧阳明远"]
    assert duty(stay, "guardian").done_at == AT


def test_the_report_says_what_was_noticed(clerk: Person, room: Room) -> None:
    stay = family(clerk, room)
    with pytest.raises(minors.OutcomeMissing):
        minors.do_minor_duty(actor=clerk, duty=duty(stay, "report"), outcome="", at=AT)
    minors.do_minor_duty(actor=clerk, duty=duty(stay, "report"), outcome="reported", at=AT)
    assert (duty(stay, "report").outcome, row("minor_duty.done")["detail"]["outcome"]) == ("reported", "reported")


def test_nothing_is_done_twice_or_by_others(clerk: Person, house: Property, stranger: Person, room: Room) -> None:
    stay = family(clerk, room)
    for person in (stranger, make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            minors.do_minor_duty(actor=person, duty=duty(stay, "relation"), at=AT)
    minors.do_minor_duty(actor=clerk, duty=duty(stay, "relation"), at=AT)
    with pytest.raises(minors.DutyDone):
        minors.do_minor_duty(actor=clerk, duty=duty(stay, "relation"), at=AT)


def test_each_night_wants_a_patrol(clerk: Person, room: Room) -> None:
    stay = family(clerk, room)
    made = [minors.open_patrols(at=at) for at in (AT, MORNING, MORNING + timedelta(hours=3))]
    nights = list(stay.minor_duties.filter(kind="patrol").values_list("due_at", flat=True))
    assert (made, nights) == ([0, 1, 0], [MORNING, MORNING + timedelta(days=1)])


def test_who_has_left_wants_no_patrol_but_a_report(clerk: Person, house: Property, room: Room) -> None:
    stay = family(clerk, room)
    services.check_out_guest(actor=clerk, stay=stay, at=AT)
    assert minors.open_patrols(at=MORNING) == 0
    assert [one.kind for one in MinorDuty.objects.open_at(house)] == ["report"]


def test_what_is_late_is_a_lapse_of_the_property(clerk: Person, house: Property, room: Room) -> None:
    watch_reports(at=AT)
    stay = family(clerk, room)
    watch_reports(at=AT)
    assert late_duties(house, AT) == []
    late = AT + timedelta(hours=1, minutes=11)
    assert watch_reports(at=late) == 1
    assert late_duties(house, late) == ["care-for-minors", "register-guests"]
    for kind in ("guardian", "relation"):
        minors.do_minor_duty(actor=clerk, duty=duty(stay, kind), guardian=GUARDIAN, at=late)
    watch_reports(at=late)
    assert Duty.objects.get(code="care-for-minors", property=house).last_done_at == late


def test_the_list_shows_what_is_owed_most_urgent_first(clerk: Person, house: Property) -> None:
    first = family(clerk, RoomFactory(property=house), at=AT)
    child = companion(5, birth_date=date(2016, 3, 3), document_type="household_register")
    second = checked_in(clerk, RoomFactory(property=house), lead(4), child, at=AT - timedelta(minutes=5))
    watched = list_minors(actor=clerk, property=house, why=WHY, at=AT)
    assert [one.row.stay for one in watched] == [second, first]
    assert [one.kind for one in watched[1].duties] == ["guardian", "relation", "patrol", "report"]
    assert row("stays.list_viewed")["object_ref"] == "minors"


def test_the_page_of_a_duty(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room, lead(), companion(**CHILD))
    at_desk(client, clerk, house)
    path = f"/stays/{stay.reference}/minors/{duty(stay, 'report').pk}/"
    assert list(client.get(path).context["form"].fields) == ["outcome"]
    assert list(client.post(path, {}).context["form"].errors) == ["outcome"]
    assert client.post(path, {"outcome": "nothing"})["Location"] == f"/stays/{stay.reference}/"
    assert duty(stay, "report").outcome == "nothing"
    page = client.get(f"/stays/{stay.reference}/").content.decode()
    assert ("the five duties" in page, "Nothing suspicious was noticed" in page) == (True, True)


def test_the_guardian_is_asked_for_on_the_page(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room, lead(), companion(**CHILD))
    path = f"/stays/{stay.reference}/minors/{duty(stay, 'guardian').pk}/"
    at_desk(client, clerk, house)
    assert list(client.post(path, {"name": "欧阳明远"}).context["form"].errors) == ["phone"]
    client.post(path, {"name": "欧阳明远", "phone": "13911112222"})
    assert standing(stay)["guardian"] is True


def test_the_list_is_a_page(client: Client, clerk: Person, house: Property, room: Room) -> None:
    at_desk(client, clerk, house)
    assert "Nothing is owed to a minor" in client.get("/minors/").content.decode()
    stay = in_house(clerk, room, lead(), companion(**CHILD))
    page = client.get("/minors/")
    assert [one.row.reference for one in page.context["watched"]] == [stay.reference]
