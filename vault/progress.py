"""How far a long command has come: a bar where somebody watches, a line now and then where nobody does."""

import sys
import time
from typing import Final, TextIO

WIDTH: Final = 30
SECONDS_BETWEEN_LINES: Final = 10.0


class Bar:
    """Call it with a step's words, how much is done and how much there is to do."""

    def __init__(self, out: TextIO | None = None, *, is_silent: bool = False) -> None:
        self._out = out or sys.stderr
        self._is_silent = is_silent
        self._is_watched = self._out.isatty()
        self._words, self._begun, self._told = "", time.monotonic(), 0.0

    def __call__(self, words: str, done: int, total: int) -> None:
        """Show it. A step is over when all is done, or when another begins."""
        if self._is_silent:
            return
        now = time.monotonic()
        if words != self._words:
            self._words, self._begun, self._told = words, now, 0.0
        is_over = done >= total
        if is_over or now - self._told > (0.1 if self._is_watched else SECONDS_BETWEEN_LINES):
            self._told = now
            self._show(done / total if total else 1.0, now - self._begun, is_over=is_over)

    def _show(self, share: float, seconds: float, *, is_over: bool) -> None:
        full = round(WIDTH * min(share, 1.0))
        line = f"  {self._words:<12} [{'#' * full}{'.' * (WIDTH - full)}] {min(share, 1.0):4.0%} {seconds:6.1f} s"
        if self._is_watched:
            self._out.write(f"\r{line}" + ("\n" if is_over else ""))
        else:
            self._out.write(f"{line}\n")
        self._out.flush()
