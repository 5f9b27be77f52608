"""Proposing a change of a retention rule: a new period, a region's own rule, a number that is confirmed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Rule, RuleChange
from privacy.policy import periods, rules
from privacy.policy.profiles import Status
from privacy.policy.rules import Level, Record, Start
from privacy.refusals import (
    ChangeWaiting,
    EndsBeforeItBegins,
    InstrumentMissing,
    NotAPeriod,
    NothingChanges,
    OwnChoiceIsNoLaw,
    RegionUnknown,
    RuleElsewhere,
    StartUnknown,
    TooEarly,
    VersionThatDay,
)
from privacy.services.reviewing import today
from privacy.services.rules.lines import line_of
from staff import permissions as rights
from staff.models import Person, Property

LONGEST_YEARS: Final = 100
# What a person may propose; what a rule is about and what happens at its end stay.
PROPOSED: Final = (
    "region",
    "number",
    "unit",
    "start",
    "kind",
    "level",
    "instrument",
    "article",
    "status",
    "needs_approval",
    "in_force_from",
    "in_force_to",
)
_BINDING: Final = (Level.LAW, Level.ADMINISTRATIVE_REGULATION)
_OF_A_STAY: Final = (Start.CHECK_OUT, Start.ARRIVAL)
# The events known of each record, beside the one its rule runs from.
STARTS_OF: Final[Mapping[str, tuple[Start, ...]]] = {
    Record.REGISTER: _OF_A_STAY,
    Record.REGISTER_COPY: _OF_A_STAY,
    Record.GUARDIAN: _OF_A_STAY,
    Record.BILL: (Start.POSTED, *_OF_A_STAY),
}


def propose_change(
    *, actor: Person, house: Property, base: rules.Rule, facts: Mapping[str, Any], reason: str, at: datetime
) -> RuleChange:
    """Propose another version of the rule ``base``. ``facts``: all of ``PROPOSED``; ``reason``: what it rests on.

    Raises ``NotAllowed``, ``RuleElsewhere``, ``RegionUnknown``, ``NotAPeriod``, ``StartUnknown``, ``TooEarly``,
    ``EndsBeforeItBegins``, ``InstrumentMissing``, ``OwnChoiceIsNoLaw``, ``NothingChanges``, ``VersionThatDay`` and
    ``ChangeWaiting``.
    """
    permissions.require_decide(actor, house)
    kept = {name: getattr(base, name) for name in ("code", "jurisdiction", "record", "at_once_on", "end")}
    change = RuleChange(
        **kept, **{name: facts[name] for name in PROPOSED}, reason=reason, property=house, proposed_by=actor,
        proposed_at=at,
    )  # fmt: skip
    about: dict[str, Any] = {"object_type": "rule", "object_ref": line_of(change)}
    _require_place(change, house, about)
    _require_sense(change, base, today(house, at), about)
    _require_authority(change, about)
    with transaction.atomic():
        _require_news(change, base, about)
        _save(change, about)
        audit.record(actions.RULE_PROPOSED, who=rights.who(actor, house), detail={"change": change.pk}, **about)
    return change


def _require_place(change: RuleChange, house: Property, about: Mapping[str, Any]) -> None:
    if change.jurisdiction != house.jurisdiction:
        raise RuleElsewhere(**about)
    there = Property.objects.filter(jurisdiction=change.jurisdiction, region=change.region)
    if change.region and not there.exists():
        raise RegionUnknown(**about)


def _require_sense(change: RuleChange, base: rules.Rule, day: date, about: Mapping[str, Any]) -> None:
    if not _is_period(change, day):
        raise NotAPeriod(**about)
    if change.start not in {base.start, *STARTS_OF.get(base.record, ())}:
        raise StartUnknown(**about)
    if change.in_force_from is None or change.in_force_from < day:
        raise TooEarly(**about)
    if change.in_force_to is not None and change.in_force_to < change.in_force_from:
        raise EndsBeforeItBegins(**about)


def _is_period(change: RuleChange, day: date) -> bool:
    if not 0 < change.number < 1_000_000:
        return False
    try:
        return periods.add_period(day, change.number, change.unit) <= periods.add_period(day, LONGEST_YEARS, "years")
    except (ValueError, OverflowError):
        return False


def _require_authority(change: RuleChange, about: Mapping[str, Any]) -> None:
    """Who says that a number is law says where it stands; what the house chose is no law."""
    is_law, is_read = change.level in _BINDING, change.status in (Status.READ, Status.SECONDARY)
    if (is_law or is_read) and not (change.instrument and change.article):
        raise InstrumentMissing(**about)
    if is_law and change.status == Status.OWN:
        raise OwnChoiceIsNoLaw(**about)


def _require_news(change: RuleChange, base: rules.Rule, about: Mapping[str, Any]) -> None:
    """Something is said anew, or a number is confirmed that was not."""
    told = [name for name in PROPOSED if name not in ("in_force_from", "in_force_to")]
    is_same = all(getattr(change, name) == getattr(base, name) for name in told) and change.in_force_to is None
    was_confirmed = base.confirmed_on is not None or change.status == Status.MEMORY
    if is_same and base.in_force_to is None and was_confirmed:
        raise NothingChanges(**about)
    if Rule.objects.of_line(change).filter(in_force_from=change.in_force_from).exists():
        raise VersionThatDay(day=change.in_force_from, **about)


def _save(change: RuleChange, about: Mapping[str, Any]) -> None:
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as clash:
        raise ChangeWaiting(**about) from clash
