"""What the page of a request offers next. The services decide again; this keeps what cannot be done out of sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from privacy import actions
from privacy.models import Item, Request
from privacy.policy import calendars
from privacy.services import checks, clock, lifecycle, requests, sheets
from privacy.services.law import profile_of
from privacy.services.looking_up import RequestFile
from staff.models import Person

State = Request.State
# The deeds that may be the one the page asks for, the first that can be done is the main one.
IN_ORDER: Final = (
    "approve", "review", "verify", "sheet_first", "choose", "decide", "execute", "correct_first", "letter_first",
    "close",
)  # fmt: skip
# What nobody does in an appeal who decided or approved before.
WANT_FRESH_EYES: Final = frozenset({"review", "decide"})


@dataclass(frozen=True, slots=True)
class Offer:
    """Names of what can be done, the main one among them, and what is still to be shown by the requester."""

    deeds: frozenset[str]
    main: str
    ways: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    never: tuple[str, ...]
    waits_for_second: bool
    waits_for_fresh_eyes: bool

    def __contains__(self, deed: str) -> bool:
        return deed in self.deeds


def offer(file: RequestFile, person: Person, at: datetime) -> Offer:
    """What this person may do next about this request."""
    asked = file.request
    possible = frozenset(
        name
        for part in (_always(asked), _of_clock(asked, file.today), _of_identity(file, at), _of_decision(file, person))
        for name, can_be in part.items()
        if can_be
    )
    stale = WANT_FRESH_EYES & possible if requests.decided_before(person, asked) else frozenset()
    deeds, evidence = possible - stale, checks.must_show(asked)
    return Offer(
        deeds=deeds,
        main=next((name for name in IN_ORDER if name in deeds), ""),
        ways=tuple(tuple(sorted(way)) for way in evidence.ways),
        missing=_missing(file),
        never=tuple(str(each) for each in evidence.never),
        waits_for_second=asked.state == State.AWAITING_SECOND and "approve" not in deeds,
        waits_for_fresh_eyes=bool(stale),
    )


def _always(asked: Request) -> dict[str, bool]:
    is_open = asked.is_open
    can_stop = asked.state in lifecycle.STOPPABLE
    return {
        "assign": is_open,
        "message": is_open,
        "task": is_open,
        "counsel": is_open,
        "appointment": is_open,
        "duplicate": can_stop,
        "withdraw": can_stop,
        "appeal": not is_open,
    }


def _of_clock(asked: Request, today: object) -> dict[str, bool]:
    runs = asked.state in clock.RUNS
    can_extend = calendars.may_extend(profile_of(asked.property.jurisdiction))
    return {
        "pause": runs and asked.paused_at is None,
        "resume": asked.is_open and asked.paused_at is not None,
        "extend": runs and asked.extended_at is None and can_extend and not asked.is_overdue(today),  # type: ignore[arg-type]
    }


def _of_identity(file: RequestFile, at: datetime) -> dict[str, bool]:
    asked = file.request
    is_early = asked.state in lifecycle.UNREVIEWED
    is_open_question = asked.state in checks.CHECKED_IN and not asked.is_verified
    was_asked = any(written.message.kind == "need_more" for written in file.messages)
    return {
        "verify": is_open_question and not asked.is_locked(at) and asked.kind not in ("complaint", "explanation"),
        "review": is_early and checks.is_verified_for(asked),
        "unverified": is_early and not asked.is_verified and was_asked,
    }


def _of_decision(file: RequestFile, person: Person) -> dict[str, bool]:
    asked, items = file.request, file.items
    reviews, has_sheet = asked.state == State.IN_REVIEW, asked.wanted in sheets.SHEET_KINDS
    may_second = asked.state == State.AWAITING_SECOND and requests.may_be_second(person, asked)
    runs = asked.state == State.EXECUTING
    undone = any(item.done_at is None and item.chosen not in ("", "keep", "not_now") for item in items)
    granted = asked.decision in ("granted", "partly")
    is_corrected = any(past.step.code == actions.RECORD_CORRECTED for past in file.steps)
    is_correction = asked.wanted == Request.Kind.CORRECTION
    sent = any(letter.sent_at and letter.kind in (asked.decision, "appeal_outcome") for letter in file.letters)
    return {
        "sheet": reviews and has_sheet,
        "sheet_first": reviews and has_sheet and not items,
        "choose": reviews and any(not item.chosen for item in items),
        "item": reviews,
        "decide": reviews and (not has_sheet or bool(items) and all(item.chosen for item in items)),
        "approve": may_second,
        "send_back": may_second,
        "execute": runs and undone,
        "correct": runs and is_correction and granted,
        "correct_first": runs and is_correction and granted and not is_corrected,
        "contest": reviews and is_correction and asked.is_verified,
        "letter_first": runs and not undone and not sent,
        "letter": asked.is_open,
        "answer": any(letter.sent_at is None for letter in file.letters) or runs,
        "copy": runs and granted and asked.wanted in (Request.Kind.ACCESS, Request.Kind.TRANSFER),
        "close": runs and not undone and sent,
        "lift": any(item.done_at and item.chosen == Item.Outcome.RESTRICT for item in items),
    }


def _missing(file: RequestFile) -> tuple[str, ...]:
    """What still to ask the requester for, from the checks that are read already."""
    asked = file.request
    if not asked.is_open or checks.is_verified_for(asked):
        return ()
    return checks.asks_next(asked)
