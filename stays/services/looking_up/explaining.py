"""Why a look makes sense operationally, as far as the system sees it (audit.md, *Noticing misuse*)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists

from audit import trace
from audit.models import Event
from audit.services import Why
from staff.models import Person, Property, Shift
from stays import actions
from stays.models import Occupant, Stay

DUE_IN_HOUSE = "E1"
WORKED_ON = "E2"
SHARES_STAY = "E4"
SAME_SESSION = "E8"

WORKED_WITHIN = timedelta(minutes=30)
WORK_FADES_IN = timedelta(hours=1)
WORK = (
    actions.STAY_EXPECTED,
    actions.CHECKED_IN,
    actions.CHECKED_OUT,
    actions.CHECK_IN_REVERSED,
    actions.REINSTATED,
    actions.MOVED,
    actions.EXTENDED,
    actions.SHORTENED,
    actions.CANCELLED,
    actions.NO_SHOW,
    actions.EXPECTED_AGAIN,
    actions.GROUPED,
    actions.UNGROUPED,
    actions.NOTE_ADDED,
    actions.NOTE_DONE,
    actions.COMPANION_ADDED,
    actions.COMPANION_LEFT,
    actions.MINOR_DUTY_DONE,
    actions.REGISTRATION_ANSWERED,
    actions.VISITOR_REGISTERED,
    actions.VISITOR_LEFT,
    actions.BILL_LINE_ADDED,
    actions.BILL_LINE_SETTLED,
)


def explain_list(actor: Person, house: Property, why: Why) -> Why:
    """The reason with its explanation: guests due or in house here, the actor on duty."""
    return replace(why, explained_by=DUE_IN_HOUSE if _is_on_duty(actor, house) else "")


def explain_stay(actor: Person, stay: Stay, subjects: Sequence[UUID], why: Why, *, at: datetime) -> Why:
    """The reason with its strongest explanation: worked on it, due or in house here, explained before.

    Work on the stay explains in full for half an hour and fades in the hour after, when any other reason counts more.
    """
    if why.explained_by:
        return why
    facts = _facts(actor, stay, at)
    if facts.worked_just_now:
        return replace(why, explained_by=WORKED_ON)
    if facts.on_duty and _is_near(stay, at):
        return replace(why, explained_by=DUE_IN_HOUSE)
    if _explained_before(actor, subjects, at):
        return replace(why, explained_by=SAME_SESSION)
    return replace(why, explained_by=WORKED_ON if facts.worked_before else "")


def explain_guest(actor: Person, house: Property, subject: UUID, why: Why, *, at: datetime) -> Why:
    """The reason with its explanation: a guest due or in house here, or one who shares a stay with such a guest."""
    if why.explained_by:
        return why
    current = Stay.objects.current(house, house.today(at))
    explained = explain_list(actor, house, why)
    if not explained.explained_by:
        return replace(why, explained_by=SAME_SESSION if _explained_before(actor, [subject], at) else "")
    if current.filter(occupants__subject=subject).exists():
        return explained
    stays = Occupant.objects.filter(subject=subject).values("stay")
    companions = Occupant.objects.filter(stay__in=stays).values("subject")
    shares = current.filter(occupants__subject__in=companions).exists()
    return replace(why, explained_by=SHARES_STAY if shares else "")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the shifts and the log say of an actor and a stay."""

    on_duty: bool
    worked_just_now: bool
    worked_before: bool


def _facts(actor: Person, stay: Stay, at: datetime) -> _Facts:
    shifts = Shift.objects.filter(person=actor, property=stay.property, closed_at__isnull=True)
    done = Event.objects.about("stay", stay.reference).by(actor.pk).filter(action__in=WORK, outcome="ok")
    lately, before = done.between(at - WORKED_WITHIN, None), done.between(at - WORKED_WITHIN - WORK_FADES_IN, None)
    facts = Person.objects.values_list(Exists(shifts), Exists(lately), Exists(before))
    return _Facts(*map(bool, facts.get(pk=actor.pk)))


def _is_on_duty(actor: Person, house: Property) -> bool:
    """A shift of the actor is open here. The request under way knows it already; elsewhere the database is asked."""
    current = trace.current()
    if current and current.session_ref and (current.actor, current.property) == (actor.pk, house.pk):
        return True
    return Shift.objects.filter(person=actor, property=house, closed_at__isnull=True).exists()


def _is_near(stay: Stay, at: datetime) -> bool:
    """From the day before arrival to the day after departure."""
    today, day = stay.property.today(at), timedelta(days=1)
    if stay.status == Stay.Status.IN_HOUSE:
        return True
    if stay.status == Stay.Status.CHECKED_OUT and stay.departed_at:
        return stay.property.today(stay.departed_at) >= today - day
    return stay.arrival_on - day <= today <= stay.departure_on + day


def _explained_before(actor: Person, subjects: Sequence[UUID], at: datetime) -> bool:
    current = trace.current()
    if current is None or current.session_ref is None:
        return False
    rows = Event.objects.by(actor.pk).between(at - timedelta(hours=12), None).filter(session_ref=current.session_ref)
    return rows.filter(subjects__overlap=list(subjects), outcome="ok").exclude(explained_by="").exists()
