"""The end of a request's own papers: proof of who asked first, the whole file years later; the decision stays.

CN-RET-14: what was noted to recognise somebody ends with the case, at most thirty days after it was noted. CN-RET-13:
the rest of the file ends three years after the case. Where a jurisdiction has no rule of its own, these hold.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from privacy import actions
from privacy.models import Check, Request
from privacy.policy import periods
from privacy.policy.rules import Record, Rule, Start
from privacy.services import requests, timeline
from privacy.services.held import held_envelopes
from privacy.services.law import rules_of_the_house
from privacy.services.reviewing import wait_for_holds
from staff.models import Property
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope

AT_ONCE: Final = 100  # requests whose papers are erased in one go
_SLACK: Final = timedelta(days=3)  # leap years and business days; what is found too early is looked at and left
_PROOF, _FILE = Record.IDENTITY_EVIDENCE, Record.REQUEST_CASE

Rules = Sequence[Rule]


def expire_case_files(*, at: datetime) -> int:
    """Erase what has expired of some requests' papers; returns of how many requests. Safe to repeat until 0.

    Everything stays while a hold lies on the request, its guest or its stay, and the file while an appeal is open. The
    system's deed.
    """
    rules = rules_of_the_house(on=at.date())
    return sum(_expire(request, rules, at) for request in list(islice(_due(rules, at), AT_ONCE)))


def _due(rules: Rules, at: datetime) -> Iterator[Request]:
    found = _with_old_papers(rules, at).select_related("property").order_by("received_at")
    return (request for request in found.iterator(chunk_size=AT_ONCE) if _expired(request, rules, at))


def _expire(request: Request, rules: Rules, at: datetime) -> bool:
    """One request, in a transaction of its own; the ledger comes last."""
    by = requests.system_at(request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        wait_for_holds(alone=False)
        envelopes = _expired(locked, rules, at)
        if not envelopes:
            return False
        if _is_file_over(locked, rules, at):
            locked.follow_code_hash = ""
            locked.save(update_fields=["follow_code_hash"])
        timeline.note(
            locked, actions.CASE_FILES_EXPIRED, actor=None, by=by, at=at, subjects=[],
            detail={"count": len(envelopes)},
        )  # fmt: skip
        vault.erase_envelopes(envelopes, reason="case_file_expired", who=by)
    return True


def _with_old_papers(rules: Rules, at: datetime) -> QuerySet[Request]:
    """Requests with sealed papers that may have expired: proof where it is old or the case closed, else whole files."""
    proof_before, file_before = (at - _shortest(rules, record, at) for record in (_PROOF, _FILE))
    sealed = Envelope.objects.filter(belongs_to=OuterRef("pk"), erased_at__isnull=True)
    noted = Check.objects.filter(request=OuterRef(OuterRef("pk")), envelope=OuterRef("pk"))
    is_stated, is_noted = Exists(sealed.filter(category=Category.DRAFT)), Exists(sealed.filter(Exists(noted)))
    is_old = Exists(sealed.filter(Exists(noted.filter(at__lte=proof_before))))
    over = (
        Q(closed_at__isnull=False) & (Q(is_stated) | Q(is_noted))
        | Q(received_at__lte=proof_before) & Q(is_stated)
        | Q(is_old)
        | Q(closed_at__lte=file_before) & Q(Exists(sealed))
    )
    return Request.objects.filter(over).exclude(Exists(held_envelopes(at).filter(envelope__belongs_to=OuterRef("pk"))))


def _expired(request: Request, rules: Rules, at: datetime) -> list[UUID]:
    """The live envelopes of the request whose period is over. What was stated came with the request itself."""
    sealed = Envelope.objects.filter(belongs_to=request.pk, erased_at__isnull=True)
    sealed = sealed.exclude(pk__in=held_envelopes(at))
    if _is_file_over(request, rules, at):
        return list(sealed.values_list("pk", flat=True))
    rule = _rule(rules, _PROOF, request.property)
    stated = sealed.filter(category=Category.DRAFT).values_list("pk", flat=True)
    made_at: dict[UUID, datetime] = dict.fromkeys(stated, request.received_at)
    noted = request.checks.filter(envelope__in=sealed.values("pk"))
    made_at |= {check.envelope: check.at for check in noted if check.envelope}
    return [envelope for envelope, moment in made_at.items() if _is_over(rule, request, moment, at)]


def _is_file_over(request: Request, rules: Rules, at: datetime) -> bool:
    rule = _rule(rules, _FILE, request.property)
    is_over = request.closed_at is not None and _is_over(rule, request, request.received_at, at)
    return is_over and not request.appeals.open().exists()


def _is_over(rule: Rule, request: Request, made_at: datetime, at: datetime) -> bool:
    """The last day of the period is past; what ends at once with the case ends with its closing."""
    house = request.property
    if request.closed_at is not None and rule.at_once_on == Start.CLOSED:
        return True
    facts = {str(Start.RECORDED): house.today(made_at)}
    facts |= {str(Start.CLOSED): house.today(request.closed_at)} if request.closed_at else {}
    end = periods.end_of(rule, facts)
    return end is not None and end < house.today(at)


def _shortest(rules: Rules, record: Record, at: datetime) -> timedelta:
    """No period of this record is shorter anywhere, so that the query leaves nothing out."""
    today = at.date()
    lengths = [periods.add_period(today, rule.number, rule.unit) - today for rule in rules if rule.record == record]
    return max(min(lengths, default=_SLACK) - _SLACK, timedelta(0))


def _rule(rules: Rules, record: Record, house: Property) -> Rule:
    return periods.rules_over(rules, record=record, jurisdiction=house.jurisdiction, region=house.region)[0]
