"""While a hold lasts: looked at again on its day, more people named for a confidential one, released by two."""

from datetime import date, datetime

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Hold, HoldStep
from privacy.refusals import HoldIsOpen, HoldNotAsked, OfficerUnfit, ReviewTooLate
from privacy.services.holding.notes import lock_hold, named, note
from privacy.services.reviewing import today
from staff.bell import ring
from staff.models import Person

KEEP, RELEASE = HoldStep.Outcome.KEEP, HoldStep.Outcome.RELEASE


def review_hold(*, hold: Hold, actor: Person, outcome: str, at: datetime, review_on: date | None = None) -> Hold:
    """Look at a hold again: keep it until ``review_on``, when it is looked at next, or ask for its release.

    Raises ``NotAllowed``, ``HoldEnded`` and ``ReviewTooLate``; ValueError on an unknown outcome.
    """
    outcome = HoldStep.Outcome(outcome)
    with transaction.atomic():
        locked = lock_hold(hold, actor, at)
        if outcome == KEEP:
            locked.review_on = _next_review(locked, review_on, at)
            locked.save(update_fields=["review_on"])
            note(locked, actions.HOLD_REVIEWED, actor=actor, at=at, outcome=outcome, review_on=review_on)
        else:
            note(locked, actions.HOLD_REVIEWED, actor=actor, at=at, outcome=outcome)
            _ask(locked, actor, at)
    return locked


def name_officer(*, hold: Hold, actor: Person, officer: Person, at: datetime) -> Hold:
    """Let one more person know of a confidential hold: the deed of one who knows of it.

    Raises ``NotAllowed``, ``HoldEnded``, ``HoldIsOpen`` and ``OfficerUnfit``.
    """
    with transaction.atomic():
        locked = lock_hold(hold, actor, at)
        if not locked.confidential:
            raise HoldIsOpen(number=locked.number, **named(locked))
        knows = Hold.objects.visible_to(officer).filter(pk=locked.pk).exists()
        if knows or not permissions.may_decide(officer, locked.property):
            raise OfficerUnfit(**named(locked))
        locked.officers.add(officer)
        note(locked, actions.HOLD_OFFICER_NAMED, actor=actor, at=at, officer=officer)
    return locked


def ask_release(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Ask for a hold to be released; asked again, by the last who asked. Raises ``NotAllowed`` and ``HoldEnded``."""
    with transaction.atomic():
        locked = lock_hold(hold, actor, at)
        _ask(locked, actor, at)
    return locked


def release_hold(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Release a hold: another person than who asked. What waited for it goes on at once.

    That of a confidential one goes on with the next sweep, so that no moment tells of it. Raises ``NotAllowed``,
    ``HoldEnded``, ``HoldNotAsked`` and ``SamePerson``.
    """
    with transaction.atomic():
        locked = lock_hold(hold, actor, at)
        if locked.release_asked_by is None:
            raise HoldNotAsked(number=locked.number, **named(locked))
        permissions.require_another(actor, locked.release_asked_by, **named(locked))
        locked.released_by, locked.released_at = actor, at
        locked.save(update_fields=["released_by", "released_at"])
        note(locked, actions.HOLD_RELEASED, actor=actor, at=at)
        if not locked.confidential:
            ring("privacy.tasks.resume_what_waited")
    return locked


def _ask(hold: Hold, actor: Person, at: datetime) -> None:
    hold.release_asked_by = actor
    hold.save(update_fields=["release_asked_by"])
    note(hold, actions.HOLD_RELEASE_ASKED, actor=actor, at=at)


def _next_review(hold: Hold, day: date | None, at: datetime) -> date:
    last = None if hold.until is None else today(hold.property, hold.until)
    if day is None or day <= today(hold.property, at) or (last is not None and day > last):
        raise ReviewTooLate(**named(hold))
    return day
