"""The end of a request's own papers: proof of who asked first, the whole file years later; the decision stays.

CN-RET-14: what was noted to recognise somebody ends with the case, at most thirty days after it was noted. CN-RET-13:
the rest of the file ends three years after the case. Where a jurisdiction has no rule of its own, these hold.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from privacy import actions
from privacy.models import Check, Hold, Request
from privacy.policy import periods
from privacy.policy.rules import Record, Rule, Start, applying
from privacy.services import requests, timeline
from privacy.services.law import rules_of_the_house
from staff.models import Property
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope

AT_ONCE: Final = 100  # requests looked at in one go
DEFAULT: Final = "CN"
_SLACK: Final = 3  # days: leap years and business days; what is found too early is looked at and left


def expire_case_files(*, at: datetime) -> int:
    """Erase what has expired of some requests' papers; returns of how many requests. Safe to repeat until 0.

    A file stays while an appeal against it is open or a hold lies on its guest or stay. The system's deed.
    """
    found = [(request, _expired(request, at)) for request in _with_old_papers(at)[:AT_ONCE]]
    due = [(request, envelopes) for request, envelopes in found if envelopes]
    return sum(_expire(request, at) for request, _envelopes in due)


def _expire(request: Request, at: datetime) -> bool:
    """One request, in a transaction of its own; the ledger comes last."""
    by = requests.system_at(request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        envelopes = _expired(locked, at)
        if not envelopes:
            return False
        if _is_file_over(locked, at):
            locked.follow_code_hash = ""
            locked.save(update_fields=["follow_code_hash"])
        timeline.note(
            locked, actions.CASE_FILES_EXPIRED, actor=None, by=by, at=at, subjects=[],
            detail={"count": len(envelopes)},
        )  # fmt: skip
        vault.erase_envelopes(envelopes, reason="case_file_expired", who=by)
    return True


def _with_old_papers(at: datetime) -> QuerySet[Request]:
    """Requests with sealed papers that may have expired: evidence of closed ones, all of long closed ones."""
    shortest = {record: _shortest(record, at) for record in (Record.IDENTITY_EVIDENCE, Record.REQUEST_CASE)}
    sealed = Envelope.objects.filter(belongs_to=OuterRef("pk"), erased_at__isnull=True)
    noted = Check.objects.filter(request=OuterRef(OuterRef("pk")), envelope=OuterRef("pk"))
    proof = sealed.filter(Q(category=Category.DRAFT) | Exists(noted))
    old = proof.filter(created_at__lte=at - shortest[Record.IDENTITY_EVIDENCE])
    long_closed = Q(closed_at__lte=at - shortest[Record.REQUEST_CASE])
    over = (Q(state=Request.State.CLOSED) & Exists(proof)) | Exists(old) | (long_closed & Exists(sealed))
    return Request.objects.filter(over).exclude(_kept(at)).select_related("property").order_by("received_at")


def _kept(at: datetime) -> Q:
    """Under a hold on the guest or stay, or appealed against."""
    appeals = Request.objects.open().filter(appeal_of=OuterRef("pk"))
    holds = Hold.objects.in_force(at).filter(
        Q(subject=OuterRef("guest"), subject__isnull=False) | Q(stay=OuterRef("stay"), stay__isnull=False)
    )
    return Q(Exists(appeals)) | Q(Exists(holds))


def _expired(request: Request, at: datetime) -> list[UUID]:
    """The live envelopes of the request whose period is over."""
    sealed = Envelope.objects.filter(belongs_to=request.pk, erased_at__isnull=True)
    if _is_file_over(request, at):
        return list(sealed.values_list("pk", flat=True))
    proofs = set(request.checks.filter(envelope__isnull=False).values_list("envelope", flat=True))
    rule = _rule(Record.IDENTITY_EVIDENCE, request.property, at)
    rows = sealed.values_list("pk", "category", "created_at")
    return [
        pk
        for pk, category, made_at in rows
        if (category == Category.DRAFT or pk in proofs) and _is_over(rule, request, made_at, at)
    ]


def _is_file_over(request: Request, at: datetime) -> bool:
    rule = _rule(Record.REQUEST_CASE, request.property, at)
    return request.closed_at is not None and _is_over(rule, request, request.received_at, at)


def _is_over(rule: Rule, request: Request, made_at: datetime, at: datetime) -> bool:
    """The last day of the period is past; what ends at once ends on the day of the event itself."""
    house = request.property
    if request.closed_at is not None and rule.at_once_on == Start.CLOSED:
        return True
    facts = {str(Start.RECORDED): house.today(made_at)}
    facts |= {str(Start.CLOSED): house.today(request.closed_at)} if request.closed_at else {}
    end = periods.end_of(rule, facts)
    return end is not None and end < house.today(at)


def _shortest(record: Record, at: datetime) -> timedelta:
    """No shorter period of this record is in force anywhere, so that the query leaves nothing out."""
    rules = [rule for rule in rules_of_the_house(on=at.date()) if rule.record == record]
    ends = [periods.add_period(at.date(), rule.number, rule.unit) - at.date() for rule in rules]
    return min(ends, default=timedelta(0)) - timedelta(days=_SLACK)


def _rule(record: Record, house: Property, at: datetime) -> Rule:
    rules = rules_of_the_house(on=house.today(at))
    own = applying(rules, record=record, jurisdiction=house.jurisdiction)
    return (own or applying(rules, record=record, jurisdiction=DEFAULT))[0]
