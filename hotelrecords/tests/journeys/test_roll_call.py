"""The alarm rings: one page says who is in house, floor by floor, also those no list shows by name."""

import time
from collections.abc import Callable

import pytest

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.visiting import Visit
from stays.models import Occupant, Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@LANGUAGES
def test_the_roll_is_called_at_one_press(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    clerk.go("front_desk")
    began = time.monotonic()
    clerk.send("nav a[href='/roll-call/']")
    assert time.monotonic() - began < 10  # of a busy machine; the answer itself is measured in stays/tests
    here = Occupant.objects.filter(stay__property__code="harbour", stay__status="in_house", left_at=None)
    assert clerk.page.locator("table.roll tbody tr").count() == here.count() > 0
    assert Event.objects.filter(action="roll_call.viewed").latest("at").detail == {"count": here.count()}
    clerk.look("roll-call")


@LANGUAGES
def test_a_confidential_guest_stands_on_it_by_name(visit: Callable[..., Visit], language: str) -> None:
    clerk, guest = visit(people.CLERK, language), next(guests.in_house())
    Stay.objects.filter(pk=guest.stay.pk).update(confidential=True)
    clerk.go("front_desk", query="?list=in_house")
    assert guest.name not in clerk.page.locator("main").inner_text()
    row = clerk.go("roll_call").locator("table.roll tr", has_text=guest.name).first
    assert row.locator(".chip").count() == 1
    Stay.objects.filter(pk=guest.stay.pk).update(confidential=False)


def test_the_sheet_is_made_for_paper(visit: Callable[..., Visit]) -> None:
    clerk = visit(people.CLERK)
    page = clerk.go("roll_call")
    page.emulate_media(media="print")
    assert page.locator("[data-print]").is_hidden()
    assert page.locator("nav").first.is_hidden()
    clerk.keep("roll-call", page.pdf())
