"""The pins: requirements.txt and requirements-dev.txt hold every package of their .in file, with hashes.

python script/pins.py check     offline: every wanted package is pinned in its range, and every pin has hashes
python script/pins.py compile   asks the package index; for Python 3.11 to 3.14 on every machine
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements", "requirements-dev")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


def main(deed: str) -> int:
    """Check or compile; the answer is the exit code."""
    if deed == "compile":
        return max(compile_pins(name) for name in FILES)
    complaints = [f"{name}.txt: {what}" for name in FILES for what in find_complaints(name)]
    print("\n".join(complaints))
    return 1 if complaints else 0


def compile_pins(name: str) -> int:
    """Compile one file with uv."""
    uv = Path(sys.executable).with_name("uv")
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
    return subprocess.run(
        [uv, "pip", "compile", *options, "-o", f"{name}.txt", f"{name}.in"], cwd=ROOT, check=False
    ).returncode


def find_complaints(name: str) -> Iterator[str]:
    """What is wanted and not pinned, and what is pinned without a hash."""
    text = (ROOT / f"{name}.txt").read_text()
    pins: dict[str, list[str]] = {}
    for pin in PIN.finditer(text):
        pins.setdefault(canonicalize_name(pin["name"]), []).append(pin["version"])
    for wanted in wanted_in(f"{name}.in"):
        versions = pins.get(canonicalize_name(wanted.name), [])
        if not versions:
            yield f"{wanted.name} is not pinned: script/check --pins"
        elif not all(wanted.specifier.contains(version, prereleases=True) for version in versions):
            yield f"{wanted.name} is pinned outside {wanted.specifier}: script/check --pins"
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if PIN.match(block) and "--hash=sha256:" not in block:
            yield f"{block.splitlines()[0]} has no hash: script/check --pins"


def wanted_in(file: str) -> Iterator[Requirement]:
    """The packages an .in file names, and those of the files it includes."""
    for line in (ROOT / file).read_text().splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted.startswith("-r "):
            yield from wanted_in(wanted.removeprefix("-r ").strip())
        elif wanted:
            yield Requirement(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
