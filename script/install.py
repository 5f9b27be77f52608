"""Makes .venv and installs the pinned requirements, with their hashes, when they changed."""

import fcntl
import hashlib
import os
import subprocess
import sys
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
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    if subprocess.run([*command, "-r", ROOT / FILES[kind]]).returncode:
        print("The requirements could not be installed: see above.", file=sys.stderr)
        return 1
    stamp(kind).write_text(wanted(kind))
    return 0


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
