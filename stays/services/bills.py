"""What a stay owes and what is settled. No card is charged here: amounts and whether they are paid."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import BillLine, Occupant, Stay
from stays.refusals import AlreadySettled, BadAmount
from stays.services.checking_in import lock_stay

LARGEST_AMOUNT = Decimal(1_000_000)
HAS_BILL = {Stay.Status.EXPECTED, Stay.Status.IN_HOUSE, Stay.Status.CHECKED_OUT}


def add_bill_line(
    *, actor: Person, stay: Stay, kind: str, amount: Decimal, currency: str = "CNY", at: datetime
) -> BillLine:
    """Add an amount to the bill; below zero gives back. Raises ``NotAllowed``, ``WrongState``, ``BadAmount``."""
    permissions.require_role(actor, permissions.WRITES_BILLS, stay.property)
    if not amount or abs(amount) >= LARGEST_AMOUNT or amount != round(amount, 2):
        raise BadAmount(object_type="stay", object_ref=stay.reference)
    if kind not in BillLine.Kind.values or currency not in BillLine.Currency.values:
        raise ValueError("no such kind of bill line or currency")
    with transaction.atomic():
        locked = lock_stay(stay, HAS_BILL)
        line = BillLine.objects.create(stay=locked, kind=kind, amount=amount, currency=currency, posted_at=at)
        _record(actions.BILL_LINE_ADDED, actor, locked, kind)
    return line


def settle_bill_line(*, actor: Person, line: BillLine, at: datetime) -> BillLine:
    """Mark an amount as settled. Raises ``NotAllowed`` and ``AlreadySettled``."""
    permissions.require_role(actor, permissions.WRITES_BILLS, line.stay.property)
    with transaction.atomic():
        locked = BillLine.objects.select_for_update(of=("self",)).select_related("stay__property").get(pk=line.pk)
        if locked.settled_at:
            raise AlreadySettled(object_type="stay", object_ref=locked.stay.reference)
        locked.settled_at = at
        locked.save(update_fields=["settled_at"])
        _record(actions.BILL_LINE_SETTLED, actor, locked.stay, locked.kind)
    return locked


def settle_bill(*, actor: Person, stay: Stay, at: datetime) -> list[BillLine]:
    """Mark everything that is open as settled, a row of the log for each. Raises ``NotAllowed``."""
    permissions.require_role(actor, permissions.WRITES_BILLS, stay.property)
    with transaction.atomic():
        open_lines = list(stay.bill_lines.select_for_update(of=("self",)).filter(settled_at__isnull=True))
        for line in open_lines:
            line.settled_at = at
            line.save(update_fields=["settled_at"])
            _record(actions.BILL_LINE_SETTLED, actor, stay, line.kind)
    return open_lines


def charges_of(lines: Iterable[BillLine]) -> dict[str, Decimal]:
    """What the guests have used, by currency; a deposit is no charge."""
    return _sums(line for line in lines if line.kind != BillLine.Kind.DEPOSIT)


def unpaid_of(lines: Iterable[BillLine]) -> dict[str, Decimal]:
    """What is open of a bill, by currency."""
    return _sums(line for line in lines if line.settled_at is None)


def _sums(lines: Iterable[BillLine]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.currency] += line.amount
    return dict(sums)


def _record(action: str, actor: Person, stay: Stay, kind: str) -> None:
    lead = Occupant.objects.filter(stay=stay, role=Occupant.Role.LEAD).values_list("subject_id", flat=True)
    audit.record(
        action,
        who=rights.who(actor, stay.property),
        object_type="stay",
        object_ref=stay.reference,
        subjects=list(lead),
        detail={"kind": kind},
    )
