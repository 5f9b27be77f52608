"""Companies that handle guests' data for us: agreement, scope, expiry, what they must be told, proof at the end (M37).

PIPL 21 and 47; 网络数据安全管理条例 12.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Processor, Request, Task, Told
from privacy.refusals import ProcessorEnded
from privacy.services.finishing import finish_at_once
from staff import permissions as rights
from staff.models import Person, Post, Property
from staff.roles import PRIVACY_OFFICER

REMIND_BEFORE = timedelta(days=60)
FACTS = ("name", "agreement_ref", "scope", "contact", "signed_on", "expires_on")


class StillWorking(audit.Refused):
    """A processor proves the deletion once the agreement has ended."""

    action = actions.REGISTER_DEED_REFUSED
    field = "deletion_proof_on"
    message = gettext_lazy("End the agreement first; the proof of deletion comes after it.")


class BadDay(audit.Refused):
    """A day before the one it follows, or in the future."""

    action = actions.REGISTER_DEED_REFUSED
    message = gettext_lazy("Choose a day from the one before it in the agreement until today.")


class ToldBefore(audit.Refused):
    """This was marked before, or what must come first is missing."""

    action = actions.REGISTER_DEED_REFUSED
    message = gettext_lazy("This has been marked already, or the processor was not told yet.")


def save_processor(
    *, actor: Person, house: Property, processor: Processor | None, is_of_group: bool, facts: Mapping[str, Any]
) -> Processor:
    """Enter a processor, or change one: of this property, or of the group. ``facts``: ``FACTS``.

    A later day of expiry is reminded of anew. Raises ``NotAllowed`` and ``ProcessorEnded``.
    """
    permissions.require_decide(actor, house)
    with transaction.atomic():
        saved = _lock(processor) if processor else Processor()
        if saved.ended_on:
            raise ProcessorEnded(object_type="processor", object_ref=str(saved.pk))
        if saved.expires_on != facts["expires_on"]:
            saved.reminded_at = None
        for name in FACTS:
            setattr(saved, name, facts[name])
        saved.property = None if is_of_group else house
        saved.save()
        _record(actions.PROCESSOR_SAVED, actor, house, saved)
    return saved


def end_processor(*, actor: Person, house: Property, processor: Processor, on: date, at: datetime) -> Processor:
    """End the agreement. Raises ``NotAllowed``, ``ProcessorEnded`` and ``BadDay``."""
    permissions.require_decide(actor, house)
    with transaction.atomic():
        ended = _lock(processor)
        if ended.ended_on:
            raise ProcessorEnded(object_type="processor", object_ref=str(ended.pk))
        _require_day(on, ended.signed_on, house.today(at), "ended_on")
        ended.ended_on = on
        ended.save(update_fields=["ended_on"])
        _record(actions.PROCESSOR_ENDED, actor, house, ended)
    return ended


def prove_deletion(*, actor: Person, house: Property, processor: Processor, on: date, at: datetime) -> Processor:
    """Note that the processor proved to have deleted what it held.

    Raises ``NotAllowed``, ``StillWorking`` and ``BadDay``.
    """
    permissions.require_decide(actor, house)
    with transaction.atomic():
        proved = _lock(processor)
        if proved.ended_on is None:
            raise StillWorking(object_type="processor", object_ref=str(proved.pk))
        _require_day(on, proved.ended_on, house.today(at), "deletion_proof_on")
        proved.deletion_proof_on = on
        proved.save(update_fields=["deletion_proof_on"])
        _record(actions.PROCESSOR_PROVED, actor, house, proved)
    return proved


def ask_to_tell(*, request: Request, categories: Collection[str], what: str, owner: Person, due_on: date) -> list[Told]:
    """A task and a line for each processor that works for the property with one of these categories.

    Called inside the deed that erases, restricts or corrects: it records nothing by itself. Safe to repeat.
    """
    working = Processor.objects.working_for(request.property).filter(scope__overlap=[str(each) for each in categories])
    return [
        _must_be_told(request, processor, Told.What(what), owner, due_on)
        for processor in working.exclude(told__in=Told.objects.filter(request=request, what=what))
    ]


def mark_told(*, actor: Person, told: Told, at: datetime) -> Told:
    """Note that the processor was told; its task is done with that. Raises ``NotAllowed`` and ``ToldBefore``."""
    with transaction.atomic():
        marked = _lock_told(actor, told)
        if marked.told_at is not None:
            raise ToldBefore(object_type="request", object_ref=marked.request.number)
        marked.told_at = at
        marked.save(update_fields=["told_at"])
        _record_told(actions.TOLD_SENT, actor, marked)
        if marked.task is not None and marked.task.done_at is None:
            finish_at_once([marked.task], actor=actor, at=at)
    return marked


def confirm_told(*, actor: Person, told: Told, at: datetime) -> Told:
    """Note that the processor confirmed to have done likewise. Raises ``NotAllowed`` and ``ToldBefore``."""
    with transaction.atomic():
        marked = _lock_told(actor, told)
        if marked.told_at is None or marked.confirmed_at is not None:
            raise ToldBefore(object_type="request", object_ref=marked.request.number)
        marked.confirmed_at = at
        marked.save(update_fields=["confirmed_at"])
        _record_told(actions.TOLD_CONFIRMED, actor, marked)
    return marked


def remind_of_expiry(*, at: datetime) -> int:
    """Mail the officers which agreements run out within 60 days, each once; returns how many agreements.

    The system's deed, daily. A group's agreement is told to the officers of every property. When the mail server
    refuses, nothing is marked and the next day tries again.
    """
    by_officer: dict[Person, list[Processor]] = {}
    with transaction.atomic():
        due = list(_to_remind_of(at))
        for processor in due:
            for officer in _officers_of(processor):
                by_officer.setdefault(officer, []).append(processor)
            processor.reminded_at = at
            processor.save(update_fields=["reminded_at"])
        if due:
            audit.record(actions.PROCESSOR_REMINDED, who=audit.SYSTEM, detail={"count": len(due)})
            _mail_all(by_officer)
    return len(due)


def _to_remind_of(at: datetime) -> Iterable[Processor]:
    by = (at + REMIND_BEFORE).date()
    due = Processor.objects.expiring(by).filter(reminded_at__isnull=True)
    return due.select_for_update(of=("self",), skip_locked=True).select_related("property")


def _officers_of(processor: Processor) -> list[Person]:
    posts = Post.objects.filter(role=PRIVACY_OFFICER)
    posts = posts.filter(property=processor.property) if processor.property else posts
    officers = Person.objects.filter(is_active=True, groups__post__in=posts).exclude(email="")
    return list(officers.distinct())


def _mail_all(by_officer: Mapping[Person, list[Processor]]) -> None:
    for officer, agreements in by_officer.items():
        with translation.override(officer.language):
            text = render_to_string("privacy/mail/processors_expire.txt", {"processors": agreements})
            subject = _("Agreements with processors run out soon")
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [officer.email])


def _must_be_told(request: Request, processor: Processor, what: str, owner: Person, due_on: date) -> Told:
    task = Task.objects.create(
        request=request, kind=Task.Kind.PROCESSOR, owner=owner, due_on=due_on, about=str(processor.pk)
    )
    return Told.objects.create(request=request, processor=processor, what=what, task=task)


def _lock(processor: Processor) -> Processor:
    return Processor.objects.select_for_update(of=("self",)).get(pk=processor.pk)


def _lock_told(actor: Person, told: Told) -> Told:
    lines = Told.objects.select_for_update(of=("self",))
    locked = lines.select_related("request__property", "processor", "task__request__property").get(pk=told.pk)
    permissions.require_decide(actor, locked.request.property)
    return locked


def _require_day(day: date, earliest: date, today: date, field: str) -> None:
    if not earliest <= day <= today:
        raise BadDay(field=field, object_type="processor")


def _record(action: str, actor: Person, house: Property, processor: Processor) -> None:
    who = rights.who(actor, house)
    audit.record(action, who=who, object_type="processor", object_ref=str(processor.pk))


def _record_told(action: str, actor: Person, told: Told) -> None:
    audit.record(
        action,
        who=rights.who(actor, told.request.property),
        object_type="request",
        object_ref=told.request.number,
        detail={"processor": told.processor_id, "what": str(told.what)},
    )
