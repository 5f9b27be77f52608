"""Restriction with teeth (B03): locked away from desk, lists and search until lifted, or erased on its day.

What is restricted stays so until somebody lifts it or it is erased: no lock opens by itself when a clock passes, even
where the sweep that erases is late. The day a restriction ends is ``Item.until``.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.services import Refused
from privacy import actions
from privacy.models import Item, Request
from privacy.policy import answering
from privacy.policy.blockers import Outcome
from privacy.refusals import UnknownReason
from privacy.services import facts, requests
from privacy.services.requests import named
from privacy.services.reviewing import guest_of, lock_verified
from privacy.services.sheets import effective_kind
from privacy.services.timeline import note
from staff.models import Person
from stays.models import Occupant, Stay
from stays.services.restricting import restrict_stays
from vault import services as vault
from vault.models import Envelope

UNTIL_LIFTED: Final = datetime(9999, 1, 1, tzinfo=UTC)

LIFT_REASONS: Final[dict[str, Promise]] = {
    "guest_asks": _("The guest asks for it"),
    "accuracy_settled": _("It is settled what is right"),
    "claim_settled": _("The claim is settled"),
    "restricted_in_error": _("It was restricted by mistake"),
}


class NothingRestricted(Refused):
    """Nothing is restricted by this request any more."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Nothing is restricted by request %(number)s.")


class StillInUse(Refused):
    """While the stay is open, its record is needed (PIPL 13(1)(2))."""

    action = actions.REQUEST_DEED_REFUSED
    field = "stay"
    message = _("Stay %(reference)s is still open: its record is needed until the guest has left.")


class NotContested(Refused):
    """Only a request for correction contests a record; others are decided by their sheet."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Only what a request for correction contests is restricted while it is checked.")


def lock_away(
    request: Request, items: Sequence[Item], erased: Sequence[Item], *, actor: Person | None, at: datetime
) -> list[Stay]:
    """Restrict the envelopes of these rows, and the stays of which nothing stays in use; in the deed under way.

    ``erased``: rows that are erased in the same deed; ``actor`` None is the system. Returns the stays taken out of the
    desk's sight.
    """
    who = _who(actor, request)
    vault.restrict_envelopes([item.envelope for item in items], until=UNTIL_LIFTED, who=who)
    stays = {item.stay_id for item in items if item.stay_id is not None}
    used = _in_use(stays, guest_of(request), going=[item.envelope for item in erased], at=at)
    hidden = restrict_stays(stays - used, until=UNTIL_LIFTED)
    for stay in hidden:
        _record(actions.STAY_RESTRICTED, request, actor, stay)
    return hidden


def restrict_stay(*, request: Request, actor: Person, stay: Stay, at: datetime) -> list[Item]:
    """Restrict what a request for correction contests about a stay, until it is checked (PIPL 44, GDPR 18(1)(a)).

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState``, ``NotContested``, ``StillInUse`` and ``NothingRestricted``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, Request.State.IN_REVIEW)
        if effective_kind(locked) != Request.Kind.CORRECTION:
            raise NotContested(**named(locked))
        items = _contested(locked, stay, at)
        if not items:
            raise requests.refused(NothingRestricted, locked)
        lock_away(locked, Item.objects.bulk_create(items), [], actor=actor, at=at)
    return items


def lift_restriction(*, request: Request, actor: Person, reason: str, at: datetime) -> int:
    """Let back what a request has restricted, unless another request restricts it too; how many envelopes.

    Raises ``NotAllowed``, ``NotVerified``, ``UnknownReason`` and ``NothingRestricted``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, *Request.State.values)
        if reason not in LIFT_REASONS:
            raise UnknownReason(**named(locked))
        items = list(restricting_items().filter(request=locked).select_for_update(of=("self",)))
        if not items:
            raise requests.refused(NothingRestricted, locked)
        return _lift(locked, items, actor, reason, at)


def restricting_items() -> QuerySet[Item]:
    """Rows that keep a live envelope locked away now."""
    return settled_items().filter(chosen=Outcome.RESTRICT)


def settled_items() -> QuerySet[Item]:
    """Rows that were carried out and whose envelope is alive still."""
    live = Envelope.objects.filter(pk=OuterRef("envelope"), erased_at__isnull=True)
    return Item.objects.filter(Exists(live), done_at__isnull=False)


def _lift(request: Request, items: Sequence[Item], actor: Person, reason: str, at: datetime) -> int:
    """The rows end as kept; the step and the log say why."""
    mine = {item.envelope: item for item in items}
    others = restricting_items().filter(envelope__in=mine).exclude(request=request)
    free = [envelope for envelope in mine if envelope not in set(others.values_list("envelope", flat=True))]
    for item in items:
        item.chosen, item.override_reason, item.until = Outcome.KEEP, reason, None
    Item.objects.bulk_update(items, ["chosen", "override_reason", "until"])
    lifted = vault.restrict_envelopes(free, until=None, who=requests.who(actor, request.property))
    stays = {item.stay_id for item in items if item.stay_id is not None}
    for stay in restrict_stays(_in_use(stays, guest_of(request), going=[], at=at), until=None):
        _record(actions.RESTRICTION_LIFTED, request, actor, stay)
    note(request, actions.RESTRICTION_LIFTED, actor=actor, at=at, detail={"count": lifted, "reason": reason})
    return lifted


def _contested(request: Request, stay: Stay, at: datetime) -> list[Item]:
    record = facts.gather(guest_of(request), request.property, at, besides=request)
    parts = [part for part in record.parts if part.stay is not None and part.stay.pk == stay.pk]
    answers = [
        answering.decide_restriction(each.category, verified=True, stay_open=record.is_open(each)) for each in parts
    ]
    if any(answer.outcome == Outcome.NOT_NOW for answer in answers):
        raise StillInUse(reference=stay.reference, object_type="stay", object_ref=stay.reference)
    settled = set(request.items.values_list("envelope", flat=True))
    outcome = {"proposed": Outcome.RESTRICT, "chosen": Outcome.RESTRICT, "done_at": at}
    return [
        Item(
            request=request, envelope=part.envelope, category=part.category, stay=part.stay, subject=part.subject,
            **outcome,
        )
        for part in parts
        if part.envelope not in settled
    ]  # fmt: skip


def _in_use(stays: Collection[UUID], guest: UUID, *, going: Collection[UUID], at: datetime) -> set[UUID]:
    """The stays of which something is neither restricted nor going: a part of it, or somebody else of the party."""
    open_now = Q(restricted_until__isnull=True) | Q(restricted_until__lte=at)
    live = Envelope.objects.filter(open_now, erased_at__isnull=True).exclude(pk__in=going)
    parts = live.filter(belongs_to__in=stays).values_list("belongs_to", flat=True)
    named_one = live.filter(subject=OuterRef("subject"), belongs_to__isnull=True)
    others = Occupant.objects.filter(Exists(named_one), stay__in=stays).exclude(subject=guest).order_by()
    return {stay for stay in parts if stay is not None}.union(others.values_list("stay_id", flat=True))


def _who(actor: Person | None, request: Request) -> audit.Who:
    return requests.who(actor, request.property) if actor else requests.system_at(request.property)


def _record(action: str, request: Request, actor: Person | None, stay: Stay) -> None:
    audit.record(
        action,
        who=_who(actor, request),
        why=audit.Why(purpose=requests.PURPOSE, ref=request.number),
        object_type="stay",
        object_ref=stay.reference,
        subjects=[guest_of(request)],
    )
