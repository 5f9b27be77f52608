"""One page that says of every field of every table what it is, why it may be kept and what ends it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

import audit.personal_data
import privacy.personal_data
import staff.personal_data
import stays.personal_data
import vault.personal_data
from audit.personal_data import Fields, Personal
from privacy import permissions
from staff.permissions import any_right_required

NOBODYS: Final = "none"
ROOMS: Final[Mapping[str, tuple[Promise, Mapping[str, Fields]]]] = {
    "audit": (pgettext_lazy("room", "Log"), audit.personal_data.MODELS),
    "vault": (pgettext_lazy("room", "Vault"), vault.personal_data.MODELS),
    "content": (pgettext_lazy("room", "In the envelopes of the vault"), vault.personal_data.CONTENT),
    "staff": (pgettext_lazy("room", "Staff"), staff.personal_data.MODELS),
    "packages": (pgettext_lazy("room", "Tables of packages"), staff.personal_data.OF_PACKAGES),
    "stays": (pgettext_lazy("room", "Front desk"), stays.personal_data.MODELS),
    "privacy": (pgettext_lazy("room", "Requests and retention"), privacy.personal_data.MODELS),
}
GRADES: Final[Mapping[str, Promise]] = {
    "sensitive": pgettext_lazy("class of data", "sensitive"),
    "basic": pgettext_lazy("class of data", "basic"),
    "preference": pgettext_lazy("class of data", "preference"),
    "reference": pgettext_lazy("class of data", "reference only"),
    "work": pgettext_lazy("class of data", "about work"),
    "secret": pgettext_lazy("class of data", "secret"),
    NOBODYS: pgettext_lazy("class of data", "about nobody"),
}
OF: Final[Mapping[str, Promise]] = {
    "guest": pgettext_lazy("whose data", "guest"),
    "staff": pgettext_lazy("whose data", "staff"),
}
_WITH_ITS_ROW: Final = gettext_lazy("Says nothing about any person; it stays or goes with its row.")


@dataclass(frozen=True, slots=True)
class Row:
    """Fields of one table of which the same is said."""

    room: str
    table: str
    fields: tuple[str, ...]
    of: str
    grade: str
    basis: str
    ends: str


@require_safe
@any_right_required(*permissions.SEES_RULES)
def field_ends(request: HttpRequest) -> HttpResponse:
    """Every field of every room, by room and class; at first what is sealed about guests."""
    room, grade = request.GET.get("room", "content"), request.GET.get("class", "")
    rows = [row for row in _rows() if room in ("", row.room) and grade in ("", row.grade)]
    context = {
        "rows": rows,
        "count": sum(len(row.fields) for row in rows),
        "rooms": [(code, name) for code, (name, _tables) in ROOMS.items()],
        "grades": GRADES.items(),
        "room": room,
        "grade": grade,
    }
    return render(request, "privacy/field_ends.html", context)


def _rows() -> Iterator[Row]:
    for room, (_name, tables) in ROOMS.items():
        for table, fields in sorted(tables.items()):
            told: dict[Personal | None, list[str]] = {}
            for name, said in fields.items():
                told.setdefault(said, []).append(name)
            yield from (_row(room, table, names, said) for said, names in told.items())


def _row(room: str, table: str, names: list[str], said: Personal | None) -> Row:
    if said is None:
        return Row(room, table, tuple(names), "", NOBODYS, "", str(_WITH_ITS_ROW))
    whole: Any = names or [_("whatever its form asks")]
    return Row(room, table, tuple(whole), str(OF[said.of]), said.grade, _(said.basis), _(said.ends))
