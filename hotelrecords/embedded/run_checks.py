"""Behind ``script/check``: every check, each with one line of result."""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from hotelrecords.embedded import EngineTrouble, testing
from hotelrecords.embedded.places import CHECKOUT

PYTHON = sys.executable
BIN = Path(PYTHON).parent
MANAGE = [PYTHON, "manage.py"]
MESSAGES = [PYTHON, "script/messages.py"]
CHECKS: dict[str, list[str]] = {
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "lint": [f"{BIN}/ruff", "check", "."],
    "types": [f"{BIN}/mypy", "."],
    "layers": [f"{BIN}/lint-imports"],
    "templates": [f"{BIN}/djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run", "--skip-checks"],
    "translations": [*MESSAGES, "check"],
    "pins": [PYTHON, "script/pins.py", "check"],
    "deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "database": [*MANAGE, "check", "--database", "default", "--fail-level", "WARNING"],
}
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
        return run_all(FIXES, os.environ)
    if options.messages:
        return run_all({"translations": [*MESSAGES, "update"]}, os.environ)
    if options.pins:
        return run_all({"pins": [PYTHON, "script/pins.py", "compile"]}, os.environ)
    names = options.only or list(CHECKS)
    if unknown := set(names) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    return with_database(lambda: run_all({name: CHECKS[name] for name in names}, os.environ))


def with_database(deed: Callable[[], int]) -> int:
    """Do something while the tests' database is there, its address in the environment."""
    try:
        bed = testing.prepare()
        bed.hold()
        try:
            bed.open()
            return deed()
        finally:
            bed.close()
            bed.release()
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2


def run_all(commands: Mapping[str, list[str]], env: Mapping[str, str]) -> int:
    """Run commands one after the other; 1 when any failed."""
    failed = [name for name, command in commands.items() if not run(name, command, env)]
    print(f"\nNot right: {', '.join(failed)}" if failed else "\nAll is right.")
    return 1 if failed else 0


def run(name: str, command: list[str], env: Mapping[str, str]) -> bool:
    """Run one command and say how it went; its words are shown only when it failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, env={**env, **special(name, folder)}, capture_output=True, text=True, check=False
        )
    good = done.returncode == 0
    print(f"{'ok ' if good else 'NOT'}  {name:<13}{time.monotonic() - began:5.1f} s", flush=True)
    if not good:
        print((done.stdout + done.stderr).rstrip(), flush=True)
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
