"""Every page of this room opens, in both languages."""

import pytest
from django.test import Client
from django.urls import reverse

from staff.models import Person, Property

PAGES = ("my_account", "second_factors", "my_sessions", "account_change_password", "shift", "step_up", "own_lines")
HOUSE_PAGES = ("properties", "property_new", "people", "person_new")
PERSON_PAGES = (
    "person",
    "person_edit",
    "person_posts",
    "person_enrolment",
    "person_reset",
    "person_deactivate",
    "person_reactivate",
)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_of_everybody(at_desk: Client, clerk: Person, name: str, language: str) -> None:
    Person.objects.filter(pk=clerk.pk).update(language=language)
    assert at_desk.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", HOUSE_PAGES)
def test_pages_of_the_administrator(as_administrator: Client, name: str) -> None:
    assert as_administrator.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_pages_about_a_person(as_administrator: Client, clerk: Person, name: str) -> None:
    assert as_administrator.get(reverse(name, args=[clerk.staff_number])).status_code == 200


def test_page_of_a_property(as_administrator: Client, harbour: Property) -> None:
    assert as_administrator.get(reverse("property_edit", args=["harbour"])).status_code == 200


def test_access_log(as_manager: Client) -> None:
    assert as_manager.get(reverse("access_log")).status_code == 200


def test_sign_in_page(client: Client, db: None) -> None:
    assert client.get(reverse("account_login")).status_code == 200
