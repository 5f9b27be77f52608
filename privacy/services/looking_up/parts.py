"""What hangs on a request and names nobody, in one statement that is written once.

Put together by the ORM for each page, the statement took a quarter of the page's time.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from privacy.models import Appointment, Certificate, Check, Delivery, Letter, Message, Request, Task
from staff.models import Person

Part = TypeVar("Part", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The lists of a request, each in the order of its model; of every row the fields that pages show."""

    tasks: list[Task]
    messages: list[Message]
    checks: list[Check]
    letters: list[Letter]
    deliveries: list[Delivery]
    appointments: list[Appointment]
    certificates: list[Certificate]


_SHOWN: Final[dict[type[Model], tuple[str, ...]]] = {
    Task: ("id", "kind", "owner", "due_on", "done_at", "envelope", "about"),
    Message: ("id", "direction", "kind", "envelope", "at"),
    Check: ("id", "method", "matched", "failed", "passed", "at"),
    Letter: ("id", "kind", "language", "made_at", "sent_at", "way"),
    Delivery: ("id", "kind", "contact_field", "made_at", "expires_at", "opened_at", "letter_id"),
    Appointment: ("id", "at", "kept"),
    Certificate: ("id", "number", "made_at"),
}


def parts_of(request: Request) -> Parts:
    """All of them, by one question to the database."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"request": request.pk})
        found = dict(zip(_SHOWN, map(json.loads, cursor.fetchone()), strict=True))
    return Parts(
        tasks=_made(Task, found[Task]),
        messages=_made(Message, found[Message]),
        checks=_made(Check, found[Check]),
        letters=_made(Letter, found[Letter]),
        deliveries=_made(Delivery, found[Delivery]),
        appointments=_made(Appointment, found[Appointment]),
        certificates=_made(Certificate, found[Certificate]),
    )


def _made(model: type[Part], lines: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [model(**{name: _read(name, value) for name, value in line.items()}) for line in lines]


def _read(name: str, value: Any) -> Any:
    read = _READ.get(name.rsplit("_", 1)[-1])
    return read(value) if read and value is not None else value


def _list_of(model: type[Model]) -> str:
    """The rows of a model as a JSON list, in the order it has by itself."""
    fields = ", ".join(f"'{field}', {_WHO if field == 'owner' else field}" for field in _SHOWN[model])
    order = ", ".join(_ordered(str(field)) for field in model._meta.ordering or ())
    rows = f"json_agg(json_build_object({fields}) ORDER BY {order})"
    return f"(SELECT coalesce({rows}, '[]')::text FROM {model._meta.db_table} WHERE request_id = %(request)s)"  # noqa: S608


def _ordered(field: str) -> str:
    column = "id" if field.lstrip("-") == "pk" else field.lstrip("-")
    return f"{column} DESC" if field.startswith("-") else column


_WHO: Final = """
(SELECT json_build_object('id', p.id, 'name', p.name, 'latin_name', p.latin_name)
 FROM staff_person p WHERE p.id = owner_id)
"""
# By the last word of a field's name.
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "envelope": UUID,
    "at": datetime.fromisoformat,
    "on": date.fromisoformat,
    "owner": lambda who: Person(**who),
}
_STATEMENT: Final = f"SELECT {', '.join(map(_list_of, _SHOWN))}"
