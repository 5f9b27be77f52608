"""Forms begun and not finished: sealed, the clerk's own, gone after a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Draft
from vault import services as vault
from vault.categories import Category
from vault.models import Subject

KEPT_FOR = timedelta(hours=24)
FORGOTTEN_AT_ONCE = 200


def save_draft(
    *, actor: Person, property: Property, form: str, about: str = "", content: Mapping[str, Any], at: datetime
) -> Draft:
    """Keep what was typed so far, in place of what was kept before. The log says when a form was begun, not each key.

    Raises ``NotAllowed``; ValueError above 64 kB.
    """
    rights.require(actor, "work_desk", property)
    with transaction.atomic():
        draft = _find(actor, property, form, about, lock=True)
        if draft is not None:
            vault.reseal(draft.envelope_id, content)
            draft.saved_at = at
            draft.save(update_fields=["saved_at"])
            return draft
        subject = vault.new_subject(Subject.Kind.DRAFT)
        envelope = vault.seal(subject=subject, category=Category.DRAFT, content=content)
        draft = Draft.objects.create(
            person=actor, property=property, form=form, about=about, envelope_id=envelope, saved_at=at
        )
        _record(actions.DRAFT_SAVED, actor, draft)
    return draft


def read_draft(*, actor: Person, property: Property, form: str, about: str = "", at: datetime) -> dict[str, Any] | None:
    """What the same person typed before at the same property; None where nothing is younger than a day."""
    rights.require(actor, "work_desk", property)
    draft = _find(actor, property, form, about)
    if draft is None or at - draft.saved_at > KEPT_FOR:
        return None
    opened = vault.open_envelopes(
        [draft.envelope_id],
        action=actions.DRAFT_READ,
        who=rights.who(actor, property),
        why=audit.NO_PURPOSE,
        object_type="draft",
        object_ref=str(draft.pk),
    )
    return next((envelope.plain for envelope in opened.values()), None)


def discard_draft(*, actor: Person, property: Property, form: str, about: str = "") -> bool:
    """Erase what was typed; False where there was nothing. Called after the form's deed, in its own transaction."""
    with transaction.atomic():
        draft = _find(actor, property, form, about, lock=True)
        if draft is None:
            return False
        _record(actions.DRAFT_DISCARDED, actor, draft)
        _erase([draft], rights.who(actor, property), "draft_done")
    return True


def forget_old_drafts(*, at: datetime) -> int:
    """Erase drafts older than a day, some at a time, and return how many. Safe to repeat."""
    with transaction.atomic():
        old = Draft.objects.select_for_update(skip_locked=True).filter(saved_at__lt=at - KEPT_FOR)
        drafts = list(old.order_by("saved_at")[:FORGOTTEN_AT_ONCE])
        if drafts:
            audit.record(actions.DRAFTS_FORGOTTEN, who=audit.SYSTEM, object_type="draft", detail={"count": len(drafts)})
            _erase(drafts, audit.SYSTEM, "draft_old")
    return len(drafts)


def _find(actor: Person, house: Property, form: str, about: str, *, lock: bool = False) -> Draft | None:
    drafts = Draft.objects.select_for_update() if lock else Draft.objects.all()
    return drafts.filter(person=actor, property=house, form=form, about=about).first()


def _erase(drafts: list[Draft], who: audit.Who, reason: str) -> None:
    envelopes: list[UUID] = [draft.envelope_id for draft in drafts]
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    vault.erase_envelopes(envelopes, reason=reason, who=who)


def _record(action: str, actor: Person, draft: Draft) -> None:
    who = rights.who(actor, draft.property)
    audit.record(action, who=who, object_type="draft", object_ref=str(draft.pk), detail={"form": draft.form})
