"""Restriction with teeth (B03): locked away from desk, lists and search until lifted, or erased on its day.

What is restricted stays so until somebody lifts it or it is erased: no lock opens by itself when a clock passes, even
where the sweep that erases is late. The day a restriction ends is ``Item.until``.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
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
from privacy.services import facts, requests
from privacy.services.requests import named
from privacy.services.reviewing import guest_of, lock_verified
from staff.models import Person
from stays.models import Occupant, Stay
from stays.services.restricting import restrict_stays
from vault import services as vault
from vault.models import Envelope

UNTIL_LIFTED: Final = vault.UNTIL_LIFTED

LIFT_REASONS: Final[dict[str, Promise]] = {
    "guest_asks": _("The guest asks for it"),
    "accuracy_settled": _("It is settled what is right"),
    "claim_settled": _("The claim is settled"),
    "restricted_in_error": _("It was restricted by mistake"),
}


class NothingContested(Refused):
    """Of this stay nothing is left that the request does not restrict already."""

    action = actions.REQUEST_DEED_REFUSED
    field = "stay"
    message = _("There is nothing of stay %(reference)s left to restrict for request %(number)s.")


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
    used = in_use(stays, request, going=[item.envelope for item in erased], at=at)
    hidden = restrict_stays(stays - used, until=UNTIL_LIFTED)
    for stay in hidden:
        record_stay(actions.STAY_RESTRICTED, request, actor, stay)
    return hidden


def restrict_stay(*, request: Request, actor: Person, stay: Stay, at: datetime) -> list[Item]:
    """Restrict what a request for correction contests about a stay, until it is checked (PIPL 44, GDPR 18(1)(a)).

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState``, ``NotContested``, ``StillInUse`` and ``NothingContested``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, Request.State.IN_REVIEW)
        if locked.wanted != Request.Kind.CORRECTION:
            raise NotContested(**named(locked))
        items = _contested(locked, stay, at)
        if not items:
            raise requests.refused(NothingContested, locked, reference=stay.reference)
        lock_away(locked, Item.objects.bulk_create(items), [], actor=actor, at=at)
    return items


def restricting_items() -> QuerySet[Item]:
    """Rows that keep a live envelope locked away now."""
    return settled_items().filter(chosen=Outcome.RESTRICT)


def settled_items() -> QuerySet[Item]:
    """Rows that were carried out and whose envelope is alive still."""
    live = Envelope.objects.filter(pk=OuterRef("envelope"), erased_at__isnull=True)
    return Item.objects.filter(Exists(live), done_at__isnull=False)


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


def in_use(stays: Collection[UUID], request: Request, *, going: Collection[UUID] = (), at: datetime) -> set[UUID]:
    """The stays of which something is neither restricted nor going: a part of it, or somebody else of the party."""
    open_now = Q(restricted_until__isnull=True) | Q(restricted_until__lte=at)
    live = Envelope.objects.filter(open_now, erased_at__isnull=True).exclude(pk__in=going)
    parts = live.filter(belongs_to__in=stays).values_list("belongs_to", flat=True)
    named_one = live.filter(subject=OuterRef("subject"), belongs_to__isnull=True)
    others = Occupant.objects.filter(Exists(named_one), stay__in=stays).exclude(subject=guest_of(request)).order_by()
    return {stay for stay in parts if stay is not None}.union(others.values_list("stay_id", flat=True))


def _who(actor: Person | None, request: Request) -> audit.Who:
    return requests.who(actor, request.property) if actor else requests.system_at(request.property)


def record_stay(action: str, request: Request, actor: Person | None, stay: Stay) -> None:
    """Put on record that a stay left the desk's sight for a request, or is back in it; ``actor`` None is the system."""
    audit.record(
        action,
        who=_who(actor, request),
        why=audit.Why(purpose=requests.PURPOSE, ref=request.number),
        object_type="stay",
        object_ref=stay.reference,
        subjects=[guest_of(request)],
    )
