"""Accounts, as an administrator keeps them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from staff import permissions, second_factor, services
from staff.models import Enrolment, Person, Property
from staff.permissions import NotAllowed
from staff.services.people import AlreadySo, OwnAccount, StaffNumberTaken
from staff.services.roles import LastAdministrator
from staff.tests.factories import PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import sign_in

FACTS = {"staff_number": "hb-017", "name": "张敏", "latin_name": "Zhang Min", "email": "", "language": "zh-hans"}


def made(harbour: Property, **facts: str) -> dict[str, str]:
    return {**FACTS, "property": str(harbour.pk), "role": "front_desk", **facts}


def test_create(administrator: Person, harbour: Property) -> None:
    person = services.create_person(actor=administrator, property=harbour, facts=FACTS, role="front_desk")
    assert (person.kept_at, permissions.roles_at(person, harbour)) == (harbour, ("front_desk",))
    assert not person.has_usable_password()
    assert [one["action"] for one in rows("person.created", "role.given")] == ["person.created", "role.given"]
    assert rows("person.created") == [
        row("person.created", by=administrator, role="administrator", at=harbour, about=("person", "hb-017"))
    ]


def test_create_elsewhere(administrator: Person, lake: Property) -> None:
    with pytest.raises(NotAllowed):
        services.create_person(actor=administrator, property=lake, facts=FACTS, role="front_desk")


def test_a_number_is_taken_once(administrator: Person, harbour: Property) -> None:
    PersonFactory(staff_number="hb-017")
    with pytest.raises(StaffNumberTaken):
        services.create_person(actor=administrator, property=harbour, facts=FACTS, role="front_desk")


def test_the_page_creates_and_shows_the_link_once(as_administrator: Client, harbour: Property) -> None:
    answer = as_administrator.post("/people/new/", made(harbour, email="zhang.min@example.com"))
    token = re.findall(r"/enrol/([\w-]+)/", answer.content.decode())[0]
    assert services.find_enrolment(token, at=timezone.now()).person.staff_number == "hb-017"
    assert token not in str(Enrolment.objects.values())
    assert [letter.to for letter in mail.outbox] == [["zhang.min@example.com"]]
    assert [word in mail.outbox[0].subject for word in ("张敏", "hb-017", "Zhang")] == [False] * 3
    assert token in mail.outbox[0].body


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("staff_number", "x"),
        ("staff_number", "has space"),
        ("staff_number", "new"),
        ("staff_number", "a" * 33),
        ("name", ""),
        ("name", "张\u202e敏"),
        ("name", "张" * 81),
        ("email", "nobody"),
        ("language", "fr"),
        ("role", "king"),
    ],
)
def test_what_the_page_does_not_take(as_administrator: Client, harbour: Property, field: str, typed: str) -> None:
    answer = as_administrator.post("/people/new/", made(harbour, **{field: typed}))
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.filter(name="张敏").exists()


def test_a_taken_number_is_told_beside_the_field(as_administrator: Client, harbour: Property) -> None:
    PersonFactory(staff_number="hb-017")
    answer = as_administrator.post("/people/new/", made(harbour))
    assert answer.context["form"].errors == {"staff_number": ["Another person has this staff number already."]}


def test_change(administrator: Person, clerk: Person, harbour: Property) -> None:
    services.change_person(actor=administrator, person=clerk, facts={"name": "赵云", "email": clerk.email})
    assert Person.objects.get(pk=clerk.pk).name == "赵云"
    assert rows("person.changed") == [
        row("person.changed", by=administrator, role="administrator", at=harbour, about=about(clerk), fields=("name",))
    ]


def test_no_change_no_row(administrator: Person, clerk: Person) -> None:
    services.change_person(actor=administrator, person=clerk, facts={"name": clerk.name})
    assert rows("person.changed") == []


def test_deactivate_ends_the_session(client: Client, administrator: Person, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour)
    services.deactivate_person(actor=administrator, person=clerk, at=timezone.now())
    assert client.get("/me/").headers["Location"] == "/account/sign-in/?next=%2Fme%2F"
    assert rows("person.deactivated") == [
        row("person.deactivated", by=administrator, role="administrator", at=harbour, about=about(clerk))
    ]


def test_deactivate_twice(administrator: Person, clerk: Person) -> None:
    services.deactivate_person(actor=administrator, person=clerk, at=timezone.now())
    with pytest.raises(AlreadySo):
        services.deactivate_person(actor=administrator, person=clerk, at=timezone.now())


def test_reactivate(administrator: Person, clerk: Person) -> None:
    services.deactivate_person(actor=administrator, person=clerk, at=timezone.now())
    services.reactivate_person(actor=administrator, person=clerk)
    assert Person.objects.get(pk=clerk.pk).is_active


def test_not_oneself(administrator: Person) -> None:
    for deed in (services.deactivate_person, services.reset_second_factors, services.make_enrolment):
        with pytest.raises(OwnAccount):
            deed(actor=administrator, person=administrator, at=timezone.now())


def test_not_the_last_administrator_of_another_property(
    administrator: Person, harbour: Property, lake: Property
) -> None:
    keeper_of_both = PersonFactory(roles={harbour: ["front_desk"], lake: ["administrator"]})
    with pytest.raises(LastAdministrator):
        services.deactivate_person(actor=administrator, person=keeper_of_both, at=timezone.now())


def test_the_account_of_another_property_is_not_ours(administrator: Person, harbour: Property, lake: Property) -> None:
    guest_worker = PersonFactory(kept_at=lake, roles={harbour: ["front_desk"]})
    for deed in (services.deactivate_person, services.reset_second_factors, services.make_enrolment):
        with pytest.raises(NotAllowed):
            deed(actor=administrator, person=guest_worker, at=timezone.now())


def test_reset_forgets_everything(client: Client, administrator: Person, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour)
    services.reset_second_factors(actor=administrator, person=clerk, at=timezone.now())
    clerk.refresh_from_db()
    assert (second_factor.is_enrolled(clerk), clerk.has_usable_password()) == (False, False)
    assert client.get("/me/").status_code == 302
    assert [one["action"] for one in rows("person.second_factors_reset", "person.enrolment_made")] == [
        "person.second_factors_reset",
        "person.enrolment_made",
    ]


def test_a_link_works_once(administrator: Person, clerk: Person) -> None:
    token = services.make_enrolment(actor=administrator, person=clerk, at=timezone.now())
    services.use_enrolment(token=token, password="another good sentence", at=timezone.now())
    with pytest.raises(services.LinkNotValid):
        services.use_enrolment(token=token, password="another good sentence", at=timezone.now())
    assert Person.objects.get(pk=clerk.pk).check_password("another good sentence")


def test_a_link_ends(administrator: Person, clerk: Person) -> None:
    token = services.make_enrolment(actor=administrator, person=clerk, at=timezone.now())
    with pytest.raises(services.LinkNotValid):
        services.find_enrolment(token, at=timezone.now() + timedelta(hours=72, seconds=1))


def test_a_new_link_ends_the_old(administrator: Person, clerk: Person) -> None:
    old = services.make_enrolment(actor=administrator, person=clerk, at=timezone.now())
    services.make_enrolment(actor=administrator, person=clerk, at=timezone.now())
    with pytest.raises(services.LinkNotValid):
        services.find_enrolment(old, at=timezone.now())


def test_the_list_shows_ones_own_people(as_administrator: Client, clerk: Person, lake: Property) -> None:
    PersonFactory(roles={lake: ["front_desk"]})
    shown = [one.staff_number for one, _posts in as_administrator.get("/people/").context["rows"]]
    assert shown == ["admin", "harbour-desk"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    as_administrator: Client, harbour: Property, number: int, django_assert_max_num_queries: object
) -> None:
    PersonFactory.create_batch(number, roles={harbour: ["front_desk"]})
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        as_administrator.get("/people/")


def test_a_clerk_is_told_no(at_desk: Client) -> None:
    assert [at_desk.get(address).status_code for address in ("/people/", "/people/new/", "/properties/")] == [403] * 3
