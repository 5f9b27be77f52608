"""Waiting for what workers do: until it is so, and no longer."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")
# A worker begins when the broker rings, or within the minute when beat looks what is due.
PATIENCE_SECONDS: Final = 90


def until(look: Callable[[], Found], what: str) -> Found:
    """Look again and again until something is there; fails with ``what`` it waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)
    return found
