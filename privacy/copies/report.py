"""The copy as a paper a guest can read: the same data, in the words of the request's language."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import registry
from privacy.copies.looks import looks_blocks
from privacy.copies.said import Said
from privacy.models import Consent, PaperCard, Request
from staff.models import Property
from stays.forms import labels
from stays.models import BillLine, Note, Occupant, Registration, Stay
from stays.papers.blocks import Block, Facts, Heading, Paper, Table, Text
from vault.categories import Category

Data = Mapping[str, Any]


def report(data: Data, request: Request, *, recipient: str) -> Paper:
    """The whole copy as one paper, in the language of the request."""
    with translation.override(request.language):
        houses = {house.code: house for house in Property.objects.all()}
        said = Said(houses)
        made = said.moment(data["made_at"], request.property)
        return Paper(
            language=request.language,
            house=request.property.name,
            group=request.property.group_name,
            recipient=recipient,
            facts=((_("Number"), request.number), (_("Made at"), made)),
            title=_("Copy of your record"),
            blocks=(_opening(), *_guest(data), *_stays(data, said), *_consents(data, said), *_requests(data, said),
                    *looks_blocks(data["looks"], said)),
            closing=(request.property.name,),
            foot=f"{request.number} · {request.property.name}",
        )  # fmt: skip


def _opening() -> Text:
    return Text(
        _(
            "This is what is kept about you, by the kind of data and by stay, and who looked at it. What concerns other"
            " persons is left out and marked […] in words; the names of our staff are left out too."
        )
    )


def _guest(data: Data) -> list[Block]:
    preference = data["guest"].get(Category.PREFERENCE, {}).get("text", "")
    rows = [row for name in (Category.NAME, Category.CONTACT) for row in _fields(data["guest"].get(name, {}))]
    rows += [(_("Preferences"), preference)] if preference else []
    held = Facts(tuple(rows)) if rows else Text(_("Nothing is kept of you beside your stays."))
    return [Heading(_("About you")), held]


def _fields(content: Data) -> list[tuple[str, str]]:
    return [(labels.label(name), labels.said(name, value)) for name, value in content.items() if name != "kind"]


def _stays(data: Data, said: Said) -> list[Block]:
    return [block for stay in data["stays"] for block in _stay(stay, said)]


def _stay(stay: Data, said: Said) -> list[Block]:
    title = _("Stay %(stay)s, %(house)s") % {"stay": stay["reference"], "house": said.house(stay["property"])}
    rows = [*_facts_of(stay, said)]
    for content in (*stay["register"], *stay["payment"]):
        rows += _fields(content)
    rows += [(str(Note.Kind(note["kind"]).label), note.get("text", "")) for note in stay["notes"]]
    rows += [(_("Reported to the authority"), _reported(each)) for each in stay["reports"]]
    cards = [str(PaperCard.State(card["state"]).label) for card in stay["paper_cards"]]
    rows += [(_("Registration card on paper"), registry.listed(cards))] if cards else []
    bill = [_bill(stay, said)] if stay["bill"] else []
    return [Heading(title), Facts(tuple(row for row in rows if row[1])), *bill]


def _facts_of(stay: Data, said: Said) -> list[tuple[str, str]]:
    count = stay["companions"]
    with_whom = ngettext(
        "%(count)s other person, whose data is theirs", "%(count)s other persons, whose data is theirs", count
    )
    planned = _("%(arrival)s to %(departure)s") % {
        "arrival": said.day(stay["arrival_on"]),
        "departure": said.day(stay["departure_on"]),
    }
    version = stay["notice_version"]
    return [
        (_("State"), str(Stay.Status(stay["status"]).label)),
        (_("Planned dates"), planned),
        (_("Checked in at"), said.moment(stay["arrived_at"], stay["property"])),
        (_("Checked out at"), said.moment(stay["departed_at"], stay["property"])),
        (_("You were"), str(Occupant.Role(stay["role"]).label)),
        (_("Room"), registry.listed(stay["rooms"])),
        (_("With you"), with_whom % {"count": count} if count else ""),
        (_("Privacy notice shown"), _("version %(version)s") % {"version": version} if version else ""),
    ]


def _reported(report: Data) -> str:
    state = str(Registration.State(report["state"]).label)
    if not report["receipt"]:
        return state
    return _("%(state)s, receipt %(receipt)s") % {"state": state, "receipt": report["receipt"]}


def _bill(stay: Data, said: Said) -> Table:
    rows = (
        (
            str(BillLine.Kind(line["kind"]).label),
            f"{line['amount']} {line['currency']}",
            said.moment(line["posted_at"], stay["property"]),
            said.moment(line["settled_at"], stay["property"]),
        )
        for line in stay["bill"]
    )
    return Table((_("Bill"), _("Amount"), _("Posted"), _("Settled")), tuple(rows), (34, 26, 36, 36))


def _consents(data: Data, said: Said) -> list[Block]:
    rows = tuple(
        (
            str(Consent.About(consent["about"]).label),
            said.house(consent["property"]),
            said.moment(consent["given_at"], consent["property"]),
            said.moment(consent["withdrawn_at"], consent["property"]),
        )
        for consent in data["consents"]
    )
    head = (_("Consent to"), _("Property"), _("Given on"), _("Withdrawn on"))
    return [Heading(_("Your consents")), Table(head, rows, (30, 40, 32, 32))] if rows else []


def _requests(data: Data, said: Said) -> list[Block]:
    rows = tuple(
        (
            each["number"],
            str(Request.Kind(each["kind"]).label),
            said.moment(each["received_at"], data["house"]["code"]),
            str((Request.Result(each["result"]) if each["result"] else Request.State(each["state"])).label),
        )
        for each in data["requests"]
    )
    head = (_("Number"), _("Request"), _("Received on"), _("State"))
    return [Heading(_("Requests about your record")), Table(head, rows, (34, 32, 36, 32))] if rows else []
