"""Lifting a restriction: by whoever decides, or by two where two had locked the record away; the guest is told.

What a deletion restricts was decided and approved by two persons (policy.md, *Deletion*), so one alone does not let it
back. The letter that says so is made in the same deed (GDPR 18(3); PIPL 44).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions, permissions
from privacy.models import Item, Letter, Request, Step, Told
from privacy.policy.blockers import Outcome
from privacy.refusals import UnknownReason
from privacy.services import following_up, letters, requests, restricting
from privacy.services.requests import named
from privacy.services.restricting import LIFT_REASONS
from privacy.services.reviewing import lock_verified
from privacy.services.timeline import note
from staff.models import Person
from stays.services.restricting import restrict_stays
from vault import services as vault

_ASKING: Final = (actions.LIFT_ASKED, actions.LIFT_DECLINED, actions.REQUEST_LIFTED)


class NothingRestricted(Refused):
    """Nothing is restricted by this request any more."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Nothing is restricted by request %(number)s.")


class LiftNeedsTwo(Refused):
    """Two persons locked it away: one asks, another lifts."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Two persons restricted this record: ask for it to be lifted, and a second person decides.")


class LiftNotAsked(Refused):
    """Nobody asks for it, or it was answered already."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Nobody asks any more to lift the restriction of request %(number)s.")


def needs_two(request: Request) -> bool:
    """Whether a second person has to agree: what was approved by two is not undone by one."""
    return request.wanted == Request.Kind.DELETION


def asked_to_lift(request: Request) -> Step | None:
    """The step by which somebody asks to lift, while nobody has answered it."""
    last = request.steps.select_related("actor").filter(code__in=_ASKING).order_by("at", "pk").last()
    return last if last is not None and last.code == actions.LIFT_ASKED else None


def lift_restriction(*, request: Request, actor: Person, reason: str, at: datetime) -> int:
    """Let back what a request has restricted, unless another request restricts it too; how many envelopes.

    ``reason``: of ``LIFT_REASONS``. Raises ``NotAllowed``, ``NotVerified``, ``UnknownReason``, ``NothingRestricted``
    and, for a deletion, ``LiftNeedsTwo``.
    """
    with transaction.atomic():
        locked, items = _begin(request, actor)
        _require_reason(locked, reason)
        if needs_two(locked):
            raise requests.refused(LiftNeedsTwo, locked)
        return _lift(locked, items, actor, reason, at)


def ask_to_lift(*, request: Request, actor: Person, reason: str, at: datetime) -> Step:
    """Ask a second person to let back what a deletion has restricted. Raises as ``lift_restriction``."""
    with transaction.atomic():
        locked, _items = _begin(request, actor)
        _require_reason(locked, reason)
        return note(locked, actions.LIFT_ASKED, actor=actor, at=at, detail={"reason": reason})


def answer_lift(*, request: Request, actor: Person, agrees: bool, at: datetime) -> int:
    """Lift what somebody else asked to lift, or leave it restricted; how many envelopes are let back.

    Raises ``NotAllowed``, ``NotVerified``, ``NothingRestricted``, ``LiftNotAsked`` and ``SamePerson``.
    """
    with transaction.atomic():
        locked, items = _begin(request, actor)
        asked = asked_to_lift(locked)
        if asked is None:
            raise requests.refused(LiftNotAsked, locked)
        permissions.require_another(actor, asked.actor, **named(locked))
        if agrees:
            return _lift(locked, items, actor, str(asked.detail["reason"]), at)
        note(locked, actions.LIFT_DECLINED, actor=actor, at=at)
        return 0


def _begin(request: Request, actor: Person) -> tuple[Request, list[Item]]:
    """The request locked, with the rows by which it restricts something."""
    locked = lock_verified(request, actor, *Request.State.values)
    rows = restricting.restricting_items().filter(request=locked)
    items = list(rows.select_for_update(of=("self",)))
    if not items:
        raise requests.refused(NothingRestricted, locked)
    return locked, items


def _require_reason(request: Request, reason: str) -> None:
    if reason not in LIFT_REASONS:
        raise UnknownReason(**named(request))


def _lift(request: Request, items: Sequence[Item], actor: Person, reason: str, at: datetime) -> int:
    """The rows end as kept; the step and the log say why. Processors and the guest are told."""
    lifted = _let_back(request, items, actor, at)
    for item in items:
        item.chosen, item.override_reason, item.until = Outcome.KEEP, reason, None
    Item.objects.bulk_update(items, ["chosen", "override_reason", "until"])
    categories = {item.category for item in items}
    following_up.tell_processors(request, Told.What.LIFTED, categories, owner=request.officer or actor, at=at)
    note(request, actions.REQUEST_LIFTED, actor=actor, at=at, detail={"count": lifted, "reason": reason})
    letters.make_letter(request=request, kind=Letter.Kind.LIFTED, actor=actor, at=at)
    return lifted


def _let_back(request: Request, items: Sequence[Item], actor: Person, at: datetime) -> int:
    """Open the envelopes that no other request restricts, and the stays in which something is used again."""
    mine = {item.envelope for item in items}
    others = restricting.restricting_items().filter(envelope__in=mine).exclude(request=request)
    free = mine.difference(others.values_list("envelope", flat=True))
    lifted = vault.restrict_envelopes(list(free), until=None, who=requests.who(actor, request.property))
    stays = {item.stay_id for item in items if item.stay_id is not None}
    for stay in restrict_stays(restricting.in_use(stays, request, at=at), until=None):
        restricting.record_stay(actions.RESTRICTION_LIFTED, request, actor, stay)
    return lifted
