"""On a phone, and on a tablet held upright: the desk's rows and deeds are in sight without moving anything sideways."""

from collections.abc import Callable
from typing import Final

import pytest

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import DESK, FITS, TABLET, Visit, barriers
from stays.models import Stay

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

WITHIN: Final = """sheet => {
    const place = sheet.getBoundingClientRect();
    return place.left >= 0 && place.right <= innerWidth;
}"""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rows_are_whole_on_narrow_screens(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    for size in (PHONE, TABLET):
        clerk.page.set_viewport_size(size)
        for name, query in LISTS:
            page = clerk.go(name, query=query)
            shown = page.locator("tr[data-row]").count(), page.evaluate(FITS), page.evaluate(BEYOND), barriers(page)
            assert shown == (shown[0] or 1, True, [], {}), (name, query, size)


def test_more_deeds_of_a_stay_open_within_the_screen(visit: Callable[..., Visit]) -> None:
    clerk = visit(people.CLERK, "en")
    coming = Stay.objects.filter(property__code="harbour", status="expected").order_by("reference")[0]
    for size in (PHONE, TABLET, DESK):
        clerk.page.set_viewport_size(size)
        page = clerk.go("stay", coming.reference)
        page.locator("main .page-head details.menu > summary").click()
        sheet = page.locator("main .page-head details.menu > .sheet")
        assert (sheet.evaluate(WITHIN), page.evaluate(FITS)) == (True, True), size
