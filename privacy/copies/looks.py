"""Who looked at a guest's data, as data and in words: part of the copy, and a paper of its own (B10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import registry
from privacy.copies.log_sheet import DELIBERATE, INCIDENTAL, OF_EVERYTHING, LogSheet
from privacy.copies.said import Said, moment
from staff.models import Property
from stays.papers.blocks import Block, Heading, Paper, Table, Text

SHEET_FORMAT: Final = "hotelrecords/guest-sheet/1"

Data = Mapping[str, Any]


def tell_sheet(sheet: LogSheet, house: Property, *, named: str, at: datetime) -> dict[str, Any]:
    """The sheet alone. ``named``: the number of the request or stay it was made for."""
    return {
        "format": SHEET_FORMAT,
        "made_for": named,
        "made_at": moment(at),
        "house": {"code": house.code, "name_en": house.name_en, "name_zh": house.name_zh},
        "looks": tell_looks(sheet),
    }


def tell_looks(sheet: LogSheet) -> dict[str, Any]:
    """The looks, codes for words. ``number``: the place in the sealed log; null, or missing, before the seal."""
    return {
        "deliberate": [
            {
                "at": moment(look.at),
                "property": look.house.code if look.house else "",
                "roles": look.role.split("+") if look.role else [],
                "action": look.what,
                "purpose": look.purpose,
                "fields": list(look.fields),
                "number": look.number,
            }
            for look in sheet.looks
        ],
        "in_lists": [
            {
                "day": each.day.isoformat(),
                "property": each.house,
                "roles": each.role.split("+") if each.role else [],
                "action": each.what,
                "purpose": each.purpose,
                "times": each.times,
                "numbers": list(each.numbers),
            }
            for each in sheet.passing
        ],
    }


def sheet_paper(data: Data, house: Property, *, language: str) -> Paper:
    """The sheet as a paper, in the guest's language. It names nobody: neither guest nor staff."""
    with translation.override(language):
        said = Said({each.code: each for each in Property.objects.all()})
        return Paper(
            language=language,
            house=house.name,
            group=house.group_name,
            recipient="",
            facts=((_("Number"), data["made_for"]), (_("Made at"), said.moment(data["made_at"], house))),
            title=_("Who looked at your data"),
            blocks=(_opening(), *looks_blocks(data["looks"], said)[1:]),
            closing=(house.name,),
            foot=f"{data['made_for']} · {house.name}",
        )


def _opening() -> Text:
    return Text(
        _(
            "Every time somebody opened something of you, in which role, when and why. Names of our staff are left out."
            " The log of these looks is sealed: nobody can change a line afterwards without being found out. The"
            " number is the place of a line in it; the files to this paper prove each of them."
        )
    )


def looks_blocks(looks: Data, said: Said) -> list[Block]:
    """What was opened on purpose, then the lists in passing."""
    opened = tuple(_opened(look, said) for look in looks["deliberate"])
    passed = tuple(_passed(each, said) for each in looks["in_lists"])
    head = (_("Time"), _("Property"), _("Role"), _("What"), _("For which purpose"))
    in_log = pgettext("log", "No.")
    by_hand = Table((*head, in_log), opened, (28, 32, 24, 40, 24, 18))
    in_lists: list[Block] = [
        Text(_("You also stood in lists and search results, in which others were looked for.")),
        Table((_("Day"), *head[1:], _("Times"), in_log), passed, (24, 30, 24, 34, 24, 14, 18)),
    ]
    return [
        Heading(_("Who looked at your data")),
        by_hand if opened else Text(_("Nobody opened your data.")),
        *(in_lists if passed else []),
    ]


def _opened(look: Data, said: Said) -> tuple[str, ...]:
    return (
        said.moment(look["at"], look["property"]),
        said.house(look["property"]),
        said.roles(look["roles"]),
        _what(look),
        registry.word(look["purpose"]),
        _places([] if look["number"] is None else [look["number"]], 1),
    )


def _passed(each: Data, said: Said) -> tuple[str, ...]:
    return (
        said.day(each["day"]),
        said.house(each["property"]),
        said.roles(each["roles"]),
        str(INCIDENTAL[each["action"]]),
        registry.word(each["purpose"]),
        str(each["times"]),
        _places(each["numbers"], each["times"]),
    )


def _places(numbers: Sequence[int], times: int) -> str:
    """From the first to the last; what waits for its seal is said."""
    sealed = " … ".join(str(number) for number in dict.fromkeys([*numbers[:1], *numbers[-1:]]))
    if len(numbers) == times:
        return sealed
    waiting = _("not sealed yet")
    return f"{sealed}\n{waiting}" if sealed else waiting


def _what(look: Data) -> str:
    told = str(DELIBERATE[look["action"]])
    if not look["fields"] or look["action"] in OF_EVERYTHING:
        return told
    fields = registry.listed([registry.word(name) for name in look["fields"]])
    return _("%(what)s: %(fields)s") % {"what": told, "fields": fields}
