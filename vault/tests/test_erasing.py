"""Erasing for good, and the ledger that remembers it."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import services as audit
from audit.models import Event
from vault import actions, ledger, search
from vault import services as vault
from vault.models import Envelope, EnvelopeKey, ErasureEntry, SubjectToken

from .factories import GuestFactory
from .test_services import look

WHO = audit.Who(actor=9, role="privacy_officer", property=2)

pytestmark = pytest.mark.django_db


def erase(*ids, reason="CN-RET-01"):
    return vault.erase_envelopes(ids, reason=reason, who=WHO)


def found(text):
    term = search.parse(text)
    return search.verify(term, search.candidates(term))


def test_what_is_erased_never_opens():
    guest = GuestFactory()
    ids = list(guest.envelopes.values())
    assert erase(*ids) == 3
    assert look(*ids) == {}
    assert vault.envelopes_of([guest.subject], list(guest.envelopes)) == {}
    with pytest.raises(vault.EnvelopeErased):
        vault.reseal(ids[0], {"name": "张伟"})


def test_nothing_of_it_is_left():
    guest = GuestFactory()
    erase(*guest.envelopes.values())
    kept = Envelope.objects.filter(subject=guest.subject)
    assert [(bytes(row.ciphertext), row.erased_at is not None) for row in kept] == [(b"", True)] * 3
    keys = EnvelopeKey.objects.filter(envelope__in=kept)
    assert [(row.wrapped, row.shredded_at is not None) for row in keys] == [(None, True)] * 3
    assert SubjectToken.objects.filter(subject=guest.subject).count() == 0
    assert [found(guest.name), found(guest.phone), found(guest.document_number)] == [[], [], []]


def test_a_key_is_never_minted_again():
    guest = GuestFactory()
    erase(guest.envelopes["name"])
    with pytest.raises(DatabaseError, match="shredded for good"), transaction.atomic():
        EnvelopeKey.objects.filter(pk=guest.envelopes["name"]).update(wrapped=b"x" * 60, shredded_at=None)


def test_what_is_left_is_still_found():
    guest = GuestFactory()
    erase(guest.envelopes["contact"])
    assert (found(guest.phone), found(guest.name)) == ([], [guest.subject])
    erase(guest.envelopes["name"])
    assert (found(guest.name), found(guest.document_number)) == ([], [guest.subject])


def test_a_guest_has_one_phone_however_often_it_was_erased():
    guest = GuestFactory()
    for _ in range(3):
        erase(vault.envelopes_of([guest.subject], ["contact"])[guest.subject, "contact", None])
        vault.seal(subject=guest.subject, category="contact", content={"phone": "13900001234"})
        with pytest.raises(IntegrityError, match="one_per_subject"), transaction.atomic():
            vault.seal(subject=guest.subject, category="contact", content={"phone": "13900005678"})
    contacts = Envelope.objects.filter(subject=guest.subject, category="contact").order_by("turn")
    assert [(row.turn, row.erased_at is None) for row in contacts] == [(0, False), (1, False), (2, False), (3, True)]


def test_erasing_again_changes_nothing():
    guest = GuestFactory()
    assert [erase(guest.envelopes["name"]), erase(guest.envelopes["name"]), erase(uuid4()), erase()] == [1, 0, 0, 0]
    assert ErasureEntry.objects.count() == 1


def test_an_erasure_is_on_record_and_in_the_ledger():
    guest = GuestFactory()
    erase(guest.envelopes["name"], guest.envelopes["contact"])
    entry = ErasureEntry.objects.get()
    event = Event.objects.get(action=actions.ERASED)
    assert (entry.sequence, entry.reason, entry.actor, entry.role, entry.property) == (
        1,
        "CN-RET-01",
        9,
        "privacy_officer",
        2,
    )
    assert entry.envelopes == sorted([guest.envelopes["name"], guest.envelopes["contact"]])
    assert (event.actor, event.object_type, event.object_ref, event.subjects, event.detail) == (
        9,
        "erasure",
        "1",
        [guest.subject],
        {"count": 2, "reason": "CN-RET-01"},
    )


def test_an_erasure_that_is_rolled_back_erased_nothing():
    guest = GuestFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        erase(guest.envelopes["name"])
        raise ZeroDivisionError
    assert look(guest.envelopes["name"])[guest.envelopes["name"]].name.plain == guest.name
    assert ErasureEntry.objects.count() == 0


def test_the_ledger_is_a_chain():
    for _ in range(3):
        erase(GuestFactory().envelopes["name"])
    entries = list(ErasureEntry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [bytes(entry.previous) for entry in entries] == [
        ledger.GENESIS,
        bytes(entries[0].digest),
        bytes(entries[1].digest),
    ]
    assert ledger.first_break() is None


@pytest.mark.parametrize("statement", ["UPDATE erasure_ledger SET reason = 'x'", "DELETE FROM erasure_ledger"])
def test_the_ledger_cannot_be_changed(statement):
    erase(GuestFactory().envelopes["name"])
    with pytest.raises(DatabaseError, match="denied|append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_forged_entry_breaks_the_chain():
    erase(GuestFactory().envelopes["name"])
    true = ErasureEntry.objects.get()
    forged = ErasureEntry(
        sequence=2, at=true.at, envelopes=[uuid4()], reason="x", previous=true.digest, digest=b"\0" * 32
    )
    forged.save(force_insert=True)
    assert ledger.first_break() == 2


def test_a_missing_entry_breaks_the_chain():
    erase(GuestFactory().envelopes["name"])
    true = ErasureEntry.objects.get()
    later = ErasureEntry(sequence=3, at=true.at, envelopes=[], reason="x", previous=true.digest)
    later.digest = ledger.digest(later)
    later.save(force_insert=True)
    assert ledger.first_break() == 2


def test_the_digest_of_an_entry_is_fixed():
    entry = ErasureEntry(
        sequence=1,
        at=ErasureEntry._meta.get_field("at").to_python("2026-01-02T03:04:05.678901+00:00"),
        envelopes=["11111111-2222-4333-8444-555555555555"],
        reason="CN-RET-01",
        actor=9,
        role="privacy_officer",
        property=None,
        previous=ledger.GENESIS,
    )
    assert ledger.digest(entry).hex() == "b480ef18c016d0059cbf33ca0abc4e3f36ef625698df633a6cd119f286371286"
