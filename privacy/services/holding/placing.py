"""Placing a hold, renewing it, approving it: an authority's holds at once, an internal one once another approved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateTimeTZRange

from privacy import actions, permissions
from privacy.models import Hold, Request
from privacy.models.holding import LONGEST
from privacy.refusals import (
    AuthorityMissing,
    DocumentMissing,
    DocumentUnneeded,
    HoldAboutNothing,
    HoldHasNoEnd,
    HoldNotInForce,
    HoldNotWaiting,
    HoldReasonUnfit,
    HoldRenewed,
    HoldTimeTurned,
    HoldTooLong,
    OfficersMissing,
    ReviewTooLate,
    UnknownReason,
)
from privacy.services import requests
from privacy.services.free_text import require_harmless
from privacy.services.holding.notes import lock_hold, named, note
from privacy.services.reviewing import today, wait_for_holds
from staff.models import Person, Property
from stays.models import Room, Stay
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
OF_AUTHORITIES: Final = frozenset({"freeze_notice", "evidence_notice", "court_order"})
LONGEST_DOCUMENT: Final = 80
_NUMBERS: Final = {False: ("H", "privacy_hold_number"), True: ("HC", "privacy_confidential_hold_number")}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a hold is on: a guest, a stay, a guest in a stay; a room from its first to its last day; or a request."""

    subject: Subject | None = None
    stay: Stay | None = None
    room: Room | None = None
    first_on: date | None = None
    last_on: date | None = None
    request: Request | None = None

    def on_one_thing_of(self, house: Property) -> bool:
        """Whether one thing is named, and it is one of the property. A guest is a guest of the whole group."""
        things = (self.subject or self.stay, self.room, self.request)
        places = [thing.property_id for thing in (self.stay, self.room, self.request) if thing]
        is_guest = self.subject is None or self.subject.kind == Subject.Kind.GUEST
        is_dated = (self.room is None) == (self.first_on is None) == (self.last_on is None)
        return sum(thing is not None for thing in things) == 1 and set(places) <= {house.pk} and is_guest and is_dated

    def fields(self, house: Property) -> dict[str, Any]:
        """As the hold keeps it; days are whole ones of the property."""
        during = None
        if self.first_on and self.last_on:
            first, after = (
                datetime.combine(day, time.min, house.zone) for day in (self.first_on, _after(self.last_on))
            )
            during = DateTimeTZRange(first, after)
        return {
            "subject": self.subject, "stay": self.stay, "room": self.room, "during": during, "request": self.request,
        }  # fmt: skip


def place_hold(
    *,
    actor: Person,
    property: Property,
    about: About,
    kind: str,
    reason: str,
    review_on: date,
    at: datetime,
    until: datetime | None = None,
    confidential: bool = False,
    officers: Sequence[Person] = (),
    authority: str = "",
    document_number: str = "",
) -> Hold:
    """Place a hold. The number of an authority's document is sealed apart from the guest, whose copy must not show it.

    Raises ``NotAllowed``, ``HoldAboutNothing``, ``HoldTimeTurned``, ``UnknownReason``, ``HoldReasonUnfit``,
    ``HoldTooLong``, ``ReviewTooLate``, ``AuthorityMissing``, ``DocumentMissing``, ``DocumentUnneeded``,
    ``NotInFreeText`` and ``OfficersMissing``.
    """
    permissions.require_decide(actor, property)
    _require_thing(about, property)
    hold = Hold(
        property=property, kind=Hold.Kind(kind), reason=reason, review_on=review_on, until=until, authority=authority,
        confidential=confidential, placed_by=actor, placed_at=at, **about.fields(property),
    )  # fmt: skip
    _require_sound(hold, officers, document_number)
    with transaction.atomic():
        _keep_erasures_out(about.request)
        return _place(hold, officers if confidential else (), document_number)


def renew_hold(
    *, hold: Hold, actor: Person, review_on: date, until: datetime, at: datetime, document_number: str = ""
) -> Hold:
    """Place a new hold that goes on from one in force: on the same, for the same reason, with an end of its own.

    An internal one is approved by another, as every one. Raises as ``place_hold``, and ``HoldEnded``,
    ``HoldNotInForce``, ``HoldHasNoEnd`` and ``HoldRenewed``.
    """
    with transaction.atomic():
        _keep_erasures_out(hold.request)
        former = lock_hold(hold, actor, at)
        _require_renewable(former, at)
        kept = (
            "property",
            "subject",
            "stay",
            "room",
            "during",
            "request",
            "kind",
            "reason",
            "authority",
            "confidential",
        )
        new = Hold(
            **{name: getattr(former, name) for name in kept},
            review_on=review_on, until=until, renews=former, placed_by=actor, placed_at=at,
        )  # fmt: skip
        officers = _who_knows(former) if former.confidential else []
        _require_sound(new, officers, document_number)
        _place(new, officers, document_number)
        note(former, actions.HOLD_RENEWED, actor=actor, at=at)
    return new


