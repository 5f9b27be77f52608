"""Nothing without an owner (M33), and nothing unnoticed while the keeper is silent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from audit.models import Event
from staff import duties
from staff.models import Duty, Lapse, Person, Property
from staff.roles import ADMINISTRATOR, MANAGER
from staff.services import duties as deeds
from staff.services import lapses
from staff.tests.factories import PersonFactory
from staff.tests.log import row, rows

pytestmark = pytest.mark.django_db
AT = timezone.now()


def owners() -> dict[str, str]:
    """Duty and staff number of its owner."""
    return {duty.code: duty.owner.staff_number if duty.owner else "" for duty in Duty.objects.select_related("owner")}


def done(*codes: str, property: Property | None = None) -> None:
    for code in codes:
        deeds.report_done(code=code, property=property, at=AT)


# Owners


def test_the_holder_of_its_role_owns_a_duty(
    harbour: Property, lake: Property, manager: Person, administrator: Person
) -> None:
    PersonFactory(staff_number="lake-manager", roles={lake: ["manager"]})
    done(duties.SEAL_LOG, duties.BACKUP)
    done(duties.ACCESS_REVIEW, property=lake)
    assert [lapses.name_missing_owners(at=AT), lapses.name_missing_owners(at=AT)] == [3, 0]
    assert owners() == {"seal-log": "harbour-manager", "backup": "admin", "access-review": "lake-manager"}
    assert row("duty.owner_named", by=None, role="system", at=lake, about=("duty", "access-review"),
               detail={"owner": "lake-manager"}) in rows("duty.owner_named")  # fmt: skip


def test_without_such_a_holder_an_administrator_does(harbour: Property, administrator: Person) -> None:
    done(duties.SEAL_LOG)
    done(duties.ACCESS_REVIEW, property=harbour)
    lapses.name_missing_owners(at=AT)
    assert set(owners().values()) == {"admin"}


def test_with_nobody_it_stays_with_nobody(harbour: Property, clerk: Person) -> None:
    done(duties.BACKUP)
    assert (lapses.name_missing_owners(at=AT), owners()) == (0, {"backup": ""})


def test_who_was_named_stays_until_they_leave(manager: Person, administrator: Person) -> None:
    done(duties.BACKUP)
    Duty.objects.update(owner=manager)
    assert lapses.name_missing_owners(at=AT) == 0
    Person.objects.filter(pk=manager.pk).update(is_active=False)
    assert (lapses.name_missing_owners(at=AT), owners()) == (1, {"backup": "admin"})


def test_every_duty_is_owned_by_a_role_that_exists() -> None:
    assert {kind.owner for kind in duties.kinds()} == {ADMINISTRATOR, MANAGER, "privacy_officer"}


# While the keeper is silent


def test_the_worker_notices_while_the_keeper_is_silent(administrator: Person) -> None:
    """Seals are late then, which is what the owner is told."""
    Person.objects.update(email="owner@hotel.example")
    deeds.report_done(code=duties.SEAL_LOG, at=AT - timedelta(minutes=9))
    told = [lapses.stand_in_for_keeper(at=AT) for _again in range(2)]
    assert (told, [lapse.duty.code for lapse in Lapse.objects.all()]) == ([1, 0], ["seal-log"])
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["owner@hotel.example"], "A duty was not done in time")
    ]
    assert Event.objects.filter(action="lapse.found").count() == 1


def test_an_owner_without_mail_is_told_through_the_administrators(manager: Person, administrator: Person) -> None:
    Person.objects.filter(pk=administrator.pk).update(email="admin@hotel.example")
    deeds.report_done(code=duties.SEAL_LOG, at=AT - timedelta(minutes=9))
    Duty.objects.update(owner=manager)
    lapses.stand_in_for_keeper(at=AT)
    assert [letter.to for letter in mail.outbox] == [["admin@hotel.example"]]
