"""Duties: reported, owned, their lapses closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staff import duties, permissions
from staff.models import Duty, Person, Property
from staff.permissions import NotAllowed
from staff.services import duties as deeds
from staff.services.duties import OwnerAway
from staff.tests.factories import PersonFactory
from staff.tests.log import row, rows

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def backup() -> Duty:
    """A duty of the whole house."""
    deeds.report_done(code=duties.BACKUP, at=AT)
    return Duty.objects.get()


def test_a_duty_nobody_declared_is_no_duty() -> None:
    with pytest.raises(ValueError, match="sweep-the-yard"):
        deeds.report_done(code="sweep-the-yard", at=AT)


def test_done_is_due_again_after_its_time(backup: Duty) -> None:
    assert (backup.code, backup.property, backup.last_done_at, backup.next_due_at) == (
        "backup", None, AT, AT + timedelta(days=1),
    )  # fmt: skip


def test_a_failure_leaves_the_day_it_is_due(backup: Duty) -> None:
    deeds.report_started(code=duties.BACKUP, at=AT + timedelta(hours=1))
    deeds.report_done(code=duties.BACKUP, at=AT + timedelta(hours=2), failed=True)
    found = Duty.objects.get()
    assert (found.has_failed(), found.next_due_at) == (True, AT + timedelta(days=1))
    deeds.report_done(code=duties.BACKUP, at=AT + timedelta(hours=3))
    assert Duty.objects.get().has_failed() is False


def test_the_house_and_each_property_have_their_own(harbour: Property, lake: Property) -> None:
    for place in (None, harbour, lake, harbour):
        deeds.report_done(code=duties.BACKUP, property=place, at=AT)
    assert Duty.objects.count() == 3


def test_an_administrator_names_the_owner(backup: Duty, administrator: Person, manager: Person) -> None:
    deeds.name_owner(actor=administrator, duty=backup, owner=manager)
    deeds.name_owner(actor=administrator, duty=backup, owner=manager)
    assert Duty.objects.get().owner == manager
    assert rows("duty.owner_named") == [
        row(
            "duty.owner_named",
            by=administrator,
            about=("duty", "backup"),
            detail={"owner": "harbour-manager"},
        )
    ]


def test_nobody_else_names_it(backup: Duty, manager: Person) -> None:
    with pytest.raises(NotAllowed):
        deeds.name_owner(actor=manager, duty=backup, owner=manager)


def test_nor_the_administrator_of_another_property(lake: Property, harbour: Property) -> None:
    deeds.report_done(code=duties.BACKUP, property=lake, at=AT)
    other = PersonFactory(roles={harbour: ["administrator"]})
    with pytest.raises(NotAllowed):
        deeds.name_owner(actor=other, duty=Duty.objects.get(), owner=other)


def test_who_has_left_owns_nothing(backup: Duty, administrator: Person) -> None:
    with pytest.raises(OwnerAway):
        deeds.name_owner(actor=administrator, duty=backup, owner=PersonFactory(is_active=False))


def test_who_sees_which(harbour: Property, lake: Property, manager: Person, clerk: Person) -> None:
    for place in (None, harbour, lake):
        deeds.report_done(code=duties.BACKUP, property=place, at=AT)
    ours = permissions.duties_seen_by(manager).order_by("property__code")
    assert [str(duty.property) for duty in ours] == ["harbour", "None"]
    assert list(permissions.duties_seen_by(clerk)) == []
    Duty.objects.filter(property=lake).update(owner=clerk)
    assert [str(duty.property) for duty in permissions.duties_seen_by(clerk)] == ["lake"]
