"""Search in what is sealed: read what was typed, find candidates by blind index, verify each with the real rule."""

from .hits import filter_window, verify
from .queries import candidates
from .terms import Term, parse

__all__ = ["Term", "candidates", "filter_window", "parse", "verify"]
