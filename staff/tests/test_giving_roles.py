"""Giving and taking roles."""

import pytest
from django.test import Client

from staff import permissions, services
from staff.models import Person, Property
from staff.permissions import NotAllowed
from staff.services.roles import LastAdministrator, OwnRole, RoleHeldAlready, RoleNotHeld
from staff.tests.factories import PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import sign_in


def test_a_role_is_given(administrator: Person, clerk: Person, harbour: Property) -> None:
    services.give_role(actor=administrator, person=clerk, property=harbour, role="finance")
    assert permissions.roles_at(clerk, harbour) == ("finance", "front_desk")
    assert rows("role.given") == [
        row("role.given", by=administrator, role="administrator", at=harbour, about=about(clerk), fields=("finance",))
    ]


def test_a_role_is_taken(administrator: Person, clerk: Person, harbour: Property) -> None:
    services.take_role(actor=administrator, person=clerk, property=harbour, role="front_desk")
    assert permissions.roles_at(clerk, harbour) == ()
    assert rows("role.taken") == [
        row(
            "role.taken", by=administrator, role="administrator", at=harbour, about=about(clerk), fields=("front_desk",)
        )
    ]


@pytest.mark.parametrize("deed", [services.give_role, services.take_role])
def test_never_ones_own(administrator: Person, harbour: Property, deed: object) -> None:
    with pytest.raises(OwnRole):
        deed(actor=administrator, person=administrator, property=harbour, role="administrator")  # type: ignore[operator]


@pytest.mark.parametrize("deed", [services.give_role, services.take_role])
def test_only_where_one_is_administrator(administrator: Person, clerk: Person, lake: Property, deed: object) -> None:
    with pytest.raises(NotAllowed):
        deed(actor=administrator, person=clerk, property=lake, role="front_desk")  # type: ignore[operator]


def test_a_role_held_already(administrator: Person, clerk: Person, harbour: Property) -> None:
    with pytest.raises(RoleHeldAlready):
        services.give_role(actor=administrator, person=clerk, property=harbour, role="front_desk")


def test_a_role_not_held(administrator: Person, clerk: Person, harbour: Property) -> None:
    with pytest.raises(RoleNotHeld):
        services.take_role(actor=administrator, person=clerk, property=harbour, role="manager")


def test_the_last_administrator_stays(administrator: Person, harbour: Property) -> None:
    asleep = PersonFactory(roles={harbour: ["administrator"]}, is_active=False)
    other = PersonFactory(roles={harbour: ["administrator"]})
    services.take_role(actor=administrator, person=other, property=harbour, role="administrator")
    permissions.forget_standing(other)
    asker = PersonFactory(roles={harbour: ["administrator"]})
    services.take_role(actor=asker, person=administrator, property=harbour, role="administrator")
    assert permissions.roles_at(asleep, harbour) == ("administrator",)
    with pytest.raises(LastAdministrator):
        services.take_role(actor=_keeper_without_being(harbour), person=asker, property=harbour, role="administrator")


def test_the_page_says_why(client: Client, administrator: Person, harbour: Property) -> None:
    answer = sign_in(client, administrator, harbour).post(
        f"/people/{administrator.staff_number}/posts/", {"property": harbour.pk, "role": "manager"}
    )
    assert answer.status_code == 403
    assert [one["outcome"] for one in rows("role.given")] == ["denied"]


def test_the_page_gives_and_takes(as_administrator: Client, clerk: Person, harbour: Property) -> None:
    address = f"/people/{clerk.staff_number}/posts/"
    as_administrator.post(address, {"property": harbour.pk, "role": "manager"})
    as_administrator.post(address, {"property": harbour.pk, "role": "front_desk", "take": "1"})
    assert permissions.roles_at(Person.objects.get(pk=clerk.pk), harbour) == ("manager",)


def test_a_refusal_on_the_page_is_a_reason(as_administrator: Client, clerk: Person, harbour: Property) -> None:
    answer = as_administrator.post(
        f"/people/{clerk.staff_number}/posts/", {"property": harbour.pk, "role": "front_desk"}
    )
    assert answer.context["form"].non_field_errors() == ["This person holds the role already."]


def test_another_propertys_person_is_not_there(as_administrator: Client, lake: Property) -> None:
    stranger = PersonFactory(roles={lake: ["front_desk"]})
    assert as_administrator.get(f"/people/{stranger.staff_number}/posts/").status_code == 404


def test_a_property_out_of_reach_cannot_be_chosen(as_administrator: Client, clerk: Person, lake: Property) -> None:
    answer = as_administrator.post(f"/people/{clerk.staff_number}/posts/", {"property": lake.pk, "role": "manager"})
    assert list(answer.context["form"].errors) == ["property"]


def test_roles_need_a_fresh_proof(client: Client, administrator: Person, clerk: Person, harbour: Property) -> None:
    sign_in(client, administrator, harbour, is_fresh=False)
    answer = client.get(f"/people/{clerk.staff_number}/posts/")
    assert answer.headers["Location"] == f"/step-up/?next=%2Fpeople%2F{clerk.staff_number}%2Fposts%2F"


def _keeper_without_being(property: Property) -> Person:
    """Somebody with the right whose own administrator role ended while they were at work."""
    person: Person = PersonFactory(roles={property: ["administrator"]})
    assert permissions.may(person, "manage_house", property)
    person.groups.clear()
    return person
