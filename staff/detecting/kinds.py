"""What can be noticed, and what a look weighs: declared by the room that has the facts, in its ``detection.py``.

``StaffConfig.ready`` loads them all. Numbers, weight and mode of a rule are data (``DetectionRule``); declared here are
the statement and the values a house begins with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from django.utils.functional import Promise

from staff.models import DetectionRule, Severity

if TYPE_CHECKING:
    from staff.detecting.batches import Batch

# How severe it is to see guest data that way (audit.md): S of the risk.
LIST: Final = Decimal("0.1")
VIEW: Final = Decimal("0.3")
BY_DOCUMENT: Final = Decimal("0.5")
REVEAL: Final = Decimal("0.7")
EXPORT: Final = Decimal("1.0")

# How much each operational reason explains (audit.md): E of the risk. E2 fades, E8 depends on the look before it.
EXPLAINS: Final[Mapping[str, Decimal]] = {
    "E1": Decimal("0.9"),
    "E2": Decimal("1.0"),
    "E3": Decimal("1.0"),
    "E4": Decimal("0.8"),
    "E5": Decimal("1.0"),
    "E7": Decimal("1.0"),
    "E8": Decimal("0.9"),
    "E9": Decimal("1.0"),
}


@dataclass(frozen=True, slots=True)
class Grade:
    """How severe a look of one action is. ``by_document``: more so where it was found by a document number."""

    action: str
    severity: Decimal
    by_document: bool = False


class Flag(NamedTuple):
    """A row of the log that a rule noticed, and the one guest it is about, where there is one."""

    row: int
    subject: UUID | None


Find = Callable[["Batch", DetectionRule], Iterable[Flag]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A rule as its room declares it. ``words``: its name; ``tells``: what it means; ``find``: the rows it flags.

    ``parameters``: its numbers by name, with the words for each in ``asks``. ``of_several``: what several people did
    together, so that its alerts name no single one.
    """

    code: str
    words: Promise
    tells: Promise
    find: Find
    window: timedelta
    weight: Decimal
    severity: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    asks: Mapping[str, Promise] = field(default_factory=dict)
    of_several: bool = False


_kinds: dict[str, Kind] = {}
_grades: dict[str, Grade] = {}
_takings: set[str] = set()
_work: set[str] = set()


def rule(
    code: str,
    words: Promise,
    tells: Promise,
    find: Find,
    *,
    weight: str,
    window: timedelta,
    severity: Severity = Severity.MEDIUM,
    numbers: Mapping[str, tuple[int, Promise]] | None = None,
    of_several: bool = False,
) -> str:
    """Declare a rule and return its code. ``numbers``: by name the value to begin with and its words."""
    asked = numbers or {}
    _kinds[code] = Kind(
        code=code,
        words=words,
        tells=tells,
        find=find,
        window=window,
        weight=Decimal(weight),
        severity=severity.value,
        parameters={name: value for name, (value, _words) in asked.items()},
        asks={name: words for name, (_value, words) in asked.items()},
        of_several=of_several,
    )
    return code


def looks(severity: Decimal, *actions: str, by_document: bool = False) -> None:
    """Declare that these actions show guest data, and how severe that is."""
    _grades.update({action: Grade(action, severity, by_document) for action in actions})


def takings(*actions: str) -> None:
    """Declare that these actions take guest data out of the house: files and prints."""
    _takings.update(actions)


def work(*actions: str) -> None:
    """Declare that these actions are work on the thing they are about, which explains looks at it (E2)."""
    _work.update(actions)


def kinds() -> list[Kind]:
    """Every declared rule, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind_of(code: str) -> Kind | None:
    """The rule of this code; None when the room that declared it is gone."""
    return _kinds.get(code)


def grades() -> list[Grade]:
    """Every declared look, by action."""
    return [_grades[action] for action in sorted(_grades)]


def actions_of(*severities: Decimal) -> list[str]:
    """The actions of these severities."""
    return [grade.action for grade in grades() if grade.severity in severities]


def actions_of_taking() -> list[str]:
    """The actions that take guest data out."""
    return sorted(_takings)


def actions_of_work() -> list[str]:
    """The actions that are work."""
    return sorted(_work)
