"""The pages of what happens during a stay: moves, departures, giving up, marks, notes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from staff.models import Person, Property
from stays import services
from stays.models import Note, Room, Stay
from stays.tests.desk_visits import at_desk, in_house, reasons, today
from stays.tests.factories import RoomFactory, checked_in, contents_of, expected, lead, make_person, subjects_of
from stays.typed import GuestData

pytestmark = pytest.mark.django_db


def expected_today(clerk: Person, house: Property, **facts: object) -> Stay:
    """A stay due today, for two nights."""
    day = today(house)
    dates = {"arrival_on": day, "departure_on": day + timedelta(days=2), "at": timezone.now()}
    return expected(clerk, house, **dates | facts)  # type: ignore[arg-type]


def shown_may(client: Client, stay: Stay) -> set[str]:
    """What the stay's page offers."""
    return set(client.get(f"/stays/{stay.reference}/").context["page"].may)


def test_a_party_moves(client: Client, clerk: Person, room: Room) -> None:
    stay, other = in_house(clerk, room), RoomFactory(property=room.property)
    page = f"/stays/{stay.reference}/move/"
    asked = at_desk(client, clerk, room.property).get(page)
    typed = {"room": str(other.pk), "moved_for": "guest_wish", "words": "想要高楼层", "override": ""}
    answer = client.post(page, typed)
    shown = client.get(f"/stays/{stay.reference}/")
    assert (asked.status_code, answer.headers["Location"]) == (200, f"/stays/{stay.reference}/")
    assert [use.room for use in shown.context["page"].uses] == [room, other]
    assert ("The guest wishes another room" in shown.content.decode(), "想要高楼层" in shown.content.decode()) == (
        True, True,
    )  # fmt: skip


def test_a_room_just_taken_is_told_with_what_was_typed(client: Client, clerk: Person, room: Room) -> None:
    stay, other, third = in_house(clerk, room), *RoomFactory.create_batch(2, property=room.property)
    page = f"/stays/{stay.reference}/move/"
    at_desk(client, clerk, room.property).get(page)
    in_house(clerk, other, lead(5))
    answer = client.post(page, {"room": str(other.pk), "moved_for": "noise", "words": "吵", "override": ""})
    form = answer.context["form"]
    assert (list(form.errors), form["words"].value()) == (["room"], "吵")
    assert str(third.pk) in {key for _group, choices in form.fields["room"].choices for key, _label in choices}


def test_a_dirty_room_names_its_fix(client: Client, clerk: Person, room: Room) -> None:
    stay, other = in_house(clerk, room), RoomFactory(property=room.property, state="dirty")
    typed = {"room": str(other.pk), "moved_for": "noise", "override": ""}
    answer = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/move/", typed)
    assert reasons(answer) == [f"Room {other.number} is dirty: choose another or override with a reason."]


def test_a_phone_number_in_the_words_is_noticed(client: Client, clerk: Person, room: Room) -> None:
    stay, other = in_house(clerk, room), RoomFactory(property=room.property)
    typed = {"room": str(other.pk), "moved_for": "noise", "words": "ring 13900001234"}
    answer = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/move/", typed)
    assert list(answer.context["form"].errors) == ["words"]


def test_an_expected_stay_is_given_a_room(client: Client, clerk: Person, room: Room) -> None:
    stay = expected_today(clerk, room.property)
    at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/move/", {"room": str(room.pk)})
    assert stay.room_uses.get().room == room


def test_a_stay_is_extended(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    page = f"/stays/{stay.reference}/extend/"
    at_desk(client, clerk, room.property).get(page)
    later = today(room.property) + timedelta(days=4)
    past = client.post(page, {"departure_on": "2020-01-01"})
    client.post(page, {"departure_on": later.isoformat()})
    stay.refresh_from_db()
    assert (list(past.context["form"].errors), stay.departure_on) == (["departure_on"], later)


def test_checking_out_early_says_that_the_room_is_free(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property) + timedelta(days=3))
    text = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/check-out/").content.decode()
    assert "its room is free from now on" in text


def test_a_stay_is_cancelled_and_expected_again(client: Client, clerk: Person, room: Room) -> None:
    stay = expected_today(clerk, room.property, room=room)
    at_desk(client, clerk, room.property)
    found = []
    for deed, reason in (("cancel", "guest_cancelled"), ("expect-again", "came_after_all")):
        client.get(f"/stays/{stay.reference}/{deed}/")
        client.post(f"/stays/{stay.reference}/{deed}/", {"reason": reason})
        stay.refresh_from_db()
        found.append(stay.status)
    assert found == ["cancelled", "expected"]


def test_nobody_came(client: Client, clerk: Person, room: Room) -> None:
    stay = expected_today(clerk, room.property, room=room)
    at_desk(client, clerk, room.property)
    answers = [client.post(f"/stays/{stay.reference}/no-show/").status_code for _time in range(2)]
    stay.refresh_from_db()
    assert (answers, stay.status) == ([302, 409], "no_show")


