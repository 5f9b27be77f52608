"""An alert about a clerk who was asked, and a change of a rule that waits, for tests of whole pages."""

from datetime import datetime, timedelta
from decimal import Decimal

from audit.models import Event
from staff.models import Alert, AlertRow, DetectionRule, Person, Property
from staff.services import alerts
from staff.services.detection import enter_rules, propose_rule


def make_alert(clerk: Person, manager: Person, house: Property, at: datetime) -> Alert:
    """Raised as the keeper raises it, about the clerk's newest line in the log; the manager has asked."""
    enter_rules(at=at)
    rule = DetectionRule.objects.in_force().get(code="reveal")
    alert = Alert.objects.create(
        rule=rule, code=rule.code, actor=clerk, property=house, day=house.today(at), severity=rule.severity,
        score=Decimal("1.10"), raised_at=at, due_at=at + timedelta(hours=24),
    )  # fmt: skip
    row = Event.objects.by(clerk.pk).between(None, None).newest()[0]
    AlertRow.objects.create(
        alert=alert,
        event_at=row.at,
        event_id=row.pk,
        event_ref=row.ref,
        actor=clerk,
        score=alert.score,
        flags=[rule.code],
    )
    return alerts.ask_person(actor=manager, alert=alert, at=at)


def make_change(manager: Person, house: Property, at: datetime) -> DetectionRule:
    """Three refusals instead of five: proposed, not replayed yet."""
    rule = DetectionRule.objects.in_force().get(code="probe")
    waiting = DetectionRule.objects.proposed().filter(code=rule.code).first()
    return waiting or propose_rule(
        actor=manager, house=house, rule=rule, parameters={"refusals": 3}, window=rule.window, weight=rule.weight,
        severity=rule.severity, mode=rule.mode, at=at,
    )  # fmt: skip
