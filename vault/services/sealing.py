"""Putting personal data into the vault."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from vault import keys, rows
from vault import sealing as form
from vault.categories import FIELDS, Category
from vault.models import Envelope, Subject


class EnvelopeErased(audit.Refused):
    """The envelope was erased or never was: nothing can be written to it."""

    action = "envelope.resealed"
    outcome = "failed"
    message = _("This record has been erased. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Sealing:
    """One envelope to be made."""

    subject: UUID
    category: str
    content: Mapping[str, Any]
    belongs_to: UUID | None = None


def new_subject(kind: str = "guest") -> UUID:
    """A new subject, its id made before the row."""
    return new_subjects(1, kind=kind)[0]


def new_subjects(count: int, *, kind: str = "guest") -> list[UUID]:
    """Many new subjects of one kind."""
    if kind not in Subject.Kind.values:
        raise ValueError(f"no such kind of subject: {kind}")
    made = [uuid4() for _ in range(count)]
    rows.insert("vault_subject", ("id", "kind"), [(subject, kind) for subject in made])
    return made


def seal(*, subject: UUID, category: str, content: Mapping[str, Any], belongs_to: UUID | None = None) -> UUID:
    """Seal content in a new envelope and return its id. Raises ValueError on a field the category does not have."""
    return seal_many([Sealing(subject, category, content, belongs_to)])[0]


@transaction.atomic(savepoint=False)
def seal_many(items: Sequence[Sealing]) -> list[UUID]:
    """Seal many envelopes at once and return their ids in order: at most two statements, whatever the number."""
    new = [_sealed(item) for item in items]
    rows.write(new)
    return [row.envelope for row in new]


def _sealed(item: Sealing) -> rows.NewRow:
    envelope, category = uuid4(), str(Category(item.category))
    checked(category, item.content)
    key, kek, wrapped = keys.wrap_new_key(envelope, 1)
    ciphertext = form.seal(key, item.content, category=category, subject=item.subject, envelope=envelope)
    return rows.NewRow(envelope, item.subject, category, item.belongs_to, ciphertext, kek, wrapped)


def checked(category: str, content: Mapping[str, Any]) -> None:
    """Raise ValueError on a field the category does not have; a draft may hold any."""
    unknown = set(content).difference(FIELDS[category])
    if unknown and category != Category.DRAFT:
        raise ValueError(f"{category} has no field {', '.join(sorted(unknown))}")


@transaction.atomic(savepoint=False)
def reseal(envelope: UUID, content: Mapping[str, Any]) -> None:
    """Replace the content of an envelope, under a new key. Raises EnvelopeErased."""
    found = _lock(envelope)
    if found is None:
        raise EnvelopeErased(object_type="envelope", object_ref=str(envelope))
    subject, category, generation = found
    checked(category, content)
    generation = generation % 0xFFFF + 1
    key, kek, wrapped = keys.wrap_new_key(envelope, generation)
    ciphertext = form.seal(key, content, category=category, subject=subject, envelope=envelope, generation=generation)
    _replace(envelope, ciphertext, kek, generation, wrapped)


def _lock(envelope: UUID) -> tuple[UUID, str, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.subject_id, e.category, k.generation FROM vault_envelope e"
            " JOIN keys.envelope_key k ON k.envelope_id = e.id"
            " WHERE e.id = %s AND e.erased_at IS NULL AND k.wrapped IS NOT NULL FOR UPDATE",
            [envelope],
        )
        found: tuple[UUID, str, int] | None = cursor.fetchone()
        return found


def _replace(envelope: UUID, ciphertext: bytes, kek: int, generation: int, wrapped: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys.envelope_key SET kek = %s, generation = %s, wrapped = %s WHERE envelope_id = %s",
            [kek, generation, wrapped, envelope],
        )
        cursor.execute(
            "UPDATE vault_envelope SET ciphertext = %s, sealed_at = now() WHERE id = %s", [ciphertext, envelope]
        )


def ids_of(subjects: Collection[UUID], categories: Sequence[str]) -> QuerySet[Envelope, UUID]:
    """The ids of the live envelopes of these subjects in these categories, as a query."""
    found = Envelope.objects.filter(subject__in=subjects, category__in=categories, erased_at__isnull=True)
    return found.values_list("pk", flat=True)


def envelopes_of(
    subjects: Sequence[UUID], categories: Sequence[str], belongs_to: UUID | None = None
) -> dict[tuple[UUID, str, UUID | None], UUID]:
    """Ids of the live envelopes by (subject, category, belongs to); not a look, for nothing is opened.

    With ``belongs_to`` only that stay's (or request's). Where several share a key the newest is given.
    """
    found = Envelope.objects.filter(subject__in=subjects, category__in=categories, erased_at__isnull=True)
    if belongs_to is not None:
        found = found.filter(belongs_to=belongs_to)
    ids = found.order_by("created_at").values_list("subject_id", "category", "belongs_to", "id")
    return {(subject, category, stay): envelope for subject, category, stay, envelope in ids}
