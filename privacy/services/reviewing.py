"""What the deeds of a review begin with: the verified request locked, the guest, the day, and no new hold meanwhile."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from privacy import permissions
from privacy.models import Request
from privacy.refusals import NotVerified
from privacy.services import requests
from staff.models import Person, Property

# Any constant of our own: who places a hold is alone, those who erase share.
_HOLDS_LOCK: Final = 0x686F6C6473


def lock_verified(request: Request, actor: Person, *states: str) -> Request:
    """The request as it is now, kept from others until the deed is done.

    Raises ``NotAllowed`` unless the actor decides at its property, ``NotVerified`` where nobody knows yet who asks,
    and ``WrongState`` unless it is in one of these states.
    """
    permissions.require_decide(actor, request.property)
    locked = requests.lock(request)
    requests.require_verified(locked)
    requests.require_state(locked, states)
    return locked


def guest_of(request: Request) -> UUID:
    """The subject whose record the request is about. Raises ``NotVerified`` where that is not proved."""
    if request.guest_id is None or not request.is_verified:
        raise requests.refused(NotVerified, request)
    return request.guest_id


def today(house: Property, at: datetime) -> date:
    """The day on the property's calendar: the law counts whole days, not business days."""
    return house.local(at).date()


def wait_for_holds(*, alone: bool) -> None:
    """Until the transaction ends no hold is placed beside an erasure: shared by erasures, alone for holds."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [_HOLDS_LOCK])
