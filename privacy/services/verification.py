"""Who asks: stay facts compared blindly, documents seen and noted, mandates, proofs, call-backs.

Nothing held is shown, documents are not copied, and an unverified person never learns whether a stay exists.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Check, Request
from privacy.models.requests import NEEDS_NO_IDENTITY
from privacy.policy.evidence import Shown
from privacy.refusals import OfficeGoesOn
from privacy.services import checks, matching, requests, timeline
from privacy.services.messages import require_words, seal_words
from privacy.typed import Compared
from staff.models import Person
from vault import normalise
from vault import services as vault
from vault.categories import Category

PROOFS: Final = (
    Shown.LICENCE,
    Shown.FIRM_LETTER,
    Shown.COURT_ORDER,
    Shown.RELATION_PROOF,
    Shown.DEATH_PROOF,
    Shown.KINSHIP_PROOF,
    Shown.OWN_INTEREST,
)
Method = Check.Method


def match_guest(
    *,
    request: Request,
    actor: Person,
    facts: Mapping[str, str] | None = None,
    stay_reference: str = "",
    at: datetime,
) -> Check:
    """Compare stated facts (of ``FACTS``) blindly; without any, what the requester stated when asking.

    The check tells names of facts only. All that prove something must fit one guest of the property; that guest is
    kept with the request. Raises ``NotAllowed``, ``WrongState``, ``AlreadyVerified``, ``RequestLocked``; ValueError
    on an unknown fact.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = checks.begin(request, at)
        stated = _stated(locked, facts, stay_reference)
        compared = matching.compare(locked, stated)
        return _conclude(locked, Method.FACTS, compared, actor, at)


