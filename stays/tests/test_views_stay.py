"""A stay's page, a guest's history, a field revealed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from staff.models import Person, Property
from stays import services
from stays.models import Room, Stay
from stays.tests.desk_visits import at_desk, in_house, today
from stays.tests.factories import make_person, subjects_of
from vault.services import envelopes_of

pytestmark = pytest.mark.django_db
PURPOSE = {"purpose": "guest_service", "purpose_ref": ""}


def departed(clerk: Person, room: Room) -> Stay:
    """A stay that has checked out."""
    stay = in_house(clerk, room, departure_on=today(room.property))
    return services.check_out_guest(actor=clerk, stay=stay, at=timezone.now())


def envelope_of(stay: Stay, category: str) -> str:
    """The lead guest's envelope of a category."""
    subject = subjects_of(stay)[0]
    about = stay.pk if category in ("register", "payment") else None
    return str(envelopes_of([subject], [category])[subject, category, about])


def test_a_stay_shows_names_and_masks_the_rest(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    response = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/")
    text = response.content.decode()
    assert [(value in text) for value in ("欧阳海棠", "·· 1234", "13900001234", "1988-02-14")] == [
        True,
        True,
        False,
        False,
    ]
    assert response.context["page"].may == {"check_out", "reverse", "move", "extend", "mark", "note"}


def test_the_title_of_the_window_is_the_reference(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    text = at_desk(client, clerk, room.property).get(f"/stays/{stay.reference}/").content.decode()
    assert text.split("<title>")[1].split(" ·")[0] == f"Stay {stay.reference}"


def test_a_past_stay_asks_what_for_and_shows_nothing_before(client: Client, clerk: Person, room: Room) -> None:
    stay = departed(clerk, room)
    page = f"/stays/{stay.reference}/"
    asked = at_desk(client, clerk, room.property).get(page)
    shown = client.post(page, PURPOSE)
    again = client.get(page)
    assert ["page" in response.context for response in (asked, shown, again)] == [False, True, False]
    assert Event.objects.filter(action="stay.viewed").count() == 1


def test_a_purpose_without_its_case_opens_nothing(client: Client, clerk: Person, room: Room) -> None:
    stay = departed(clerk, room)
    response = at_desk(client, clerk, room.property).post(f"/stays/{stay.reference}/", {"purpose": "dispute"})
    assert ("page" in response.context, list(response.context["form"].errors)) == (False, ["purpose_ref"])


def test_a_history_asks_each_time(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    page = f"/guests/{subjects_of(stay)[0]}/"
    asked = at_desk(client, clerk, room.property).get(page)
    shown = client.post(page, PURPOSE)
    assert ("history" in asked.context, [row.reference for row in shown.context["history"].stays]) == (
        False,
        [stay.reference],
    )


def test_a_guest_of_another_house_or_nobody_is_not_there(
    client: Client, clerk: Person, stranger: Person, room: Room
) -> None:
    stay = in_house(clerk, room)
    at_desk(client, stranger, stranger.groups.get().post.property)
    pages = (f"/guests/{subjects_of(stay)[0]}/", f"/guests/{uuid4()}/")
    assert [client.get(page).status_code for page in pages] == [404, 404]


def test_a_phone_is_revealed_for_a_purpose_in_its_place(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    address = f"/reveal/{envelope_of(stay, 'contact')}/phone/"
    response = at_desk(client, clerk, room.property).post(address, PURPOSE, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert ('data-seconds="30"' in text, 'data-mask="·· 1234"' in text, ">13900001234<" in text) == (True, True, True)
    assert Event.objects.get(action="guest.revealed").fields == ["phone"]


def test_without_javascript_the_page_goes_back_by_itself(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    response = at_desk(client, clerk, room.property).post(f"/reveal/{envelope_of(stay, 'contact')}/phone/", PURPOSE)
    assert response["Refresh"] == f"30; url=/stays/{stay.reference}/"


def test_a_reveal_without_a_purpose_shows_why_not(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    answers = [
        client.post(f"/reveal/{envelope_of(stay, 'contact')}/phone/", typed, headers={"HX-Request": "true"})
        for typed in ({}, {"purpose": "curiosity"}, {"purpose": "safety"})
    ]
    assert ["13900001234" in answer.content.decode() for answer in answers] == [False, False, False]
    assert Event.objects.filter(action="guest.revealed").count() == 0


def test_identity_needs_a_fresh_proof_once_check_in_is_over(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(arrived_at=timezone.now() - timedelta(hours=2))
    address = f"/reveal/{envelope_of(stay, 'register')}/document_number/"
    stale = at_desk(client, clerk, room.property, is_fresh=False).post(address, PURPOSE)
    fresh = at_desk(client, clerk, room.property).post(address, PURPOSE)
    assert stale.headers["Location"] == f"/step-up/?next=%2Fstays%2F{stay.reference}%2F"
    assert "value" in fresh.context


def test_payment_stays_closed_to_the_desk(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    assert client.post(f"/reveal/{envelope_of(stay, 'payment')}/payer/", PURPOSE).status_code == 403


def test_what_is_not_there_cannot_be_revealed(client: Client, clerk: Person, stranger: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    envelope = envelope_of(stay, "contact")
    at_desk(client, stranger, stranger.groups.get().post.property)
    pages = (f"/reveal/{envelope}/phone/", f"/reveal/{uuid4()}/phone/", f"/reveal/{envelope}/shoe_size/")
    assert [client.post(page, PURPOSE).status_code for page in pages] == [404, 404, 404]


def test_who_has_no_purpose_is_asked_also_in_house(client: Client, clerk: Person, room: Room, house: Property) -> None:
    stay = in_house(clerk, room)
    response = at_desk(client, make_person(house, "second_approver"), house).get(f"/stays/{stay.reference}/")
    assert (response.status_code, "page" in response.context) == (200, False)
