"""The page of a certificate: what it certifies, what searches found, the file, and the public key."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from privacy.models import Certificate, Recheck
from privacy.services import certificates, executing, rechecking
from privacy.tests.office import answers, on_duty
from privacy.tests.sheets import LATER, a_past_stay, approved, in_review
from privacy.tests.visits import of
from staff.models import Person
from stays.models import Room

pytestmark = pytest.mark.django_db

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_certificate.py"


@pytest.fixture
def certificate(officer: Person, clerk: Person, room: Room) -> Certificate:
    """Of a deletion inside the register period."""
    request = approved(in_review(a_past_stay(clerk, room), officer=officer), officer)
    made = executing.execute_decision(request=request, actor=officer, at=LATER)
    assert made is not None
    return made


def at(certificate: Certificate, more: str = "") -> str:
    return f"/certificates/{certificate.number}/{more}"


def row(action: str) -> dict[str, Any]:
    names = ("actor", "outcome", "object_type", "object_ref", "subjects", "fields", "detail")
    event = Event.objects.get(action=action)
    return {name: getattr(event, name) for name in names}


def test_the_request_leads_to_it_and_it_says_what_it_certifies(officer: Person, certificate: Certificate) -> None:
    client = on_duty(officer, certificate.property)
    assert f'href="{at(certificate)}"' in client.get(of(certificate.request)).content.decode()
    text = " ".join(client.get(at(certificate)).content.decode().split())
    said = ["Signature genuine", "Name 1, Contact details 1", "Guest register 1, Bill and payment 1",
            "The guest asked for the deletion", certificate.key_id, "Not searched yet"]  # fmt: skip
    assert [each for each in said if each not in text] == []
    assert row("certificate.viewed") == {
        "actor": officer.pk, "outcome": "ok", "object_type": "certificate", "object_ref": certificate.number,
        "subjects": [], "fields": [], "detail": {},
    }  # fmt: skip


def test_searched_again_it_shows_what_was_found_and_when_the_next_is(officer: Person, certificate: Certificate) -> None:
    client = on_duty(officer, certificate.property)
    page = client.post(at(certificate, "search/"), follow=True)
    text = " ".join(page.content.decode().split())
    assert page.redirect_chain == [(at(certificate), 302)]
    assert ["Nothing of it was found." in text, "0 of 2" in text, "Sealed contents" in text] == [True] * 3
    assert Recheck.objects.exclude(at=None).count() == 1


def test_the_next_search_is_told(officer: Person, certificate: Certificate) -> None:
    rechecking.recheck_erasure(certificate=certificate, at=LATER)
    page = on_duty(officer, certificate.property).get(at(certificate))
    assert page.context["view"].next_search_on == (LATER + timedelta(days=30)).date()


def test_what_was_found_is_urgent(officer: Person, certificate: Certificate) -> None:
    certificate.request.items.filter(category="name").delete()
    page = on_duty(officer, certificate.property).post(at(certificate, "search/"), follow=True)
    text = " ".join(page.content.decode().split())
    assert ["Tell the operator at once" in text, "1 of 2" in text] == [True, True]


def test_the_file_and_the_published_key_agree_offline(
    officer: Person, certificate: Certificate, tmp_path: Path
) -> None:
    answer = on_duty(officer, certificate.property).get(at(certificate, "file/"))
    kept = tmp_path / "certificate.json"
    kept.write_bytes(answer.content)
    key = Client().get(f"/certificate-keys/{certificates.number_of(certificate.key_id)}/").content.decode().strip()
    command = [sys.executable, "-I", str(VERIFIER), str(kept), key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "GENUINE, checked with the key you named.")
    assert json.loads(answer.content)["public_key"] == key
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{certificate.number}.json"'
    assert row("certificate.taken")["object_ref"] == certificate.number


def test_there_is_no_other_key(db: None) -> None:
    assert [Client().get(f"/certificate-keys/{number}/").status_code for number in (0, 999999, 10**12, 10**300)] == [
        404
    ] * 4


def test_who_may(
    clerk: Person, officer: Person, approver: Person, manager: Person, stranger: Person, certificate: Certificate
) -> None:
    people = (clerk, officer, approver, manager, stranger)
    for more, answered in (("", 200), ("file/", 200)):
        assert answers(at(certificate, more), certificate.property, *people) == [403, answered, answered, 403, 404]
    posted = answers(at(certificate, "search/"), certificate.property, *people, method="post")
    assert posted == [403, 302, 302, 403, 404]