def match_submission(*, request: Request, at: datetime) -> Check | None:
    """Compare what a requester stated on the public page, once; where a code to the contact on file is what is
    missing, it is asked for. None where there is nothing to compare any more. The system's deed.
    """
    by = requests.system_at(request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        if not _awaits_comparison(locked):
            return None
        check = _conclude(locked, Method.FACTS, matching.compare(locked, _said(locked)), None, at, by=by)
        if check.passed and Shown.CODE in checks.asks_next(locked, out_of_reach=(Shown.DOCUMENT_SEEN,)):
            timeline.note(locked, actions.CODE_ASKED, actor=None, by=by, at=at)
    return check


def note_document_seen(
    *, request: Request, actor: Person, document_type: str, document_number: str, at: datetime
) -> Check:
    """Note that the original document was seen; its type and last four are sealed, a copy is not made.

    The guest's own is compared blindly with the register. A representative's proves who came (``own_document``).
    By who decides here, or once by who took the request in at the desk. Raises as ``match_guest``, and
    ``OfficeGoesOn`` for the desk whatever has happened to the request since: that would tell of the record.
    """
    _require_sees(request, actor, at)
    number = normalise.document(document_number)
    if not number or not document_type.isidentifier():
        raise ValueError("a document has a type and a number")
    with transaction.atomic():
        locked = checks.begin(request, at)
        envelope = seal_words(locked, f"{document_type} {normalise.document_tail(number)}")
        if locked.acts_as != Request.ActsAs.SELF:
            return checks.conclude(
                locked, Method.DOCUMENT, passed=True, matched=[Shown.OWN_DOCUMENT], actor=actor, at=at,
                envelope=envelope,
            )  # fmt: skip
        compared = matching.compare(locked, {"document_number": number})
        return _conclude(locked, Method.DOCUMENT, compared, actor, at, envelope, Shown.DOCUMENT_SEEN)


def note_mandate(*, request: Request, actor: Person, text: str, valid_until: date, at: datetime) -> Check:
    """Note a mandate that was seen. ``text``: its names, matter and scope, sealed; a blanket one is not noted.

    One that has run out fails. Raises ``NotAllowed``, ``WrongState``, ``AlreadyVerified``, ``RequestLocked``,
    ``WordsMissing``.
    """
    permissions.require_decide(actor, request.property)
    require_words(text, request)
    is_valid = valid_until >= request.property.today(at)
    words = f"{text.strip()} ({valid_until.isoformat()})"
    return _note(request, Method.MANDATE, [Shown.MANDATE], is_valid, words, actor, at)


def note_proof(*, request: Request, actor: Person, proofs: Collection[str], text: str = "", at: datetime) -> Check:
    """Note proofs (of ``PROOFS``) that were seen; ``text``: what they say, as far as it matters, sealed.

    Raises as ``note_mandate``, but needs no words.
    """
    permissions.require_decide(actor, request.property)
    if not proofs or not set(proofs).issubset(PROOFS):
        raise ValueError("no such proof")
    return _note(request, Method.PROOF, sorted(proofs), True, text, actor, at)


def note_callback(*, request: Request, actor: Person, reached: bool, at: datetime) -> Check:
    """Note a call back to the guest, to the number on file, about who acts for them. Raises as ``note_mandate``."""
    permissions.require_decide(actor, request.property)
    return _note(request, Method.CALLBACK, [Shown.CALLBACK], reached, "", actor, at)


def _note(
    request: Request, method: str, shown: Collection[str], passed: bool, words: str, actor: Person, at: datetime
) -> Check:
    with transaction.atomic():
        locked = checks.begin(request, at)
        names = [str(each) for each in shown]
        return checks.conclude(
            locked, method, passed=passed, matched=names if passed else (), failed=() if passed else names,
            actor=actor, at=at, envelope=seal_words(locked, words) if words.strip() else None, is_guess=False,
        )  # fmt: skip


def _conclude(
    request: Request,
    method: str,
    compared: Compared,
    actor: Person | None,
    at: datetime,
    envelope: UUID | None = None,
    *proves: str,
    by: audit.Who | None = None,
) -> Check:
    """A comparison as a check; the guest it found stays with the request."""
    request.guest_id = request.guest_id or compared.guest
    passed = compared.guest is not None
    matched = [*compared.matched, *proves] if passed else compared.matched
    is_guess = not {"name", *matching.HELPS}.issuperset(compared.failed)
    return checks.conclude(
        request, method, passed=passed, matched=matched, failed=compared.failed, actor=actor, at=at,
        envelope=envelope, is_guess=is_guess, by=by,
    )  # fmt: skip


def _stated(request: Request, facts: Mapping[str, str] | None, stay_reference: str) -> dict[str, str]:
    stated = _said(request) if facts is None else dict(facts)
    stated |= {"stay_reference": stay_reference} if stay_reference else {}
    return {name: value.strip() for name, value in stated.items() if value.strip()}


def _awaits_comparison(request: Request) -> bool:
    """Whether something was stated on the public page that nobody has compared yet."""
    is_new = request.state == Request.State.RECEIVED and not request.is_verified
    is_asked = request.channel == Request.Channel.WEB and request.kind not in NEEDS_NO_IDENTITY
    return is_new and is_asked and not request.checks.exists()


def _said(request: Request) -> dict[str, str]:
    """What the requester stated when asking; their own name and contact count where they ask for themself.

    Opened inside the deed, compared, shown to nobody.
    """
    ids = vault.envelopes_of(
        [request.requester_id], [Category.NAME, Category.CONTACT, Category.DRAFT], belongs_to=request.pk
    )
    held: dict[str, str] = {}
    for opened in vault.open_for_deed(list(ids.values())).values():
        if opened.category == Category.DRAFT or request.acts_as == Request.ActsAs.SELF:
            held |= {name: str(value) for name, value in opened.plain.items() if name in matching.FACTS and value}
    return held


def desk_may_note(request: Request) -> bool:
    """Whether the desk may note the guest's document: once, and for what needs to know who asks."""
    noted = request.checks.filter(method=Method.DOCUMENT).exists()
    return request.is_open and request.kind not in NEEDS_NO_IDENTITY and not noted


def _require_sees(request: Request, actor: Person, at: datetime) -> None:
    if permissions.may_decide(actor, request.property):
        return
    if request.taken_in_by_id != actor.pk:
        permissions.require_decide(actor, request.property)
    permissions.require_take_in(actor, request.property)
    if request.is_verified or request.is_locked(at) or not desk_may_note(request):
        raise requests.refused(OfficeGoesOn, request)
