"""What somebody who follows their own request on the public page sees of it. Nothing of a record stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from audit.services import NO_PURPOSE
from privacy import actions
from privacy.models import Message, Request, Step
from privacy.services import requests, timeline
from privacy.services.looking_up.files import NOTHING, Written
from vault import services as vault

TALK: Final = (actions.MESSAGE_SENT, actions.MESSAGE_RECEIVED)  # the messages themselves are shown


@dataclass(frozen=True, slots=True)
class FollowedRequest:
    """A request in the words for who made it: where it stands, until when, what was written."""

    request: Request
    today: date
    steps: Sequence[Step]
    messages: Sequence[Written]


def open_followed(*, request: Request, at: datetime) -> FollowedRequest:
    """Open one's own request, once its number and code were given in this session."""
    messages = list(Message.objects.filter(request=request))
    opened = vault.open_envelopes(
        [message.envelope for message in messages],
        action=actions.FOLLOWED,
        who=requests.who(None, request.property),
        fields=["text"],
        why=NO_PURPOSE,
        object_type="request",
        object_ref=request.number,
    )
    steps = request.steps.filter(code__in=timeline.PUBLIC_STEPS.difference(TALK))
    return FollowedRequest(
        request,
        request.property.today(at),
        list(steps),
        [
            Written(message, opened[message.envelope].get("text") if message.envelope in opened else NOTHING)
            for message in messages
        ],
    )
