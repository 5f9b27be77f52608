"""What one shift hands to the next, and the visitor register (M07, M41)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Handover, Room, Stay, Visitor
from stays.tasks import forget_old_handovers
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    as_row,
    checked_in,
    contents_of,
    expected,
    lead,
    make_person,
    make_property,
    resident_id,
    row,
    subjects_of,
)
from vault.models import Envelope

pytestmark = pytest.mark.django_db
WHY = Why(purpose="guest_service")
PAPERS = {"document_type": "resident_id", "document_number": resident_id(77)}


def left(clerk: Person, house: Property, text: str = "三楼电梯维修", **facts: object) -> Handover:
    """Words for the next shift."""
    return services.write_handover(actor=clerk, property=house, text=text, at=facts.get("at", AT))  # type: ignore[arg-type]


def visitor_of(clerk: Person, stay: Stay, **facts: object) -> Visitor:
    """Somebody who came to see the guests of a stay."""
    given = {"name": "司徒雷", "at": AT, **PAPERS} | facts
    return services.register_visitor(actor=clerk, stay=stay, **given)  # type: ignore[arg-type]


def test_the_next_shift_reads_what_was_left_and_what_is_open(clerk: Person, house: Property, room: Room) -> None:
    stay, colleague = checked_in(clerk, room), make_person(house, "front_desk")
    left(clerk, house)
    services.add_note(actor=clerk, stay=stay, kind="request", text="婴儿床", owner=colleague)
    services.add_note(actor=clerk, stay=stay, kind="feedback", text="早餐很好", owner=clerk)
    visitor_of(clerk, stay)
    page = services.open_handover(actor=colleague, property=house, why=WHY, at=AT)
    assert [(view.text.plain, view.handover.writer) for view in page.words] == [("三楼电梯维修", clerk)]
    assert [(each.text.plain, each.room, each.note.owner) for each in page.notes] == [
        ("婴儿床", room.number, colleague),
        ("早餐很好", room.number, clerk),
    ]
    assert (page.arrivals, page.overdue, page.visitors) == (0, 0, 1)
    seen = Event.objects.get(action="handover.viewed")
    assert (seen.actor, seen.fields, seen.detail, set(subjects_of(stay)) - set(seen.subjects)) == (
        colleague.pk, ["text"], {"count": 3}, set(),
    )  # fmt: skip


def test_what_is_done_is_no_longer_handed_over(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    note = services.add_note(actor=clerk, stay=stay, kind="request", text="婴儿床", owner=clerk)
    services.finish_note(actor=clerk, note=note, at=AT)
    done = services.finish_handover(actor=clerk, handover=left(clerk, house), at=AT)
    today = services.open_handover(actor=clerk, property=house, why=WHY, at=AT)
    tomorrow = services.open_handover(actor=clerk, property=house, why=WHY, at=AT + timedelta(days=1))
    assert [[view.handover for view in page.words] for page in (today, tomorrow)] == [[done], []]
    assert (today.notes, done.done_by) == ([], clerk)
    with pytest.raises(refusals.HandoverDone):
        services.finish_handover(actor=clerk, handover=done, at=AT)


def test_notes_of_restricted_and_past_stays_are_not_handed_over(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    services.add_note(actor=clerk, stay=stay, kind="request", text="婴儿床", owner=clerk)
    assert len(services.open_handover(actor=clerk, property=house, why=WHY, at=AT).notes) == 1
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=900))
    assert services.open_handover(actor=clerk, property=house, why=WHY, at=AT).notes == []


def test_words_between_shifts_are_sealed_and_named_in_the_log(clerk: Person, house: Property) -> None:
    handover = left(clerk, house, "早班请联系王师傅")
    assert row("handover.written") == as_row(clerk, house, object_type="handover", object_ref=str(handover.pk))
    assert (Event.objects.get(action="handover.written").note_commit is None, str(handover)) == (
        False, f"{house.pk}:{handover.pk}",
    )  # fmt: skip
    with pytest.raises(refusals.NotInFreeText):
        left(clerk, house, "ring 13900001234")


def test_words_are_gone_after_a_month(clerk: Person, house: Property) -> None:
    old, new = left(clerk, house, at=timezone.now() - timedelta(days=31)), left(clerk, house, at=timezone.now())
    assert (forget_old_handovers(), list(Handover.objects.all())) == (1, [new])
    assert Envelope.objects.get(pk=old.envelope_id).erased_at is not None
    assert row("handovers.forgotten")["detail"] == {"count": 1}


def test_a_visitor_is_registered_and_seen_off(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    visitor = visitor_of(clerk, stay)
    [shown] = services.list_visitors(actor=clerk, property=room.property, why=WHY, at=AT)
    assert (shown.name.plain, str(shown.document), shown.room) == (
        "司徒雷",
        f"·· {PAPERS['document_number'][-4:]}",
        room.number,
    )
    later = AT + timedelta(hours=2)
    gone = services.see_visitor_off(actor=clerk, visitor=visitor, at=later)
    assert (gone.came_at, gone.left_at) == (AT, later)
    with pytest.raises(refusals.VisitorGone):
        services.see_visitor_off(actor=clerk, visitor=visitor, at=later)
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": subjects_of(stay)}
    assert row("visitor.registered") == as_row(
        clerk, room.property, fields=["document_number", "document_type", "name"], **facts
    )
    assert Event.objects.get(action="visitors.viewed").subjects == [visitor.subject_id]


def test_the_register_shows_the_day_and_who_is_still_here(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    gone, here = visitor_of(clerk, stay), visitor_of(clerk, stay, name="公孙策")
    services.see_visitor_off(actor=clerk, visitor=gone, at=AT)
    days = [
        [view.visitor for view in services.list_visitors(actor=clerk, property=room.property, why=WHY, at=at)]
        for at in (AT, AT + timedelta(days=1))
    ]
    assert days == [[here, gone], [here]]


def test_a_visitor_stands_on_no_page_of_the_stay(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    visitor_of(clerk, stay, at=timezone.now())
    page = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/")
    register = client.get("/visitors/").content.decode()
    assert ("司徒雷" in register, "司徒雷" in page.content.decode(), page.context["page"].guardian) == (True, False, ())
    assert [content["name"] for content in contents_of(stay)["register"]] == ["欧阳海棠", "司徒雷"]


def test_nobody_visits_who_is_not_here(clerk: Person, house: Property) -> None:
    with pytest.raises(refusals.WrongState):
        visitor_of(clerk, expected(clerk, house))


def test_only_the_desk_keeps_these_pages(clerk: Person, stranger: Person, room: Room) -> None:
    stay, house = checked_in(clerk, room), room.property
    visitor, words = visitor_of(clerk, stay), left(clerk, house)
    for person in (stranger, make_person(house, "finance")):
        deeds = [
            lambda person=person: left(person, house),
            lambda person=person: visitor_of(person, stay),
            lambda person=person: services.see_visitor_off(actor=person, visitor=visitor, at=AT),
            lambda person=person: services.finish_handover(actor=person, handover=words, at=AT),
            lambda person=person: services.open_handover(actor=person, property=house, why=WHY, at=AT),
            lambda person=person: services.list_visitors(actor=person, property=house, why=WHY, at=AT),
        ]
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()


def test_the_pages_of_a_shift(client: Client, clerk: Person, room: Room) -> None:
    in_house(clerk, room)
    at_desk(client, clerk, room.property)
    client.post("/handover/", {"text": "三楼电梯维修"})
    refused = client.post("/handover/", {"text": "mail a@b.example"})
    client.post(f"/handover/{Handover.objects.get().pk}/done/")
    nobody = client.post("/visitors/", {"room": "9999", "name": "司徒雷", **PAPERS})
    client.post("/visitors/", {"room": room.number.lower(), "name": "司徒雷", **PAPERS})
    client.post(f"/visitors/{Visitor.objects.get().pk}/left/")
    assert [list(page.context["form"].errors) for page in (refused, nobody)] == [["text"], ["room"]]
    assert (Handover.objects.get().done_by, Visitor.objects.get().left_at is None) == (clerk, False)


def test_a_visitor_of_another_house_is_not_there(client: Client, clerk: Person, room: Room) -> None:
    visitor, words = visitor_of(clerk, checked_in(clerk, room)), left(clerk, room.property)
    elsewhere = make_property()
    at_desk(client, make_person(elsewhere, "front_desk"), elsewhere)
    pages = (f"/visitors/{visitor.pk}/left/", f"/handover/{words.pk}/done/")
    assert [client.post(page).status_code for page in pages] == [404, 404]
    assert "司徒雷" not in client.get("/visitors/").content.decode()


def test_two_parties_are_told_apart(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    visitor_of(clerk, stay)
    services.check_out_guest(actor=clerk, stay=stay, at=AT + timedelta(minutes=1))
    services.change_room_state(actor=clerk, room=room, state="clean")
    other = checked_in(clerk, room, lead(3), at=AT + timedelta(minutes=2))
    visitor_of(clerk, other, name="公孙策")
    shown = services.list_visitors(actor=clerk, property=room.property, why=WHY, at=AT + timedelta(minutes=3))
    assert [(view.name.plain, view.visitor.stay) for view in shown] == [("公孙策", other), ("司徒雷", stay)]
