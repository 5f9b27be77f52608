"""The review before check-in completes: which lines of the checklist apply, and which are still open.

The lines are rows of ``ReviewRule``. A manual line is met when the clerk ticks it; an automatic one when what was
typed meets it. An automatic line whose code is unknown here is never met, so that a mistake is noticed.
"""

from collections.abc import Callable, Iterable
from datetime import date

from stays import documents
from stays.models import ReviewRule, Stay
from stays.typed import ArrivalData, DocumentData, OccupantData

FULL_AGE = 18  # 未成年人保护法 2
AppliesTo = ReviewRule.AppliesTo


def active_rules() -> list[ReviewRule]:
    """The checklist as it stands, in its order."""
    return list(ReviewRule.objects.filter(active=True))


def facts_of(arrival: ArrivalData, today: date, *, returning: bool) -> frozenset[str]:
    """Which kinds of arrival this is: ``any`` always, ``minor``, ``overseas``, ``walk_in``, ``returning``."""
    held = {
        AppliesTo.ANY: True,
        AppliesTo.MINOR: any(is_minor(person.document, today) for person in arrival.occupants),
        AppliesTo.OVERSEAS: any(is_overseas(person.document) for person in arrival.occupants),
        AppliesTo.WALK_IN: arrival.origin == Stay.Origin.WALK_IN,
        AppliesTo.RETURNING: returning,
    }
    return frozenset(str(kind) for kind, is_so in held.items() if is_so)


def is_minor(document: DocumentData, today: date) -> bool:
    """Under 18 on that day; without a date of birth nobody is taken for a minor."""
    born = document.birth_date
    return born is not None and documents.age_on(born, today) < FULL_AGE


def is_overseas(document: DocumentData) -> bool:
    """Reported within 24 h as a guest from outside the mainland."""
    return documents.is_overseas(document.document_type, document.nationality)


def applying(rules: Iterable[ReviewRule], facts: frozenset[str]) -> list[ReviewRule]:
    """The lines that such an arrival must meet."""
    return [rule for rule in rules if rule.applies_to in facts]


def open_lines(rules: Iterable[ReviewRule], arrival: ArrivalData, today: date) -> list[ReviewRule]:
    """The lines that are not met, of those that apply."""
    return [rule for rule in rules if not _is_met(rule, arrival, today)]


def _is_met(rule: ReviewRule, arrival: ArrivalData, today: date) -> bool:
    if rule.kind == ReviewRule.Kind.MANUAL:
        return rule.code in arrival.ticked
    check = AUTOMATIC.get(rule.code)
    return check is not None and check(arrival, today)


def _has_fields(arrival: ArrivalData, today: date) -> bool:
    lead = arrival.occupants[0].guest
    return bool(lead.phone or lead.email) and all(_is_named(person) for person in arrival.occupants)


def _is_named(person: OccupantData) -> bool:
    return bool(person.guest.name or person.guest.latin_name)


def _has_documents(arrival: ArrivalData, today: date) -> bool:
    shown = [person.document for person in arrival.occupants]
    return all(document.document_type and document.document_number for document in shown)


def _has_births(arrival: ArrivalData, today: date) -> bool:
    return all(person.document.birth_date is not None for person in arrival.occupants)


def _has_overseas_fields(arrival: ArrivalData, today: date) -> bool:
    guests = [person.document for person in arrival.occupants if is_overseas(person.document)]
    return all(document.nationality and document.birth_date for document in guests)


def _has_guardian(arrival: ArrivalData, today: date) -> bool:
    guardian = arrival.guardian
    return guardian is not None and bool(guardian.name or guardian.latin_name) and bool(guardian.phone)


def _has_notice(arrival: ArrivalData, today: date) -> bool:
    return arrival.notice is not None


AUTOMATIC: dict[str, Callable[[ArrivalData, date], bool]] = {
    "fields_complete": _has_fields,
    "every_document": _has_documents,
    "birth_dates": _has_births,
    "overseas_fields": _has_overseas_fields,
    "guardian_contact": _has_guardian,
    "notice_shown": _has_notice,
}
