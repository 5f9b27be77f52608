"""What happens later stands in the log as one thing of its own."""

from datetime import timedelta

import pytest
from celery import Task, shared_task
from django.conf import settings

from audit import trace
from audit.models import Event
from hotelrecords.celery import report
from staff import duties
from staff.models import Duty, Person
from stays import services
from stays.tasks import forget_old_drafts
from stays.tests.factories import AT, make_person, make_property

pytestmark = pytest.mark.django_db


@shared_task(name="hotelrecords.tests.fail")
def fail() -> None:
    """Fall over."""
    raise ValueError("on purpose")


def forget_a_draft(clerk: Person) -> None:
    """Let the task find a draft that is too old."""
    old = AT - timedelta(days=365)
    services.save_draft(actor=clerk, property=clerk.kept_at, form="check-in", content={"name": "欧阳海棠"}, at=old)
    forget_old_drafts.apply()


def test_rows_of_a_task_share_a_request_of_their_own() -> None:
    clerk = make_person(make_property(), "front_desk")
    for _time in range(2):
        forget_a_draft(clerk)
    rows = Event.objects.filter(action__in=["drafts.forgotten", "envelope.erased"], actor=None)
    requests = set(rows.values_list("request_id", "request_n"))
    assert (rows.count(), len(requests), len({request for request, _number in requests} - {None})) == (4, 2, 2)


@pytest.mark.parametrize("task", [forget_old_drafts, fail])
def test_nothing_of_a_task_is_left_for_the_next(task: Task) -> None:
    task.apply()
    assert trace.current() is None


def test_every_scheduled_task_is_a_duty() -> None:
    assert [name for name in settings.CELERY_BEAT_SCHEDULE if not duties.is_declared(name)] == []


@pytest.mark.parametrize("is_failed", [False, True])
def test_what_beat_rings_for_is_reported(is_failed: bool) -> None:
    report("stays.tasks.forget_old_drafts", failed=is_failed)
    assert [(duty.code, duty.has_failed()) for duty in Duty.objects.all()] == [("forget-old-drafts", is_failed)]


def test_a_run_reports_itself_and_what_nobody_scheduled_does_not() -> None:
    for task in (forget_old_drafts, fail):
        task.apply()
    assert [(duty.code, duty.has_failed()) for duty in Duty.objects.all()] == [("forget-old-drafts", False)]
