"""What is erased is forgotten by the index as if it had been indexed anew without it."""

from collections.abc import Sequence
from importlib import import_module
from itertools import combinations
from uuid import UUID

import pytest
from django.db import connection

from audit import services as audit
from vault import services as vault
from vault.models import Envelope, SubjectToken
from vault.services.indexing import _sealed_as, reindex

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


def test_an_index_that_knew_no_register_without_a_number_forgets_the_number_all_the_same() -> None:
    """What an index built before such registers had rows of their own makes of the end of the others."""
    subject, envelopes = a_guest()
    vault.erase_envelopes([envelopes[3]], reason="test", who=audit.SYSTEM)
    rows = SubjectToken.objects.filter(subject=subject, document__isnull=False)
    assert (rows.count(), rows.filter(document_tail=None).delete()[0]) == (2, 1)
    with connection.cursor() as cursor:
        cursor.execute(import_module("vault.migrations.0010_registers_without_a_number").MARKED)
    vault.erase_envelopes([envelopes[2]], reason="test", who=audit.SYSTEM)
    found = tokens(subject)
    reindex([subject])
    assert found == tokens(subject)


def test_a_rebuild_notices_whatever_is_sealed_or_erased_while_it_opens() -> None:
    subject, envelopes = a_guest()
    seen = [_sealed_as([subject])]
    vault.reseal(envelopes[1], {"phone": "13900005678"})
    seen.append(_sealed_as([subject]))
    vault.seal(subject=subject, category="register", content={"document_number": "G7654321"})
    seen.append(_sealed_as([subject]))
    vault.erase_envelopes([envelopes[2]], reason="test", who=audit.SYSTEM)
    seen.append(_sealed_as([subject]))
    assert (len(set(seen)), [count for count, _hashes in seen]) == (4, [5, 5, 6, 5])
