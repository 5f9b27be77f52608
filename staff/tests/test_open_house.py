"""Opening a new installation."""

import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from staff import permissions, services
from staff.models import Property
from staff.tests.log import row, rows

NEW = {
    "code": "harbour",
    "name_en": "Harbour Hotel",
    "name_zh": "海港酒店",
    "staff_number": "Admin",
    "name": "李伟",
    "address": "https://desk.example/",
}


@pytest.fixture(autouse=True)
def nobody_yet(db: None) -> Iterator[None]:
    assert not Property.objects.exists()
    with translation.override("en"):
        yield


def test_the_link_leads_in() -> None:
    told = StringIO()
    call_command("open_house", **NEW, stdout=told)
    token = re.findall(r"^https://desk\.example/enrol/([\w-]+)/$", told.getvalue(), re.MULTILINE)[0]
    person = services.find_enrolment(token, at=timezone.now()).person
    harbour = Property.objects.get()
    assert (person.staff_number, permissions.roles_at(person, harbour)) == ("admin", ("administrator",))
    facts = {"by": None, "role": "system", "at": harbour}
    assert rows("property.created", "person.created", "role.given") == [
        row("property.created", **facts, about=("property", "harbour")),
        row("person.created", **facts, about=("person", "admin")),
        row("role.given", **facts, about=("person", "admin"), fields=("administrator",)),
    ]


def test_only_once() -> None:
    call_command("open_house", **NEW, stdout=StringIO())
    with pytest.raises(CommandError, match="There is a property already"):
        call_command("open_house", **{**NEW, "code": "lake"}, stdout=StringIO())


@pytest.mark.parametrize("wrong", [{"code": "has space"}, {"staff_number": "x"}, {"time_zone": "Mars"}, {"name": ""}])
def test_what_it_does_not_take(wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("open_house", **{**NEW, **wrong}, stdout=StringIO())
    assert not Property.objects.exists()
