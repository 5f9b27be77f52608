"""What a desk cannot do without works when no script runs: sign-in, search, walk-in, check-out."""

from collections.abc import Callable
from datetime import date

import pytest

from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.test_arriving import complete
from hotelrecords.tests.journeys.visiting import Visit, open_shift
from stays.models import Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@LANGUAGES
def test_a_day_at_the_desk(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(language=language, java_script_enabled=False)
    people.speak(people.SECOND_CLERK, language)
    clerk.go("account_login")
    clerk.fill(login=people.SECOND_CLERK, password=people.PASSWORD)
    clerk.submit()
    clerk.fill(code=people.fresh_code(people.SECOND_CLERK))
    clerk.submit()
    open_shift(clerk)
    stay = walk_in(clerk, 601 + len(language))
    search(clerk, stay)
    check_out(clerk, stay)


def walk_in(clerk: Visit, order: int) -> Stay:
    """A guest without a booking; the server reads the number when the form is sent."""
    clerk.go("walk_in")
    clerk.field("guest-0-document_number").fill(guests.resident_number(date(1969, 1, 30), order))
    clerk.field("guest-0-name").fill("令狐无声")
    clerk.field("contact-phone").fill("13911118888")
    for box in clerk.page.locator("#review input[type=checkbox]").all():
        box.check()
    return complete(clerk)


def search(clerk: Visit, stay: Stay) -> None:
    """By a part of the name."""
    clerk.page.locator("#search").fill("令狐")
    clerk.send("form.search button")
    assert clerk.page.locator(f"#stay-{stay.reference}").count() == 1


def check_out(clerk: Visit, stay: Stay) -> None:
    """From the row of the list."""
    clerk.send(f"#stay-{stay.reference} [data-key='o']")
    clerk.submit()
    stay.refresh_from_db()
    assert stay.status == "checked_out"
