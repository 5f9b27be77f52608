"""What a letter is made of: blocks of plain text, rendered alike for the screen and as PDF.

A ``Paper`` holds finished words of one language, so that neither rendering depends on who reads it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part of the paper."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """Short paragraphs that belong together, each with a mark in front."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. ``widths``: shares of the page, one for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Text | Points | Facts | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One letter or report. ``facts``: what stands at its head, such as number and date; ``foot``: on every page."""

    language: str
    house: str
    group: str
    recipient: str
    facts: tuple[tuple[str, str], ...]
    title: str
    blocks: tuple[Block, ...]
    closing: tuple[str, ...]
    foot: str


def as_text(papers: Sequence[Paper]) -> str:
    """The papers as canonical JSON, as they are sealed."""
    told = [{**asdict(paper), "blocks": [_named(block) for block in paper.blocks]} for paper in papers]
    return json.dumps({"v": VERSION, "papers": told}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def from_text(text: str) -> tuple[Paper, ...]:
    """The papers that were sealed. Raises ValueError on another version."""
    told = json.loads(text)
    if told["v"] != VERSION:
        raise ValueError("a paper of another version")
    return tuple(_paper(paper) for paper in told["papers"])


_BLOCKS: Final[dict[str, type[Block]]] = {block.__name__: block for block in (Heading, Text, Points, Facts, Table)}


def _named(block: Block) -> dict[str, Any]:
    return {"is": type(block).__name__, **asdict(block)}


def _paper(told: dict[str, Any]) -> Paper:
    blocks = tuple(_block(dict(block)) for block in told.pop("blocks"))
    return Paper(blocks=blocks, **{name: _frozen(value) for name, value in told.items()})


def _block(told: dict[str, Any]) -> Block:
    made = _BLOCKS[told.pop("is")]
    return made(**{name: _frozen(value) for name, value in told.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
