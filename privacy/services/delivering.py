"""How an answer leaves the house: into the hand of who proved themself, or by a link to a contact on file (M35)."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.translation import gettext as _

from audit.services import NO_PURPOSE
from privacy import actions, letters, permissions
from privacy.letters import Paper
from privacy.models import Delivery, Letter, Request
from privacy.refusals import (
    DocumentNotSeen,
    LetterSent,
    LinkGone,
    MailServerAway,
    NoMailOnFile,
    NothingToGive,
    NotVerified,
)
from privacy.services import copies, requests, timeline
from privacy.services.copies import Look
from privacy.services.letters import reading_of
from staff.models import Person
from vault import services as vault
from vault.categories import Category

LIFETIME: Final = timedelta(days=7)
TOKEN_BYTES: Final = 32
Kind = Delivery.Kind
ContactField = Delivery.ContactField
_KIND_OF: Final = {Kind.ACCESS_COPY: Request.Kind.ACCESS, Kind.TRANSFER: Request.Kind.TRANSFER}


@dataclass(frozen=True, slots=True)
class File:
    """One file of an answer. ``name`` holds the number of the request and nothing personal."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a link opened: the papers to show, and the files to keep."""

    request: Request
    papers: tuple[Paper, ...] = field(repr=False)
    files: tuple[File, ...] = field(repr=False)

    def html(self) -> str:
        """The papers for the screen."""
        return letters.as_html(self.papers)


def deliver_in_person(
    *,
    request: Request,
    actor: Person,
    document_seen: bool,
    at: datetime,
    letter: Letter | None = None,
    kind: str = Kind.LETTER,
) -> None:
    """Note that the answer was handed to a person whose document was seen. With a letter, it has left the house.

    Raises ``NotAllowed``, ``DocumentNotSeen``, ``LetterSent``; for a copy or transfer ``NotVerified`` and
    ``NothingToGive``.
    """
    permissions.require_decide(actor, request.property)
    if not document_seen:
        raise requests.refused(DocumentNotSeen, request)
    with transaction.atomic():
        locked, letter = requests.lock(request), _lock(letter)
        _require_answer(locked, kind, letter)
        _send_out(letter, Letter.Way.IN_PERSON, at)
        detail = {"kind": kind, "way": Letter.Way.IN_PERSON.value}
        timeline.note(locked, actions.ANSWER_DELIVERED, actor=actor, at=at, detail=detail)


def make_link(
    *,
    request: Request,
    kind: str,
    contact_field: str,
    actor: Person,
    link_to: Callable[[str], str],
    at: datetime,
    letter: Letter | None = None,
) -> Delivery:
    """Mail a link that opens the answer once, within seven days, to the contact on file of the guest.

    ``link_to`` makes the address from the token, which stands in the mail only. With ``letter`` that is sent along.
    Raises ``NotAllowed``, ``NotVerified``, ``NothingToGive``, ``LetterSent``, ``NoMailOnFile``, ``MailServerAway``.
    """
    permissions.require_decide(actor, request.property)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        locked, letter = requests.lock(request), _lock(letter)
        requests.require_verified(locked)
        _require_answer(locked, kind, letter)
        email = _mail_on_file(locked, contact_field)
        delivery = Delivery.objects.create(
            request=locked, letter=letter, kind=kind, token_hash=_hashed(token), contact_field=contact_field,
            envelope=letter.envelope if letter else None, made_at=at, made_by=actor, expires_at=at + LIFETIME,
        )  # fmt: skip
        _send_out(letter, Letter.Way.LINK, at)
        detail = {"kind": kind}
        timeline.note(locked, actions.LINK_MADE, actor=actor, at=at, fields=[contact_field], detail=detail)
        _mail(locked, email, link_to(token), delivery)
    return delivery


def open_link(*, token: str, at: datetime) -> Answer:
    """What the link of this token holds; it opens no second time.

    Raises ``LinkGone`` for an unknown, used or expired one, and where there is no answer any more: one question to
    the database, and the same words.
    """
    delivery = _use(token, at)
    request = delivery.request
    look = Look(actions.ANSWER_OPENED, requests.who(None, request.property), NO_PURPOSE)
    parts = _letter(delivery, look)
    more = _MAKERS[Kind(delivery.kind)](request, look, at)
    return Answer(request, (*parts.papers, *more.papers), (*parts.files, *more.files))


