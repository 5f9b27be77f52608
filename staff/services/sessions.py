"""Where a person is signed in, and ending that: the browser session, its shift, its entry in the list."""

from datetime import datetime
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from staff import permissions
from staff.models import Person, Shift
from staff.services.shifts import close_shift

SHIFT_KEY: Final = "shift"


def listed(person: Person) -> list[UserSession]:
    """The person's sessions that still live, oldest first."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.created_at)


def end_others(person: Person, *, keep: str | None, at: datetime) -> int:
    """End every session of the person but the one with the key ``keep``; returns how many were ended."""
    ended = [one for one in listed(person) if one.session_key != keep]
    with transaction.atomic():
        for one in ended:
            close_shift_of(SessionStore(one.session_key), at=at)
            one.end()
    return len(ended)


def end_all(person: Person, *, at: datetime) -> int:
    """End every session of the person; returns how many were ended."""
    return end_others(person, keep=None, at=at)


def shift_of(session: SessionBase) -> Shift | None:
    """The open shift of a browser session, with its property and its person's standing."""
    ref = session.get(SHIFT_KEY)
    if not ref:
        return None
    shifts = Shift.objects.select_related("property").filter(session_ref=ref, closed_at=None)
    return permissions.with_standing(shifts).first()


def close_shift_of(session: SessionBase, *, at: datetime) -> None:
    """Close the shift of a browser session, where one is open."""
    shift = shift_of(session)
    if shift:
        close_shift(shift=shift, at=at)
