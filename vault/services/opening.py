"""Taking personal data out of the vault: always a deed, always on record."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from audit import services as audit
from vault import normalise, rows
from vault.categories import Category
from vault.values import Opened


def open_envelopes(
    ids: rows.Ids,
    *,
    action: str,
    who: audit.Who,
    why: audit.Why,
    object_type: str = "",
    object_ref: str = "",
    fields: Sequence[str] = (),
    detail: Mapping[str, Any] | None = None,
    with_restricted: bool = False,
) -> dict[UUID, Opened]:
    """Open envelopes, named by ids or by a query for them, for somebody to see.

    The look is on record, committed, before anything is decrypted. Erased and unknown ids are absent from the
    answer, restricted ones too unless asked for. Raises SealBroken when one cannot be opened; the row stands all
    the same. Raises inside an open transaction.
    """
    found = rows.read(ids, with_restricted=with_restricted)
    audit.record_look(
        action,
        who=who,
        why=why,
        object_type=object_type,
        object_ref=object_ref,
        subjects=list(dict.fromkeys(row.subject for row in found)),
        fields=fields,
        detail=detail,
    )
    return {row.envelope: _opened(row) for row in found}


def open_for_deed(ids: Sequence[UUID], *, with_restricted: bool = False) -> dict[UUID, Opened]:
    """Open envelopes inside a deed that shows nobody anything; the deed's own row records it.

    Raises RuntimeError outside a transaction: the deed and its row stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("open_for_deed belongs inside a deed's transaction")
    return {row.envelope: _opened(row) for row in rows.read(ids, with_restricted=with_restricted)}


def _opened(row: rows.SealedRow) -> Opened:
    return Opened(
        envelope=row.envelope,
        subject=row.subject,
        category=row.category,
        belongs_to=row.belongs_to,
        content=row.open(),
    )


_FACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "name": (
        (Category.NAME, "name"),
        (Category.NAME, "latin_name"),
        (Category.REGISTER, "name"),
        (Category.REGISTER, "latin_name"),
    ),
    "phone": ((Category.CONTACT, "phone"),),
    "phone_tail": ((Category.CONTACT, "phone"),),
    "email": ((Category.CONTACT, "email"),),
    "document_number": ((Category.REGISTER, "document_number"),),
    "document_tail": ((Category.REGISTER, "document_number"),),
    "birth_date": ((Category.REGISTER, "birth_date"),),
    "card_last4": ((Category.PAYMENT, "card_last4"),),
}

_NORMAL: dict[str, Callable[[str], str]] = {
    "name": normalise.whole_name,
    "phone": normalise.phone,
    "phone_tail": normalise.phone_tail,
    "email": normalise.text,
    "document_number": normalise.document,
    "document_tail": normalise.document_tail,
    "birth_date": normalise.text,
    "card_last4": normalise.document_tail,
}


def match_facts(subject: UUID, facts: Mapping[str, str], *, with_restricted: bool = False) -> dict[str, bool]:
    """Whether each stated fact is what the vault holds of this subject. Nothing held leaves the vault.

    Each fact takes the same time whether it is right, wrong or not held. Raises ValueError on an unknown fact.
    ``with_restricted``: for the guest's own request, which a restriction must not shut out.
    """
    unknown = set(facts).difference(_FACTS)
    if unknown:
        raise ValueError(f"no such fact: {', '.join(sorted(unknown))}")
    categories = {category for fact in facts for category, _field in _FACTS[fact]}
    found = rows.read_of([subject], sorted(categories), with_restricted=with_restricted)
    held = [(row.category, row.open()) for row in found]
    return {fact: _matches(fact, stated, held) for fact, stated in facts.items()}


def _matches(fact: str, stated: str, held: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    normal = _NORMAL[fact]
    given = normal(stated)
    is_same = False
    for category, content in held:
        for place, field in _FACTS[fact]:
            known = normal(str(content.get(field) or "")) if place == category else ""
            is_same |= hmac.compare_digest(_digest(given), _digest(known)) and known != ""
    return is_same


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
