"""Certificates checked offline, searched again for, and a record corrected."""

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Event, Statement
from privacy import actions
from privacy.models import Certificate, Recheck
from privacy.services import certificates, executing, rechecking
from privacy.services.ending_restrictions import finish_restrictions
from privacy.tests.factories import companion, lead, subjects_of
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    REGISTER_OVER,
    a_past_stay,
    approved,
    in_review,
    with_preferences,
)
from staff.permissions import NotAllowed
from stays import services as desk
from stays.models import Draft
from vault import keys
from vault import services as vault
from vault.models import Envelope

pytestmark = pytest.mark.django_db

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_certificate.py"
PLACES = ("certificate", "records", "contents", "keys", "search", "forms", "notes", "links", "codes")


@pytest.fixture
def certificate(officer, past):
    request = approved(in_review(past, officer=officer), officer)
    return executing.execute_decision(request=request, actor=officer, at=LATER)


def check_offline(tmp_path, content, *key):
    path = tmp_path / "certificate.json"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *key], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_it_is_genuine_offline_with_the_published_key(tmp_path, past, certificate):
    key = certificates.public_key_hex(certificate.key_id)
    code, said = check_offline(tmp_path, certificates.certificate_file(certificate), key)
    assert (code, said.splitlines()) == (0, [
        "GENUINE, checked with the key you named.",
        f"Certificate {certificate.number} of {past.property.code}, request {certificate.request.number}",
        "Made at 2026-06-13T06:00:00Z, reason deletion_asked",
        "Erased: contact 1, name 1, note 1",
        "Locked away instead: payment 1, register 1",
    ])  # fmt: skip


def test_without_the_key_it_says_what_that_is_worth(tmp_path, certificate):
    code, said = check_offline(tmp_path, certificates.certificate_file(certificate))
    assert (code, said.splitlines()[0]) == (
        0, "GENUINE, checked with the key in the file; compare it with the one the house publishes.",
    )  # fmt: skip


@pytest.mark.parametrize("change", [("erased", {"name": 2}), ("number", "E-2026-999999"), ("envelopes", [])])
def test_changed_it_is_not_genuine(tmp_path, certificate, change):
    content = json.loads(certificates.certificate_file(certificate))
    content["payload"][change[0]] = change[1]
    assert check_offline(tmp_path, json.dumps(content).encode())[0] == 1
    certificate.payload[change[0]] = change[1]
    assert not certificates.is_genuine(certificate)


def test_of_another_key_it_is_not_genuine(tmp_path, certificate):
    other = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
    assert check_offline(tmp_path, certificates.certificate_file(certificate), other)[0] == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"payload": {', '"payload": {}, "payload": {', 1),
        lambda text: text.replace('"reason": "deletion_asked"', '"reason": "\\ud800"', 1),
        lambda text: text.replace('"erased": {', '"erased": {"name": 9, ', 1),
    ],
    ids=["twice", "half a character", "a count twice"],
)
def test_what_two_readers_would_read_otherwise_is_no_certificate(tmp_path, certificate, change):
    text = certificates.certificate_file(certificate).decode()
    changed = change(text)
    assert changed != text
    assert check_offline(tmp_path, changed.encode())[0] == 2


def test_an_empty_key_is_not_the_one_in_the_file(tmp_path, certificate):
    assert check_offline(tmp_path, certificates.certificate_file(certificate), "")[0] == 2


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b"", b"[]", b"{}", b"\xff", b'{"payload": 1, "public_key": "", "signature": ""}']
)
def test_what_is_no_certificate_is_said_to_be_none(tmp_path, content):
    assert check_offline(tmp_path, content)[0] == 2


def test_numbers_follow_each_other(clerk, officer, room, certificate):
    request = approved(in_review(a_past_stay(clerk, room, lead(7)), officer=officer), officer)
    second = executing.execute_decision(request=request, actor=officer, at=LATER)
    first_number, second_number = (int(each.number.rpartition("-")[2]) for each in (certificate, second))
    assert (second_number - first_number, second.number[:7]) == (1, "E-2026-")


