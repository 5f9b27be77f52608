"""The keeper notices what was not done, has it mailed, and people close it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from audit.models import Event
from staff import duties, keeping
from staff.models import Duty, Lapse
from staff.services import duties as deeds
from staff.services import lapses

AT = timezone.now()
Sql = Callable[..., list[tuple[Any, ...]]]
pytestmark = pytest.mark.usefixtures("keepers_connection")


def found() -> list[tuple[str, str]]:
    """The open lapses."""
    lapses.find_lapses(at=AT)
    return sorted((lapse.duty.code, lapse.kind) for lapse in Lapse.objects.filter(closed_at=None))


def test_every_declared_duty_is_entered_once() -> None:
    house_wide = [kind.code for kind in duties.kinds() if not kind.for_property]
    assert [lapses.keep_duties(at=AT), lapses.keep_duties(at=AT)] == [len(house_wide), 0]
    assert sorted(Duty.objects.values_list("code", flat=True)) == house_wide
    assert found() == []


@pytest.mark.parametrize(("hours_ago", "noticed"), [(29, []), (31, [("backup", "late")])])
def test_late_is_what_is_past_its_grace(hours_ago: int, noticed: list[tuple[str, str]]) -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(hours=hours_ago))
    assert found() == noticed


def test_a_failed_run_of_a_days_work_is_noticed_at_once() -> None:
    for code in (duties.BACKUP, "find-what-is-due"):
        deeds.report_done(code=code, at=AT - timedelta(seconds=60))
        deeds.report_done(code=code, at=AT - timedelta(seconds=30), failed=True)
    assert found() == [("backup", "failed")]


def test_it_is_noticed_once_and_is_on_record() -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    assert [found(), found()] == [[("backup", "late")]] * 2
    [event] = Event.objects.filter(action="lapse.found")
    assert (event.actor, event.actor_role, event.object_type, event.object_ref, event.detail) == (
        None, "system", "duty", "backup", {"lapse": Lapse.objects.get().pk, "kind": "late"},
    )  # fmt: skip


def test_done_again_stands_in_the_lapse_which_stays_open() -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    found()
    deeds.report_done(code=duties.BACKUP, at=AT)
    lapse = Lapse.objects.get()
    assert (lapse.done_again_at, lapse.closed_at) == (AT, None)


@pytest.fixture
def people(as_owner: Sql) -> dict[str, int]:
    """An owner, and the administrators of two properties."""
    ids = {}
    as_owner(
        "INSERT INTO staff_property (code, name_en, name_zh, group_name, time_zone, jurisdiction, region, created_at)"
        " SELECT code, code, code, '', 'UTC', 'CN', '', now() FROM unnest(ARRAY['harbour', 'lake']) code"
    )
    for name in ("owner", "harbour", "lake"):
        ids[name] = as_owner(
            "INSERT INTO staff_person (staff_number, name, latin_name, email, language, password, is_active,"
            " is_superuser, created_at) VALUES (%s, 'x', '', %s, 'en', '!', true, false, now()) RETURNING id",
            (name, f"{name}@hotel.example"),
        )[0][0]
    as_owner(
        "WITH made AS (INSERT INTO auth_group (name) SELECT code FROM staff_property RETURNING id, name),"
        " posts AS (INSERT INTO staff_post (role, group_id, property_id) SELECT 'administrator', made.id, p.id"
        " FROM made JOIN staff_property p ON p.code = made.name)"
        " INSERT INTO staff_person_groups (person_id, group_id)"
        " SELECT p.id, made.id FROM made JOIN staff_person p ON p.staff_number = made.name"
    )
    return ids


def told() -> list[str]:
    """To whom the new mails went."""
    lapses.find_lapses(at=AT)
    before = len(mail.outbox)
    lapses.mail_lapses(at=AT)
    return sorted(address for letter in mail.outbox[before:] for address in letter.to)


def test_the_owner_is_mailed_once_without_anything_of_a_guest(people: dict[str, int], as_owner: Sql) -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    as_owner("UPDATE staff_duty SET owner_id = %s", (people["owner"],))
    assert [told(), told()] == [["owner@hotel.example"], []]
    [letter] = mail.outbox
    assert letter.subject == "A duty was not done in time"
    assert letter.body.splitlines()[2:4] == [
        "Back up data and keys, and restore the copy for trial",
        "not done in time",
    ]


def test_without_an_owner_every_administrator_is_mailed(people: dict[str, int]) -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    assert told() == ["harbour@hotel.example", "lake@hotel.example"]


def test_of_a_property_its_own_administrators(people: dict[str, int], as_owner: Sql) -> None:
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    as_owner("UPDATE staff_duty SET property_id = (SELECT id FROM staff_property WHERE code = 'lake')")
    assert told() == ["lake@hotel.example"]


def test_a_silent_mail_server_is_asked_again(people: dict[str, int], settings: Any) -> None:
    usual = settings.EMAIL_BACKEND
    deeds.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    settings.EMAIL_BACKEND = "staff.tests.silence.EmailBackend"
    assert told() == []
    settings.EMAIL_BACKEND = usual
    assert told() == ["harbour@hotel.example", "lake@hotel.example"]


def backup_moment(hour: int) -> datetime:
    """An hour of the first of March on the house's own clock."""
    return datetime(2026, 3, 1, hour, 30, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("done", "started", "hour", "is_due"),
    [
        (-1, None, 4, True),
        (-1, None, 3, False),
        (4, None, 6, False),
        (-1, 5, 5, False),
        (-1, 4, 6, True),
    ],
)
def test_when_a_backup_is_due(done: int, started: int | None, hour: int, is_due: bool) -> None:
    day = timedelta(days=1)
    duty = Duty(
        code=duties.BACKUP,
        every=day,
        last_done_at=backup_moment(4) - day if done < 0 else backup_moment(done),
        last_started_at=backup_moment(started) if started else None,
    )
    assert keeping.is_backup_due(duty, backup_moment(hour)) is is_due
