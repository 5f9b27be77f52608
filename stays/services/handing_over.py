"""Words for the next shift: sealed, done by whoever sees to them, gone after a month."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Handover
from stays.refusals import HandoverDone
from stays.services.notes import Words
from vault import services as vault
from vault.categories import Category
from vault.models import Subject

KEPT_FOR: Final = timedelta(days=30)
FORGOTTEN_AT_ONCE: Final = 200


def write_handover(*, actor: Person, property: Property, text: str, at: datetime) -> Handover:
    """Leave words for the next shift. What is about a guest belongs to the stay, as a note.

    Raises ``NotAllowed`` and ``NotInFreeText``.
    """
    rights.require(actor, "work_desk", property)
    words = Words.checked("handover", text)
    with transaction.atomic():
        subject = vault.new_subject(Subject.Kind.DRAFT)
        envelope = vault.seal(subject=subject, category=Category.NOTE, content=words.content)
        handover = Handover.objects.create(property=property, envelope_id=envelope, writer=actor, written_at=at)
        _record(actions.HANDOVER_WRITTEN, actor, handover, note_commit=words.commit)
    return handover


def finish_handover(*, actor: Person, handover: Handover, at: datetime) -> Handover:
    """Mark words for the next shift as seen to. Raises ``NotAllowed`` and ``HandoverDone``."""
    rights.require(actor, "work_desk", handover.property)
    with transaction.atomic():
        done = Handover.objects.select_for_update(of=("self",)).select_related("property").get(pk=handover.pk)
        if done.done_at:
            raise HandoverDone(object_type="handover", object_ref=str(done.pk))
        done.done_by, done.done_at = actor, at
        done.save(update_fields=["done_by", "done_at"])
        _record(actions.HANDOVER_DONE, actor, done)
    return done


def forget_old_handovers(*, at: datetime) -> int:
    """Erase words older than a month, some at a time, and return how many. Safe to repeat."""
    with transaction.atomic():
        old = Handover.objects.select_for_update(skip_locked=True).filter(written_at__lt=at - KEPT_FOR)
        found = list(old.order_by("written_at")[:FORGOTTEN_AT_ONCE])
        if found:
            detail = {"count": len(found)}
            audit.record(actions.HANDOVERS_FORGOTTEN, who=audit.SYSTEM, object_type="handover", detail=detail)
            Handover.objects.filter(pk__in=[handover.pk for handover in found]).delete()
            envelopes = [handover.envelope_id for handover in found]
            vault.erase_envelopes(envelopes, reason="handover_old", who=audit.SYSTEM)
    return len(found)


def _record(action: str, actor: Person, handover: Handover, *, note_commit: bytes | None = None) -> None:
    audit.record(
        action,
        who=rights.who(actor, handover.property),
        object_type="handover",
        object_ref=str(handover.pk),
        note_commit=note_commit,
    )
