"""What the product opens from envelopes, read from ordinary columns."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from stays.models import Stay
from stays.services.looking_up import rows
from vault.categories import Category
from vault.values import Opened

LEADS = """
SELECT o.stay_id, o.subject_id, g.name, g.latin_name
FROM stays_occupant o JOIN twin.guest g ON g.id = o.subject_id WHERE o.role = 'lead' AND o.stay_id = ANY(%s)
"""
STAY = """
SELECT g.id, g.name, g.latin_name, g.phone, g.email, g.address,
    r.document_type, r.document_number, r.nationality, r.birth_date, r.sex, r.expires_on, r.name, r.latin_name,
    r.region,
    p.method, p.payer, p.card_last4, p.deposit, p.invoice_title, p.tax_number
FROM stays_occupant o JOIN twin.guest g ON g.id = o.subject_id
LEFT JOIN twin.register r ON r.stay_id = o.stay_id AND r.guest_id = o.subject_id
LEFT JOIN twin.payment p ON p.stay_id = o.stay_id AND p.guest_id = o.subject_id
WHERE o.stay_id = %s
"""
REGISTER = (
    "document_type", "document_number", "nationality", "birth_date", "sex", "expires_on", "name", "latin_name",
    "region",
)  # fmt: skip
NAME = ("name", "latin_name")
PAYMENT = ("method", "payer", "card_last4", "deposit", "invoice_title", "tax_number")

# Where the product has the id of an envelope, the twin has the guest and the kind of columns.
Place = tuple[UUID, str]


def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def gathered(stays: Iterable[Stay]) -> tuple[list[rows.Bare], dict[Any, Opened]]:
    """The rows of these stays with the names of their lead guests."""
    bare = {stay.pk: rows.Bare(stay) for stay in stays}
    opened: dict[Any, Opened] = {}
    for stay_id, subject, *name in ask(LEADS, list(bare)):
        opened |= _held(subject, Category.NAME, NAME, name)
        bare[stay_id].lead = subject
    for stay_id, numbers in rows.rooms_held(list(bare)).items():
        bare[stay_id].rooms = numbers
    return list(bare.values()), opened


def of_stay(stay: Stay) -> dict[Any, Opened]:
    """Everything personal of one stay."""
    opened: dict[Any, Opened] = {}
    for subject, *facts in ask(STAY, stay.pk):
        opened |= _name_and_contact(subject, facts[:5])
        register, payment = facts[5:14], facts[14:]
        if register[0] is not None:
            opened |= _held(subject, Category.REGISTER, REGISTER, register, stay.pk)
        if payment[0] is not None:
            opened |= _held(subject, Category.PAYMENT, PAYMENT, payment, stay.pk)
    return opened


def _name_and_contact(subject: UUID, facts: Sequence[str]) -> dict[Place, Opened]:
    name = _held(subject, Category.NAME, NAME, facts[:2])
    return name | _held(subject, Category.CONTACT, ("phone", "email", "address"), facts[2:])


def _held(
    subject: UUID, category: str, names: Sequence[str], values: Sequence[Any], stay: UUID | None = None
) -> dict[Place, Opened]:
    content = dict(zip(names, values, strict=True))
    facts = {"envelope": subject, "subject": subject, "category": category, "belongs_to": stay}
    return {(subject, str(category)): Opened(**facts, content=content)}
