"""The database check: does the database still guard the log the way the migrations say?"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from audit import guard


def check_log_is_guarded(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Run by ``manage.py check --database default``: one error per grant, trigger or partition that differs."""
    return [
        Error(breach, id="audit.E001") for alias in databases or () for breach in guard.breaches(connections[alias])
    ]
