"""Makes .venv and installs the pinned requirements, with their hashes, when they changed."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# What the second file installs holds all of the first.
FILES = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


def main(kind: str) -> int:
    """Install the requirements of one kind; the answer is the exit code."""
    handle = os.open(ROOT / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    if is_installed(kind):
        return 0
    if not works():
        print("Making the virtual environment .venv", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
        if made.returncode:
            print(
                f"Python could not make a virtual environment: {(made.stdout + made.stderr).strip()}", file=sys.stderr
            )
            print("On Debian: apt-get install python3-venv", file=sys.stderr)
            return 1
    print("Installing the pinned requirements (a minute or two)", flush=True)
    if not (install_quickly(ROOT / FILES[kind]) or install(ROOT / FILES[kind])):
        print("The requirements could not be installed: see above.", file=sys.stderr)
        return 1
    stamp(kind).write_text(wanted(kind))
    return 0


def install(file: str | Path) -> bool:
    """Let pip install what a file pins."""
    quiet = ("--quiet", "--disable-pip-version-check")
    return subprocess.run([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", file]).returncode == 0


def install_quickly(file: Path) -> bool:
    """Let uv install a file that pins uv, in half of pip's time. False where it cannot: pip may know other indexes."""
    pin = re.search(r"^uv==.*?(?<!\\)\n", file.read_text(), re.DOTALL | re.MULTILINE)
    if pin is None:
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as alone:
        alone.write(pin.group())
        alone.flush()
        if not install(alone.name):
            return False
    uv: list[str | Path] = [PYTHON.with_name("uv"), "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    return subprocess.run([*uv, "--require-hashes", "-r", file], capture_output=True).returncode == 0


def works() -> bool:
    """Whether .venv is there and its Python starts."""
    try:
        return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def is_installed(kind: str) -> bool:
    """Whether this kind, or the larger one, is installed as pinned now."""
    kinds = [kind] if kind == "dev" else ["dev", "run"]
    return (
        PYTHON.exists()
        and any(stamp(each).exists() and stamp(each).read_text() == wanted(each) for each in kinds)
        and works()
    )


def stamp(kind: str) -> Path:
    """Remembers what was installed."""
    return VENV / f".installed-{kind}"


def wanted(kind: str) -> str:
    """Changes when the pins or the Python change."""
    pins = b"".join((ROOT / FILES[each]).read_bytes() for each in ("run", kind))
    return hashlib.sha256(pins + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
