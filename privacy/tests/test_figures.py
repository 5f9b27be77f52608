"""How requests are handled, in numbers."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy.models import Request
from privacy.services.figures import Period, count_requests, open_figures
from privacy.tests.factories import AT, TODAY, as_row, make_person, make_property, make_request, row
from privacy.tests.office import answers, on_duty
from privacy.views.plots import panels
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.plots import NAMES, VALUES, WIDTH
from stays.tests.desk_visits import today

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MAY = Period(TODAY - 11 * DAY, TODAY + 19 * DAY)
NOTHING = {
    **dict.fromkeys(("received", "open", "overdue", "closed", "closed_late"), 0),
    **dict.fromkeys(("kinds", "channels", "outcomes", "grounds", "medians"), {}),
    "median_days": None,
    "appeals": {"decided": 0, "upheld": 0},
    "ratings": {"count": 0, "average": None},
}


def closed(house: Property, *, days: float = 2, result: str = "granted", **facts: Any) -> Request:
    """A request answered after so many days."""
    return make_request(house, state="closed", result=result, **({"closed_at": AT + days * DAY} | facts))


def counted(house: Property, **shown: Any) -> dict[str, Any]:
    """The figures of May."""
    return count_requests(property=house, period=MAY, at=AT + 10 * DAY)


def test_nothing_is_counted_as_nothing(house: Property) -> None:
    make_request(make_property())
    assert counted(house) == NOTHING


def test_what_is_counted(house: Property) -> None:
    make_request(house, channel="web")
    make_request(house, kind="access", due_on=TODAY)
    make_request(house, kind="access", due_on=TODAY, paused_at=AT, pause_reason="identity")
    closed(house, days=1)
    closed(house, days=4, kind="access", channel="phone", due_on=TODAY + 3 * DAY)
    closed(house, days=6, result="refused", decision="refused", refusal_ground="no_ground")
    assert counted(house) == {
        "received": 6,
        "open": 3,
        "overdue": 1,
        "closed": 3,
        "closed_late": 1,
        "median_days": 40,
        "kinds": {"access": 3, "deletion": 3},
        "channels": {"desk": 4, "phone": 1, "web": 1},
        "outcomes": {"granted": 2, "refused": 1},
        "grounds": {"no_ground": 1},
        "medians": {"access": 40, "deletion": 35},
        "appeals": {"decided": 0, "upheld": 0},
        "ratings": {"count": 0, "average": None},
    }


def test_the_period_goes_by_business_days(house: Property) -> None:
    first = Period(TODAY, TODAY)
    begins = AT.replace(hour=22) - DAY  # 06:00 in Shanghai
    for at in (begins - timedelta(seconds=1), begins, begins + DAY - timedelta(seconds=1), begins + DAY):
        make_request(house, at=at)
    assert count_requests(property=house, period=first, at=AT)["received"] == 2


def test_duplicates_are_counted_once(house: Property) -> None:
    original = make_request(house)
    make_request(house, duplicate_of=original)
    assert counted(house)["received"] == 1


def test_appeals_upheld(house: Property) -> None:
    decided = closed(house, result="refused", decision="refused", refusal_ground="no_ground")
    closed(house, kind="appeal", appeal_of=decided, result="partly")
    closed(house, kind="appeal", appeal_of=decided, result="refused", decision="refused", refusal_ground="unchanged")
    assert counted(house)["appeals"] == {"decided": 2, "upheld": 1}


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ([5, 4, 4, 5], {"count": None, "average": None}),
        ([5, 4, 4, 5, 3], {"count": 5, "average": 420}),
    ],
)
def test_ratings_are_told_of_five_or_more(house: Property, ratings: list[int], told: dict[str, int | None]) -> None:
    for rating in ratings:
        closed(house, rating=rating)
    assert counted(house)["ratings"] == told


def test_looking_is_on_record(manager: Person, house: Property) -> None:
    open_figures(actor=manager, property=house, period=MAY, at=AT)
    detail = {"from": MAY.first.isoformat(), "to": MAY.last.isoformat()}
    facts = {"object_type": "property", "object_ref": house.code, "detail": detail}
    assert row("requests.figures_viewed") == as_row(manager, house, actor_role="manager", **facts)


def test_who_may(house: Property, clerk: Person, stranger: Person) -> None:
    for person in (clerk, stranger, make_person(house, "finance"), make_person(house, "administrator")):
        with pytest.raises(NotAllowed):
            open_figures(actor=person, property=house, period=MAY, at=AT)


# The plots and the page


def test_bars_are_as_long_as_their_counts() -> None:
    shown = panels(NOTHING | {"kinds": {"access": 4, "deletion": 1}, "medians": {"access": 125}})
    room = WIDTH - NAMES - VALUES
    assert [panel.key for panel in shown] == ["kinds", "medians"]
    assert [bar.width for bar in shown[0].bars] == [room, room / 4]
    assert (shown[1].bars[0].text, shown[0].bars[1].top > shown[0].bars[0].top) == ("12.5", True)


def test_the_page_shows_a_year_and_what_is_asked_for(manager: Person, house: Property) -> None:
    make_request(house, at=AT)
    browser, day = on_duty(manager, house), today(house)
    default = browser.get("/requests/figures/").context["period"]
    asked = browser.get(f"/requests/figures/?first={MAY.first}&last={MAY.last}")
    content = asked.content.decode()
    assert (default, asked.context["figures"]["received"]) == (Period(day - 365 * DAY, day), 1)
    assert (content.count("<svg"), content.count("style="), content.count("<table")) == (2, 0, 2)


def test_an_impossible_period_is_told_and_shows_nothing(manager: Person, house: Property) -> None:
    answer = on_duty(manager, house).get("/requests/figures/?first=2026-05-02&last=2026-05-01")
    assert (list(answer.context["form"].errors), "figures" in answer.context) == (["last"], False)
    assert not Event.objects.filter(action="requests.figures_viewed").exists()


def test_the_page_is_the_offices_and_the_managers(
    house: Property, clerk: Person, officer: Person, approver: Person, manager: Person
) -> None:
    administrator = make_person(house, "administrator")
    got = answers("/requests/figures/", house, officer, approver, manager, clerk, administrator)
    assert got == [200, 200, 200, 403, 403]
