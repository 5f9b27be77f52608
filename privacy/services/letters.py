"""Making a letter from a request and the rows of its decision, sealing it, and reading it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.safestring import SafeString

from audit.services import Why
from privacy import actions, letters, permissions
from privacy.letters import Matter, Paper
from privacy.models import Letter, Request
from privacy.refusals import LetterGone, LetterNotYet
from privacy.services import requests, timeline
from privacy.services.clock import EXTENSION_REASONS
from privacy.services.law import rules_at
from privacy.services.restricting import LIFT_REASONS
from staff import permissions as rights
from staff.models import Person
from stays import papers
from vault import services as vault
from vault.categories import Category

Kind = Letter.Kind
State, Decision = Request.State, Request.Decision
MOST_BYTES: Final = 60_000
NOTICES: Final = frozenset({Kind.RECEIPT, Kind.ACKNOWLEDGE, Kind.NEED_MORE, Kind.EXTENDED, Kind.LIFTED})
OUTCOME_OF: Final = {Kind.GRANTED: Decision.GRANTED, Kind.PARTLY: Decision.PARTLY, Kind.REFUSED: Decision.REFUSED}
LANGUAGES: Final[Sequence[str]] = tuple(Request.Language.values)


@dataclass(frozen=True, slots=True)
class Reading:
    """A letter that was opened: its words, to be shown, printed or kept as PDF."""

    letter: Letter
    papers: tuple[Paper, ...] = field(repr=False)

    def html(self) -> SafeString:
        """For the screen."""
        return letters.as_html(self.papers)

    def pdf(self) -> bytes:
        """For the printer."""
        return papers.as_pdf(self.papers)


def make_letter(*, request: Request, kind: str, actor: Person | None, at: datetime, bilingual: bool = False) -> Letter:
    """Write a letter from the request as it stands now and seal its words under the requester.

    In the language of the request, or with the other language after it. ``actor``: None for the system.
    Raises ``NotAllowed`` and ``LetterNotYet``.
    """
    if kind not in Kind.values:
        raise ValueError(f"no such letter: {kind}")
    with transaction.atomic():
        locked = requests.lock(request)
        _require_may_write(locked, kind, actor)
        _require_time(locked, kind)
        matter = matter_of(locked, at=at)
        languages = _languages(locked, bilingual)
        text = letters.as_text([letters.compose(matter, kind, language=each) for each in languages])
        letter = Letter.objects.create(
            request=locked, kind=kind, language=locked.language, made_at=at, made_by=actor, envelope=_seal(locked, text)
        )
        timeline.note(
            locked,
            actions.LETTER_MADE,
            actor=actor,
            at=at,
            by=None if actor else requests.system_at(locked.property),
            subjects=[locked.requester_id],
            detail={"kind": kind},
        )
    return letter


def read_letter(*, letter: Letter, actor: Person, at: datetime, why: Why | None = None) -> Reading:
    """Open a letter for somebody of the office; who took the request in may open its receipt.

    Raises ``NotAllowed``, and ``LetterGone`` when its words have expired.
    """
    request = letter.request
    own_receipt = letter.kind == Kind.RECEIPT and request.taken_in_by_id == actor.pk
    require = permissions.require_take_in if own_receipt else permissions.require_decide
    require(actor, request.property)
    opened = vault.open_envelopes(
        [letter.envelope],
        action=actions.LETTER_VIEWED,
        who=rights.who(actor, request.property),
        why=why or requests.why(actor, request),
        fields=("text",),
        detail={"kind": letter.kind},
        object_type="request",
        object_ref=request.number,
    )
    return reading_of(letter, [each.get("text").plain for each in opened.values()])


def reading_of(letter: Letter, texts: Sequence[str]) -> Reading:
    """The letter with its words, where they are still there. Raises ``LetterGone``."""
    if not texts:
        raise requests.refused(LetterGone, letter.request)
    return Reading(letter, letters.from_text(texts[0]))


def receipt_once(*, request: Request, follow_code: str, recipient: str = "", at: datetime) -> tuple[Paper, ...]:
    """The receipt with the code to follow the request by, for the moment it is taken in: never sealed, not again.

    ``recipient``: the name as it was just typed. Nothing is opened.
    """
    matter = Matter(
        request=request, recipient=recipient, today=request.property.local(at).date(), follow_code=follow_code
    )
    return (letters.compose(matter, Kind.RECEIPT, language=request.language),)


def matter_of(request: Request, *, at: datetime) -> Matter:
    """What its letters are made from. Inside a deed: the requester's name is opened and shown to nobody."""
    today = request.property.local(at).date()
    return Matter(
        request=request,
        recipient=_name(request),
        today=today,
        items=tuple(request.items.select_related("stay").order_by("stay__arrival_on", "pk")),
        rules=rules_at({request.property: today})[request.property],
        told=tuple(request.told.filter(told_at__isnull=False).values_list("processor__name", flat=True).distinct()),
        corrected=_corrected(request),
        extension_reason=EXTENSION_REASONS.get(request.extension_reason, ""),
        lift_reason=LIFT_REASONS.get(_lifted_for(request), ""),
    )


