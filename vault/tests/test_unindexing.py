"""What is erased is forgotten by the index as if it had been indexed anew without it."""

from collections.abc import Sequence
from itertools import combinations
from uuid import UUID

import pytest

from audit import services as audit
from vault import services as vault
from vault.models import Envelope, SubjectToken
from vault.services.indexing import reindex

pytestmark = pytest.mark.django_db

SEALED = (
    ("name", {"name": "欧阳海棠", "latin_name": "OUYANG HAITANG"}),
    ("contact", {"phone": "13900001234"}),
    ("register", {"document_number": "110101198802140012", "document_type": "resident_id"}),
    ("register", {"document_number": "E12345678", "document_type": "passport"}),
    ("register", {"document_number": "", "document_type": "household_register"}),
)


def a_guest() -> tuple[UUID, list[UUID]]:
    """Somebody with a name, a phone, two documents and a child's register without a number."""
    subject = vault.new_subject()
    envelopes = [vault.seal(subject=subject, category=category, content=content) for category, content in SEALED]
    reindex([subject])
    return subject, envelopes


def tokens(subject: UUID) -> list[tuple[object, ...]]:
    """All the index holds of somebody, but for where a token of the name was put by chance of the subject."""
    rows = SubjectToken.objects.filter(subject=subject).order_by("part")
    held = rows.values_list("part", "tok", "phone", "phone_tail", "document", "document_tail")
    return [(part, bool(tok), *numbers) for part, tok, *numbers in held]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_erasing_leaves_what_indexing_anew_would_write(count: int) -> None:
    for gone in combinations(range(len(SEALED)), count):
        subject, envelopes = a_guest()
        erased: Sequence[UUID] = [envelopes[place] for place in gone]
        vault.erase_envelopes(erased, reason="test", who=audit.SYSTEM)
        found = tokens(subject)
        reindex([subject])
        assert (gone, found) == (gone, tokens(subject))
    assert Envelope.objects.filter(erased_at__isnull=True).exists() is (count < len(SEALED))
