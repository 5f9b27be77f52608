"""What another process of this machine is, by its number."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE_SECONDS = 8.0


def command_of(pid: int) -> str:
    """The command line of a process, empty when there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    return _ps(pid, "-o", "command=")


def has_in_environment(pid: int, line: str) -> bool:
    """Whether a process was started with NAME=value in its environment."""
    with contextlib.suppress(OSError):
        return line.encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return line in _ps(pid, "-Eww", "-o", "command=").split()


def end_group(*pids: int) -> None:
    """End processes and all they started: politely, then by force."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, sign)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if not any(_group_lives(pid) for pid in pids):
                return
            time.sleep(0.05)


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return _has_living_member(pid) if Path("/proc/self/stat").exists() else True


def _has_living_member(group: int) -> bool:
    """Whether a process of the group is more than an entry that nobody fetched yet."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = path.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return True
    return False


def _ps(pid: int, *options: str) -> str:
    if Path("/proc/self").exists():
        return ""
    shown = subprocess.run(["ps", *options, "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()
