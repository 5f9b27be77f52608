"""The bell: tells the workers that something waits. What waits is a row; without the broker beat finds it later."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: str, *ids: str) -> None:
    """Have a task run once the transaction under way has committed. ``ids`` are opaque, never a person's data."""
    transaction.on_commit(partial(_send, task, ids))


def _send(task: str, ids: tuple[str, ...]) -> None:
    try:
        current_app.send_task(task, args=ids, ignore_result=True)
    except (OperationalError, OSError) as problem:
        logger.warning("The broker is away, %s waits for the next sweep: %s", task, type(problem).__name__)
