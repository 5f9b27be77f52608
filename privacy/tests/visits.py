"""What tests of the pages of requests share: a browser of somebody on duty, a request as the desk takes it in."""

from typing import Any

from django.utils import timezone

from privacy import services
from privacy.models import Request
from privacy.tests.factories import make_request
from privacy.typed import TakenIn
from staff.models import Person, Property
from stays.tests.desk_visits import at_desk, in_house, reasons, today

__all__ = ["at_desk", "in_house", "of", "reasons", "taken_in", "today", "verified"]


def of(asked: Request, deed: str = "") -> str:
    """The address of a request, or of a deed on it."""
    return f"/requests/{asked.number}/{deed}"


def taken_in(house: Property, actor: Person | None, **facts: Any) -> TakenIn:
    """A request taken in just now, for deletion unless said otherwise."""
    plain = {"kind": "deletion", "channel": "desk" if actor else "web", "language": "en", "name": "欧阳海棠"}
    return services.take_in_request(actor=actor, property=house, at=timezone.now(), **(plain | facts))


def verified(house: Property, *, state: str = "in_review", **facts: Any) -> Request:
    """A request whose requester is known, in review since now."""
    return make_request(house, state=state, at=timezone.now(), **facts)