def test_marks_are_put_on_and_taken_off(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    client.post(f"/stays/{stay.reference}/mark/do_not_move/", {"on": "1"})
    kept = shown_may(client, stay)
    client.post(f"/stays/{stay.reference}/mark/do_not_move/")
    unknown = client.post(f"/stays/{stay.reference}/mark/status/", {"on": "1"})
    assert ("move" in kept, "move" in shown_may(client, stay), unknown.status_code) == (False, True, 404)


def test_a_confidential_stay_is_under_a_pseudonym_on_lists(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    before = at_desk(client, clerk, room.property).get("/desk/?list=in_house").content.decode()
    client.post(f"/stays/{stay.reference}/mark/confidential/", {"on": "1"})
    after = client.get("/desk/?list=in_house").content.decode()
    assert (["欧阳海棠" in page for page in (before, after)], f"Guest {stay.reference[-4:]}" in after) == (
        [True, False], True,
    )  # fmt: skip


def test_a_confidential_guest_is_masked_on_the_stays_page_too(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, lead(guest=GuestData("欧阳海棠", "OUYANG HAITANG", "13900001234")))
    page = f"/stays/{stay.reference}/"
    before = at_desk(client, clerk, room.property).get(page).content.decode()
    services.mark_stay(actor=clerk, stay=stay, mark="confidential", on=True)
    after = client.get(page)
    names = [sealed for sealed in after.context["page"].occupants[0].contact if sealed.category == "name"]
    text = after.content.decode()
    assert [name in before for name in ("欧阳海棠", "OUYANG HAITANG")] == [True, True]
    assert [name in text for name in ("欧阳海棠", "OUYANG HAITANG")] == [False, False]
    assert (f"Guest {stay.reference[-4:]}" in text, {sealed.reveal for sealed in names}) == (True, {"purpose"})
    shown = client.post(f"/reveal/{names[0].envelope}/name/", {"purpose": "guest_service", "purpose_ref": ""})
    assert "欧阳海棠" in shown.content.decode()


def test_a_note_is_written_for_a_colleague_and_done(client: Client, clerk: Person, room: Room) -> None:
    stay, colleague = in_house(clerk, room), make_person(room.property, "front_desk")
    page = f"/stays/{stay.reference}/notes/new/"
    first = at_desk(client, clerk, room.property).get(page).context["form"]["owner"].value()
    client.post(page, {"kind": "request", "text": "婴儿床", "owner": str(colleague.pk)})
    note = Note.objects.get()
    shown = client.get(f"/stays/{stay.reference}/").context["page"].notes[0]
    client.post(f"/notes/{note.pk}/done/")
    twice = client.post(f"/notes/{note.pk}/done/")
    note.refresh_from_db()
    assert (first, shown.text.plain, shown.owner, shown.is_open) == (str(clerk.pk), "婴儿床", colleague, True)
    assert (note.done_at is None, twice.status_code, contents_of(stay)["note"][0]["text"]) == (False, 409, "婴儿床")
    rows = [Event.objects.get(action=action, outcome="ok") for action in ("note.added", "note.done")]
    assert [(row.subjects, row.detail) for row in rows] == [(subjects_of(stay), {"kind": "request"})] * 2


@pytest.mark.parametrize("text", ["证件110101198802141234", "call 13900001234", "6222 0212 3456 7890", "a@b.example"])
def test_numbers_of_a_person_are_kept_out_of_notes(client: Client, clerk: Person, room: Room, text: str) -> None:
    stay = in_house(clerk, room)
    typed = {"kind": "feedback", "text": text, "owner": str(clerk.pk)}
    answer = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/notes/new/", typed)
    assert (list(answer.context["form"].errors), Note.objects.count()) == (["text"], 0)


def test_a_note_belongs_to_somebody_of_this_desk(client: Client, clerk: Person, stranger: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    typed = {"kind": "feedback", "text": "早餐很好", "owner": str(stranger.pk)}
    answer = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/notes/new/", typed)
    assert list(answer.context["form"].errors) == ["owner"]


def test_a_note_of_another_house_is_not_there(client: Client, clerk: Person, stranger: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    note = services.add_note(actor=clerk, stay=stay, kind="feedback", text="早餐很好", owner=clerk)
    at_desk(client, stranger, stranger.groups.get().post.property)
    assert client.post(f"/notes/{note.pk}/done/").status_code == 404


def test_a_page_offers_what_the_state_allows(client: Client, clerk: Person, room: Room) -> None:
    here = in_house(clerk, room, departure_on=today(room.property))
    due = expected_today(clerk, room.property, room=RoomFactory(property=room.property))
    at_desk(client, clerk, room.property)
    assert shown_may(client, here) == {"check_out", "reverse", "move", "extend", "mark", "note"}
    assert shown_may(client, due) == {"check_in", "move", "extend", "mark", "cancel", "no_show", "note"}


def test_deeds_that_no_longer_fit_lead_back(client: Client, clerk: Person, room: Room) -> None:
    stay = checked_in(
        clerk, room, at=timezone.now(), arrival_on=today(room.property), departure_on=today(room.property)
    )
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    at_desk(client, clerk, room.property)
    answers = [client.get(f"/stays/{stay.reference}/{deed}/") for deed in ("move", "extend", "cancel", "expect-again")]
    assert [answer.headers["Location"] for answer in answers] == [f"/stays/{stay.reference}/"] * 4


def test_a_guest_who_left_meanwhile_is_not_moved_in_silence(client: Client, clerk: Person, room: Room) -> None:
    stay, other = in_house(clerk, room), RoomFactory(property=room.property)
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    at_desk(client, clerk, room.property)
    later = (today(room.property) + timedelta(days=3)).isoformat()
    pages = {"move": {"room": str(other.pk), "moved_for": "noise"}, "extend": {"departure_on": later}}
    said = f"Stay {stay.reference} is “Checked out” now, so this can no longer be done. Reload the page."
    answers = [client.post(f"/stays/{stay.reference}/{page}/", typed) for page, typed in pages.items()]
    assert [(reasons(answer), "rooms" in answer.context) for answer in answers] == [([said], False)] * 2


def test_the_page_of_a_deed_is_a_look(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    for deed in ("move", "extend", "notes/new"):
        client.get(f"/stays/{stay.reference}/{deed}/")
    assert Event.objects.filter(action="stay.viewed", object_ref=stay.reference).count() == 3