def _use(token: str, at: datetime) -> Delivery:
    with transaction.atomic():
        live = Delivery.objects.live(at).filter(token_hash=_hashed(token))
        locked = live.select_for_update(of=("self",))
        delivery = locked.select_related("letter", "request__property", "request__appeal_of").first()
        if delivery is None or not _still_answers(delivery):
            raise LinkGone(object_type="answer")
        delivery.opened_at = at
        delivery.save(update_fields=["opened_at"])
    return delivery


def _still_answers(delivery: Delivery) -> bool:
    if delivery.kind not in _KIND_OF:
        return True
    try:
        copies.require_granted(delivery.request, _KIND_OF[Kind(delivery.kind)])
    except (NothingToGive, NotVerified):
        return False
    return True


def _lock(letter: Letter | None) -> Letter | None:
    """The letter as it stands now, where one goes out."""
    return letter and Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)


def _require_answer(request: Request, kind: str, letter: Letter | None) -> None:
    """Raise unless there is such an answer to this request, and its letter has not left yet."""
    if letter is not None and letter.request_id != request.pk or (kind == Kind.LETTER and letter is None):
        raise requests.refused(NothingToGive, request)
    if letter is not None and letter.sent_at is not None:
        raise requests.refused(LetterSent, request)
    if kind in _KIND_OF:
        copies.require_granted(request, _KIND_OF[Kind(kind)])


def _send_out(letter: Letter | None, way: str, at: datetime) -> None:
    if letter is not None:
        letter.sent_at, letter.way = at, way
        letter.save(update_fields=["sent_at", "way"])


def _mail_on_file(request: Request, contact_field: str) -> str:
    """The guest's address, opened inside the deed; restricted too, for this is for the guest. A phone gets no mail."""
    if request.guest_id is None or contact_field != ContactField.EMAIL:
        raise requests.refused(NoMailOnFile, request)
    ids = list(vault.envelopes_of([request.guest_id], [Category.CONTACT]).values())
    opened = vault.open_for_deed(ids, with_restricted=True)
    email = next((each.get("email").plain for each in opened.values()), "")
    if not email:
        raise requests.refused(NoMailOnFile, request)
    return email


def _mail(request: Request, email: str, address: str, delivery: Delivery) -> None:
    """The last thing of the deed: without the mail there is no link. Neither subject nor text tells of a guest."""
    with translation.override(request.language):
        until = formats.date_format(request.property.local(delivery.expires_at), "DATETIME_FORMAT")
        facts = {"address": address, "number": request.number, "until": until, "days": LIFETIME.days}
        text = render_to_string("privacy/mail/answer.txt", facts).rstrip() + "\n"
        subject = _("A document is ready for you")
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [email])
    except OSError as reason:
        raise requests.refused(MailServerAway, request) from reason


def _letter(delivery: Delivery, look: Look) -> Answer:
    request, letter = delivery.request, delivery.letter
    if letter is None:
        return Answer(request, (), ())
    opened = vault.open_envelopes(
        [letter.envelope],
        action=look.action,
        who=look.who,
        why=look.why,
        object_type="request",
        object_ref=request.number,
        fields=("text",),
    )
    if not opened:
        raise LinkGone(object_type="answer")
    reading = reading_of(letter, [each.get("text").plain for each in opened.values()])
    return Answer(request, reading.papers, (_pdf(request, "letter", reading.pdf()),))


def _copy(request: Request, look: Look, at: datetime) -> Answer:
    copy = copies.open_copy(request, look, at=at)
    data = File(f"{request.number}-copy.json", "application/json", copy.json())
    proofs = File(f"{request.number}-copy.zip", "application/zip", copy.zip())
    return Answer(request, copy.papers, (_pdf(request, "copy", copy.pdf()), data, proofs))


def _transfer(request: Request, look: Look, at: datetime) -> Answer:
    made = copies.open_transfer(request, look, at=at)
    table = File(f"{request.number}-transfer.csv", "text/csv; charset=utf-8", made.csv())
    data = File(f"{request.number}-transfer.json", "application/json", made.json())
    return Answer(request, (), (table, data))


def _nothing_more(request: Request, look: Look, at: datetime) -> Answer:
    return Answer(request, (), ())


_MAKERS: Final = {Kind.LETTER: _nothing_more, Kind.ACCESS_COPY: _copy, Kind.TRANSFER: _transfer}


def _pdf(request: Request, what: str, content: bytes) -> File:
    return File(f"{request.number}-{what}.pdf", "application/pdf", content)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
