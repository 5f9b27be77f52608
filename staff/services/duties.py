"""Duties: reporting that one was done, naming who owns it, closing a lapse with its cause and measure."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import duties, permissions
from staff.actions import DUTY_DEED_REFUSED, DUTY_OWNER_NAMED, LAPSE_CLOSED
from staff.models import Duty, Lapse, Person, Property


class NotTheirDuty(audit.Refused):
    """The person neither owns the duty nor names its owner."""

    action = DUTY_DEED_REFUSED
    status = 403
    message = _("This duty belongs to somebody else. Its owner closes the lapse; an administrator names the owner.")


class OwnerAway(audit.Refused):
    """Nobody who cannot sign in owns a duty."""

    action = DUTY_DEED_REFUSED
    field = "owner"
    message = _("This person can sign in no more. Name somebody who works here.")


class LapseClosed(audit.Refused):
    """The lapse was closed before."""

    action = DUTY_DEED_REFUSED
    message = _("This lapse is closed already.")


def report_started(*, code: str, at: datetime, property: Property | None = None) -> None:
    """Note that the work of a duty began. Raises ValueError for a duty nobody declared."""
    with transaction.atomic():
        found = _lock(code, property, at)
        found.last_started_at = at
        found.save(update_fields=["last_started_at"])


def report_done(*, code: str, at: datetime, property: Property | None = None, failed: bool = False) -> None:
    """Note that the work of a duty ended: done, so that it is due again after its time, or ``failed``.

    Called at the end of each scheduled work, by web, worker or keeper. Raises ValueError for a duty nobody declared.
    """
    with transaction.atomic():
        found = _lock(code, property, at)
        if failed:
            found.last_failed_at = at
            found.save(update_fields=["last_failed_at"])
            return
        found.every = duties.kind_of(code).every
        found.last_done_at, found.next_due_at = at, at + found.every
        found.save(update_fields=["every", "last_done_at", "next_due_at"])
        Lapse.objects.filter(duty=found, closed_at=None, done_again_at=None).update(done_again_at=at)


def expect(*, code: str, due_at: datetime, at: datetime, property: Property | None = None) -> None:
    """Say by when a duty is to be done next, where that is known better than by its usual time."""
    with transaction.atomic():
        found = _lock(code, property, at)
        found.next_due_at = due_at
        found.save(update_fields=["next_due_at"])


def _lock(code: str, property: Property | None, at: datetime) -> Duty:
    kind = duties.kind_of(code)
    first = {"every": kind.every, "next_due_at": at + kind.every}
    found, _is_new = Duty.objects.get_or_create(code=code, property=property, defaults=first)
    return Duty.objects.select_for_update(of=("self",)).get(pk=found.pk)


def name_owner(*, actor: Person, duty: Duty, owner: Person) -> Duty:
    """Name who owns a duty. Raises ``NotAllowed`` and ``OwnerAway``. Without a change nothing is recorded."""
    permissions.require_names_owner(actor, duty)
    with transaction.atomic():
        named = Duty.objects.select_for_update(of=("self",)).select_related("property").get(pk=duty.pk)
        if named.owner_id == owner.pk:
            return named
        if not owner.is_active:
            raise OwnerAway(object_type="duty", object_ref=named.code)
        named.owner = owner
        named.save(update_fields=["owner"])
        audit.record(
            DUTY_OWNER_NAMED,
            who=permissions.who(actor, named.property),
            object_type="duty",
            object_ref=named.code,
            detail={"owner": owner.staff_number},
        )
    return named


def close_lapse(*, actor: Person, lapse: Lapse, cause: str, measure: str, words: str, at: datetime) -> Lapse:
    """Close a lapse with its cause and what was done; the duty's owner does, or who names owners.

    Raises ``NotTheirDuty`` and ``LapseClosed``.
    """
    with transaction.atomic():
        closed = Lapse.objects.select_for_update(of=("self",)).select_related("duty__property").get(pk=lapse.pk)
        duty = closed.duty
        require_closer(actor, duty)
        if closed.closed_at is not None:
            raise LapseClosed(object_type="duty", object_ref=duty.code)
        closed.cause, closed.measure, closed.words = cause, measure, words
        closed.closed_at, closed.closed_by = at, actor
        closed.save(update_fields=["cause", "measure", "words", "closed_at", "closed_by"])
        audit.record(
            LAPSE_CLOSED,
            who=permissions.who(actor, duty.property),
            object_type="duty",
            object_ref=duty.code,
            detail={"lapse": closed.pk, "cause": cause, "measure": measure},
        )
    return closed


def require_closer(actor: Person, duty: Duty) -> None:
    """Raise ``NotTheirDuty`` unless the person owns the duty or names its owner."""
    if duty.owner_id != actor.pk and not permissions.names_owner(actor, duty):
        raise NotTheirDuty(object_type="duty", object_ref=duty.code)