def _languages(request: Request, bilingual: bool) -> list[str]:
    others = [each for each in LANGUAGES if each != request.language] if bilingual else []
    return [request.language, *others]


def _name(request: Request) -> str:
    ids = list(vault.envelopes_of([request.requester_id], [Category.NAME]).values())
    return next((str(each.plain.get("name") or "") for each in vault.open_for_deed(ids).values()), "")


def _corrected(request: Request) -> frozenset[str]:
    steps = request.steps.filter(code=actions.RECORD_CORRECTED).values_list("detail__category", flat=True)
    return frozenset(category for category in steps if category)


def _lifted_for(request: Request) -> str:
    """Why the restriction was lifted last; empty where it never was."""
    last = request.steps.filter(code=actions.REQUEST_LIFTED).order_by("at", "pk").last()
    return str(last.detail["reason"]) if last is not None else ""


def _seal(request: Request, text: str) -> UUID:
    if len(text.encode()) > MOST_BYTES:
        raise ValueError("a letter is at most 60 kB")
    return vault.seal(
        subject=request.requester_id, category=Category.NOTE, content={"text": text}, belongs_to=request.pk
    )


def _require_may_write(request: Request, kind: str, actor: Person | None) -> None:
    if actor is None:
        return
    if kind == Kind.RECEIPT and request.taken_in_by_id == actor.pk:
        permissions.require_take_in(actor, request.property)
    else:
        permissions.require_decide(actor, request.property)


def _require_time(request: Request, kind: str) -> None:
    """A letter says what is so: extended once it was, granted once it was carried out. Raises ``LetterNotYet``."""
    is_answered = request.state in (State.EXECUTING, State.CLOSED)
    said = {
        Kind.EXTENDED: request.extended_at is not None,
        Kind.NEED_MORE: request.is_open,
        Kind.LIFTED: _lifted_for(request) != "",
        Kind.APPEAL_OUTCOME: is_answered and request.kind == Request.Kind.APPEAL and request.decision != "",
        Kind.GRANTED: is_answered and request.decision == Decision.GRANTED,
        Kind.PARTLY: is_answered and request.decision == Decision.PARTLY,
        Kind.REFUSED: is_answered and (request.decision == Decision.REFUSED or request.result == "unverified"),
    }
    if not said.get(Kind(kind), True) or not _is_carried_out(request, kind):
        raise requests.refused(LetterNotYet, request)


def _is_carried_out(request: Request, kind: str) -> bool:
    """Whether every row of the sheet that changes something was carried out, where the letter says so."""
    if kind in NOTICES:
        return True
    idle = ("", "keep", "not_now")
    return not request.items.filter(done_at__isnull=True).exclude(chosen__in=idle).exists()
