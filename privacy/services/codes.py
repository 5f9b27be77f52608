"""One-time codes to the contact on file: whoever can read one out holds the guest's mail or phone.

Six digits, ten minutes, five tries, a slow salted hash. The public page only asks for one; a task finds out whether
there is anybody to send it to, so that the page tells nothing.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Check, OneTimeCode, Request
from privacy.policy.evidence import Shown
from privacy.refusals import MailServerAway, NobodyMatched, NoMailOnFile, NoPhoneOnFile, TooManyCodes
from privacy.services import checks, requests, secrets, timeline
from privacy.services.due import CODE_STEPS
from privacy.typed import ReadOut
from staff.models import Person
from vault import services as vault
from vault.categories import Category
from vault.values import Value

LIFETIME: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
MOST_A_DAY: Final = 5
CONTACT: Final = OneTimeCode.Purpose.CONTACT
NO_CODE: Final = 0  # the key of none


def send_code(*, request: Request, actor: Person, at: datetime) -> OneTimeCode:
    """Mail a code to the address on file of the guest found, in place of any earlier one.

    Raises ``NotAllowed``, ``WrongState``, ``AlreadyVerified``, ``RequestLocked``, ``NobodyMatched``,
    ``NoMailOnFile``, ``TooManyCodes``, ``MailServerAway``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        return _send(checks.begin(request, at), actor, None, at)


def ask_for_code(*, request: Request, at: datetime) -> None:
    """The requester wants a code, on the public page: noted for the task, the same whether or not one can go out.

    Also where one was asked for and not sent yet: only a guest who was found has such a one from the start.
    """
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        timeline.note(locked, actions.CODE_ASKED, actor=None, at=at)


def send_asked_code(*, request: Request, at: datetime) -> bool:
    """Mail the code that was asked for, where that can be done; else a step tells the officer. The system's deed.

    Returns whether one was sent; done again, it changes nothing. A mail server that is away leaves it for the next
    time.
    """
    by = requests.system_at(request.property)
    try:
        with transaction.atomic():
            if not _is_asked(requests.lock(request)):
                return False
            _send(checks.begin(request, at), None, by, at)
    except MailServerAway:
        return False
    except audit.Refused as reason:
        with transaction.atomic():
            locked = requests.lock(request)
            detail = {"reason": type(reason).__name__}
            timeline.note(locked, actions.CODE_NOT_SENT, actor=None, by=by, at=at, detail=detail)
        return False
    return True


def read_out_code(*, request: Request, actor: Person, at: datetime) -> ReadOut:
    """A code for the officer to read out on the phone on file, with that number. Both are shown once.

    The look at the number is on record before. Raises as ``send_code``, with ``NoPhoneOnFile``.
    """
    permissions.require_decide(actor, request.property)
    permissions.require_reveal_contact(actor, request.property)
    with transaction.atomic():
        _require_sendable(checks.begin(request, at), at)
    phone = _look_at_phone(request, actor)
    with transaction.atomic():
        locked = checks.begin(request, at)
        _require_sendable(locked, at)
        code = _make(locked, at)
        _note_sent(locked, "phone", actor, None, at)
    return ReadOut(code, phone)


def check_code(*, request: Request, code: str, actor: Person | None = None, at: datetime) -> Check:
    """Compare a code the requester tells; right once, within its time and tries. ``actor`` None: the public page.

    Without any code to compare with the same work is done, the same failure counted and the same answer given; so
    it is on the public page while the request is locked, when no code is right.
    Raises ``NotAllowed``, ``WrongState``, ``AlreadyVerified`` and, for an officer, ``RequestLocked``.
    """
    if actor is not None:
        permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = checks.begin(request, at) if actor is not None else checks.begin_untold(request)
        sent = _live(locked, at).filter(tries__lt=MOST_TRIES).select_for_update().first()
        is_right = secrets.is_code(code, sent.code_hash if sent else secrets.NOBODYS)
        passed = is_right and sent is not None and not locked.is_locked(at)
        _use(sent, passed, at)
        shown = [Shown.CODE.value]
        return checks.conclude(
            locked, Check.Method.CODE, passed=passed, matched=shown if passed else (), failed=() if passed else shown,
            actor=actor, at=at,
        )  # fmt: skip


