"""Holds on data (B04): placed, approved and released by two people; a release lets go on what waited.

A row of the log names the hold by its number only, never the guest or the stay: a guest's own log sheet, and whoever
reads the log, learns nothing of a hold.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.services import Refused
from privacy import actions, permissions
from privacy.models import Hold
from privacy.models.holding import LONGEST
from privacy.refusals import HoldAboutNothing, HoldEnded, HoldNotAsked, HoldTooLong, UnknownReason
from privacy.services.reviewing import today, wait_for_holds
from staff import permissions as rights
from staff.models import Person, Property
from stays.models import Stay
from vault import services as vault
from vault.categories import Category
from vault.models import Subject

HOLD_REASONS: Final[dict[str, Promise]] = {
    "freeze_notice": _("Freeze notice of an authority"),
    "evidence_notice": _("Evidence notice of an authority"),
    "court_order": _("Order of a court"),
    "dispute": _("Dispute with the guest"),
    "claim": _("Claim for or against the house"),
    "accident": _("Accident or damage"),
    "investigation": _("Internal investigation"),
}
_OF_AUTHORITIES: Final = frozenset({"freeze_notice", "evidence_notice", "court_order"})
LONGEST_DOCUMENT: Final = 80


class HoldNotWaiting(Refused):
    """An authority's hold needs no approval, and an approved one no second."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s does not wait for an approval.")


class ReviewTooLate(Refused):
    """A hold is looked at again on a day to come, before it ends."""

    action = actions.HOLD_DEED_REFUSED
    field = "review_on"
    message = _("Choose a day in the future, before the hold ends.")


class DocumentMissing(Refused):
    """An authority's hold rests on a document, whose number is sealed."""

    action = actions.HOLD_DEED_REFUSED
    field = "document_number"
    message = _("Enter the number of the authority's document, at most 80 characters.")


class OfficersMissing(Refused):
    """A confidential hold names officers of the property: an internal one at least one besides who places it."""

    action = actions.HOLD_DEED_REFUSED
    field = "officers"
    message = _("Name who may know of a confidential hold: people who decide here, and one besides yourself.")


def place_hold(
    *,
    actor: Person,
    property: Property,
    kind: str,
    reason: str,
    review_on: date,
    at: datetime,
    stay: Stay | None = None,
    subject: Subject | None = None,
    until: datetime | None = None,
    confidential: bool = False,
    officers: Sequence[Person] = (),
    document_number: str = "",
) -> Hold:
    """Place a hold on a stay, a guest, or a guest in a stay. An authority's holds at once, an internal one once it is
    approved. The document's number is sealed apart from the guest, whose copy must not show it.

    Raises ``NotAllowed``, ``HoldAboutNothing``, ``UnknownReason``, ``HoldTooLong``, ``ReviewTooLate``,
    ``DocumentMissing`` and ``OfficersMissing``.
    """
    permissions.require_decide(actor, property)
    hold = Hold(
        property=property, kind=Hold.Kind(kind), stay=stay, subject=subject, reason=reason, review_on=review_on,
        until=until, confidential=confidential, placed_by=actor, placed_at=at,
    )  # fmt: skip
    _require_sound(hold, officers, document_number)
    with transaction.atomic():
        wait_for_holds(alone=True)
        hold.number = _next_number()
        hold.envelope = _seal_number(document_number) if document_number else None
        hold.save(force_insert=True)
        hold.officers.set(officers if confidential else ())
        _record(actions.HOLD_PLACED, actor, hold)
    return hold


