"""What the pages of groups show: which are here or due, and of one of them who is to come and who is in house."""

from collections.abc import Sequence
from dataclasses import dataclass

from stays.typed import StayRow


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group by its number: how many of its stays are due and not here yet, and how many are in house."""

    number: str
    coming: int
    here: int


@dataclass(frozen=True, slots=True)
class Booking:
    """A stay of a group that is to be checked in. ``room``: the number of the one proposed, or empty.

    ``is_reachable``: a phone number or an e-mail address is on file.
    """

    row: StayRow
    room: str
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group as its page shows it. ``later``: how many more are to come than the page holds."""

    number: str
    coming: Sequence[Booking]
    here: Sequence[StayRow]
    later: int
