"""One check of who asks: what was compared or seen, its failures and the lock, and when it is enough."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from audit import services as audit
from privacy import actions
from privacy.models import Check, Request
from privacy.models.requests import NEEDS_NO_IDENTITY
from privacy.policy import evidence
from privacy.policy.evidence import Evidence
from privacy.services import requests, timeline
from privacy.services.matching import shown_by
from staff.models import Person

State = Request.State
CHECKED_IN: Final = (State.RECEIVED, State.VERIFYING, State.IN_REVIEW)
LOCKED_FOR: Final = timedelta(hours=evidence.LOCKED_HOURS)
# Complaints and explanations need nobody to be known; who wants to be known shows what a correction asks for.
AS_CORRECTION: Final = Request.Kind.CORRECTION


def begin(request: Request, at: datetime) -> Request:
    """The request, locked, when it can be checked. Raises ``WrongState``, ``AlreadyVerified``, ``RequestLocked``."""
    locked = begin_untold(request)
    requests.require_unlocked(locked, at)
    return locked


def begin_untold(request: Request) -> Request:
    """As ``begin``, for who may not learn that too many checks failed: how soon they did tells whether what was
    stated fits a guest. The caller lets no check pass while ``is_locked``."""
    locked = requests.lock(request)
    requests.require_state(locked, CHECKED_IN)
    requests.require_unverified(locked)
    return locked


def conclude(
    request: Request,
    method: str,
    *,
    passed: bool,
    matched: Sequence[str] = (),
    failed: Sequence[str] = (),
    actor: Person | None,
    at: datetime,
    envelope: UUID | None = None,
    is_guess: bool = True,
    by: audit.Who | None = None,
) -> Check:
    """Write the check of a locked request, count a failed guess, and verify the request when all is enough.

    Where nobody could have guessed anything (``is_guess`` false) a failure locks nothing. ``by``: the system, where
    it compares.
    """
    check = Check.objects.create(
        request=request, method=method, matched=list(matched), failed=list(failed), passed=passed, at=at, by=actor,
        envelope=envelope,
    )  # fmt: skip
    timeline.note(
        request, actions.CHECK_PASSED if passed else actions.CHECK_FAILED, actor=actor, by=by, at=at,
        fields=matched if passed else failed or matched, detail={"method": str(method)},
        subjects=[request.guest_id] if passed and request.guest_id else [],
    )  # fmt: skip
    if not passed and is_guess:
        _count_failure(request, at)
    _go_on(request, actor, by, at)
    return check


def _count_failure(request: Request, at: datetime) -> None:
    """What fails while it is locked is not counted, and does the same work."""
    if not request.is_locked(at):
        ran_out = request.locked_until is not None
        request.failures = 1 if ran_out else request.failures + 1
        request.locked_until = at + LOCKED_FOR if request.failures >= evidence.LOCKED_AFTER else None
    request.save(update_fields=["failures", "locked_until"])


def _go_on(request: Request, actor: Person | None, by: audit.Who | None, at: datetime) -> None:
    """Received becomes verifying with the first check; verified once guest and evidence are both there."""
    changed = ["guest"]
    if request.state == State.RECEIVED:
        request.state = State.VERIFYING
        changed.append("state")
    shown = evidence_of(request)
    is_verified = request.guest_id is not None and is_enough(request, shown)
    if is_verified:
        request.verified_at, request.failures, request.locked_until = at, 0, None
        changed += ["verified_at", "failures", "locked_until"]
    request.save(update_fields=changed)
    if is_verified:
        timeline.note(request, actions.REQUEST_VERIFIED, actor=actor, by=by, at=at, fields=sorted(shown))


def evidence_of(request: Request) -> frozenset[str]:
    """All that was shown and found right so far, in the words of the table of evidence."""
    passed = request.checks.filter(passed=True).values_list("matched", flat=True)
    return frozenset().union(*(shown_by(matched) for matched in passed))


def is_enough(request: Request, shown: Collection[str]) -> bool:
    """Whether this suffices for who asks and for what is asked (policy.md, Requests)."""
    return evidence.is_enough(request.acts_as, _table_kind(request), shown)


def must_show(request: Request) -> Evidence:
    """The line of the table of evidence for this request: ways, what follows, what is never accepted."""
    return evidence.must_show(request.acts_as, _table_kind(request))


def asks_next(request: Request, *, out_of_reach: Collection[str] = ()) -> tuple[str, ...]:
    """What still to ask the requester for: the least that suffices, empty when nothing is missing or nothing helps."""
    if request.is_verified:
        return ()
    return evidence.asks_next(request.acts_as, _table_kind(request), evidence_of(request), out_of_reach=out_of_reach)


def is_verified_for(request: Request) -> bool:
    """Whether the request may go on: the requester was recognised, or nobody needs to be."""
    return request.is_verified or request.kind in NEEDS_NO_IDENTITY


def _table_kind(request: Request) -> str:
    return str(AS_CORRECTION if request.kind in evidence.OPEN_KINDS else request.kind)
