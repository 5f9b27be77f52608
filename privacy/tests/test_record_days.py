"""When a period ends, said twice: in Python for one record, in SQL for whole tables. Both give the same day (M18)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from privacy.models import Certificate, Request
from privacy.policy.periods import add_period, due_on, rules_over
from privacy.policy.rules import RULES, Record, Rule, Start
from privacy.services import facts
from privacy.services.record_days import SOURCES, due_on_sql
from privacy.tests.factories import (
    AT,
    checked_in,
    expected,
    make_person,
    make_property,
    make_request,
    new_subject,
    subjects_of,
)
from staff.models import Person, Property
from stays.models import BillLine, Stay
from stays.tests.factories import RoomFactory
from vault.models import Envelope, Subject
from vault.services import seal

DAYS = [
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 12, 31),
    date(2026, 3, 30),
    date(2026, 3, 31),
]
PERIODS = [
    (1, "hours"),
    (24, "hours"),
    (25, "hours"),
    (180, "days"),
    (1, "months"),
    (24, "months"),
    (1, "years"),
    (3, "years"),
]


def end_in_sql(start: date | None, number: int, unit: str) -> date | None:
    """What the database says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_period_end(%s::date, %s, %s)", [start, number, unit])
        found: date | None = cursor.fetchone()[0]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("start", DAYS)
@pytest.mark.parametrize(("number", "unit"), PERIODS)
def test_a_period_ends_on_the_same_day(start: date, number: int, unit: str) -> None:
    assert end_in_sql(start, number, unit) == add_period(start, number, unit)


@pytest.mark.django_db
def test_a_period_that_has_not_begun_has_no_end() -> None:
    assert end_in_sql(None, 3, "years") is None


class Periods(TestCase):
    """Any period from any day."""

    @settings(max_examples=60, deadline=None)
    @given(
        start=some.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)),
        number=some.integers(min_value=1, max_value=1200),
        unit=some.sampled_from(["hours", "days", "months"]),
    )
    def test_every_period_ends_on_the_same_day(self, start: date, number: int, unit: str) -> None:
        assert end_in_sql(start, number, unit) == add_period(start, number, unit)


def rule(**more: Any) -> Rule:
    """Three years from check-out."""
    plain = {
        "code": "X", "jurisdiction": "CN", "record": "register", "number": 3, "unit": "years", "start": "check_out",
        "kind": "min", "level": "local_rule", "status": "P", "end": "erase",
    }  # fmt: skip
    return Rule(**(plain | more))


