"""Correcting a record (PIPL 46): the new value sealed, the old one kept apart, the authority told anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions
from privacy.models import Request, Task, Told
from privacy.policy.answering import decide_correction
from privacy.services import following_up, requests
from privacy.services.requests import named
from privacy.services.reviewing import guest_of, lock_verified, today
from privacy.services.timeline import note
from staff.models import Person
from stays.models import Occupant, Registration
from stays.services.checking_in import REPORT_WITHIN
from vault import services as vault
from vault.categories import FIELDS, Category
from vault.models import Envelope

LONGEST_VALUE: Final = 200
CORRECTABLE: Final = (Category.NAME, Category.CONTACT, Category.REGISTER, Category.PAYMENT, Category.PREFERENCE)


class NotTheGuests(Refused):
    """The envelope is not one of this guest's, or of a kind that is not corrected."""

    action = actions.REQUEST_DEED_REFUSED
    status = 404
    field = "envelope"
    message = _("There is no such record of this guest.")


class NothingChanged(Refused):
    """No field of the record is given a new value."""

    action = actions.REQUEST_DEED_REFUSED
    field = "changes"
    message = _("Enter a new value for at least one field, at most 200 characters.")


class NotDecidedSo(Refused):
    """A record is corrected when a request for correction was granted, wholly or in part."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Decide that request %(number)s is granted first: then the record can be corrected.")


def correct_record(
    *, request: Request, actor: Person, envelope: UUID, changes: Mapping[str, str], at: datetime
) -> list[str]:
    """Write new values into one record and return the names of the fields that changed.

    The old values are sealed as a note that belongs to the request; search is written anew; a register entry that was
    reported is reported again; processors are told. Raises ``NotAllowed``, ``NotVerified``, ``WrongState``,
    ``NotDecidedSo``, ``NotTheGuests``, ``NothingChanged`` and ``vault.EnvelopeErased``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, Request.State.EXECUTING)
        sealed = _find(locked, envelope)
        old = _rewrite(locked, sealed, changes)
        vault.reindex([sealed.subject_id])
        if decide_correction(sealed.category, verified=True, proven=True).reported_anew:
            _report_anew(locked, sealed, actor, at)
        owner = locked.officer or actor
        following_up.tell_processors(locked, Told.What.CORRECTED, [sealed.category], owner=owner, at=at)
        note(
            locked, actions.RECORD_CORRECTED, actor=actor, at=at, fields=sorted(old),
            detail={"category": sealed.category}, envelope=_keep(locked, sealed, old),
        )  # fmt: skip
    return sorted(old)


def _find(request: Request, envelope: UUID) -> Envelope:
    granted = request.decision in (Request.Decision.GRANTED, Request.Decision.PARTLY)
    if request.wanted != Request.Kind.CORRECTION or not granted:
        raise requests.refused(NotDecidedSo, request)
    found = Envelope.objects.filter(pk=envelope, subject=guest_of(request), category__in=CORRECTABLE).first()
    if found is None:
        raise NotTheGuests(**named(request))
    return found


def _rewrite(request: Request, sealed: Envelope, changes: Mapping[str, str]) -> dict[str, str]:
    """Seal the new values and return the old ones of the fields that changed. Raises ``EnvelopeErased`` too."""
    if any(name not in FIELDS[sealed.category] or len(value) > LONGEST_VALUE for name, value in changes.items()):
        raise NothingChanged(**named(request))
    opened = vault.open_for_deed([sealed.pk], with_restricted=True).get(sealed.pk)
    before = dict(opened.plain) if opened else {}
    new = {name: value.strip() for name, value in changes.items()}
    old = {name: str(before.get(name) or "") for name, value in new.items() if value != str(before.get(name) or "")}
    if opened is not None and not old:
        raise NothingChanged(**named(request))
    vault.reseal(sealed.pk, before | new)
    return old


def _keep(request: Request, sealed: Envelope, old: Mapping[str, str]) -> UUID:
    """The old values, so that what was done with them stays explainable; they end with the guest's record."""
    text = "\n".join(f"{sealed.category}.{name}: {value}" for name, value in sorted(old.items()))
    return vault.seal(subject=sealed.subject_id, category=Category.NOTE, content={"text": text}, belongs_to=request.pk)


def _report_anew(request: Request, sealed: Envelope, actor: Person, at: datetime) -> None:
    """A report that has gone out is withdrawn and another one waits; one that waits goes out with the new value."""
    occupants = Occupant.objects.filter(register_envelope=sealed.pk)
    out = Registration.objects.select_for_update(of=("self",)).filter(
        occupant__in=occupants, state__in=following_up.REPORTED
    )
    for report in out.select_related("occupant__stay"):
        report.state = Registration.State.WITHDRAWN
        report.save(update_fields=["state"])
        due_at = at + REPORT_WITHIN[Registration.Kind(report.kind)]
        Registration.objects.create(occupant=report.occupant, kind=report.kind, due_at=due_at)
        _ask_to_report(request, report, actor, due_at)


def _ask_to_report(request: Request, report: Registration, actor: Person, due_at: datetime) -> None:
    Task.objects.create(
        request=request,
        kind=Task.Kind.REREGISTER,
        owner=request.officer or actor,
        due_on=today(request.property, due_at),
        about=following_up.receipt_of(report),
    )
