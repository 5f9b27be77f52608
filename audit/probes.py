"""Test cases for proofs in the JSON form of transparency-dev/merkle (``testdata/inclusion``, ``testdata/consistency``).

A case has sizes, roots, hashes and a proof in base64, and ``wantErr``: whether the proof must be refused.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.tree import proves_consistency, proves_inclusion

# By these a case is known. The index of a leaf was called otherwise in the first files.
INCLUSION = {"leafIdx", "leafIndex", "treeSize", "root", "leafHash"}
CONSISTENCY = {"size1", "size2", "root1", "root2"}
MOST = 2**64  # sizes have 64 bits


class NotACase(Exception):
    """A file is not in this form: why."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A case as it was decided here, and as it should be."""

    kind: str
    accepted: bool
    wanted: bool

    @property
    def is_right(self) -> bool:
        """Whether we decide as wanted."""
        return self.accepted == self.wanted


def decide(path: Path) -> Probe:
    """Read a case and decide it. What cannot be read as a proof proves nothing: it is refused where that is wanted.

    Raises NotACase.
    """
    try:
        case = json.loads(path.read_bytes())
        if not isinstance(case, dict) or not isinstance(case.get("wantErr"), bool):
            raise NotACase("wantErr is true or false")
        return Probe(_kind(case), _accepts(case), not case["wantErr"])
    except (OSError, ValueError, RecursionError) as trouble:
        raise NotACase(f"{type(trouble).__name__}: {trouble}") from None


def _kind(case: Mapping[str, Any]) -> str:
    if not INCLUSION.isdisjoint(case):
        return "inclusion"
    if not CONSISTENCY.isdisjoint(case):
        return "consistency"
    raise NotACase("neither a case of inclusion nor one of consistency")


def _accepts(case: Mapping[str, Any]) -> bool:
    try:
        return _proves_inclusion(case) if _kind(case) == "inclusion" else _proves_consistency(case)
    except ValueError:
        if case["wantErr"]:
            return False
        raise


def _proves_inclusion(case: Mapping[str, Any]) -> bool:
    index = case.get("leafIdx", case.get("leafIndex"))
    leaf, root = _hash(case.get("leafHash")), _hash(case.get("root"))
    return proves_inclusion(_size(index), _size(case.get("treeSize")), leaf, root, _proof(case))


def _proves_consistency(case: Mapping[str, Any]) -> bool:
    sizes = _size(case.get("size1")), _size(case.get("size2"))
    return proves_consistency(*sizes, _hash(case.get("root1")), _hash(case.get("root2")), _proof(case))


def _size(value: object) -> int:
    """What is left out is nothing, as in the program these cases are from."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST:
        raise ValueError("a size is a whole number of 64 bits")
    return value


def _proof(case: Mapping[str, Any]) -> list[bytes]:
    parts = case.get("proof")
    if not isinstance(parts, list | None):
        raise ValueError("a proof is a list of hashes")
    return [_hash(text) for text in parts or []]


def _hash(text: object) -> bytes:
    if not isinstance(text, str | None):
        raise ValueError("a hash is base64")
    return b64decode(text or "", validate=True)