def approve_hold(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Let an internal hold hold from now on: another person than who placed it.

    Raises ``NotAllowed``, ``HoldEnded``, ``HoldNotWaiting`` and ``SamePerson``.
    """
    with transaction.atomic():
        wait_for_holds(alone=True)
        locked = _lock(hold, actor, at)
        if locked.kind != Hold.Kind.INTERNAL or locked.approved_at is not None:
            raise HoldNotWaiting(number=locked.number, **_named(locked))
        permissions.require_another(actor, locked.placed_by, **_named(locked))
        locked.approved_by, locked.approved_at = actor, at
        locked.save(update_fields=["approved_by", "approved_at"])
        _record(actions.HOLD_APPROVED, actor, locked)
    return locked


def ask_release(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Ask for a hold to be released; asked again, by the last who asked. Raises ``NotAllowed`` and ``HoldEnded``."""
    with transaction.atomic():
        locked = _lock(hold, actor, at)
        locked.release_asked_by = actor
        locked.save(update_fields=["release_asked_by"])
        _record(actions.HOLD_RELEASE_ASKED, actor, locked)
    return locked


def release_hold(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Release a hold: another person than who asked. What waited for it goes on with the next sweep.

    Raises ``NotAllowed``, ``HoldEnded``, ``HoldNotAsked`` and ``SamePerson``.
    """
    with transaction.atomic():
        locked = _lock(hold, actor, at)
        if locked.release_asked_by is None:
            raise HoldNotAsked(number=locked.number, **_named(locked))
        permissions.require_another(actor, locked.release_asked_by, **_named(locked))
        locked.released_by, locked.released_at = actor, at
        locked.save(update_fields=["released_by", "released_at"])
        _record(actions.HOLD_RELEASED, actor, locked)
    return locked


def _require_sound(hold: Hold, officers: Sequence[Person], document_number: str) -> None:
    if hold.stay is None and hold.subject is None:
        raise HoldAboutNothing
    if hold.reason not in HOLD_REASONS or (hold.reason in _OF_AUTHORITIES) != (hold.kind == Hold.Kind.AUTHORITY):
        raise UnknownReason(object_type="hold")
    _require_end(hold)
    if hold.kind == Hold.Kind.AUTHORITY and not 0 < len(document_number) <= LONGEST_DOCUMENT:
        raise DocumentMissing(object_type="hold")
    if hold.confidential and not _may_know(hold, officers):
        raise OfficersMissing(object_type="hold")


def _require_end(hold: Hold) -> None:
    on = today(hold.property, hold.placed_at)
    if hold.until is None:
        if hold.kind == Hold.Kind.INTERNAL:
            raise HoldTooLong(object_type="hold")
    elif not hold.placed_at < hold.until <= hold.placed_at + LONGEST:
        raise HoldTooLong(object_type="hold")
    last = None if hold.until is None else today(hold.property, hold.until)
    if hold.review_on <= on or (last is not None and hold.review_on > last):
        raise ReviewTooLate(object_type="hold")


def _may_know(hold: Hold, officers: Sequence[Person]) -> bool:
    others = [officer for officer in officers if officer.pk != hold.placed_by_id]
    return bool(others) and all(permissions.may_decide(officer, hold.property) for officer in officers)


def _lock(hold: Hold, actor: Person, at: datetime) -> Hold:
    """The hold as it is now. Who may not see a confidential one is told what anybody without the right is told."""
    permissions.require_decide(actor, hold.property)
    found = Hold.objects.select_for_update(of=("self",)).filter(pk__in=Hold.objects.visible_to(actor).values("pk"))
    locked = found.select_related("property").filter(pk=hold.pk).first()
    if locked is None:
        raise rights.NotAllowed(object_type="right", object_ref=permissions.DECIDES)
    if locked.released_at is not None or (locked.until is not None and locked.until <= at):
        raise HoldEnded(number=locked.number, **_named(locked))
    return locked


def _named(hold: Hold) -> dict[str, str]:
    return {"object_type": "hold", "object_ref": hold.number}


def _next_number() -> str:
    """Such as ``H-000017``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('privacy_hold_number')")
        return f"H-{cursor.fetchone()[0]:06d}"


def _seal_number(document_number: str) -> UUID:
    subject = vault.new_subject(Subject.Kind.REQUESTER)
    return vault.seal(subject=subject, category=Category.NOTE, content={"text": document_number})


def _record(action: str, actor: Person, hold: Hold) -> None:
    who = rights.who(actor, hold.property)
    audit.record(action, who=who, object_type="hold", object_ref=hold.number)
