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

INCLUSION = {"leafIdx", "treeSize", "root", "leafHash", "proof", "wantErr"}
CONSISTENCY = {"size1", "size2", "root1", "root2", "proof", "wantErr"}


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
    """Read a case and decide it. Raises NotACase."""
    try:
        case = json.loads(path.read_bytes())
        kind, accepted = _decided(case)
        return Probe(kind, accepted, not case["wantErr"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as trouble:
        raise NotACase(f"{type(trouble).__name__}: {trouble}") from None


def _decided(case: Mapping[str, Any]) -> tuple[str, bool]:
    names = case.keys()
    if names >= INCLUSION:
        sizes = _sizes(case, "leafIdx", "treeSize")
        return "inclusion", proves_inclusion(*sizes, _hash(case["leafHash"]), _hash(case["root"]), _proof(case))
    if names >= CONSISTENCY:
        sizes = _sizes(case, "size1", "size2")
        return "consistency", proves_consistency(*sizes, _hash(case["root1"]), _hash(case["root2"]), _proof(case))
    raise KeyError("neither a case of inclusion nor one of consistency")


def _sizes(case: Mapping[str, Any], *names: str) -> tuple[int, int]:
    first, second = (case[name] for name in names)
    if any(not isinstance(size, int) or isinstance(size, bool) or size < 0 for size in (first, second)):
        raise ValueError("a size is a whole number from 0 on")
    if not isinstance(case["wantErr"], bool):
        raise ValueError("wantErr is true or false")
    return first, second


def _proof(case: Mapping[str, Any]) -> list[bytes]:
    return [_hash(text) for text in case["proof"] or []]


def _hash(text: str | None) -> bytes:
    return b64decode(text or "", validate=True)
