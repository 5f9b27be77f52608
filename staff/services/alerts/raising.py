"""Raising alerts from risks: folded by rule, person, guest and day, each row once, whatever is looked through again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.models import Event
from staff import permissions
from staff.detecting.risks import DRAWN, Risk
from staff.models import Alert, AlertRow, AlertStep, DetectionRule, Person, Property, Reminder, Severity
from staff.services.alerts.looking import RIGHT
from staff.services.alerts.steps import take_step

DECIDED_WITHIN: Final = {Severity.HIGH: timedelta(hours=24), Severity.MEDIUM: timedelta(hours=72)}
Fold = tuple[str, int | None, UUID | None, date]


@transaction.atomic
def raise_alerts(risks: Iterable[Risk], rules: Mapping[str, DetectionRule], *, at: datetime) -> list[Alert]:
    """Raise an alert for each fold that has none under way, add rows to the others, keep reminders of the doubtful.

    ``rules``: those in force, by code. Returns the alerts that are new.
    """
    risks = list(risks)
    houses = Property.objects.in_bulk({risk.place for risk in risks if risk.place is not None})
    _keep_reminders([risk for risk in risks if risk.is_doubtful], houses)
    rising = _unseen([risk for risk in risks if risk.is_alert])
    folds = [(_fold(risk, houses), risk) for risk in rising]
    under_way = _under_way(fold for fold, _risk in folds)
    raised = []
    for fold, risk in folds:
        if fold not in under_way:
            house = _house(risk, houses)
            under_way[fold] = _raise(fold, risk.score, rules[risk.code], house, at)
            raised.append(under_way[fold])
    _add_rows([(under_way[fold], risk) for fold, risk in folds])
    return raised


@transaction.atomic
def raise_of_the_house(rule: DetectionRule, *, at: datetime) -> Alert | None:
    """Raise an alert that no row of the log is behind: about the house itself. None where one is under way."""
    fold = (rule.code, None, None, day_of(at, None))
    if _under_way([fold]):
        return None
    return _raise(fold, rule.weight, rule, None, at)


@transaction.atomic
def raise_by_hand(*, actor: Person, row: Event, at: datetime) -> Alert:
    """Raise an alert from a line of the sample, which no rule noticed; the one under way where there is one.

    Raises ``NotAllowed``, and DoesNotExist while the keeper has not entered the rules.
    """
    house = Property.objects.filter(pk=row.property).first() if row.property is not None else None
    permissions.require(actor, RIGHT, house)
    rule = DetectionRule.objects.in_force().get(code=DRAWN)
    subject = row.subjects[0] if len(row.subjects) == 1 else None
    fold = (rule.code, row.actor, subject, day_of(row.at, house))
    risk = Risk(row.id, row.ref, row.at, row.actor, row.property, subject, rule.weight, rule.code, (rule.code,))
    alert = _under_way([fold]).get(fold) or _raise(fold, rule.weight, rule, house, at, by=actor)
    _add_rows([(alert, risk)])
    return alert


def day_of(at: datetime, house: Property | None) -> date:
    """The business day, on the property's clock or on the house's own."""
    if house:
        return house.today(at)
    here = at.astimezone(timezone.get_default_timezone())
    return (here - timedelta(hours=settings.BUSINESS_DAY_TURNS_AT_HOUR)).date()


def _fold(risk: Risk, houses: Mapping[int, Property]) -> Fold:
    return risk.code, risk.actor if risk.of_one else None, risk.subject, day_of(risk.at, _house(risk, houses))


def _unseen(risks: list[Risk]) -> list[Risk]:
    """Without the rows an alert of the same rule rests on already, decided or not."""
    refs = [risk.ref for risk in risks]
    known = set(AlertRow.objects.filter(event_ref__in=refs).values_list("alert__code", "event_ref"))
    return [risk for risk in risks if (risk.code, risk.ref) not in known]


def _under_way(folds: Iterable[Fold]) -> dict[Fold, Alert]:
    wanted = set(folds)
    codes, days = {fold[0] for fold in wanted}, {fold[3] for fold in wanted}
    found = Alert.objects.undecided().filter(code__in=codes, day__in=days).select_for_update(of=("self",))
    by_fold = {(alert.code, alert.actor_id, alert.subject, alert.day): alert for alert in found}
    return {fold: alert for fold, alert in by_fold.items() if fold in wanted}


def _house(risk: Risk, houses: Mapping[int, Property]) -> Property | None:
    return houses.get(risk.place) if risk.place is not None else None


def _raise(
    fold: Fold,
    score: Decimal,
    rule: DetectionRule,
    house: Property | None,
    at: datetime,
    *,
    by: Person | None = None,
) -> Alert:
    code, actor, subject, day = fold
    alert = Alert.objects.create(
        rule=rule,
        code=code,
        actor_id=actor,
        property=house,
        subject=subject,
        day=day,
        severity=rule.severity,
        score=score,
        raised_at=at,
        due_at=at + DECIDED_WITHIN[Severity(rule.severity)],
    )
    take_step(alert, AlertStep.Kind.RAISED, at=at, by=by)
    return alert


def _add_rows(found: Iterable[tuple[Alert, Risk]]) -> None:
    rows, highest = [], dict[Alert, Decimal]()
    for alert, risk in found:
        rows.append(AlertRow(alert=alert, actor_id=risk.actor, flags=list(risk.flags), **_row(risk)))
        highest[alert] = max(risk.score, highest.get(alert, alert.score))
    AlertRow.objects.bulk_create(rows, ignore_conflicts=True)
    for alert, score in highest.items():
        if score > alert.score:
            Alert.objects.filter(pk=alert.pk).update(score=score)


def _keep_reminders(risks: Iterable[Risk], houses: Mapping[int, Property]) -> None:
    reminders = [_reminder(risk, risk.actor, houses) for risk in risks if risk.actor is not None]
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)


def _reminder(risk: Risk, actor: int, houses: Mapping[int, Property]) -> Reminder:
    house = _house(risk, houses)
    return Reminder(person_id=actor, property=house, day=day_of(risk.at, house), **_row(risk))


def _row(risk: Risk) -> dict[str, Any]:
    return {"event_at": risk.at, "event_id": risk.row, "event_ref": risk.ref, "score": risk.score}
