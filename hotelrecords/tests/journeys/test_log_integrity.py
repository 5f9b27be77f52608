"""A manager asks whether the log is whole, prints the sheet, and takes proofs away that an outsider verifies."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from audit.models import Checkpoint, Event, Leaf, Verification
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@LANGUAGES
def test_the_log_is_verified_by_a_button(visit: Callable[..., Visit], language: str) -> None:
    manager = visit(people.MANAGER, language)
    until(Checkpoint.objects.exists, "the first seal")
    manager.go("log_integrity")
    ordered = Verification.objects.count()
    manager.answer(scope="all")
    manager.submit()
    manager.look("log-integrity-under-way")
    manager.page.locator("#verification .notice.done strong").wait_for()
    assert "hx-get" not in manager.page.locator("#verification").evaluate("one => one.outerHTML")
    found = Verification.objects.filter(scope="all").latest("id")
    assert (Verification.objects.count() > ordered, found.complaints) == (True, [])
    assert str(found.ends) in re.sub(r"[,\s]", "", manager.page.locator("#verification").inner_text())
    manager.look("log-integrity")
    manager.turn_to("log_sheet")
    assert manager.page.locator(".sheet-picture").evaluate("picture => picture.naturalWidth") > 0
    manager.look("log-sheet")


@LANGUAGES
def test_proofs_are_taken_away(visit: Callable[..., Visit], language: str, tmp_path: Path) -> None:
    manager = visit(people.MANAGER, language)
    until(Checkpoint.objects.exists, "the first seal")
    manager.go("log_integrity")
    for name in ("key", "verify_log.py"):
        link = manager.page.locator(f"main a[href$='{reverse('log_file', args=[name])}']")
        (tmp_path / name).write_bytes(manager.download(link))
    manager.go("access_log")
    looked = Event.objects.filter(action="log.read").latest("id")
    until(Leaf.objects.filter(source=1, row_id=looked.pk).exists, "the seal of what the manager did")
    manager.answer(person=people.MANAGER)
    manager.submit()
    manager.turn_to("log_export")
    manager.answer(file="jsonl")
    file = manager.download(manager.page.locator("#export button.main"))
    manager.page.locator("#progress .notice.done").wait_for()
    manager.look("log-export")
    lines = [json.loads(line) for line in file.splitlines()]
    assert sum(line["proof"] is not None for line in lines) > 0
    (tmp_path / "lines.jsonl").write_bytes(file)
    key = (tmp_path / "key").read_text().strip()
    command = [sys.executable, "-I", tmp_path / "verify_log.py", tmp_path / "lines.jsonl", "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
