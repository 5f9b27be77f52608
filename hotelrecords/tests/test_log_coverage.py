"""No answer carries a guest's data without a row in the log that says to whom, and of whom."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import Client

from audit.models import Event
from hotelrecords.tests.roles_and_urls import TYPED, Row, path_of, rows
from hotelrecords.tests.world import (
    ANONYMOUS,
    DOCUMENT,
    EXPECTED_GUEST,
    GONE_GUEST,
    GUEST,
    PAYMENT,
    REQUEST,
    World,
)

pytestmark = pytest.mark.xdist_group("log coverage")
VALUES = {
    *GUEST.names.values(), *GUEST.contact.values(), *GONE_GUEST.names.values(), *EXPECTED_GUEST.names.values(),
    GUEST.phone.removeprefix("+86"), DOCUMENT.document_number, PAYMENT.payer, PAYMENT.invoice_title,
    PAYMENT.tax_number, REQUEST,
}  # fmt: skip
PURPOSE = {"purpose": "bill", "open": "1"}
# What is typed to be shown a guest, beside what the table of roles types.
LOOKS: dict[str, Callable[[World], dict[str, str]]] = {
    "search": lambda world: {"term": GUEST.phone[-4:]},
    "stay": lambda world: PURPOSE,
    "guest_history": lambda world: PURPOSE,
    "reveal": lambda world: PURPOSE,
    "bill": lambda world: PURPOSE,
    "recognise": lambda world: (
        TYPED["recognise"]
        | {"guest-0-document_type": DOCUMENT.document_type, "guest-0-document_number": DOCUMENT.document_number}
    ),
}
# A document in the clerk's hand names its guest in every hotel of the group.
TOLD_BY_THE_DOCUMENT = {"recognise"}
# Where guests' values are shown to somebody: if one were shown nowhere, this test would have nothing to find.
SHOWING = {
    "check_in", "consents", "front_desk", "group_check_in", "guest_history", "handover", "recognise",
    "registration_card", "registrations", "request_copy", "reveal", "roll_call", "search", "stay",
}  # fmt: skip


def asked(world: World) -> list[tuple[Row, str]]:
    """Every line of the table with everybody to whom it answers a page; last what locks the screen."""
    lines = sorted(rows(), key=lambda row: row.address == "unlock")
    return [(row, asker) for row in lines for asker, answer in row.answers.items() if answer == "200"]


def ask(client: Client, row: Row, world: World) -> HttpResponseBase:
    """Ask for the page, with what has to be typed to be shown something."""
    path = path_of(row.address, world)
    if row.method == "GET":
        return client.get(path)
    typed = LOOKS.get(row.address, lambda world: TYPED.get(row.address, {}))
    return client.post(path, typed(world))


def shown(response: HttpResponseBase) -> set[str]:
    """Guests' values in the answer."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return {value for value in VALUES if value and value in body.decode(errors="replace")}


def subjects_of(*stays: object) -> set[UUID]:
    """The guests of these stays."""
    return {row.subject_id for stay in stays for row in stay.occupants.all()}  # type: ignore[attr-defined]


def test_whoever_is_shown_a_guest_leaves_a_row(world: World) -> None:
    unlogged, showing = [], set()
    guests = subjects_of(world.in_house, world.expected, world.gone)
    for row, asker in asked(world):
        last = Event.objects.order_by("id").values_list("id", flat=True).last() or 0
        values = shown(ask(world.client(asker), row, world))
        if not values:
            continue
        showing.add(row.address)
        written = Event.objects.filter(id__gt=last, outcome="ok", actor=world.people[asker].pk)
        if not any(set(event.subjects) & guests for event in written):
            unlogged.append((row.address, row.method, asker, values))
    assert unlogged == []
    assert showing == SHOWING


@pytest.mark.parametrize("asker", ["manager", "administrator", "elsewhere", ANONYMOUS])
def test_who_sees_no_guest_is_shown_none(world: World, asker: str) -> None:
    told = {
        row.address: values
        for row, one in asked(world)
        if one == asker and (values := shown(ask(world.client(asker), row, world)))
    }
    assert set(told) - TOLD_BY_THE_DOCUMENT == set()
