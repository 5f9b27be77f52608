"""Alerts past their deadline: passed on to the other managers, and a lapse of the duty to decide in time (M39)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from staff.detection import DECIDE_ALERTS
from staff.models import Alert, AlertStep, Property
from staff.services.alerts.deciding import others_who_decide
from staff.services.alerts.mailing import mail_escalation
from staff.services.alerts.steps import take_step
from staff.services.duties import report_done


def escalate_overdue(*, at: datetime) -> list[Alert]:
    """Pass on each alert that is past its deadline, once; report of every property whether all was decided in time.

    Where it is taken on, the mail goes to the other managers. The duty's owner is told of the lapse by its own mail.
    """
    passed_on = [_pass_on(alert, at) for alert in Alert.objects.overdue(at).filter(escalated_at=None)]
    late: set[int | None] = {alert.property_id for alert in Alert.objects.overdue(at)}
    _report(Property.objects.all(), late, at)
    return passed_on


def _pass_on(alert: Alert, at: datetime) -> Alert:
    with transaction.atomic():
        locked = Alert.objects.select_for_update(of=("self",)).select_related("property").get(pk=alert.pk)
        locked.escalated_at = at
        locked.save(update_fields=["escalated_at"])
        take_step(locked, AlertStep.Kind.ESCALATED, at=at)
    mail_escalation(locked, [person for person in others_who_decide(locked) if person.pk != locked.triaged_by_id])
    return locked


def _report(houses: Iterable[Property], late: set[int | None], at: datetime) -> None:
    for house in houses:
        report_done(code=DECIDE_ALERTS, property=house, at=at, failed=house.pk in late or None in late)
