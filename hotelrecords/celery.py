"""The Celery app: what happens later. The broker is only a bell; what is due stands in PostgreSQL."""

import logging
import os
from importlib import import_module
from typing import Any

from celery import Celery, Task, states
from celery.exceptions import Ignore
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from audit import trace

logger = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotelrecords.settings")


class ClosedAfterRestore(Task):
    """A task that does nothing while the house is locked after a restore: what is due stands in PostgreSQL."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Do the work, unless the house is locked."""
        if import_module("vault.lock").is_closed():
            raise Ignore
        return super().__call__(*args, **options)


app = Celery("hotelrecords", task_cls=ClosedAfterRestore)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def begin_trace(**facts: Any) -> None:
    """Give the rows of a task, and its log lines, an id and a request number of their own."""
    trace.begin()


@task_postrun.connect
def end_trace(task: Any = None, state: str = "", **facts: Any) -> None:
    """Report what beat rang for as done or failed; whatever comes next in this process is another task."""
    try:
        if state != states.IGNORED:
            report(getattr(task, "name", ""), failed=state != states.SUCCESS)
    finally:
        trace.end()


def report(task: str, *, failed: bool) -> None:
    """Tell the duty behind a scheduled task that it was done, or failed. Duties have the names of beat's entries."""
    duties = import_module("staff.services.duties")
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if entry["task"] == task:
            try:
                duties.report_done(code=name, at=timezone.now(), failed=failed)
            except DatabaseError:
                logger.warning("the duty %s could not be reported", name)
