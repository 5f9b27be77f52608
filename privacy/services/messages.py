"""Words to and from the requester, sealed under the requester."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Message, Request
from privacy.refusals import WordsMissing
from privacy.services import requests, timeline
from privacy.services.taking_in import MOST_WORDS
from staff.models import Person
from vault import services as vault
from vault.categories import Category

SENT_KINDS: Final = ("need_more", "information", "reminder")
RECEIVED_KINDS: Final = ("added", "question", "comment")


def send_message(*, request: Request, actor: Person, text: str, kind: str = "information", at: datetime) -> Message:
    """Write to the requester, who reads it where they follow the request. ``kind``: one of ``SENT_KINDS``.

    Raises ``NotAllowed``, ``WrongState`` and ``WordsMissing``.
    """
    permissions.require_decide(actor, request.property)
    return _write(request, Message.Direction.OUT, kind, text, actor, at)


def receive_message(*, request: Request, actor: Person | None, text: str, kind: str = "added", at: datetime) -> Message:
    """Take in what the requester adds; ``actor`` is None where they write on the public page.

    ``kind``: one of ``RECEIVED_KINDS``. Raises ``NotAllowed``, ``WrongState`` and ``WordsMissing``.
    """
    if actor is not None:
        permissions.require_take_in(actor, request.property)
    return _write(request, Message.Direction.IN, kind, text, actor, at)


def _write(
    request: Request, direction: Message.Direction, kind: str, text: str, actor: Person | None, at: datetime
) -> Message:
    is_out = direction == Message.Direction.OUT
    if kind not in (SENT_KINDS if is_out else RECEIVED_KINDS):
        raise ValueError(f"no such kind of message: {kind}")
    require_words(text, request)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        envelope = seal_words(locked, text)
        message = Message.objects.create(
            request=locked, direction=direction, kind=kind, envelope=envelope, at=at, by=actor
        )
        code = actions.MESSAGE_SENT if is_out else actions.MESSAGE_RECEIVED
        timeline.note(locked, code, actor=actor, at=at, detail={"kind": kind}, envelope=envelope)
    return message


def require_words(text: str, request: Request) -> None:
    """Raise ``WordsMissing`` unless there are words, and not too many."""
    if not text.strip() or len(text) > MOST_WORDS:
        raise requests.refused(WordsMissing, request, most=MOST_WORDS)


def seal_words(request: Request, text: str) -> UUID:
    """Seal words of the case under the requester; they end with the case file."""
    return vault.seal(
        subject=request.requester_id, category=Category.NOTE, content={"text": text.strip()}, belongs_to=request.pk
    )
