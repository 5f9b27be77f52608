"""An officer opens who looked at a guest, hands it over with its proofs, and an outsider verifies them (B10)."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.urls import reverse

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from privacy.models import Request
from stays.models import Occupant

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def a_request() -> Request:
    """One in review, by somebody known, about a stay of the demonstration."""
    found = Request.objects.filter(property__code="harbour", state="in_review", guest_id__isnull=False)
    return found.exclude(verified_at=None).earliest("received_at")


@LANGUAGES
def test_for_a_request_with_its_proofs(visit: Callable[..., Visit], language: str, tmp_path: Path) -> None:
    asked, officer = a_request(), visit(people.OFFICER, language)
    officer.go("request", asked.number)
    officer.turn_to("request_looks", asked.number)
    officer.look("page-request-looks")
    people.prove_anew(people.OFFICER)
    officer.go("request_looks", asked.number)
    assert until(lambda: proved(officer, asked, tmp_path), "a line with its seal")


def proved(officer: Visit, asked: Request, folder: Path) -> int:
    """How many proofs the file holds, each verified as the guest would."""
    address = reverse("request_looks_file", args=[asked.number, "zip"])
    with ZipFile(BytesIO(officer.download(officer.page.locator(f"main a[href='{address}']")))) as bundle:
        bundle.extractall(folder)
        proofs = [name for name in bundle.namelist() if name.endswith(".tlog-proof")]
    key = (folder / "key").read_text().split()
    for proof in proofs:
        command = [sys.executable, "-I", "verify_log.py", proof, "--key", key[-1]]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return len(proofs)


@LANGUAGES
def test_from_a_stay_for_a_purpose(visit: Callable[..., Visit], language: str) -> None:
    asked, officer = a_request(), visit(people.OFFICER, language)
    occupant = Occupant.objects.filter(subject=asked.guest_id, stay__property=asked.property).earliest("pk")
    officer.go("stay", occupant.stay.reference)
    officer.answer(purpose="request", purpose_ref=asked.number)
    officer.send()
    officer.turn_to("guest_looks", occupant.stay.reference, occupant.position)
    officer.answer(purpose="request", purpose_ref=asked.number)
    officer.send()
    officer.look("page-guest-looks")
    people.prove_anew(people.OFFICER)
    paper = officer.download(officer.page.locator("main form button").first)
    officer.keep(f"guest-looks-{language}", paper)
    assert paper.startswith(b"%PDF")