def test_a_certificate_is_never_changed(certificate):
    for change in (lambda: Certificate.objects.filter(pk=certificate.pk).update(reason="x"), certificate.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_key_is_the_owners_alone_and_wrapped():
    reference, secret = keys.certificate_secret()
    path = keys.provider().folder / reference
    assert (path.stat().st_mode & 0o777, secret in path.read_bytes(), len(secret)) == (0o600, False, 32)


def test_canonical_form_and_keys_are_fixed():
    assert certificates.canonical({"b": 1, "a": ["é", "海"]}) == '{"a":["é","海"],"b":1}'.encode()
    names = [certificates.public_key_hex("certificate-000001.key"), *certificates.marks([], "certificate-000001.key")]
    assert (len(names), len(names[0])) == (1, 64)


# Searched again


def recheck(certificate, at=LATER, actor=None):
    return rechecking.recheck_erasure(certificate=certificate, at=at, actor=actor)


def test_nothing_of_it_is_anywhere(certificate):
    done = recheck(certificate)
    assert (done.found, done.at, tuple(done.places)) == (0, LATER, PLACES)
    assert {name: place["searched"] for name, place in done.places.items()} == {
        "certificate": 3, "records": 3, "contents": 3, "keys": 3, "search": 1, "forms": 0, "notes": 1, "links": 0,
        "codes": 0,
    }  # fmt: skip


def test_the_search_is_one_exact_row(officer, certificate):
    recheck(certificate, actor=officer)
    row = Event.objects.get(action=actions.CERTIFICATE_RECHECKED)
    assert (row.actor, row.outcome, row.object_type, row.object_ref, row.subjects, row.detail) == (
        officer.pk, "ok", "certificate", certificate.number, [], {"count": 3, "found": 0},
    )  # fmt: skip


def test_the_planned_searches_are_made_once_each(certificate):
    assert [rechecking.recheck_due(at=LATER + timedelta(days=days)) for days in (0, 0, 29, 30, 31)] == [1, 0, 0, 1, 0]
    assert list(Recheck.objects.values_list("found", flat=True)) == [0, 0]


def test_a_search_by_hand_leaves_the_planned_one_to_its_day(officer, certificate):
    recheck(certificate)
    by_hand = recheck(certificate, LATER + timedelta(days=5), officer)
    assert by_hand.due_on == (LATER + timedelta(days=5)).date()
    assert Recheck.objects.get(at=None).due_on == (LATER + timedelta(days=30)).date()


def test_a_search_that_was_made_is_never_changed(certificate):
    done = recheck(certificate)
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Recheck.objects.filter(pk=done.pk).update(found=1)


def test_what_came_back_is_found(officer, past, certificate):
    """As a backup restored without its ledger would bring it back: the rows of one envelope, and its token."""
    guest = subjects_of(past)[0]
    erased = Envelope.objects.get(subject=guest, category="name")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_envelope SET erased_at = NULL, ciphertext = 'x' WHERE id = %s", [erased.pk])
        cursor.execute("UPDATE search.subject_token SET tok = '{1,2}', phone = 7 WHERE subject = %s", [guest])
    Draft.objects.create(person=officer, property=past.property, form="x", about="", envelope=erased, saved_at=LATER)
    done = recheck(certificate)
    assert {name: place["found"] for name, place in done.places.items() if place["found"]} == {
        "records": 1, "contents": 1, "search": 1, "forms": 1,
    }  # fmt: skip
    assert (done.found, Event.objects.get(action=actions.CERTIFICATE_RECHECKED).outcome) == (4, "failed")


def test_an_envelope_that_leads_nowhere_is_said(certificate):
    certificate.request.items.filter(category="name").delete()
    assert recheck(certificate).places["certificate"] == {"searched": 3, "found": 1}


def test_each_certificate_of_a_request_is_searched_for_its_own(past, certificate):
    finish_restrictions(at=REGISTER_OVER)
    second = Certificate.objects.latest("made_at")
    assert recheck(second, REGISTER_OVER).places["records"] == {"searched": 1, "found": 0}
    assert recheck(certificate, REGISTER_OVER).found == 0


def test_a_companions_tokens_are_not_taken_for_the_guests(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion())
    with_preferences(stay)
    request = approved(in_review(stay, officer=officer), officer, BILL_OVER)
    certificate = executing.execute_decision(request=request, actor=officer, at=BILL_OVER)
    assert recheck(certificate, BILL_OVER).found == 0


def test_who_does_not_decide_here_searches_nothing(clerk, stranger, certificate):
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            recheck(certificate, actor=person)


def test_an_open_form_of_somebody_else_is_not_found(clerk, past, certificate):
    desk.save_draft(actor=clerk, property=past.property, form="check_in", content={"name": "别人"}, at=LATER)
    assert recheck(certificate).places["forms"] == {"searched": 1, "found": 0}
    assert vault.envelopes_of([subjects_of(past)[0]], ["name"]) == {}


# In the sealed log


def test_the_log_states_what_was_certified(past, certificate):
    stated = Statement.objects.get(ref=certificate.payload["leaf"])
    facts = {name: value for name, value in certificate.payload.items() if name != "leaf"}
    digest = hashlib.sha256(certificates.canonical(facts)).hexdigest()
    assert (stated.kind, stated.said) == ("erasure", {"certificate": certificate.number, "digest": digest})
    assert (stated.subjects, stated.property) == ([certificate.request.guest_id], past.property.pk)
    assert json.loads(certificates.certificate_file(certificate))["log_proof"] is None
