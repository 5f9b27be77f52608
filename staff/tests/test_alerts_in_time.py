"""The keeper's part of alerts: noticed within a minute, mailed in the evening, passed on when overdue, guarded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from audit.keeping import _works
from audit.models import Event, KeeperBeat
from staff import detection, keeping
from staff.models import Alert, AlertStep, DetectionRule, Duty, Lapse, Reminder
from staff.services import alerts, lapses
from staff.services.detection import enter_rules

Sql = Callable[..., list[tuple[Any, ...]]]
pytestmark = pytest.mark.usefixtures("keepers_connection")
ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 5, 12, 9, 0, tzinfo=ZONE)
EVENING = datetime(2026, 5, 12, 18, 5, tzinfo=ZONE)


@pytest.fixture
def people(as_owner: Sql) -> dict[str, int]:
    """The harbour in Shanghai, its clerk and two managers, all with an address."""
    [(house,)] = as_owner(
        "INSERT INTO staff_property (code, name_en, name_zh, group_name, time_zone, jurisdiction, region, created_at)"
        " VALUES ('harbour', 'Harbour', 'Harbour', '', 'Asia/Shanghai', 'CN', '', now()) RETURNING id"
    )
    [(group,)] = as_owner("INSERT INTO auth_group (name) VALUES ('harbour:manager') RETURNING id")
    as_owner("INSERT INTO staff_post (role, group_id, property_id) VALUES ('manager', %s, %s)", (group, house))
    ids = {"house": house}
    for name in ("clerk", "manager", "boss"):
        [(ids[name],)] = as_owner(
            "INSERT INTO staff_person (staff_number, name, latin_name, email, language, password, is_active,"
            " is_superuser, created_at) VALUES (%s, 'x', '', %s, 'en', '!', true, false, now()) RETURNING id",
            (name, f"{name}@hotel.example"),
        )
    for name in ("manager", "boss"):
        as_owner("INSERT INTO staff_person_groups (person_id, group_id) VALUES (%s, %s)", (ids[name], group))
    enter_rules(at=MORNING)
    return ids


def reminded(people: dict[str, int], at: datetime, number: int) -> None:
    """A doubtful row of the clerk."""
    Reminder.objects.create(
        person_id=people["clerk"], property_id=people["house"], day=at.date(), event_at=at, event_id=number,
        event_ref=uuid4(), score="0.6",
    )  # fmt: skip


def alert_of(people: dict[str, int], actor: str | None = "clerk", **facts: Any) -> Alert:
    """An alert of the harbour, raised in the morning."""
    rule = DetectionRule.objects.in_force().get(code="reveal")
    given = {
        "rule": rule, "code": rule.code, "actor_id": people.get(actor or ""), "property_id": people["house"],
        "day": MORNING.date(), "severity": "high", "score": "1", "raised_at": MORNING,
        "due_at": MORNING + timedelta(hours=24),
    }  # fmt: skip
    return Alert.objects.create(**given | facts)


def told() -> list[str]:
    """To whom mails went."""
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_in_the_evening_everybody_is_told_once_without_anything_of_a_guest(people: dict[str, int]) -> None:
    reminded(people, MORNING, 1)
    reminded(people, MORNING, 2)
    assert [alerts.mail_reminders(at=at) for at in (MORNING, EVENING, EVENING + timedelta(minutes=10))] == [0, 1, 0]
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["clerk@hotel.example"], "Please look at your own lines of today")
    assert letter.body.splitlines()[:2] == [
        "Today the system saw no reason of work for some of your looks at guests. Lines: 2.",
        "Sign in and look at them in My own lines: /access-log/mine/",
    ]
    event = Event.objects.get(action="reminders.mailed")
    assert (event.actor, event.object_ref, event.detail) == (None, "clerk", {"count": 2, "questions": 0})


def test_what_came_after_the_mail_waits_for_the_next_evening(people: dict[str, int]) -> None:
    reminded(people, MORNING, 1)
    alerts.mail_reminders(at=EVENING)
    reminded(people, EVENING, 2)
    later = [EVENING + timedelta(hours=hours) for hours in (1, 5, 24)]
    assert [alerts.mail_reminders(at=at) for at in later] == [0, 0, 1]
    assert Reminder.objects.filter(mailed_at=None).count() == 0


def test_who_was_asked_is_told_the_same_evening(people: dict[str, int]) -> None:
    alert_of(people)
    alert_of(people, state="asked", asked_at=MORNING, subject="00000000-0000-4000-8000-000000000001")
    assert [alerts.mail_reminders(at=EVENING), alerts.mail_reminders(at=EVENING)] == [1, 0]
    assert mail.outbox[0].body.splitlines()[:2] == [
        "A manager has asked you about an access. Questions: 1.",
        "Sign in and answer on the page Questions to me: /me/questions/",
    ]


def test_a_silent_mail_server_is_asked_again(people: dict[str, int], settings: Any) -> None:
    usual = settings.EMAIL_BACKEND
    reminded(people, MORNING, 1)
    settings.EMAIL_BACKEND = "staff.tests.silence.EmailBackend"
    assert alerts.mail_reminders(at=EVENING) == 0
    settings.EMAIL_BACKEND = usual
    assert alerts.mail_reminders(at=EVENING) == 1


def test_an_overdue_alert_goes_to_the_other_managers_once_and_is_a_lapse(people: dict[str, int]) -> None:
    alert = alert_of(people, triaged_by_id=people["manager"], state="triaged")
    alert_of(people, "boss", severity="medium", due_at=MORNING + timedelta(hours=72))
    alerts.escalate_overdue(at=MORNING + timedelta(hours=24))
    assert (told(), Lapse.objects.count()) == ([], 0)
    late = MORNING + timedelta(hours=24, seconds=1)
    assert [len(alerts.escalate_overdue(at=late)) for _time in range(2)] == [1, 0]
    assert told() == ["boss@hotel.example"]
    assert list(AlertStep.objects.values_list("alert", "kind", "by")) == [(alert.pk, "escalated", None)]
    lapses.find_lapses(at=late)
    lapse = Lapse.objects.get()
    assert (lapse.duty.code, lapse.duty.property_id, lapse.kind) == ("decide-alerts", people["house"], "failed")


def test_the_concerned_gets_no_mail_about_it(people: dict[str, int]) -> None:
    alert_of(people, "manager")
    alerts.escalate_overdue(at=MORNING + timedelta(hours=25))
    assert told() == ["boss@hotel.example"]


def test_decided_in_time_the_duty_is_done(people: dict[str, int]) -> None:
    alert_of(people, state="explained", verdict="explained")
    at = MORNING + timedelta(days=2)
    alerts.escalate_overdue(at=at)
    duty = Duty.objects.get(code=detection.DECIDE_ALERTS)
    assert (duty.last_done_at, duty.has_failed(), told()) == (at, False, [])


def test_a_guard_in_trouble_is_one_alert_a_day(people: dict[str, int], as_owner: Sql) -> None:
    at = timezone.now()
    keeping.watch_the_guard(at)
    assert Alert.objects.count() == 0
    as_owner("INSERT INTO audit_keeper_beat (id, breaches) VALUES (1, 2)")
    keeping.watch_the_guard(timezone.now())
    keeping.watch_the_guard(timezone.now())
    alert = Alert.objects.get()
    assert (alert.code, alert.actor, alert.property, alert.severity, alert.rows.count()) == (
        "integrity", None, None, "high", 0,
    )  # fmt: skip
    assert KeeperBeat.objects.get().breaches == 2


def test_the_keeper_looks_through_the_log_several_times_a_minute() -> None:
    [work] = [each for each in _works if each.name == "staff.keeping.look_through_log"]
    assert work.seconds <= 15
