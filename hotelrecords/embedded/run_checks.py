"""Behind ``script/check``: every check, each with one line of result."""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from hotelrecords.embedded import EngineTrouble, testing
from hotelrecords.embedded.places import CHECKOUT

PYTHON = sys.executable
BIN = Path(PYTHON).parent
MANAGE = [PYTHON, "manage.py"]
MESSAGES = [PYTHON, "script/messages.py"]
# They run side by side: what takes longest stands first, so that the others are done meanwhile.
CHECKS: dict[str, list[str]] = {
    "types": [f"{BIN}/mypy", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "lint": [f"{BIN}/ruff", "check", "."],
    "layers": [f"{BIN}/lint-imports"],
    "templates": [f"{BIN}/djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run", "--skip-checks"],
    "translations": [*MESSAGES, "check"],
    "pins": [PYTHON, "script/pins.py", "check"],
    "deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "database": [*MANAGE, "check", "--database", "default", "--fail-level", "WARNING"],
}
ASKING_THE_DATABASE = ("migrations", "database")
FIXES: dict[str, list[str]] = {
    "lint": [f"{BIN}/ruff", "check", "--fix", "--quiet", "."],
    "format": [f"{BIN}/ruff", "format", "--quiet", "."],
    "translations": [*MESSAGES, "update"],
}
# As in production, but for the address of the tests' database.
PRODUCTION = {
    "DEMO": "0",
    "DEBUG": "0",
    "TLS": "1",
    "ALLOWED_HOSTS": "records.hotel.example",
    "TRUSTED_PROXY_HOPS": "1",
}


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; the answer is the exit code."""
    parser = argparse.ArgumentParser(prog="script/check")
    parser.add_argument("only", nargs="*", metavar="check", help=f"only these of: {', '.join(CHECKS)}")
    parser.add_argument("--fix", action="store_true", help="mend what a machine can mend")
    parser.add_argument("--messages", action="store_true", help="collect and compile the messages")
    parser.add_argument("--pins", action="store_true", help="compile the pins (asks the package index)")
    options = parser.parse_args(arguments)
    os.chdir(CHECKOUT)
    if options.fix:
        return judged([name for name, command in FIXES.items() if not run(name, command)])
    if options.messages:
        return judged([] if run("translations", [*MESSAGES, "update"]) else ["translations"])
    if options.pins:
        return judged([] if run("pins", [PYTHON, "script/pins.py", "compile"]) else ["pins"])
    if unknown := set(options.only) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    try:
        return judged(check([name for name in CHECKS if name in options.only or not options.only]))
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2


def check(names: Sequence[str]) -> list[str]:
    """Run checks side by side; the names of those that failed. EngineTrouble when there is no database to ask."""
    bed = testing.prepare()
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        asking = [name for name in names if name in ASKING_THE_DATABASE]
        under_way = begin(hands, [name for name in names if name not in asking])
        if not asking:
            return failed(under_way)
        with bed.at_hand():
            return failed(under_way | begin(hands, asking))


def begin(hands: ThreadPoolExecutor, names: Sequence[str]) -> dict[str, "Future[bool]"]:
    """Hand checks out."""
    return {name: hands.submit(run, name, CHECKS[name]) for name in names}


def failed(under_way: Mapping[str, "Future[bool]"]) -> list[str]:
    """Wait for all; the names of those that failed."""
    return [name for name, good in under_way.items() if not good.result()]


def judged(failed: Sequence[str]) -> int:
    """Say how it went; 1 when any failed."""
    print(f"\nNot right: {', '.join(failed)}" if failed else "\nAll is right.")
    return 1 if failed else 0


def run(name: str, command: list[str]) -> bool:
    """Run one command and say how it went; its words are shown only when it failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, env={**os.environ, **special(name, folder)}, capture_output=True, text=True, check=False
        )
    good = done.returncode == 0
    line = f"{'ok ' if good else 'NOT'}  {name:<13}{time.monotonic() - began:5.1f} s"
    print(line if good else f"{line}\n{(done.stdout + done.stderr).rstrip()}", flush=True)
    return good


def special(name: str, folder: str) -> dict[str, str]:
    """What a check needs beside the usual environment."""
    if name != "deploy":
        return {}
    keys = Path(folder) / "keys"
    keys.mkdir(mode=0o700)
    return PRODUCTION | {"SECRET_KEY": secrets.token_urlsafe(64), "KEYS_DIR": str(keys)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