COMBINED: dict[str, tuple[Rule, ...]] = {
    "one": (rule(),),
    "the latest of two": (rule(), rule(number=40, unit="months", start="arrival")),
    "an upper limit beside a lower one does not count": (rule(number=1), rule(kind="max", number=15, unit="months")),
    "the earliest of upper limits": (rule(kind="max", number=1), rule(kind="max", number=2, unit="days")),
    "at once": (rule(kind="max", start="last_use", at_once_on="withdrawal", number=24, unit="months"),),
}
KNOWN: dict[str, dict[str, date]] = {
    "all": {
        "check_out": date(2024, 2, 29), "arrival": date(2024, 1, 31), "last_use": date(2024, 2, 29),
        "withdrawal": date(2025, 1, 1),
    },
    "not left yet": {"arrival": date(2024, 1, 31)},
    "withdrawn only": {"withdrawal": date(2025, 1, 1)},
    "nothing": {},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("combined", COMBINED)
def test_several_rules_end_on_the_same_day(combined: str, known: str) -> None:
    rules, days = COMBINED[combined], KNOWN[known]
    sql, params = due_on_sql(rules)
    columns = ", ".join(f'%s::date AS "{start.value}"' for start in Start)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM (SELECT {columns}) r", [*params, *(days.get(each) for each in Start)])
        assert cursor.fetchone()[0] == due_on(rules, days)


def test_without_a_rule_nothing_is_due() -> None:
    with pytest.raises(ValueError, match="without a rule"):
        due_on_sql([])


def days_in_sql(record: str) -> list[dict[str, Any]]:
    """The rows of a source, with the days that are known."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES[record])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def left(stay: Stay, at: datetime) -> Stay:
    """The stay with its party gone at that moment."""
    stay.status, stay.departed_at, stay.arrived_at = Stay.Status.CHECKED_OUT, at, at - timedelta(days=2)
    stay.save(update_fields=["status", "departed_at", "arrived_at"])
    return stay


# Near midnight, before the turn of the business day and on the day clocks change.
MOMENTS = [
    datetime(2026, 3, 31, 15, 59, tzinfo=UTC),
    datetime(2026, 3, 31, 16, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 21, 59, tzinfo=UTC),
    datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
]
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", MOMENTS)
def test_the_days_of_a_record_are_those_of_a_decision(at: datetime, zone: str) -> None:
    house = make_property()
    Property.objects.filter(pk=house.pk).update(time_zone=zone)
    house.refresh_from_db()
    stay = left(checked_in(make_person(house, "front_desk"), RoomFactory(property=house)), at)
    guest = subjects_of(stay)[0]
    BillLine.objects.create(stay=stay, kind="meal", amount=30, posted_at=at + timedelta(hours=7))
    seal(subject=guest, category="preference", content={"text": "high floor"})
    record = facts.gather(guest, house, at + timedelta(days=400))
    for kind, category in ((Record.REGISTER, "register"), (Record.BILL, "payment"), (Record.PREFERENCE, "preference")):
        part = next(part for part in record.parts if part.category == category)
        known = record.dates[part.stay.pk if part.stay else None]
        [row] = [row for row in days_in_sql(kind) if row["envelope"] == part.envelope]
        for each in RULES:
            if each.record == kind:
                starts = [name for name in (each.start, each.at_once_on) if name]
                assert {name: row.get(name) for name in starts} == {name: known.get(name) for name in starts}


@pytest.mark.django_db
def test_a_bill_without_lines_is_that_of_the_departure(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house)
    Stay.objects.filter(pk=stay.pk).update(status=Stay.Status.CANCELLED)
    sealed = seal(subject=subjects_of(stay)[0], category="payment", content={"payer": "x"}, belongs_to=stay.pk)
    [row] = days_in_sql(Record.BILL)
    assert (row["envelope"], row["posted"]) == (sealed, stay.departure_on)


@pytest.mark.django_db
def test_a_working_copy_is_locked_once(stay: Stay) -> None:
    sealed = Envelope.objects.filter(category="register", belongs_to=stay.pk)
    assert [row["envelope"] for row in days_in_sql(Record.REGISTER_COPY)] == [one.pk for one in sealed]
    sealed.update(restricted_until=AT + timedelta(days=9999))
    assert (days_in_sql(Record.REGISTER_COPY), len(days_in_sql(Record.REGISTER))) == ([], 1)


@pytest.mark.django_db
def test_a_booking_that_came_to_nothing_counts_as_long_as_somebody_is_named(stay: Stay) -> None:
    assert days_in_sql(Record.BOOKING) == []
    Stay.objects.filter(pk=stay.pk).update(status="no_show", arrived_at=None)
    [row] = days_in_sql(Record.BOOKING)
    assert (row["ref"], row["planned_arrival"], row["check_out"]) == (
        stay.reference,
        stay.arrival_on,
        stay.departure_on,
    )


@pytest.mark.django_db
def test_papers_of_a_request_count_by_its_business_day(house: Property) -> None:
    closed = datetime(2026, 3, 31, 17, tzinfo=UTC)  # 01:00 on 1 April in Shanghai: still the business day of 31 March
    asked = make_request(house, state=Request.State.CLOSED, at=closed)
    stated = seal(subject=asked.requester_id, category="draft", content={"name": "x"}, belongs_to=asked.pk)
    [case], [proof] = days_in_sql(Record.REQUEST_CASE), days_in_sql(Record.IDENTITY_EVIDENCE)
    assert (case["ref"], case["closed"]) == (asked.number, house.today(closed))
    assert (proof["envelope"], proof["recorded"], proof["closed"]) == (stated, date(2026, 3, 31), date(2026, 3, 31))


@pytest.mark.django_db
def test_a_guardian_and_a_visitor_count_with_the_stay(stay: Stay) -> None:
    guardian, visitor = new_subject(Subject.Kind.GUARDIAN), new_subject(Subject.Kind.VISITOR)
    for subject in (guardian, visitor):
        seal(subject=subject, category="contact", content={"phone": "13900001234"}, belongs_to=stay.pk)
    rows = {kind: days_in_sql(kind) for kind in (Record.GUARDIAN, Record.VISITOR)}
    assert [[row["stay"] for row in found] for found in rows.values()] == [[stay.pk], [stay.pk]]
    assert rows[Record.VISITOR][0]["recorded"] == stay.property.local(Subject.objects.get(pk=visitor).created_at).date()


@pytest.mark.django_db
def test_a_certificate_counts_from_its_making(house: Property) -> None:
    Certificate.objects.create(
        number="E-2026-000001", property=house, reason="purge", made_at=AT, payload={}, signature=b"", key_id="k"
    )
    [row] = days_in_sql(Record.CERTIFICATE)
    assert (row["ref"], row["made"]) == ("E-2026-000001", house.local(AT).date())


def test_what_the_law_regulates_has_no_rule_from_elsewhere() -> None:
    over = {
        record: [each.code for each in rules_over(RULES, record=record, jurisdiction="HK")]
        for record in (Record.REGISTER, Record.BILL, Record.PREFERENCE)
    }
    assert over == {Record.REGISTER: [], Record.BILL: [], Record.PREFERENCE: ["CN-RET-09"]}
