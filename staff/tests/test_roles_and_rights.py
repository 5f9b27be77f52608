"""The table of who may what, and the one place that answers it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from staff import permissions
from staff.models import Person, Property
from staff.permissions import NotAllowed
from staff.roles import RIGHTS, RIGHTS_OF, ROLE_NAMES
from staff.tests.factories import PersonFactory
from staff.tests.log import row, rows

GUEST_DATA = {"see_basic", "reveal_contact", "reveal_identity", "reveal_payment", "work_desk"}


def test_every_role_has_rights_and_a_name() -> None:
    assert set(RIGHTS_OF) == set(ROLE_NAMES)
    assert {right for rights in RIGHTS_OF.values() for right in rights} == set(RIGHTS)


@pytest.mark.parametrize("role", RIGHTS_OF)
def test_no_role_has_everything(role: str) -> None:
    assert set(RIGHTS) - set(RIGHTS_OF[role]) != set()


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_the_office_sees_no_guest(role: str) -> None:
    assert set(RIGHTS_OF[role]) & GUEST_DATA == set()


@pytest.mark.parametrize("role", RIGHTS_OF)
def test_a_role_opens_its_rights_here_and_none_elsewhere(harbour: Property, lake: Property, role: str) -> None:
    person = PersonFactory(roles={harbour: [role]})
    assert {right for right in RIGHTS if permissions.may(person, right, harbour)} == set(RIGHTS_OF[role])
    assert [right for right in RIGHTS if permissions.may(person, right, lake)] == []


def test_several_roles_add_up(harbour: Property) -> None:
    person = PersonFactory(roles={harbour: ["manager", "finance"]})
    assert permissions.rights_at(person, harbour) == set(RIGHTS_OF["manager"]) | set(RIGHTS_OF["finance"])
    assert permissions.roles_at(person, harbour) == ("finance", "manager")
    assert permissions.who(person, harbour).role == "finance+manager"


def test_the_deactivated_may_nothing(harbour: Property) -> None:
    person = PersonFactory(is_active=False, roles={harbour: ["front_desk"]})
    assert not permissions.may(person, "work_desk", harbour)
    assert list(permissions.visible(person, "work_desk")) == []


def test_nobody_may_nothing(harbour: Property) -> None:
    assert not permissions.may(AnonymousUser(), "work_desk", harbour)


def test_a_right_that_does_not_exist(clerk: Person, harbour: Property) -> None:
    with pytest.raises(ValueError, match="fly"):
        permissions.may(clerk, "fly", harbour)


def test_require_names_the_right(clerk: Person, harbour: Property) -> None:
    with pytest.raises(NotAllowed) as refused:
        permissions.require(clerk, "manage_house", harbour)
    assert (refused.value.object_type, refused.value.object_ref) == ("right", "manage_house")


def test_one_question_answers_all(
    clerk: Person, harbour: Property, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = Person.objects.get(pk=clerk.pk)
    with django_assert_num_queries(1):
        for right in RIGHTS:
            permissions.may(person, right, harbour)


def test_the_database_refuses_a_superuser(clerk: Person) -> None:
    clerk.is_superuser = True
    with pytest.raises(IntegrityError, match="nobody_has_every_right"):
        clerk.save()


def test_a_right_needed_answers_403_and_leaves_a_row(at_desk: Client, clerk: Person, harbour: Property) -> None:
    assert at_desk.get("/people/").status_code == 403
    assert rows("access.refused") == [
        row(
            "access.refused",
            by=clerk,
            role="front_desk",
            at=harbour,
            outcome="denied",
            about=("right", "manage_house"),
            detail={"reason": "NotAllowed"},
        )
    ]