def approve_hold(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Let an internal hold hold from now on: another person than who placed it.

    Raises ``NotAllowed``, ``HoldEnded``, ``HoldNotWaiting`` and ``SamePerson``.
    """
    with transaction.atomic():
        wait_for_holds(alone=True)
        locked = lock_hold(hold, actor, at)
        if not locked.waits_for_approval(at):
            raise HoldNotWaiting(number=locked.number, **named(locked))
        permissions.require_another(actor, locked.placed_by, **named(locked))
        locked.approved_by, locked.approved_at = actor, at
        locked.save(update_fields=["approved_by", "approved_at"])
        note(locked, actions.HOLD_APPROVED, actor=actor, at=at)
    return locked


def _place(hold: Hold, officers: Sequence[Person], document_number: str) -> Hold:
    hold.number = _next_number(confidential=hold.confidential)
    hold.envelope = _seal_number(document_number) if document_number else None
    hold.save(force_insert=True)
    hold.officers.set(officers)
    note(hold, actions.HOLD_PLACED, actor=hold.placed_by, at=hold.placed_at)
    return hold


def _keep_erasures_out(request: Request | None) -> None:
    """One that runs is waited for, one that begins waits for the hold. The request comes first, as in an erasure."""
    if request is not None:
        requests.lock(request)
    wait_for_holds(alone=True)


def _require_thing(about: About, house: Property) -> None:
    if not about.on_one_thing_of(house):
        raise HoldAboutNothing(object_type="hold")
    if about.first_on and about.last_on and about.last_on < about.first_on:
        raise HoldTimeTurned(object_type="hold")


def _require_sound(hold: Hold, officers: Sequence[Person], document_number: str) -> None:
    if hold.reason not in HOLD_REASONS:
        raise UnknownReason(object_type="hold")
    if (hold.reason in OF_AUTHORITIES) != (hold.kind == Hold.Kind.AUTHORITY):
        raise HoldReasonUnfit(object_type="hold")
    _require_end(hold)
    _require_document(hold, document_number)
    if hold.confidential and not _may_know(hold, officers):
        raise OfficersMissing(object_type="hold")


def _require_end(hold: Hold) -> None:
    on = today(hold.property, hold.placed_at)
    longest = LONGEST if hold.kind == Hold.Kind.INTERNAL else timedelta.max
    if hold.until is None:
        if hold.kind == Hold.Kind.INTERNAL:
            raise HoldTooLong(object_type="hold")
    elif not timedelta(0) < hold.until - hold.placed_at <= longest:
        raise HoldTooLong(object_type="hold")
    last = None if hold.until is None else today(hold.property, hold.until)
    if hold.review_on <= on or (last is not None and hold.review_on > last):
        raise ReviewTooLate(object_type="hold")


def _require_document(hold: Hold, document_number: str) -> None:
    if hold.kind == Hold.Kind.INTERNAL:
        if hold.authority or document_number:
            raise DocumentUnneeded(object_type="hold")
        return
    if not 0 < len(hold.authority) <= LONGEST_DOCUMENT:
        raise AuthorityMissing(object_type="hold")
    require_harmless(hold.authority, about="hold", field="authority")
    if not 0 < len(document_number) <= LONGEST_DOCUMENT:
        raise DocumentMissing(object_type="hold")


def _require_renewable(former: Hold, at: datetime) -> None:
    if former.until is None:
        raise HoldHasNoEnd(number=former.number, **named(former))
    if not former.is_in_force(at):
        raise HoldNotInForce(number=former.number, **named(former))
    if former.renewals.open(at).exists():
        raise HoldRenewed(number=former.number, **named(former))


def _may_know(hold: Hold, officers: Sequence[Person]) -> bool:
    others = [officer for officer in officers if officer.pk != hold.placed_by_id]
    return bool(others) and all(permissions.may_decide(officer, hold.property) for officer in officers)


def _who_knows(hold: Hold) -> list[Person]:
    """Named in the hold, or known to have placed or approved it; who has left since is not named again."""
    people = [*hold.officers.all(), hold.placed_by, *([hold.approved_by] if hold.approved_by else [])]
    return [person for person in dict.fromkeys(people) if permissions.may_decide(person, hold.property)]


def _next_number(*, confidential: bool) -> str:
    """Such as ``H-000017``. Those of confidential holds are counted apart: a gap would tell of them."""
    letters, sequence = _NUMBERS[confidential]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return f"{letters}-{cursor.fetchone()[0]:06d}"


def _seal_number(document_number: str) -> UUID:
    subject = vault.new_subject(Subject.Kind.REQUESTER)
    return vault.seal(subject=subject, category=Category.NOTE, content={"text": document_number})


def _after(day: date) -> date:
    return day + timedelta(days=1)
