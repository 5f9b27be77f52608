"""Properties, as their administrator keeps them."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from audit.models import Change
from staff import permissions, services
from staff.models import Person, Property, PropertyRight
from staff.permissions import NotAllowed
from staff.roles import RIGHTS_OF
from staff.services.properties import CodeTaken
from staff.tests.factories import PersonFactory, PropertyFactory
from staff.tests.log import row, rows

FACTS = {
    "code": "station",
    "name_en": "Station Hotel",
    "name_zh": "站前酒店",
    "group_name": "",
    "time_zone": "Asia/Shanghai",
    "jurisdiction": "CN",
    "region": "",
}


def test_found(administrator: Person) -> None:
    station = services.create_property(actor=administrator, facts=FACTS)
    assert permissions.roles_at(administrator, station) == ("administrator",)
    assert {post.role: post.group.name for post in station.posts.all()} == {
        role: f"station:{role}" for role in RIGHTS_OF
    }
    assert PropertyRight.objects.filter(content_object=station).count() == sum(map(len, RIGHTS_OF.values()))
    assert rows("property.created") == [
        row("property.created", by=administrator, role="administrator", at=station, about=("property", "station"))
    ]


def test_found_by_somebody_else(clerk: Person) -> None:
    with pytest.raises(NotAllowed):
        services.create_property(actor=clerk, facts=FACTS)


def test_a_code_is_taken_once(administrator: Person) -> None:
    PropertyFactory(code="station")
    with pytest.raises(CodeTaken):
        services.create_property(actor=administrator, facts=FACTS)


def test_change_renames_the_groups(administrator: Person, harbour: Property) -> None:
    changed = services.change_property(actor=administrator, property=harbour, facts={"code": "port"})
    assert set(Group.objects.filter(post__property=harbour).values_list("name", flat=True)) == {
        f"port:{role}" for role in RIGHTS_OF
    }
    assert rows("property.changed") == [
        row(
            "property.changed",
            by=administrator,
            role="administrator",
            at=changed,
            about=("property", "port"),
            fields=("code",),
        )
    ]


def test_change_to_a_taken_code(administrator: Person, harbour: Property, lake: Property) -> None:
    with pytest.raises(CodeTaken):
        services.change_property(actor=administrator, property=harbour, facts={"code": "lake"})


def test_change_elsewhere(administrator: Person, lake: Property) -> None:
    with pytest.raises(NotAllowed):
        services.change_property(actor=administrator, property=lake, facts={"name_en": "Mine"})


def test_no_change_no_row(administrator: Person, harbour: Property) -> None:
    services.change_property(actor=administrator, property=harbour, facts={"code": "harbour"})
    assert rows("property.changed") == []


def test_the_page_founds(as_administrator: Client) -> None:
    assert as_administrator.post("/properties/new/", FACTS).headers["Location"] == "/properties/"
    assert Property.objects.get(code="station").name_zh == "站前酒店"


def test_the_page_changes_and_the_change_log_knows(as_administrator: Client, administrator: Person) -> None:
    facts = {**FACTS, "code": "harbour", "name_en": "Old Harbour Hotel", "name_zh": "海港酒店"}
    as_administrator.post("/properties/harbour/", facts)
    change = Change.objects.newest()[0]
    assert change.changes == {"name_en": ["Harbour Hotel", "Old Harbour Hotel"]}
    assert (change.actor_id, change.property) == (administrator.pk, Property.objects.get(code="harbour").pk)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "has space"),
        ("code", "new"),
        ("code", ""),
        ("name_en", ""),
        ("name_zh", "海" * 121),
        ("time_zone", "Mars/Olympus"),
        ("jurisdiction", "XX"),
        ("region", "Shanghai"),
    ],
)
def test_what_the_page_does_not_take(as_administrator: Client, field: str, typed: str) -> None:
    answer = as_administrator.post("/properties/new/", {**FACTS, field: typed})
    assert list(answer.context["form"].errors) == [field]


def test_a_taken_code_is_told_beside_the_field(as_administrator: Client) -> None:
    answer = as_administrator.post("/properties/new/", {**FACTS, "code": "harbour"})
    assert answer.context["form"].errors == {"code": ["Another property has this code already."]}


def test_another_property_is_not_there(as_administrator: Client, lake: Property) -> None:
    assert as_administrator.get("/properties/lake/").status_code == 404
    assert [one["object_type"] for one in rows("page.missing")] == ["property_edit"]


def test_the_list_shows_ones_own(as_administrator: Client, lake: Property) -> None:
    assert [one.code for one in as_administrator.get("/properties/").context["properties"]] == ["harbour"]


def test_an_administrator_of_two(harbour: Property, lake: Property) -> None:
    person = PersonFactory(roles={harbour: ["administrator"], lake: ["administrator"]})
    assert [one.code for one in permissions.properties_where(person, "manage_house")] == ["harbour", "lake"]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 1, 21, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 22, 0, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_the_business_day_turns_at_six(harbour: Property, at: datetime, day: date) -> None:
    assert harbour.today(at) == day


@pytest.mark.parametrize(("language", "name"), [("en", "Harbour Hotel"), ("zh-hans", "海港酒店")])
def test_the_name_in_each_language(harbour: Property, language: str, name: str) -> None:
    with translation.override(language):
        assert harbour.name == name


def test_references_are_no_names(harbour: Property, clerk: Person) -> None:
    assert (str(harbour), str(clerk)) == ("harbour", "harbour-desk")
