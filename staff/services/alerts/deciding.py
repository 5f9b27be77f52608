"""What managers do about an alert: ask the person, take it on, decide, pass it on, close it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from staff.models import Alert, AlertStep, Person
from staff.roles import MANAGER
from staff.services.alerts.looking import require_reader
from staff.services.alerts.mailing import mail_escalation
from staff.services.alerts.refusals import AlertSettled, NobodyToAsk, NotAManagerThere, OwnAlert
from staff.services.alerts.steps import take_step

State, Kind = Alert.State, AlertStep.Kind


def ask_person(*, actor: Person, alert: Alert, at: datetime) -> Alert:
    """Ask the person concerned; they are told the same evening by mail and answer on a page of their own.

    Raises ``NotAllowed``, ``OwnAlert``, ``AlertSettled`` and ``NobodyToAsk``.
    """
    with transaction.atomic():
        locked = _lock(alert, actor, State.NEW)
        if locked.actor is None:
            raise NobodyToAsk(**about(locked))
        locked.state, locked.asked_at = State.ASKED, at
        locked.save(update_fields=["state", "asked_at"])
        take_step(locked, Kind.ASKED, at=at, by=actor, to=locked.actor)
    return locked


def take_alert(*, actor: Person, alert: Alert, at: datetime) -> Alert:
    """Take an alert on: from now on the actor looks into it. Raises ``NotAllowed``, ``OwnAlert``, ``AlertSettled``."""
    with transaction.atomic():
        locked = _lock(alert, actor, State.NEW, State.ASKED)
        locked.state, locked.triaged_by = State.TRIAGED, actor
        locked.save(update_fields=["state", "triaged_by"])
        take_step(locked, Kind.TRIAGED, at=at, by=actor)
    return locked


def decide_alert(*, actor: Person, alert: Alert, verdict: str, at: datetime) -> Alert:
    """Say what it turned out to be, one of ``Alert.Verdict``. Raises ``NotAllowed``, ``OwnAlert``, ``AlertSettled``."""
    with transaction.atomic():
        locked = _lock(alert, actor, State.TRIAGED)
        locked.verdict = Alert.Verdict(verdict).value
        locked.state, locked.decided_at = locked.verdict, at
        locked.save(update_fields=["state", "verdict", "decided_at"])
        take_step(locked, Kind.DECIDED, at=at, by=actor, says=locked.verdict)
    return locked


def escalate_alert(*, actor: Person, alert: Alert, to: Person, at: datetime) -> Alert:
    """Pass an alert to another manager, who is told by mail.

    Raises ``NotAllowed``, ``OwnAlert``, ``AlertSettled`` and ``NotAManagerThere``.
    """
    with transaction.atomic():
        locked = _lock(alert, actor, State.NEW, State.ASKED, State.TRIAGED)
        if to == actor or not to.is_active or to not in others_who_decide(locked):
            raise NotAManagerThere(**about(locked))
        locked.escalated_at = at
        locked.save(update_fields=["escalated_at"])
        take_step(locked, Kind.ESCALATED, at=at, by=actor, to=to)
    mail_escalation(locked, [to])
    return locked


def close_alert(*, actor: Person, alert: Alert, measure: str, at: datetime) -> Alert:
    """Close a decided alert with what was done, one of ``Alert.Measure``.

    Raises ``NotAllowed``, ``OwnAlert`` and ``AlertSettled``.
    """
    with transaction.atomic():
        locked = _lock(alert, actor, State.EXPLAINED, State.FALSE_ALARM, State.CONFIRMED)
        locked.measure, locked.state, locked.closed_at = Alert.Measure(measure).value, State.CLOSED, at
        locked.save(update_fields=["measure", "state", "closed_at"])
        take_step(locked, Kind.CLOSED, at=at, by=actor, says=locked.measure)
    return locked


def others_who_decide(alert: Alert) -> list[Person]:
    """The managers who may look into the alert, without the concerned: of its property, where there are none of any."""
    everywhere = Person.objects.filter(is_active=True, groups__post__role=MANAGER)
    here = Person.objects.holding(MANAGER, alert.property) if alert.property else everywhere
    return _unconcerned(here, alert) or _unconcerned(everywhere, alert)


def _unconcerned(people: QuerySet[Person], alert: Alert) -> list[Person]:
    found = people.order_by("staff_number").distinct()
    return [person for person in found if not is_concerned(person, alert)]


def is_concerned(person: Person, alert: Alert) -> bool:
    """Whether the alert is about what this person did."""
    return alert.actor_id == person.pk or alert.rows.filter(actor=person).exists()


def about(alert: Alert) -> dict[str, Any]:
    """How rows of the log and refusals name the alert."""
    return {"object_type": "alert", "object_ref": alert.number}


def _lock(alert: Alert, actor: Person, *states: str) -> Alert:
    found = Alert.objects.select_for_update(of=("self",)).select_related("actor", "property")
    locked = found.get(pk=alert.pk)
    require_reader(actor, locked)
    if is_concerned(actor, locked):
        raise OwnAlert(**about(locked))
    if locked.state not in states:
        raise AlertSettled(**about(locked))
    return locked
