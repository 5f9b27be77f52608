"""What the log of changes knows of a rule, in the words of the pages of rules: no codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.changes import sentence
from audit.models import Change
from audit.registry import Names
from privacy.models import Rule
from privacy.policy import words
from staff.models import Person

FIELDS: Final[dict[str, Promise]] = {
    "code": pgettext_lazy("change of a rule", "Code"),
    "jurisdiction": pgettext_lazy("change of a rule", "Jurisdiction"),
    "region": pgettext_lazy("change of a rule", "Region"),
    "record": pgettext_lazy("change of a rule", "Record"),
    "number": pgettext_lazy("change of a rule", "Length of the period"),
    "unit": pgettext_lazy("change of a rule", "Unit of the period"),
    "start": pgettext_lazy("change of a rule", "Beginning of the period"),
    "at_once_on": pgettext_lazy("change of a rule", "Earlier end"),
    "kind": pgettext_lazy("change of a rule", "Kind of the period"),
    "level": pgettext_lazy("change of a rule", "Authority"),
    "instrument": pgettext_lazy("change of a rule", "Instrument"),
    "article": pgettext_lazy("change of a rule", "Article"),
    "end": pgettext_lazy("change of a rule", "What happens then"),
    "in_force_from": pgettext_lazy("change of a rule", "In force from"),
    "in_force_to": pgettext_lazy("change of a rule", "In force until"),
    "status": pgettext_lazy("change of a rule", "How sure"),
    "confirmed_on": pgettext_lazy("change of a rule", "Confirmed on"),
    "needs_approval": pgettext_lazy("change of a rule", "A person approves the purge"),
}
VALUES: Final[dict[str, Mapping[str, str | Promise]]] = {
    "record": words.RECORDS,
    "start": words.STARTS,
    "at_once_on": words.AT_ONCE,
    "end": words.ENDS,
    "needs_approval": {"True": _("yes"), "False": _("no")},
}


@dataclass(frozen=True, slots=True)
class Told:
    """One change: when, who did what, and each field with its value before and after."""

    at: datetime
    sentence: str
    steps: Sequence[tuple[str, str, str]]


def told(changes: Sequence[Change]) -> list[Told]:
    """The changes in words, in the order given."""
    people = Person.objects.in_bulk({change.actor_id for change in changes if change.actor_id})
    names = Names(people={pk: person.shown_name for pk, person in people.items()})
    return [_told(change, names) for change in changes]


def _told(change: Change, names: Names) -> Told:
    changed, change.changes = change.changes or {}, {}
    steps = []
    for name, word in FIELDS.items():
        if name in changed:
            before, after = changed[name]
            steps.append((str(word), _shown(name, before), _shown(name, after)))
    return Told(change.timestamp, sentence(change, names), steps)


def _shown(name: str, value: Any) -> str:
    """Empty where there is none."""
    text = "" if value in (None, "None") else str(value)
    choices: Mapping[Any, Any] = VALUES.get(name) or dict(getattr(Rule._meta.get_field(name), "flatchoices", ()))
    return words.instrument(text) if name == "instrument" and text else str(choices.get(text, text))
