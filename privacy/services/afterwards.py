"""After the answer: how it was, and an appeal, which somebody else decides."""

from datetime import datetime

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Request
from privacy.refusals import AlreadyRated, AppealOpen, BadRating
from privacy.services import requests, timeline
from privacy.services.messages import require_words, seal_words
from privacy.services.taking_in import receive
from privacy.typed import Said, TakenIn
from staff.models import Person
from vault import services as vault
from vault.categories import Category

WORST, BEST = 1, 5
CLOSED = (Request.State.CLOSED,)


def rate_request(*, request: Request, rating: int, comment: str = "", at: datetime) -> Request:
    """The requester says once, on the public page, how the request was handled; their comment is sealed.

    Raises ``BadRating``, ``WrongState``, ``AlreadyRated`` and ``WordsMissing`` when the comment is too long.
    """
    if not WORST <= rating <= BEST:
        raise requests.refused(BadRating, request)
    if comment.strip():
        require_words(comment, request)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, CLOSED)
        if locked.rating is not None:
            raise requests.refused(AlreadyRated, locked)
        locked.rating = rating
        locked.save(update_fields=["rating"])
        words = seal_words(locked, comment) if comment.strip() else None
        timeline.note(locked, actions.REQUEST_RATED, actor=None, at=at, detail={"rating": rating}, envelope=words)
    return locked


def appeal_request(
    *,
    request: Request,
    actor: Person | None,
    words: str,
    channel: str = Request.Channel.WEB,
    at: datetime,
) -> TakenIn:
    """Open an appeal against an answer: a request of its own, with its own clock, decided by somebody else.

    The requester is the same, so their name and contact are sealed again for it and their proof holds. ``actor`` is
    None on the public page. Raises ``NotAllowed``, ``WrongState``, ``AppealOpen`` and ``WordsMissing``.
    """
    if actor is not None:
        permissions.require_take_in(actor, request.property)
    if (actor is None) != (channel == Request.Channel.WEB) or channel not in Request.Channel.values:
        raise ValueError(f"no such channel of an appeal: {channel}")
    require_words(words, request)
    with transaction.atomic():
        earlier = requests.lock(request)
        requests.require_state(earlier, CLOSED)
        if earlier.appeals.open().exists():
            raise requests.refused(AppealOpen, earlier)
        taken = receive(_appeal(earlier, actor, channel, at), _said_before(earlier, words))
        timeline.note(earlier, actions.REQUEST_APPEALED, actor=actor, at=at, detail={"by": taken.request.number})
    return taken


def _appeal(earlier: Request, actor: Person | None, channel: str, at: datetime) -> Request:
    return Request(
        property=earlier.property, kind=Request.Kind.APPEAL, channel=channel, acts_as=earlier.acts_as,
        language=earlier.language, stay=earlier.stay, appeal_of=earlier, guest_id=earlier.guest_id,
        verified_at=earlier.verified_at, is_complex=earlier.is_complex, taken_in_by=actor, received_at=at,
    )  # fmt: skip


def _said_before(earlier: Request, words: str) -> Said:
    """Name and contact as the requester gave them, opened to be sealed again and shown to nobody."""
    ids = vault.envelopes_of([earlier.requester_id], [Category.NAME, Category.CONTACT])
    held = {
        name: value
        for opened in vault.open_for_deed(list(ids.values())).values()
        for name, value in opened.plain.items()
    }
    return Said(held.get("name", ""), held.get("phone", ""), held.get("email", ""), words.strip())
