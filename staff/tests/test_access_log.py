"""The access log as it is asked and read."""

from uuid import uuid4

import pytest
from django.test import Client

from audit import services as audit
from staff import permissions
from staff.models import Person, Property
from staff.roles import RIGHTS_OF
from staff.tests.factories import PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import sign_in

STAY = "2026-000042"


def opened(person: Person, property: Property, stay: str = STAY, **facts: object) -> None:
    """The person opened a stay."""
    audit.record("stay.viewed", who=permissions.who(person, property), object_type="stay", object_ref=stay, **facts)  # type: ignore[arg-type]


def sentences(client: Client, **asked: str) -> list[str]:
    """The lines which the page tells of stays."""
    lines = client.get("/access-log/", asked).context["lines"]
    return [told.sentence for told in lines if told.event and told.event.object_type == "stay"]


def test_who_opened_this_stay(as_manager: Client, clerk: Person, harbour: Property) -> None:
    opened(clerk, harbour, why=audit.Why(purpose="guest_service"))
    opened(clerk, harbour, stay="2026-000043")
    assert sentences(as_manager, stay=STAY) == [
        f"{clerk.latin_name} (harbour-desk) opened stay 2026-000042, for guest service"
    ]


def test_in_chinese(client: Client, clerk: Person, manager: Person, harbour: Property) -> None:
    Person.objects.filter(pk=manager.pk).update(language="zh-hans")
    opened(clerk, harbour)
    (told,) = sentences(sign_in(client, manager, harbour), stay=STAY)
    assert told.startswith(f"{clerk.name} (harbour-desk)")


def test_what_did_this_person_open(as_manager: Client, clerk: Person, harbour: Property) -> None:
    other = PersonFactory(roles={harbour: ["front_desk"]})
    opened(clerk, harbour)
    opened(other, harbour)
    assert len(sentences(as_manager, person="harbour-desk")) == 1


def test_lists_in_which_the_guests_were_shown(as_manager: Client, clerk: Person, harbour: Property) -> None:
    guest = uuid4()
    opened(clerk, harbour, subjects=[guest])
    audit.record("stays.list_viewed", who=permissions.who(clerk, harbour), subjects=[guest, uuid4()])
    page = as_manager.get("/access-log/", {"stay": STAY, "with_lists": "on"})
    assert [told.event.action for told in page.context["lines"]] == ["stays.list_viewed", "stay.viewed"]


def test_what_was_refused(as_manager: Client, clerk: Person, harbour: Property) -> None:
    opened(clerk, harbour)
    opened(clerk, harbour, outcome="denied")
    assert len(sentences(as_manager, kind="refused")) == 1


@pytest.mark.parametrize(
    ("since", "until", "count"), [("2026-01-01", "", 1), ("", "2026-01-01", 0), ("2098-01-01", "", 0)]
)
def test_a_span(as_manager: Client, clerk: Person, harbour: Property, since: str, until: str, count: int) -> None:
    opened(clerk, harbour)
    assert len(sentences(as_manager, since=since, until=until)) == count


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "soon"},
        {"person": "nobody"},
        {"kind": "x"},
        {"stay": "张三"},
        {"stay": "13800138000"},
        {"until": "9999-12-31"},
    ],
)
def test_what_cannot_be_asked(as_manager: Client, asked: dict[str, str]) -> None:
    page = as_manager.get("/access-log/", asked).context
    assert (list(page["form"].errors), page["lines"]) == (list(asked), [])


def test_a_span_backwards(as_manager: Client) -> None:
    answer = as_manager.get("/access-log/", {"since": "2026-02-02", "until": "2026-02-01"})
    assert list(answer.context["form"].errors) == ["until"]


def test_another_property_is_not_told(as_manager: Client, lake: Property) -> None:
    opened(PersonFactory(roles={lake: ["front_desk"]}), lake)
    assert sentences(as_manager) == []


def test_a_manager_of_two_properties(client: Client, harbour: Property, lake: Property) -> None:
    person = PersonFactory(roles={harbour: ["manager"], lake: ["manager"]})
    opened(person, lake)
    sign_in(client, person, harbour)
    assert (len(sentences(client)), len(sentences(client, property="harbour"))) == (1, 0)


@pytest.mark.parametrize("role", sorted(set(RIGHTS_OF) - {"manager"}))
def test_only_managers_read_it_all(client: Client, harbour: Property, role: str) -> None:
    sign_in(client, PersonFactory(roles={harbour: [role]}), harbour)
    addresses = ("/access-log/", "/access-log/export/", "/access-log/export/file/", "/access-log/export/abc/")
    assert [client.get(address).status_code for address in addresses] == [403] * 4


def test_reading_is_a_row(as_manager: Client, manager: Person, clerk: Person, harbour: Property) -> None:
    as_manager.get("/access-log/", {"person": "harbour-desk"})
    as_manager.get("/access-log/", {"stay": STAY})
    facts = {"by": manager, "role": "manager", "at": harbour}
    assert rows("log.read") == [
        row("log.read", **facts, about=about(clerk), detail={"count": 0}),
        row("log.read", **facts, detail={"count": 0, "stay": STAY}),
    ]


def test_pages_follow_each_other(as_manager: Client, clerk: Person, harbour: Property) -> None:
    for number in range(60):
        opened(clerk, harbour, stay=f"2026-{number:06}")
    first = as_manager.get("/access-log/", {"person": "harbour-desk"})
    second = as_manager.get("/access-log/?" + first.context["older"])
    told = [line.event.object_ref for page in (first, second) for line in page.context["lines"]]
    assert told == [f"2026-{number:06}" for number in reversed(range(60))]
    assert second.context["older"] == ""


@pytest.mark.parametrize("number", [1, 40])
def test_the_same_number_of_questions(
    as_manager: Client, clerk: Person, harbour: Property, number: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(number):
        opened(clerk, harbour)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        as_manager.get("/access-log/")


def test_ones_own_lines(at_desk: Client, clerk: Person, manager: Person, harbour: Property) -> None:
    opened(clerk, harbour)
    opened(manager, harbour)
    told = [one.event for one in at_desk.get("/access-log/mine/").context["lines"]]
    assert {one.actor for one in told} == {clerk.pk}
    assert [one.action for one in told] == ["stay.viewed", "shift.opened"]
