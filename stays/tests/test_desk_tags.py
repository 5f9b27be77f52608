"""What stands in a row of a list: dates, badges, the deed that is next."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context
from django.utils import timezone, translation

from stays.models import Stay
from stays.templatetags.desk import row_deed, stay_badges, stay_dates

TODAY = date(2026, 5, 12)
DAY = timedelta(days=1)


def a_stay(status: str = "in_house", *, departs: date = TODAY, confidential: bool = False) -> Stay:
    return Stay(
        reference="2026-000042",
        property_id=1,
        status=status,
        arrival_on=TODAY - DAY,
        departure_on=departs,
        confidential=confidential,
    )


@pytest.mark.parametrize(
    ("language", "arrival", "departure", "shown"),
    [
        ("en", (5, 1), (5, 2), '05-01 – 05-02 <span class="soft">· 1 night</span>'),
        ("zh-hans", (5, 1), (5, 4), '5月1日 – 5月4日 <span class="soft">· 3晚</span>'),
    ],
)
def test_dates_of_this_year_go_without_it(language, arrival, departure, shown):
    year = timezone.localdate().year
    stay = Stay(arrival_on=date(year, *arrival), departure_on=date(year, *departure))
    with translation.override(language):
        assert stay_dates(stay) == shown


def test_dates_of_another_year_name_it():
    stay = Stay(arrival_on=date(2019, 12, 30), departure_on=date(2020, 1, 2))
    with translation.override("zh-hans"):
        assert stay_dates(stay) == '2019年12月30日 – 2020年1月2日 <span class="soft">· 3晚</span>'


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        (a_stay(), [("today", "Due out")]),
        (a_stay(departs=TODAY - DAY), [("urgent", "Overdue")]),
        (a_stay("expected"), [("urgent", "Late")]),
        (a_stay(departs=TODAY + DAY, confidential=True), [("quiet", "In house"), ("quiet", "Confidential")]),
        (a_stay("checked_out"), [("quiet", "Checked out")]),
    ],
)
def test_a_badge_says_what_is_urgent(stay, words):
    with translation.override("en"):
        shown = stay_badges(stay, TODAY)
    assert shown == "".join(f'<span class="chip {tone}">{word}</span>' for tone, word in words)


@pytest.mark.parametrize(
    ("status", "rights", "property", "address"),
    [
        ("expected", {"work_desk"}, 1, "/stays/2026-000042/check-in/"),
        ("in_house", {"work_desk"}, 1, "/stays/2026-000042/check-out/"),
        ("checked_out", {"work_desk"}, 1, None),
        ("in_house", {"see_basic"}, 1, None),
        ("in_house", {"work_desk"}, 2, None),
    ],
)
def test_the_next_deed_is_for_the_desk_of_the_house(status, rights, property, address):
    house = SimpleNamespace(rights=rights, property=SimpleNamespace(pk=property))
    shown = row_deed(Context({"house": house}), a_stay(status))
    assert (f'href="{address}"' in shown) if address else shown == ""
