"""The check-in page: everything typed, nothing lost, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from audit.models import Event
from staff.models import Person, Property
from stays.models import Draft, Room, Stay
from stays.tests.desk_visits import at_desk, current_notice, in_house, reasons, today, walk_in_form
from stays.tests.factories import (
    ReviewRuleFactory,
    RoomFactory,
    basics_of,
    expected,
    make_person,
    resident_id,
    subjects_of,
)
from vault.services import open_for_deed

pytestmark = pytest.mark.django_db

MRZ = "P<GBRTHORNE<<MARIGOLD<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36GBR7408122F3204152ZE184226B<<<<<10"


@pytest.fixture(autouse=True)
def notice(db: None) -> None:
    """There is a notice to show."""
    current_notice()


def test_a_walk_in_arrives(client: Client, clerk: Person, room: Room) -> None:
    response = at_desk(client, clerk, room.property).post("/stays/walk-in/", walk_in_form(room))
    stay = Stay.objects.get()
    assert response.headers["Location"] == f"/stays/{stay.reference}/"
    assert (stay.status, stay.nights, basics_of(subjects_of(stay)[0])["phone"]) == ("in_house", 2, "13900001234")


def test_the_page_proposes_a_clean_room_and_one_night(client: Client, clerk: Person, house: Property) -> None:
    RoomFactory(property=house, state="dirty")
    clean = RoomFactory(property=house)
    arrival = at_desk(client, clerk, house).get("/stays/walk-in/").context["arrival"]
    assert arrival.room["room"].value() == str(clean.pk)
    assert arrival.room["departure_on"].value() == f"{today(house) + timedelta(days=1)}"


def test_what_is_missing_is_said_and_what_is_typed_stays(client: Client, clerk: Person, room: Room) -> None:
    form = walk_in_form(room, guest__0__name="", contact__phone="12", stay__departure_on="2020-01-01")
    response = at_desk(client, clerk, room.property).post("/stays/walk-in/", form)
    arrival = response.context["arrival"]
    assert reasons(response) == [
        "This field is required.",
        "A telephone number has 5 to 15 digits; begin a foreign one with +.",
        "Departure must be on or after arrival, within 365 nights.",
    ]
    assert arrival.occupants.forms[0]["document_number"].value() == resident_id(7)
    assert Stay.objects.count() == 0


def test_a_number_that_looks_wrong_warns_and_does_not_block(client: Client, clerk: Person, room: Room) -> None:
    wrong = resident_id(7)[:-1] + ("1" if resident_id(7)[-1] != "1" else "2")
    form = walk_in_form(room, guest__0__document_number=wrong)
    at_desk(client, clerk, room.property).post("/stays/walk-in/", form)
    assert Stay.objects.get().status == "in_house"


def test_the_checklist_decides(client: Client, clerk: Person, room: Room) -> None:
    form = walk_in_form(room)
    del form["review-notice_shown"]
    Rule = Stay.ticks.rel.related_model.rule.field.related_model
    Rule.objects.filter(code="notice_shown").delete()
    Rule.objects.create(code="notice_shown", text_en="Notice shown.", text_zh="已出示。", kind="automatic")
    response = at_desk(client, clerk, room.property).post("/stays/walk-in/", form)
    assert reasons(response) == ["Not complete yet: Notice shown."]
    assert Event.objects.filter(action="check_in.refused", outcome="denied").count() == 1


def test_a_dirty_room_names_the_fix_and_yields_to_a_reason(client: Client, clerk: Person, room: Room) -> None:
    room.state = "dirty"
    room.save(update_fields=["state"])
    at_desk(client, clerk, room.property)
    refused = client.post("/stays/walk-in/", walk_in_form(room))
    assert list(refused.context["arrival"].room.errors) == ["room"]
    client.post("/stays/walk-in/", walk_in_form(room, stay__override="cleaned_just_now"))
    assert Stay.objects.get().status == "in_house"


def test_a_taken_room_is_no_choice_and_the_free_ones_are_offered(client: Client, clerk: Person, room: Room) -> None:
    in_house(clerk, room)
    free = RoomFactory(property=room.property)
    response = at_desk(client, clerk, room.property).post("/stays/walk-in/", walk_in_form(room))
    form = response.context["arrival"].room
    assert list(form.errors) == ["room"]
    assert [key for _heading, rooms in form.fields["room"].choices for key, _label in rooms] == [str(free.pk)]


def test_a_companion_is_added_without_javascript(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    response = client.post("/stays/walk-in/", walk_in_form(room, deed="add_companion"))
    forms = response.context["arrival"].occupants.forms
    assert (len(forms), forms[0]["name"].value(), reasons(response)) == (2, "欧阳海棠", [])


def test_a_companion_left_empty_or_taken_out_is_nobody(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    form = walk_in_form(room, guest__TOTAL_FORMS="3", guest__1__document_type="resident_id")
    form |= {"guest-2-document_type": "resident_id", "guest-2-document_number": "1", "guest-2-DELETE": "on"}
    client.post("/stays/walk-in/", form | {"guest-1-nationality": "CHN", "guest-2-nationality": "CHN"})
    assert Stay.objects.get().party_size == 1


def test_documents_are_read_without_javascript(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    typed = {"guest__0__mrz": MRZ, "guest__0__name": "", "guest__0__document_number": "", "deed": "read"}
    form = client.post("/stays/walk-in/", walk_in_form(room, **typed)).context["arrival"].occupants.forms[0]
    read = {name: form[name].value() for name in ("document_type", "document_number", "name", "nationality", "sex")}
    assert read == {
        "document_type": "passport",
        "document_number": "L898902C3",
        "name": "THORNE MARIGOLD",
        "nationality": "GBR",
        "sex": "F",
    }


def test_lines_that_are_no_passport_say_so(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    form = walk_in_form(room, guest__0__mrz="HELLO") | {"person": "guest-0", "reads": "mrz"}
    read = client.post("/recognise/", form, headers={"HX-Request": "true"}).context["form"]
    assert list(read.errors) == ["mrz"]


def test_a_resident_number_fills_birth_sex_and_region(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    form = walk_in_form(room) | {"person": "guest-0", "reads": "number"}
    response = client.post("/recognise/", form, headers={"HX-Request": "true"})
    filled = {bound.name: bound.value() for bound in response.context["filled"]}
    assert filled == {"birth_date": "1988-02-14", "sex": "M"}
    assert (response.context["form"].region, response.context["form"].warnings) == ("11", [])
    assert Event.objects.filter(action="guest.not_recognised").count() == 1


def test_a_returning_guest_is_known_by_document_and_shown_masked(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    client.post("/stays/walk-in/", walk_in_form(room))
    form = walk_in_form(room, guest__0__name="", contact__phone="") | {"person": "guest-0", "reads": "number"}
    response = client.post("/recognise/", form, headers={"HX-Request": "true"})
    assert {bound.name: bound.value() for bound in response.context["filled"]}["name"] == "欧阳海棠"
    assert str(response.context["arrival"].on_file["phone"]) == "·· 1234"
    assert b"13900001234" not in response.content


def test_a_returning_guest_keeps_the_phone_left_empty(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    client.post("/stays/walk-in/", walk_in_form(room))
    other = RoomFactory(property=room.property)
    client.post("/stays/walk-in/", walk_in_form(other, guest__0__known="1", contact__phone=""))
    first, second = Stay.objects.order_by("reference")
    assert subjects_of(first) == subjects_of(second)
    assert basics_of(subjects_of(second)[0])["phone"] == "13900001234"


def test_a_minor_brings_the_guardian_and_the_duties(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    child = resident_id(9, birth=f"{today(room.property).year - 9}0601")
    form = walk_in_form(room, guest__0__document_number=child) | {"person": "guest-0", "reads": "number"}
    arrival = client.post("/recognise/", form, headers={"HX-Request": "true"}).context["arrival"]
    assert arrival.has_minor is True


def test_an_expected_stay_is_prefilled_and_arrives(client: Client, clerk: Person, room: Room) -> None:
    day = today(room.property)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=1)}
    stay = expected(clerk, room.property, room=room, at=timezone.now(), **facts)
    page = f"/stays/{stay.reference}/check-in/"
    arrival = at_desk(client, clerk, room.property).get(page).context["arrival"]
    assert arrival.occupants.forms[0]["name"].value() == "欧阳海棠"
    assert arrival.room["room"].value() == str(room.pk)
    client.post(page, walk_in_form(room, contact__phone="", about=stay.reference))
    stay.refresh_from_db()
    assert stay.status == "in_house"


def test_a_party_that_comes_early_is_opened_for_a_purpose_given(client: Client, clerk: Person, room: Room) -> None:
    day = today(room.property)
    facts = {"arrival_on": day + timedelta(days=9), "departure_on": day + timedelta(days=11)}
    stay = expected(clerk, room.property, room=room, at=timezone.now(), **facts)
    page = f"/stays/{stay.reference}/check-in/"
    asked = at_desk(client, clerk, room.property).get(page)
    typing = client.post(page, walk_in_form(room, about=stay.reference, deed="read", guest__0__name=""))
    assert ("arrival" in asked.context, Event.objects.filter(action="stay.viewed").count()) == (False, 0)
    assert (b"0001234" in typing.content.replace(b"13900001234", b""), typing.context["arrival"].on_file) == (False, {})
    shown = client.post(page, {"purpose": "guest_service", "purpose_ref": ""})
    assert shown.context["arrival"].occupants.forms[0]["name"].value() == "欧阳海棠"
    client.post(page, walk_in_form(room, contact__phone="", about=stay.reference))
    stay.refresh_from_db()
    assert (stay.status, Event.objects.filter(action="stay.viewed").count()) == ("in_house", 1)


def test_checking_in_twice_leads_to_the_stay(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    response = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/check-in/")
    assert response.headers["Location"] == f"/stays/{stay.reference}/"


def test_another_houses_stay_is_not_there(client: Client, stranger: Person, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    elsewhere = stranger.groups.get().post.property
    at_desk(client, stranger, elsewhere)
    pages = ("", "check-in/", "check-out/", "reverse/", "reinstate/", "bill/", "card/")
    assert [client.get(f"/stays/{stay.reference}/{page}").status_code for page in pages] == [404] * len(pages)
    assert Event.objects.filter(action="page.missing", object_ref=stay.reference).count() == len(pages)


def test_a_person_that_is_none_of_the_form_is_not_found(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    answers = [client.post("/recognise/", walk_in_form(room) | {"person": name}) for name in ("x", "guest-5", "")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_free_rooms_follow_the_departure(client: Client, clerk: Person, room: Room) -> None:
    day = today(room.property)
    facts = {"arrival_on": day + timedelta(days=1), "departure_on": day + timedelta(days=3)}
    expected(clerk, room.property, room=room, at=timezone.now(), **facts)
    at_desk(client, clerk, room.property)
    short = client.post("/free-rooms/", walk_in_form(room, stay__departure_on=f"{day + timedelta(days=1)}"))
    long = client.post("/free-rooms/", walk_in_form(room, stay__departure_on=f"{day + timedelta(days=2)}"))
    offered = [len(answer.context["arrival"].choices.rooms) for answer in (short, long)]
    assert offered == [1, 0]


def test_what_is_typed_is_kept_sealed_and_gone_on_with(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    saved = client.post("/drafts/check_in/", walk_in_form(room, deed="save"))
    again = client.get("/stays/walk-in/")
    went_on = client.post("/stays/walk-in/", {"deed": "go_on", "about": ""})
    assert (saved.status_code, again.context["draft"]) == (200, Draft.objects.get())
    assert went_on.context["arrival"].occupants.forms[0]["name"].value() == "欧阳海棠"
    assert went_on.context["arrival"].room["room"].value() == str(room.pk)


def test_a_draft_ends_with_the_check_in_or_when_discarded(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    client.post("/drafts/check_in/", walk_in_form(room, deed="save"))
    client.post("/stays/walk-in/", walk_in_form(room))
    after_check_in = Draft.objects.count()
    client.post("/drafts/check_in/", walk_in_form(room, deed="save"))
    answer = client.post("/drafts/check_in/", {"deed": "discard", "about": ""})
    assert (after_check_in, answer.headers["Location"], Draft.objects.count()) == (0, "/stays/walk-in/", 0)


def test_a_draft_of_another_form_or_size_is_refused(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    unknown = client.post("/drafts/payroll/", walk_in_form(room))
    too_long = client.post("/drafts/check_in/", {"deed": "save", "contact-address": "x" * 50_000})
    assert (unknown.status_code, too_long.status_code, Draft.objects.count()) == (404, 413, 0)


@pytest.mark.parametrize("text", ["王" * 20_000, "\x01" * 10_000], ids=["characters", "escapes"])
def test_a_draft_is_measured_as_it_is_sealed(client: Client, clerk: Person, room: Room, text: str) -> None:
    answer = at_desk(client, clerk, room.property).post("/drafts/check_in/", {"contact-address": text})
    assert (answer.status_code, Draft.objects.count()) == (413, 0)


def test_a_draft_keeps_the_fields_of_the_form_and_no_others(client: Client, clerk: Person, room: Room) -> None:
    asked = {"guest-0-name": "单雨桐", "guest-19-DELETE": "on", "guest-TOTAL_FORMS": "1", "review-ticks": "minor"}
    strange = {"name": "x", "guest-200-name": "x", "guest-0-salary": "x", "contact-salary": "x", "x" * 500: "x"}
    at_desk(client, clerk, room.property).post("/drafts/check_in/", {"deed": "save"} | asked | strange)
    draft = Draft.objects.get()
    with transaction.atomic():
        sealed = open_for_deed([draft.envelope_id])[draft.envelope_id].plain
    assert sealed == {"typed": {name: [text] for name, text in asked.items()}}


def test_a_clerk_enters_an_expected_stay(client: Client, clerk: Person, room: Room) -> None:
    day = today(room.property)
    form = {"name": "单雨桐", "phone": "+86 139 0000 1234", "party_size": "2", "origin": "agency", "room": str(room.pk)}
    dates = {"arrival_on": f"{day:%Y%m%d}", "departure_on": f"{day + timedelta(days=3):%Y/%m/%d}"}
    response = at_desk(client, clerk, room.property).post("/stays/new/", form | dates)
    stay = Stay.objects.get()
    assert response.headers["Location"] == "/desk/"
    assert (stay.status, stay.party_size, stay.nights) == ("expected", 2, 3)


def test_an_expected_stay_is_not_in_the_past(client: Client, clerk: Person, house: Property) -> None:
    form = {"name": "单\u202e雨桐", "party_size": "21", "origin": "walk_in", "arrival_on": "2020-01-01"}
    response = at_desk(client, clerk, house).post("/stays/new/", form)
    assert sorted(response.context["form"].errors) == ["arrival_on", "departure_on", "name", "origin", "party_size"]


def test_only_the_desk_checks_in(client: Client, house: Property, room: Room) -> None:
    at_desk(client, make_person(house, "finance"), house)
    pages = ("/stays/walk-in/", "/stays/new/", "/recognise/", "/free-rooms/", "/drafts/check_in/")
    assert [client.post(page, walk_in_form(room)).status_code for page in pages] == [403] * len(pages)


@pytest.mark.parametrize("place", [0, 1])
def test_whoever_of_a_party_comes_again_the_line_for_returning_guests_can_be_ticked(
    client: Client, clerk: Person, room: Room, place: int
) -> None:
    """Also where no JavaScript has looked at the documents while they were typed."""
    desk, other = at_desk(client, clerk, room.property), RoomFactory(property=room.property)
    desk.post("/stays/walk-in/", walk_in_form(room))
    ReviewRuleFactory(code="contact_confirmed", applies_to="returning")
    second = {"guest__TOTAL_FORMS": "2", "guest__1__document_type": "resident_id", "guest__1__name": "单雨桐"}
    second |= {"guest__1__document_number": resident_id(7 if place else 9), "guest__1__nationality": "CHN"}
    form = walk_in_form(other, sequence=8 if place else 7, **second)
    asked = desk.post("/stays/walk-in/", form)
    assert reasons(asked) == ["Not complete yet: Line contact_confirmed"]
    assert [line.code for line in asked.context["arrival"].lines] == ["contact_confirmed"]
    again = desk.post("/stays/walk-in/", form | {"review-ticks": "contact_confirmed"})
    assert again.status_code == 302
