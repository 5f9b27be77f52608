"""Leaving and taking back, bill, card, cases, rooms, notice."""

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from staff.models import Person, Property
from stays import services
from stays.models import BillLine, DeskCase, Room, Stay
from stays.tests.desk_visits import at_desk, current_notice, in_house, reasons, today
from stays.tests.factories import RoomFactory, lead, make_person, subjects_of

pytestmark = pytest.mark.django_db


def owing(clerk: Person, room: Room) -> Stay:
    """A stay with an open line."""
    stay = in_house(clerk, room)
    services.add_bill_line(actor=clerk, stay=stay, kind="meal", amount=88, at=timezone.now())
    return stay


def test_a_guest_checks_out(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    page = f"/stays/{stay.reference}/check-out/"
    assert client.get(page).status_code == 200
    assert client.post(page).headers["Location"] == "/desk/?list=departures"
    stay.refresh_from_db()
    room.refresh_from_db()
    assert (stay.status, room.state) == ("checked_out", "dirty")


def test_an_open_bill_asks_for_a_reason(client: Client, clerk: Person, room: Room) -> None:
    stay = owing(clerk, room)
    page = f"/stays/{stay.reference}/check-out/"
    refused = at_desk(client, clerk, room.property).post(page, {"unpaid_reason": ""})
    unknown = client.post(page, {"unpaid_reason": "generosity"})
    assert [list(answer.context["form"].errors) for answer in (refused, unknown)] == [["unpaid_reason"]] * 2
    assert client.post(page, {"unpaid_reason": "company_pays"}).status_code == 302


def test_deeds_are_taken_back_on_record(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    deeds = (("check-out", {}), ("reinstate", {"reason": "stays_on"}), ("reverse", {"reason": "mistyped"}))
    found = []
    for deed, typed in deeds:
        client.get(f"/stays/{stay.reference}/{deed}/")
        client.post(f"/stays/{stay.reference}/{deed}/", typed)
        stay.refresh_from_db()
        found.append(stay.status)
    assert found == ["checked_out", "in_house", "expected"]


def test_a_deed_that_no_longer_fits_says_so(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    response = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/reinstate/", {"reason": "stays_on"})
    assert response.context["form"].non_field_errors() == [
        f"Stay {stay.reference} is “In house” now, so this can no longer be done. Reload the page."
    ]


def test_a_bill_grows_and_is_settled(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    page = f"/stays/{stay.reference}/bill/"
    at_desk(client, clerk, room.property).post(page, {"kind": "laundry", "amount": "35.50", "currency": "CNY"})
    line = BillLine.objects.get()
    open_before = client.get(page).context["unpaid"]
    client.post(page, {"settle": str(line.pk)})
    assert (str(open_before["CNY"]), client.get(page).context["unpaid"]) == ("35.50", {})


@pytest.mark.parametrize("amount", ["0", "1e9", "12.345", "x", "9999999", ""])
def test_an_amount_that_is_none_is_refused(client: Client, clerk: Person, room: Room, amount: str) -> None:
    page = f"/stays/{in_house(clerk, room).reference}/bill/"
    typed = {"kind": "meal", "amount": amount, "currency": "CNY"}
    response = at_desk(client, clerk, room.property).post(page, typed)
    assert list(response.context["form"].errors) == ["amount"]


def test_a_line_that_is_none_does_not_open_the_bill_of_a_past_stay(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property))
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    response = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/bill/", {})
    assert ("unpaid" in response.context, Event.objects.filter(action="bill.viewed").count()) == (False, 0)


def test_a_bill_is_settled_at_once(client: Client, clerk: Person, room: Room) -> None:
    stay = owing(clerk, room)
    services.add_bill_line(actor=clerk, stay=stay, kind="room", amount=400, at=timezone.now())
    services.add_bill_line(actor=clerk, stay=stay, kind="deposit", amount=500, at=timezone.now())
    page = f"/stays/{stay.reference}/bill/"
    before = at_desk(client, clerk, room.property).get(page).context["page"]
    assert client.post(page, {"settle": "everything"}).headers["Location"] == page
    after = client.get(page).context["page"]
    assert (before.charges, before.unpaid, after.charges, after.unpaid) == (
        {"CNY": 488}, {"CNY": 988}, {"CNY": 488}, {},
    )  # fmt: skip
    assert Event.objects.filter(action="bill.line_settled").count() == 3


def test_a_line_of_another_bill_cannot_be_settled_here(client: Client, clerk: Person, room: Room) -> None:
    owing(clerk, room)
    line = BillLine.objects.get()
    other = in_house(clerk, RoomFactory(property=room.property), lead(5))
    elsewhere = f"/stays/{other.reference}/bill/"
    at_desk(client, clerk, room.property)
    answers = [client.post(elsewhere, {"settle": number}).status_code for number in (str(line.pk), "x", "9" * 30)]
    assert answers == [404, 404, 404]


def test_the_card_shows_the_register_and_is_recorded(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    text = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/card/").content.decode()
    shown = [value in text for value in ("欧阳海棠", "Resident ID card", "1988-02-14", "Beijing", "13900001234")]
    assert shown == [True, True, True, True, False]
    assert Event.objects.get(action="card.printed").object_ref == stay.reference


def test_the_card_of_yesterday_needs_a_fresh_proof(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(arrived_at=timezone.now() - timezone.timedelta(hours=3))
    page = f"/stays/{stay.reference}/card/"
    response = at_desk(client, clerk, room.property, is_fresh=False).get(page)
    assert response.headers["Location"] == f"/step-up/?next=%2Fstays%2F{stay.reference}%2Fcard%2F"


def test_the_card_of_a_past_stay_asks_what_for(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property))
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    page = f"/stays/{stay.reference}/card/"
    asked = at_desk(client, clerk, room.property).get(page)
    refused = client.post(page, {"purpose": "dispute", "purpose_ref": ""})
    shown = client.post(page, {"purpose": "guest_service", "purpose_ref": ""})
    assert ["card" in answer.context for answer in (asked, refused, shown)] == [False, False, True]
    assert Event.objects.filter(action="card.printed", outcome="ok").count() == 1


def test_the_page_of_a_deed_is_a_look_on_record(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/check-out/")
    seen = Event.objects.get(action="stay.viewed")
    assert (seen.object_ref, seen.subjects, seen.purpose) == (stay.reference, subjects_of(stay), "guest_service")


def test_the_page_of_a_deed_that_is_past_shows_no_facts_of_the_stay(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property))
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    Stay.objects.filter(pk=stay.pk).update(departed_at=timezone.now() - timezone.timedelta(days=5))
    at_desk(client, clerk, room.property)
    pages = [f"/stays/{stay.reference}/{deed}/" for deed in ("check-out", "reverse", "reinstate")]
    answers = [client.get(page) for page in pages] + [client.post(page, {"reason": ""}) for page in pages[1:]]
    assert [answer.headers.get("Location") for answer in answers] == [f"/stays/{stay.reference}/"] * 5


def test_reinstating_asks_what_for_and_shows_nothing_before(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    page = f"/stays/{stay.reference}/reinstate/"
    asked = at_desk(client, clerk, room.property).get(page)
    shown = client.post(page, {"purpose": "bill", "purpose_ref": stay.reference, "open": "1"})
    again = client.get(page)
    assert ["rooms" in answer.context for answer in (asked, shown, again)] == [False, True, False]
    seen = Event.objects.get(action="stay.viewed")
    assert (seen.purpose, seen.purpose_ref) == ("bill", stay.reference)


def test_a_refused_reinstatement_goes_on_with_the_purpose_given(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    in_house(clerk, room, lead(5), override="guest_waits")
    why = {"purpose": "bill", "purpose_ref": stay.reference}
    page = f"/stays/{stay.reference}/reinstate/"
    refused = at_desk(client, clerk, room.property).post(page, {"reason": "stays_on"} | why)
    assert len(refused.context["form"].non_field_errors()) == 1
    assert [refused.context["asks"][name].value() for name in why] == list(why.values())


def test_a_deed_of_a_guest_who_left_meanwhile_says_so_and_asks(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    response = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/check-out/", {"unpaid_reason": ""})
    said = f"Stay {stay.reference} is “Checked out” now, so this can no longer be done. Reload the page."
    assert (reasons(response), "rooms" in response.context) == ([said], False)


def test_a_case_is_opened_and_closed(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    client.post("/cases/new/", {"kind": "lost_property", "stay": stay.reference.lower()})
    case = DeskCase.objects.get()
    client.post(f"/cases/{case.number}/close/")
    case.refresh_from_db()
    assert (case.stay, case.state, client.get("/cases/").status_code) == (stay, "closed", 200)


def test_a_case_names_only_a_stay_of_this_house(client: Client, clerk: Person, stranger: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, stranger, stranger.groups.get().post.property)
    response = client.post("/cases/new/", {"kind": "dispute", "stay": stay.reference})
    assert (list(response.context["form"].errors), DeskCase.objects.count()) == (["stay"], 0)


def test_the_administrator_keeps_the_rooms(client: Client, house: Property) -> None:
    at_desk(client, make_person(house, "administrator"), house)
    typed = {"number": "0812", "floor": "8", "type": "twin", "capacity": "2", "state": "clean"}
    client.post("/rooms/new/", typed)
    client.post("/rooms/0812/", typed | {"capacity": "3"})
    twice = client.post("/rooms/new/", typed)
    assert (Room.objects.get().capacity, list(twice.context["form"].errors)) == (3, ["number"])


def test_a_room_that_is_impossible_is_refused(client: Client, house: Property) -> None:
    at_desk(client, make_person(house, "administrator"), house)
    typed = {"number": "x" * 9, "floor": "999", "type": "cave", "capacity": "0", "state": "burnt"}
    response = client.post("/rooms/new/", typed)
    assert sorted(response.context["form"].errors) == sorted(typed)


def test_the_desk_marks_rooms_clean_or_dirty_and_no_more(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    answers = [
        client.post(f"/rooms/{room.number}/state/", {"state": state}).status_code for state in ("dirty", "out_of_order")
    ]
    room.refresh_from_db()
    assert (answers, room.state) == ([302, 404], "dirty")
    assert [client.get(page).status_code for page in ("/rooms/", "/rooms/new/", f"/rooms/{room.number}/")] == [
        200,
        403,
        403,
    ]


def test_everybody_may_read_a_notice(client: Client, db: None) -> None:
    notice = current_notice()
    response = client.get(f"/notices/{notice.version}/", headers={"Accept-Language": "en"})
    assert ("<h2>What we keep</h2>" in response.content.decode(), client.get("/notices/999/").status_code) == (
        True,
        404,
    )
