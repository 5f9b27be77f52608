"""The room board and the timeline: every room now, and through the next two weeks. Nothing sealed is opened."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.boards import CLOSED, DUE_OUT, FREE, IN_HOUSE, OVERDUE, TIMELINE_DAYS, Bar, Board, Line, Tile, Timeline
from stays.models import Occupant, Room, RoomUse, Stay
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_list

DAY = timedelta(days=1)
Uses = dict[int, list[RoomUse]]


def open_board(*, actor: Person, property: Property, why: Why, at: datetime, seen: str = "") -> Board | None:
    """Every room as it is now; None where that is what ``seen``, the mark of a board shown before, stands for.

    Raises ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", property)
    today = property.today(at)
    uses = _by_room(property, today)
    tiles = [_tile(room, uses[room.pk], today, at) for room in Room.objects.at(property)]
    board = Board(today, tiles)
    if seen == board.mark:
        return None
    shown = [stay for tile in tiles for stay in (tile.living, tile.coming) if stay]
    _record("room_board", actor, property, why, shown)
    return board


def open_timeline(*, actor: Person, property: Property, first: date, why: Why, at: datetime) -> Timeline:
    """Who holds each room in which nights, from a day on, at the earliest from today.

    Raises ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", property)
    first = max(first, property.today(at))
    days = [first + DAY * number for number in range(TIMELINE_DAYS)]
    uses = _by_room(property, days[-1])
    lines = [Line(room, _bars(uses[room.pk], property, days, at)) for room in Room.objects.at(property)]
    shown = {bar.stay.pk: bar.stay for line in lines for bar in line.bars if bar.stay}
    _record("room_timeline", actor, property, why, list(shown.values()))
    return Timeline(days, lines)


def _by_room(house: Property, until: date) -> Uses:
    """What is held by stays that arrive on a day at the latest, by room."""
    found: Uses = defaultdict(list)
    held = RoomUse.objects.holding().filter(room__property=house, stay__arrival_on__lte=until)
    for use in held.select_related("stay").order_by("during"):
        found[use.room_id].append(use)
    return found


def _tile(room: Room, uses: Sequence[RoomUse], today: date, at: datetime) -> Tile:
    living = next((use.stay for use in uses if use.state == RoomUse.State.IN_HOUSE), None)
    coming = next((use.stay for use in uses if use.state == RoomUse.State.EXPECTED), None)
    return Tile(room, _standing(room, living, today), _seen(living, at), _seen(coming, at))


def _standing(room: Room, living: Stay | None, today: date) -> str:
    if living is None:
        return CLOSED if room.state == Room.State.OUT_OF_ORDER else FREE
    if living.is_overdue(today):
        return OVERDUE
    return DUE_OUT if living.is_due_out(today) else IN_HOUSE


def _seen(stay: Stay | None, at: datetime) -> Stay | None:
    """The stay, unless it is out of the desk's sight: then the room is held, and nobody reads for whom."""
    return None if stay is None or stay.is_restricted(at) else stay


def _bars(uses: Sequence[RoomUse], house: Property, days: Sequence[date], at: datetime) -> list[Bar]:
    bars, day, end = [], days[0], days[-1] + DAY
    for use in uses:
        first, last = _nights(use, house, at)
        first, last = max(first, day), min(last, end)
        if first >= last:
            continue
        if first > day:
            bars.append(Bar(day, (first - day).days, FREE))
        bars.append(Bar(first, (last - first).days, use.state, _seen(use.stay, at)))
        day = last
    return [*bars, Bar(day, (end - day).days, FREE)] if day < end else bars


def _nights(use: RoomUse, house: Property, at: datetime) -> tuple[date, date]:
    """From the first night to the day after the last. Who is overdue keeps the room tonight too; a day room its day."""
    if use.during.isempty or use.during.lower is None or use.during.upper is None:
        return house.today(at), house.today(at)
    first, last = house.today(use.during.lower), house.today(use.during.upper)
    overdue = use.stay.is_overdue(house.today(at))
    return first, max(last, house.today(at) + DAY) if overdue else last


def _record(which: str, actor: Person, house: Property, why: Why, shown: Sequence[Stay]) -> None:
    """One look at a list: the stays stand on it by number, room and dates."""
    leads = Occupant.objects.filter(stay__in=shown, role=Occupant.Role.LEAD).order_by()
    audit.record_look(
        actions.LIST_VIEWED,
        who=rights.who(actor, house),
        why=explain_list(actor, house, require_purpose(actor=actor, house=house, why=why)),
        object_type="list",
        object_ref=which,
        subjects=list(leads.values_list("subject_id", flat=True)),
        detail={"count": len(shown)},
    )
