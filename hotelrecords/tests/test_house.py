"""The shape of the house: imports run down, no migration is missing, no file is called by a name that says nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from hotelrecords.embedded.places import CHECKOUT

APPS = ("audit", "vault", "staff", "stays", "privacy", "hotelrecords")
SAY_NOTHING = {"utils", "common", "core", "helpers", "signals", "selectors", "misc", "admin"}


def python_files() -> list[Path]:
    """Every Python file of the apps."""
    return [path for app in APPS for path in (CHECKOUT / app).rglob("*.py")]


def test_imports_run_down_and_never_up() -> None:
    linter = Path(sys.executable).with_name("lint-imports")  # a process of its own: it switches everybody's logs off
    told = subprocess.run([linter, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_layers_hold_every_app() -> None:
    folders = {path.parent.name for path in CHECKOUT.glob("*/apps.py")}
    assert folders == set(APPS)


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", "--check", "--dry-run")
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_no_file_is_called_by_a_name_that_says_nothing() -> None:
    names = {part for path in python_files() for part in path.relative_to(CHECKOUT).with_suffix("").parts}
    assert names & SAY_NOTHING == set()


def test_no_module_is_longer_than_a_screenful_of_screens() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in python_files() if "migrations" not in path.parts}
    assert {str(path.relative_to(CHECKOUT)): lines for path, lines in lengths.items() if lines > 350} == {}
