"""A requester follows their request by its number and a code: the same work and answer for whatever is wrong."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Request
from privacy.services import requests, secrets, timeline
from staff.models import Person

MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
FOLLOWED_FOR: Final = timedelta(days=180)  # after the end: to read, rate, complain and appeal (own choice)

_NUMBER = re.compile(r"R-\d{4}-\d{6,9}")


def open_follow(*, number: str, code: str, at: datetime) -> Request | None:
    """The request of this number and code, on record before it is shown; None for whatever is wrong.

    Unknown, wrong, replaced, run out or locked: the same work, the same row and the same answer. Five failures lock
    a number, known or not, for a quarter of an hour. Each opening is counted by its step.
    """
    written = number.strip().upper()
    key = f"follow:{hashlib.sha256(written.encode()).hexdigest()}"
    failures = int(cache.get(key, 0))
    request = Request.objects.select_related("property").filter(number=written).first()
    is_right = _is_right(request, code)
    if request is None or not is_right or failures >= MOST_FAILURES or _ran_out(request, at):
        _refuse(key, failures, written)
        return None
    cache.delete(key)
    with transaction.atomic(durable=True):
        timeline.note(request, actions.FOLLOWED, actor=None, at=at)
    return request


def renew_follow_code(*, request: Request, actor: Person, at: datetime) -> str:
    """A new code for the requester, told once; the earlier one opens nothing any more. Raises ``NotAllowed``."""
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        code = secrets.new_follow_code()
        locked.follow_code_hash = secrets.follow_hash(code, locked.pk)
        locked.save(update_fields=["follow_code_hash"])
        timeline.note(locked, actions.FOLLOW_CODE_RENEWED, actor=actor, at=at)
    return code


def _is_right(request: Request | None, code: str) -> bool:
    """Compared whether or not there is such a request."""
    kept = request.follow_code_hash if request else ""
    made = secrets.follow_hash(code, request.pk if request else secrets.NO_REQUEST)
    return hmac.compare_digest(made, kept)


def _ran_out(request: Request, at: datetime) -> bool:
    return request.closed_at is not None and request.closed_at + FOLLOWED_FOR <= at


def _refuse(key: str, failures: int, number: str) -> None:
    cache.set(key, failures + 1, LOCKED_FOR.total_seconds())
    ref = number if _NUMBER.fullmatch(number) else ""
    who = audit.Who(role=requests.REQUESTER)
    audit.record_look(actions.FOLLOW_REFUSED, who=who, outcome="denied", object_type="request", object_ref=ref)
