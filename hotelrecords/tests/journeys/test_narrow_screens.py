"""On a phone, and on a tablet held upright: the desk's rows are read and worked without moving anything sideways."""

from collections.abc import Callable
from typing import Final

import pytest

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import FITS, TABLET, Visit, barriers

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PHONE: Final = {"width": 390, "height": 844}
LISTS: Final = (
    ("front_desk", "?list=arrivals"),
    ("front_desk", "?list=in_house"),
    ("front_desk", "?list=departures"),
    ("registrations", ""),
    ("registrations", "?state=acknowledged"),
)
BEYOND: Final = """() => [...document.querySelectorAll('tr[data-row] > *')]
    .filter(cell => cell.getBoundingClientRect().right > innerWidth || cell.scrollWidth > cell.clientWidth + 1)
    .map(cell => cell.outerHTML)"""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rows_are_whole_on_narrow_screens(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    for size in (PHONE, TABLET):
        clerk.page.set_viewport_size(size)
        for name, query in LISTS:
            page = clerk.go(name, query=query)
            shown = page.locator("tr[data-row]").count(), page.evaluate(FITS), page.evaluate(BEYOND), barriers(page)
            assert shown == (shown[0] or 1, True, [], {}), (name, query, size)
