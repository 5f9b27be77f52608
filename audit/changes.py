"""Changes to what is not personal (rooms, properties, rules), as django-auditlog notices them, in plain sentences."""

from typing import Any

from auditlog.registry import auditlog
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from audit.models import Change
from audit.registry import NO_NAMES, Names, listed, word

LONGEST_VALUE = 60  # characters of a value in a sentence; the row keeps it whole


def log_changes_of(model: type[models.Model], *fields: str) -> None:
    """Have changes to these fields logged. Name only what is not personal: their values are kept for good.

    ``QuerySet.update()`` goes unnoticed: deeds that use it record a row of their own.
    """
    if not fields:
        raise ValueError("name the fields: without a list auditlog takes them all")
    auditlog.register(model, include_fields=list(fields))


def sentence(change: Change, names: Names = NO_NAMES) -> str:
    """One change as a person would say it: “Li Wei changed room 0812: state clean → dirty”."""
    model = change.content_type.model_class()
    told = _templates()[change.action] % {
        "who": names.who(change.actor_id),
        "kind": _called(change.content_type.model, model._meta.verbose_name if model else ""),
        "object": names.objects.get((change.content_type.model, change.object_pk), change.object_repr),
    }
    steps = [_step(change, model, name, values, names) for name, values in sorted((change.changes or {}).items())]
    if not steps or change.action == Change.Action.DELETE:
        return told
    return _("%(sentence)s: %(changes)s") % {"sentence": told, "changes": listed(steps)}


def _templates() -> dict[int, str]:
    return {
        Change.Action.CREATE: _("%(who)s created %(kind)s %(object)s"),
        Change.Action.UPDATE: _("%(who)s changed %(kind)s %(object)s"),
        Change.Action.DELETE: _("%(who)s deleted %(kind)s %(object)s"),
        Change.Action.ACCESS: _("%(who)s opened %(kind)s %(object)s"),
    }


def _step(change: Change, model: type[models.Model] | None, name: str, values: Any, names: Names) -> str:
    field = _field(model, name)
    old, new = (_shown(field, name, value, names) for value in values)
    facts = {"field": _called(name, getattr(field, "verbose_name", "")), "old": old, "new": new}
    if change.action == Change.Action.CREATE:
        return _("%(field)s %(new)s") % facts
    return _("%(field)s %(old)s → %(new)s") % facts


def _called(code: str, verbose_name: Any) -> str:
    """The word registered for a code; where there is none, what the model calls it."""
    registered = word(code)
    return registered if registered != code else str(verbose_name or code)


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _shown(field: Any, name: str, value: Any, names: Names) -> str:
    text = str(value)
    if value in (None, "", "None"):
        return "–"
    if name == "property" and text.isdecimal():
        return names.place(int(text))
    choices = {str(code): str(word) for code, word in getattr(field, "flatchoices", ())}
    return Truncator(choices.get(text, text)).chars(LONGEST_VALUE)
