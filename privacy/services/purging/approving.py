"""What people do with a plan: approve it, or stop it while that is possible (M18)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Purge
from privacy.refusals import PurgeIsFinal, PurgeNotWaiting
from staff import permissions as rights
from staff.models import Person


def approve_purge(*, purge: Purge, actor: Person, at: datetime) -> Purge:
    """Approve a plan the system made; it waits so many hours (a setting), can be stopped meanwhile, and is final then.

    Raises ``NotAllowed`` and ``PurgeNotWaiting``.
    """
    with transaction.atomic():
        locked = _lock(purge, actor)
        if locked.state != Purge.State.PLANNED:
            raise PurgeNotWaiting(number=locked.number, **_named(locked))
        locked.state, locked.approved_by, locked.approved_at = Purge.State.WAITING, actor, at
        locked.final_at = at + timedelta(hours=settings.PURGE_WAIT_HOURS)
        locked.save(update_fields=["state", "approved_by", "approved_at", "final_at"])
        _record(actions.PURGE_APPROVED, actor, locked)
    return locked


def stop_purge(*, purge: Purge, actor: Person, at: datetime) -> Purge:
    """Stop a plan, or an approved run that is not final yet; the next night plans anew.

    Raises ``NotAllowed`` and ``PurgeIsFinal``.
    """
    with transaction.atomic():
        locked = _lock(purge, actor)
        if not locked.can_be_stopped(at):
            raise PurgeIsFinal(number=locked.number, **_named(locked))
        locked.state, locked.stopped_by, locked.stopped_at = Purge.State.STOPPED, actor, at
        locked.save(update_fields=["state", "stopped_by", "stopped_at"])
        _record(actions.PURGE_STOPPED, actor, locked)
    return locked


def _lock(purge: Purge, actor: Person) -> Purge:
    permissions.require_decide(actor, purge.property)
    return Purge.objects.select_for_update(of=("self",)).select_related("property").get(pk=purge.pk)


def _named(purge: Purge) -> dict[str, str]:
    return {"object_type": "purge", "object_ref": purge.number}


def _record(action: str, actor: Person, purge: Purge) -> None:
    who = rights.who(actor, purge.property)
    audit.record(action, who=who, object_type="purge", object_ref=purge.number)
