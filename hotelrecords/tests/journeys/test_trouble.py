"""The web process is killed, the database is away: nothing typed is lost, nothing is done by half."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from playwright.sync_api import APIResponse, Error, Route, expect
from psycopg2 import sql

from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.test_arriving import complete
from hotelrecords.tests.journeys.visiting import Visit
from stays.models import Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
PHONE = "13911110001"
BORN = date(1983, 9, 9)


@contextmanager
def database_away(house: House) -> Iterator[None]:
    """Nobody may connect for a while."""
    name = sql.Identifier(house.database)
    with house.cluster.superuser() as owner, owner.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [house.database])
        try:
            yield
        finally:
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
            connection.close()


def typed(clerk: Visit, order: int, name: str) -> None:
    """A walk-in ready to be sent."""
    clerk.go("walk_in")
    clerk.field("guest-0-document_number").fill(guests.resident_number(BORN, order))
    with clerk.page.expect_response("**/recognise/"):
        clerk.field("guest-0-name").focus()
    clerk.field("guest-0-name").fill(name)
    clerk.field("contact-phone").fill(PHONE)
    for box in clerk.page.locator("#review input[type=checkbox]").all():
        box.check()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_database_goes_away_and_comes_back(visit: Callable[..., Visit], house: House, language: str) -> None:
    clerk = visit(people.CLERK, language)
    typed(clerk, 701 + len(language), "濮阳青云")
    clerk.expected_failures.add(503)
    with database_away(house):
        clerk.send(clerk.deed("complete"))
        assert clerk.page.locator("[name='guest-0-name']").input_value() == "濮阳青云"
        assert house.is_ready() is False
        clerk.look("database-away")
    clerk.send()
    assert "濮阳青云" in clerk.text()


def test_a_killed_web_process_does_nothing_by_half(visit: Callable[..., Visit], house: House) -> None:
    clerk, before = visit(people.CLERK), Stay.objects.count()
    typed(clerk, 721, "濮阳白石")
    house.kill("web")
    try:
        with pytest.raises(Error, match="ERR_CONNECTION"):
            clerk.page.goto("/desk/")
        assert Stay.objects.count() == before
    finally:
        house.start("web")
        house.wait_until_ready()
    typed(clerk, 721, "濮阳白石")
    complete(clerk)
    assert Stay.objects.count() == before + 1


@contextmanager
def late_reading(clerk: Visit) -> Iterator[Callable[[], None]]:
    """What the server reads of a document is held back until the clerk lets it come."""
    held: list[tuple[Route, APIResponse]] = []
    clerk.page.route("**/recognise/", lambda route: held.append((route, route.fetch())))

    def comes() -> None:
        while not held:
            clerk.page.wait_for_timeout(20)
        route, answer = held.pop(0)
        with clerk.page.expect_event("requestfinished"):
            route.fulfill(response=answer)

    yield comes
    clerk.page.unroute("**/recognise/")


def test_what_is_typed_while_a_document_is_read_stays(visit: Callable[..., Visit]) -> None:
    clerk = visit(people.CLERK)
    clerk.go("walk_in")
    with late_reading(clerk) as reading_comes:
        clerk.field("guest-0-document_number").fill(guests.resident_number(date(2015, 3, 2), 731))
        clerk.field("guest-0-name").fill("濮阳小树")
        boxes = clerk.page.locator("#review input[type=checkbox]").all()
        for box in boxes:
            box.check()
        reading_comes()
        expect(clerk.field("guardian-name")).to_be_visible()
        assert [box.is_checked() for box in boxes] == [True] * len(boxes)
        clerk.field("guest-0-document_number").fill(guests.resident_number(date(2015, 3, 2), 733))
        clerk.fill(**{"guest-0-name": "濮阳大树", "guardian-name": "濮阳老树", "guardian-phone": PHONE})
        reading_comes()
        clerk.page.wait_for_timeout(100)
    names = ("guest-0-name", "guardian-name", "guardian-phone")
    assert [clerk.field(name).input_value() for name in names] == ["濮阳大树", "濮阳老树", PHONE]
