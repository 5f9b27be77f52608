"""A requester follows their request by its number and a code: the same work and answer for whatever is wrong."""

import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Request
from privacy.services import requests, secrets, timeline
from staff.models import Person

FOLLOWED_FOR: Final = timedelta(days=180)  # after the end: to read, rate, complain and appeal (own choice)

_NUMBER = re.compile(r"R-\d{4}-\d{6,9}")


def open_follow(*, number: str, code: str, at: datetime) -> Request | None:
    """The request of this number and code, on record before it is shown; None for whatever is wrong.

    Unknown, wrong, replaced or run out: the same work, the same row and the same answer. A code has 58 bits and each
    address few tries, so no number is locked: who knows only a number keeps nobody out. Each opening is a step.
    """
    written = number.strip().upper()
    request = Request.objects.select_related("property").filter(number=written).first()
    is_right = _is_right(request, code)
    if request is None or not is_right or _ran_out(request, at):
        _refuse(written)
        return None
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


def _refuse(number: str) -> None:
    ref = number if _NUMBER.fullmatch(number) else ""
    who = audit.Who(role=requests.REQUESTER)
    audit.record_look(actions.FOLLOW_REFUSED, who=who, outcome="denied", object_type="request", object_ref=ref)
