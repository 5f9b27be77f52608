"""A proposal about a rule is approved, refused or withdrawn; an approved one becomes a version of the rule."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Rule, RuleChange
from privacy.models.rules import RuleFacts
from privacy.policy.profiles import Status
from privacy.refusals import ChangeOvertaken, ChangeSettled, ReasonMissing, RuleElsewhere, VersionThatDay
from privacy.services import law
from privacy.services.reviewing import today
from privacy.services.rules.lines import line_of
from staff import permissions as rights
from staff.models import Person, Property

_DAY: Final = timedelta(days=1)
_FACTS: Final = tuple(field.name for field in RuleFacts._meta.get_fields())


def approve_change(*, actor: Person, house: Property, change: RuleChange, at: datetime) -> Rule:
    """Put a proposal in force, from its day or from today where that is later; the version before ends the day before.

    Raises ``NotAllowed``, ``RuleElsewhere``, ``SamePerson``, ``ChangeSettled``, ``ChangeOvertaken`` and
    ``VersionThatDay``.
    """
    with transaction.atomic():
        locked = _lock(change, actor, house)
        permissions.require_another(actor, locked.proposed_by, **_about(locked))
        made = _make_version(locked, actor, today(house, at))
        _settle(locked, RuleChange.State.APPROVED, actor, at, made=made)
        _record(actions.RULE_APPROVED, actor, house, locked)
    return made


def refuse_change(*, actor: Person, house: Property, change: RuleChange, reason: str, at: datetime) -> RuleChange:
    """Turn a proposal down, with the reason. Raises as ``approve_change``, and ``ReasonMissing``."""
    with transaction.atomic():
        locked = _lock(change, actor, house)
        permissions.require_another(actor, locked.proposed_by, **_about(locked))
        if not reason:
            raise ReasonMissing(**_about(locked))
        _settle(locked, RuleChange.State.REFUSED, actor, at, refused_because=reason)
        _record(actions.RULE_CHANGE_REFUSED, actor, house, locked)
    return locked


def withdraw_change(*, actor: Person, house: Property, change: RuleChange, at: datetime) -> RuleChange:
    """Take one's own proposal back. Raises ``NotAllowed`` to others, ``RuleElsewhere`` and ``ChangeSettled``."""
    with transaction.atomic():
        locked = _lock(change, actor, house)
        if locked.proposed_by_id != actor.pk:
            raise rights.NotAllowed(object_type="right", object_ref=permissions.DECIDES)
        _settle(locked, RuleChange.State.WITHDRAWN, actor, at)
        _record(actions.RULE_WITHDRAWN, actor, house, locked)
    return locked


def _lock(change: RuleChange, actor: Person, house: Property) -> RuleChange:
    permissions.require_decide(actor, house)
    locked = RuleChange.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=change.pk)
    if locked.jurisdiction != house.jurisdiction:
        raise RuleElsewhere(**_about(locked))
    if locked.state != RuleChange.State.PROPOSED:
        raise ChangeSettled(state=locked.get_state_display(), **_about(locked))
    return locked


def _make_version(change: RuleChange, actor: Person, day: date) -> Rule:
    law.store_shipped(change.code)
    made = Rule(**{name: getattr(change, name) for name in _FACTS})
    made.in_force_from = begins = max(change.in_force_from or day, day)
    if made.in_force_to is not None and made.in_force_to < begins:
        raise ChangeOvertaken(**_about(change))
    others = list(Rule.objects.of_line(change).select_for_update(of=("self",)))
    if any(other.in_force_from == begins for other in others):
        raise VersionThatDay(day=begins, **_about(change))
    _make_room(others, made, begins)
    if made.status != Status.MEMORY:
        made.confirmed_by, made.confirmed_on = actor, day
    made.save(force_insert=True)
    return made


def _make_room(others: list[Rule], made: Rule, begins: date) -> None:
    """The version before ends the day before; the new one ends before the next that is known already."""
    for other in others:
        if other.in_force_from is not None and other.in_force_from > begins:
            before_it = other.in_force_from - _DAY
            made.in_force_to = min(made.in_force_to or before_it, before_it)
        elif other.in_force_to is None or other.in_force_to >= begins:
            other.in_force_to = begins - _DAY
            other.save(update_fields=["in_force_to"])


def _settle(
    change: RuleChange, state: str, actor: Person, at: datetime, *, made: Rule | None = None, refused_because: str = ""
) -> None:
    change.state, change.decided_by, change.decided_at = state, actor, at
    change.made, change.refused_because = made, refused_because
    change.save(update_fields=["state", "decided_by", "decided_at", "made", "refused_because"])


def _about(change: RuleChange) -> dict[str, Any]:
    return {"object_type": "rule", "object_ref": line_of(change)}


def _record(action: str, actor: Person, house: Property, change: RuleChange) -> None:
    audit.record(action, who=rights.who(actor, house), detail={"change": change.pk}, **_about(change))
