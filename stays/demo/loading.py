"""Loads the demonstration: everything in one transaction, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from audit import services as audit
from staff.models import Person, Property
from stays import actions
from stays.checklist import write_checklist
from stays.demo import houses, plans, writing
from stays.models import DeskCase, Notice, Stay
from stays.services import references

HERE = Path(__file__).parent
CASES = (
    (DeskCase.Kind.DISPUTE, DeskCase.State.OPEN),
    (DeskCase.Kind.LOST_PROPERTY, DeskCase.State.OPEN),
    (DeskCase.Kind.SAFETY, DeskCase.State.OPEN),
    (DeskCase.Kind.AUTHORITY, DeskCase.State.OPEN),
    (DeskCase.Kind.INVESTIGATION, DeskCase.State.OPEN),
    (DeskCase.Kind.DISPUTE, DeskCase.State.CLOSED),
)


def is_loaded() -> bool:
    """Whether the demonstration is in this database already."""
    return Property.objects.filter(code=houses.HOUSES[0].code).exists()


def load(*, at: datetime, say: Callable[[str], None]) -> int:
    """Load everything and return how many stays there are; ``say`` is told what is being done."""
    with transaction.atomic():
        say("Three hotels, 120 rooms, their people")
        properties = houses.found_houses()
        rooms = houses.furnish(properties)
        people = houses.hire(properties, at)
        notice = _publish_notice(at)
        write_checklist()
        say("Guests, sealed one by one")
        guests = plans.make_guests(properties[0].today(at))
        subjects = writing.write_guests(guests)
        say("Stays: past, in house, due today")
        planned = plans.make_plans(properties, rooms, guests, at)
        count = writing.write_stays(planned, guests, subjects, notice, at)
        _open_cases(properties, people, at)
        audit.record(actions.DEMO_LOADED, who=audit.SYSTEM, detail={"count": count})
    return count


def _publish_notice(at: datetime) -> Notice:
    texts = {language: (HERE / f"notice_{language}.txt").read_text(encoding="utf-8") for language in ("en", "zh")}
    return Notice.objects.create(
        version=1, published_at=at - timedelta(days=750), text_en=texts["en"].strip(), text_zh=texts["zh"].strip()
    )


def _open_cases(properties: list[Property], people: dict[str, Person], at: datetime) -> None:
    """Cases of every kind at every hotel, the closed one told apart; each about a stay of the last months."""
    cases = []
    for house in properties:
        gone = Stay.objects.filter(property=house, status=Stay.Status.CHECKED_OUT).order_by("-departed_at")
        owner = people[f"{house.code}-desk"]
        for (kind, state), stay in zip(CASES, gone[: len(CASES)], strict=True):
            cases.append(_case(house, kind, state, stay, owner, at))
    DeskCase.objects.bulk_create(cases)


def _case(house: Property, kind: str, state: str, stay: Stay, owner: Person, at: datetime) -> DeskCase:
    has_stay = kind != DeskCase.Kind.INVESTIGATION
    return DeskCase(
        number=references.next_case_number(),
        property=house,
        stay=stay if has_stay else None,
        kind=kind,
        owner=owner,
        state=state,
        opened_at=at - timedelta(days=5),
        closed_at=at - timedelta(days=1) if state == DeskCase.State.CLOSED else None,
    )
