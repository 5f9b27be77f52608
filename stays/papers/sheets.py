"""The papers of the desk: registration cards, the arrivals sheet, the roll call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from stays.forms import labels
from stays.models import Stay
from stays.papers.blocks import Block, Facts, Heading, Paper, Table, Text
from stays.services.looking_up.arrivals import Arrivals
from stays.services.present import Present, RollCall
from stays.typed import CardPage
from vault.values import Value

BOTH: Final = ("zh-hans", "en")
TICK: Final = "□"
SIGNED: Final = "\n\n______________________"
NAMES: Final = ("name", "latin_name")
_TITLE: Final = gettext_lazy("Registration card")
_NOTICE: Final = gettext_lazy(
    "I was shown the privacy notice, version %(version)s: what is recorded, why, for how long, what happens at the end,"
    " and my rights."
)


def cards(card: CardPage) -> list[Paper]:
    """A card for each guest, in both languages. On the hotel's copy the document is masked."""
    return [_card(card, guest) for guest in card.occupants]


def arrivals_sheet(arrivals: Arrivals) -> Paper:
    """Who is due today, under masked names: the sheet lies at the desk."""
    head = (_("Room"), _("Guest"), _("People"), _("Departure"), _("Booked through"), _("Stay"), "")
    rows = tuple(
        (
            row.room,
            row.pseudonym or str(row.name),
            str(row.stay.party_size),
            date_format(row.stay.departure_on, "DATE_FORMAT"),
            str(Stay.Origin(row.stay.origin).label),
            row.reference,
            TICK,
        )
        for row in arrivals.rows
    )
    day = date_format(arrivals.day, "DATE_FORMAT")
    facts = ((_("Day"), day), (_("Expected stays"), str(len(rows))))
    house = arrivals.house
    return _sheet(house.name, house.group_name, _("Arrivals"), facts, [Table(head, rows, (2, 5, 2, 4, 4, 4, 1))], day)


def roll_call(roll: RollCall) -> Paper:
    """Everybody in house by floor, to be ticked off."""
    blocks: list[Block] = []
    for floor in roll.floors:
        named = _("No room") if floor.number is None else _("Floor %(number)s") % {"number": floor.number}
        rows = tuple((one.room, _named(one), TICK) for one in floor.people)
        blocks += [Heading(f"{named} · {len(rows)}"), Table((_("Room"), _("Guest"), _("Seen")), rows, (2, 8, 1))]
    at = date_format(roll.house.local(roll.at), "DATETIME_FORMAT")
    facts = ((_("Time"), at), (_("In house"), str(len(roll.people))))
    return _sheet(roll.house.name, roll.house.group_name, _("Roll call"), facts, blocks, at)


def _named(one: Present) -> str:
    marks = [_("Confidential")] * one.confidential + [_("Visitor")] * one.visitor
    shown = one.name.plain or _("nameless")
    return f"{shown} ({' · '.join(marks)})" if marks else shown


def _sheet(
    house: str, group: str, title: str, facts: tuple[tuple[str, str], ...], blocks: Sequence[Block], foot: str
) -> Paper:
    language = get_language() or "zh-hans"
    return Paper(
        language=language, house=house, group=group, recipient="", facts=facts, title=title, blocks=tuple(blocks),
        closing=(), foot=f"{title} · {foot} · {house}",
    )  # fmt: skip


def _card(card: CardPage, guest: Mapping[str, Value]) -> Paper:
    stay, title = card.stay, _both(lambda: str(_TITLE))
    copy = _both(lambda: _("guest's copy") if card.in_full else _("hotel's copy"))
    blocks: list[Block] = [Facts(_dates(card)), Facts(_identity(card, guest))]
    if card.notice:
        version = card.notice.version
        blocks += [Text(said) for said in _each(lambda: str(_NOTICE) % {"version": version})]
    blocks.append(Facts(((_both(lambda: _("Guest's signature")), SIGNED), (_both(lambda: _("Front desk")), SIGNED))))
    return Paper(
        language="zh-hans",
        house=card.house.name_zh,
        group=card.house.name_en,
        recipient=guest["name"].plain or guest["latin_name"].plain,
        facts=((_both(lambda: _("Stay")), stay.reference), (_both(lambda: _("Room")), _rooms(card))),
        title=f"{title} · {copy}",
        blocks=tuple(blocks),
        closing=(),
        foot=f"{stay.reference} · {card.house.name_zh}",
    )


def _rooms(card: CardPage) -> str:
    return " ".join(room.number for room in card.rooms)


def _dates(card: CardPage) -> tuple[tuple[str, str], ...]:
    stay = card.stay
    came = f"{card.house.local(stay.arrived_at):%Y-%m-%d %H:%M}" if stay.arrived_at else stay.arrival_on.isoformat()
    leaves = stay.departure_on.isoformat()
    return ((_both(lambda: _("Arrival")), came), (_both(lambda: _("Departure")), leaves))


def _identity(card: CardPage, guest: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    shown = {name: value for name, value in guest.items() if value.shown}
    return tuple((_both(_label(name)), _value(card, name, value)) for name, value in shown.items())


def _label(name: str) -> Callable[[], str]:
    return lambda: labels.label(name)


def _value(card: CardPage, name: str, value: Value) -> str:
    if name == "document_number" and not card.in_full:
        return str(value)
    return value.plain if name in NAMES else _both(lambda: labels.said(name, value.plain))


def _each(say: Callable[[], str | Promise]) -> list[str]:
    """The same in both languages, once where it is the same."""
    said = []
    for language in BOTH:
        with translation.override(language):
            said.append(str(say()))
    return list(dict.fromkeys(said))


def _both(say: Callable[[], str | Promise]) -> str:
    return " ".join(_each(say))
