"""The Celery app: what happens later. The broker is only a bell; what is due stands in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun

from audit import trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotelrecords.settings")

app = Celery("hotelrecords")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def begin_trace(**facts: Any) -> None:
    """Give the rows of a task, and its log lines, an id and a request number of their own."""
    trace.begin()


@task_postrun.connect
def end_trace(**facts: Any) -> None:
    """Whatever comes next in this process is another task."""
    trace.end()
