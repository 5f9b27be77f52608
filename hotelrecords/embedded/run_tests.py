"""Behind ``script/test``: a browser where there can be one, then pytest on two processes."""

import argparse
import os
import re
import shutil
import subprocess
import sys

import pytest

from hotelrecords.embedded import EngineTrouble, testing
from hotelrecords.embedded.places import CHECKOUT, POSTGRES_BIN

# The first is the same browser without windows, menus and bars of its own: a visit costs half.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES, FONT = BROWSERS[:2], "fonts-noto-cjk"
# File by file in the order of collection, where what takes longest stands first, so that no process is left alone
# with it.
SHARED_OUT = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def main(arguments: list[str]) -> int:
    """Run pytest with these arguments; the answer is its exit code."""
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument("--postgres", metavar="BIN", help="the programs of another PostgreSQL than the wheel's")
    options, arguments = own.parse_known_args(arguments)
    if options.postgres:
        os.environ[POSTGRES_BIN] = options.postgres
    os.chdir(CHECKOUT)
    if not find_browser() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install_browser()
    if not find_browser():
        arguments = [*arguments, "-m", "not journey"]
        wanted = f"{' or '.join(PACKAGES)} and {FONT}"
        print(f"No browser: {_count_journeys()} journeys are left out. Install {wanted} to run them.")
        if os.environ.get("CI") == "true":
            print("With CI=true a missing browser is a failure.", file=sys.stderr)
            return 1
    try:
        testing.prepare()
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    return int(pytest.main([*SHARED_OUT, *arguments]))


def find_browser() -> str | None:
    """The path of an installed Chromium."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _install_browser() -> None:
    print("Installing Chromium and a Chinese font, once", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    commands = [["install", "-qy", "--no-install-recommends", package, FONT] for package in PACKAGES]
    for command in (["update", "-q"], *commands):
        if not find_browser():
            subprocess.run(["apt-get", *command], check=False, **quiet)  # type: ignore[call-overload]


def _count_journeys() -> int:
    folder = CHECKOUT / "hotelrecords" / "tests" / "journeys"
    texts = (path.read_text() for path in folder.glob("test_*.py"))
    return sum(len(re.findall(r"^def test_", text, re.MULTILINE)) for text in texts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
