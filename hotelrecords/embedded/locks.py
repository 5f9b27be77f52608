"""Locks between the processes of one machine; the kernel frees them when their holder ends, however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else is inside."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def share(path: Path) -> int:
    """Be one of several users of something; the answer is the lock, ended by ``os.close``."""
    handle = _open(path)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def try_alone(path: Path) -> int | None:
    """Be its only user, or None when somebody else uses it."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def wait_alone(path: Path, *, seconds: float) -> int | None:
    """Be its only user within so many seconds, or None."""
    deadline = time.monotonic() + seconds
    while (handle := try_alone(path)) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return handle


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