def _use(sent: OneTimeCode | None, passed: bool, at: datetime) -> None:
    """Count the try; the same statement where there is no code."""
    tried = OneTimeCode.objects.filter(pk=sent.pk if sent else NO_CODE)
    tried.update(tries=F("tries") + 1, used_at=at if passed else None)


def _live(request: Request, at: datetime) -> QuerySet[OneTimeCode]:
    return request.codes.filter(purpose=CONTACT).live(at).order_by("-expires_at")


def _is_asked(request: Request) -> bool:
    """Whether a code was asked for since one was last sent or found impossible."""
    last = request.steps.filter(code__in=CODE_STEPS).order_by("at", "pk").last()
    return last is not None and last.code == actions.CODE_ASKED


def _send(request: Request, actor: Person | None, by: audit.Who | None, at: datetime) -> OneTimeCode:
    """Mail a code as the last thing of the deed: without the mail there is no code."""
    _require_sendable(request, at)
    email = _contact(request).get("email", "")
    if not email:
        raise requests.refused(NoMailOnFile, request)
    code = _make(request, at)
    _note_sent(request, "email", actor, by, at)
    _mail(request, email, code)
    return _live(request, at)[0]


def _require_sendable(request: Request, at: datetime) -> None:
    if request.guest_id is None:
        raise requests.refused(NobodyMatched, request)
    since = at - timedelta(days=1) + LIFETIME
    sent = OneTimeCode.objects.filter(request__guest=request.guest_id, purpose=CONTACT, expires_at__gt=since)
    if sent.count() >= MOST_A_DAY:
        raise requests.refused(TooManyCodes, request)


def _make(request: Request, at: datetime) -> str:
    _live(request, at).update(expires_at=at)
    code = secrets.new_digits()
    OneTimeCode.objects.create(
        request=request, purpose=CONTACT, code_hash=secrets.hashed(code), expires_at=at + LIFETIME
    )
    return code


def _note_sent(request: Request, field: str, actor: Person | None, by: audit.Who | None, at: datetime) -> None:
    subjects = [request.guest_id] if request.guest_id else []
    timeline.note(request, actions.CODE_SENT, actor=actor, by=by, at=at, fields=[field], subjects=subjects)


def _contact(request: Request) -> dict[str, str]:
    """The guest's contact, opened inside the deed that uses it; also where it is restricted: it is for the guest."""
    opened = vault.open_for_deed(_contact_ids(request), with_restricted=True)
    return {name: str(value) for each in opened.values() for name, value in each.plain.items() if value}


def _contact_ids(request: Request) -> list[UUID]:
    return list(vault.envelopes_of([request.guest_id], [Category.CONTACT]).values()) if request.guest_id else []


def _look_at_phone(request: Request, actor: Person) -> Value:
    opened = vault.open_envelopes(
        _contact_ids(request),
        action=actions.CALLBACK_NUMBER_OPENED,
        who=requests.who(actor, request.property),
        why=requests.why(actor, request),
        fields=["phone"],
        with_restricted=True,
        object_type="request",
        object_ref=request.number,
    )
    phone = next((each.get("phone") for each in opened.values()), Value("phone", ""))
    if not phone.shown:
        raise requests.refused(NoPhoneOnFile, request)
    return phone


def _mail(request: Request, email: str, code: str) -> None:
    """In the language of the letters; the subject tells nothing, the text nothing about a guest or a stay."""
    minutes = LIFETIME // timedelta(minutes=1)
    with translation.override(request.language):
        text = render_to_string("privacy/mail/code.txt", {"code": code, "number": request.number, "minutes": minutes})
        subject = _("Your one-time code")
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [email])
    except OSError as reason:
        raise requests.refused(MailServerAway, request) from reason
