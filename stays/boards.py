"""What the room board and its timeline show, as plain data: rooms, stays by number, days. No guest is named on them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from stays.models import Room, Stay

FREE, IN_HOUSE, DUE_OUT, OVERDUE, CLOSED = "free", "in_house", "due_out", "overdue", "closed"


@dataclass(frozen=True, slots=True)
class Tile:
    """One room now. ``living`` and ``coming``: the stays in it and due for it; both empty where none may be seen.

    ``standing``: free, in house, due out or overdue, also where the stay is out of the desk's sight; closed where
    a room nobody lives in is out of order.
    """

    room: Room
    standing: str
    living: Stay | None = None
    coming: Stay | None = None

    @property
    def facts(self) -> str:
        """What a change of the tile changes."""
        stays = (stay.reference if stay else "" for stay in (self.living, self.coming))
        return "|".join((self.room.number, self.room.state, self.standing, *stays))


@dataclass(frozen=True, slots=True)
class Floor:
    """The rooms of one floor."""

    number: int
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Board:
    """Every room of the house on a business day."""

    today: date
    tiles: Sequence[Tile]

    @property
    def floors(self) -> list[Floor]:
        """The tiles by floor, in the order of the house."""
        return [Floor(number, list(tiles)) for number, tiles in groupby(self.tiles, lambda tile: tile.room.floor)]

    @property
    def counts(self) -> dict[str, int]:
        """How many rooms stand how."""
        standings = [tile.standing for tile in self.tiles]
        return {
            "free": standings.count(FREE),
            "lived_in": len(standings) - standings.count(FREE) - standings.count(CLOSED),
            "dirty": sum(tile.room.state == Room.State.DIRTY for tile in self.tiles),
            "out_of_order": sum(tile.room.state == Room.State.OUT_OF_ORDER for tile in self.tiles),
            "coming": sum(tile.coming is not None for tile in self.tiles),
        }

    @property
    def mark(self) -> str:
        """Differs from the mark of a board that shows something else."""
        facts = "\n".join([self.today.isoformat(), *(tile.facts for tile in self.tiles)])
        return hashlib.sha256(facts.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Bar:
    """Nights of a room on end. ``standing``: free, expected or in house; ``stay``: empty where none may be seen."""

    first: date
    nights: int
    standing: str
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One room through the days of a timeline, without a gap."""

    room: Room
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rooms of the house by date."""

    days: Sequence[date]
    lines: Sequence[Line]

    @property
    def floors(self) -> Iterator[tuple[int, list[Line]]]:
        """The lines by floor."""
        return ((number, list(lines)) for number, lines in groupby(self.lines, lambda line: line.room.floor))


TIMELINE_DAYS: Final = 14
