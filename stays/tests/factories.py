"""Objects for the tests of the desk: made through the deeds where guests are concerned, never past the vault."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import factory
from django.db import transaction

from audit.models import Event
from staff.models import Person, Post, Property
from staff.roles import RIGHTS_OF
from staff.services import found_property
from stays import services
from stays.models import Notice, ReviewRule, Room, Stay
from stays.typed import ArrivalData, Booking, DocumentData, GuestData, OccupantData, PaymentData
from vault.models import Envelope
from vault.services import envelopes_of, open_for_deed

# 14:00 in Shanghai on a business day that does not matter
AT = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)
TODAY = date(2026, 5, 12)

_numbers = count(1)


class RoomFactory(factory.django.DjangoModelFactory[Room]):
    """A clean king room for two."""

    class Meta:
        model = Room

    number = factory.Sequence(lambda n: f"{n // 99 + 1:02d}{n % 99 + 1:02d}")
    floor = 1
    type = Room.Type.KING
    capacity = 2
    state = Room.State.CLEAN


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    """A published privacy notice."""

    class Meta:
        model = Notice

    version = factory.Sequence(lambda n: n + 1)
    published_at = AT - timedelta(days=30)
    text_en = "## What we keep\nName, document, dates."
    text_zh = "## 我们记录什么\n姓名、证件、日期。"


class ReviewRuleFactory(factory.django.DjangoModelFactory[ReviewRule]):
    """A line of the checklist, ticked by the clerk at every arrival."""

    class Meta:
        model = ReviewRule

    code = factory.Sequence(lambda n: f"line-{n}")
    text_en = factory.LazyAttribute(lambda rule: f"Line {rule.code}")
    text_zh = factory.LazyAttribute(lambda rule: f"第 {rule.code} 项")


def make_property(code: str = "") -> Property:
    """A property with a post for every role."""
    code = code or f"house-{next(_numbers)}"
    return found_property(
        code=code, name_en=f"Hotel {code}", name_zh=f"酒店 {code}", group_name="Group", time_zone="Asia/Shanghai",
        jurisdiction="CN",
    )  # fmt: skip


def make_person(house: Property, *roles: str, number: str = "") -> Person:
    """Somebody with these roles at the property."""
    number = number or f"p-{next(_numbers)}"
    person = Person.objects.create_user(number, None, name="员工", latin_name="Staff", kept_at=house)
    for role in roles:
        if role not in RIGHTS_OF:
            raise ValueError(role)
        person.groups.add(Post.objects.get(property=house, role=role).group_id)
    return person


def guest(name: str = "欧阳海棠", phone: str = "13900001234", **more: str) -> GuestData:
    """Name and contact as typed."""
    return GuestData(name=name, phone=phone, **more)


def resident_id(sequence: int = 1, *, birth: str = "19880214", region: str = "110101") -> str:
    """A resident ID number that is right by its check digit and nobody's: sequences of the tests."""
    body = f"{region}{birth}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def document(sequence: int = 1, **facts: Any) -> DocumentData:
    """A resident ID card, or what is said otherwise."""
    plain = {"document_type": "resident_id", "nationality": "CHN", "sex": "F", "region": "11"}
    facts = plain | {"birth_date": date(1988, 2, 14)} | facts
    born = facts["birth_date"] or date(1988, 2, 14)
    facts.setdefault("document_number", resident_id(sequence, birth=f"{born:%Y%m%d}"))
    return DocumentData(**facts)


def lead(sequence: int = 1, **facts: Any) -> OccupantData:
    """The lead guest."""
    return OccupantData(facts.pop("guest", guest()), facts.pop("document", None) or document(sequence, **facts))


def companion(sequence: int = 2, *, name: str = "单雨桐", **facts: Any) -> OccupantData:
    """Somebody who comes along."""
    return OccupantData(GuestData(name=name), document(sequence, **facts), role="companion")


def arrival(room: Room, *occupants: OccupantData, **facts: Any) -> ArrivalData:
    """A check-in for two nights."""
    facts = {"arrival_on": TODAY, "departure_on": TODAY + timedelta(days=2)} | facts
    facts.setdefault("payment", PaymentData(method="card", payer="欧阳海棠", card_last4="4242"))
    return ArrivalData(occupants=occupants or (lead(),), room=room, **facts)


def checked_in(actor: Person, room: Room, *occupants: OccupantData, at: datetime = AT, **facts: Any) -> Stay:
    """A walk-in that has checked in."""
    typed = arrival(room, *occupants, **facts)
    return services.check_in_guest(actor=actor, property=room.property, stay=None, arrival=typed, at=at)


def expected(actor: Person, house: Property, *, room: Room | None = None, at: datetime = AT, **facts: Any) -> Stay:
    """A stay entered by hand."""
    facts = {"arrival_on": TODAY, "departure_on": TODAY + timedelta(days=2), "origin": "direct"} | facts
    facts.setdefault("guest", guest())
    return services.expect_stay(actor=actor, property=house, booking=Booking(room=room, **facts), at=at)


def row(action: str) -> dict[str, Any]:
    """The only row of this action, but for what the database and the request add."""
    event = Event.objects.get(action=action)
    named = ("actor", "actor_role", "property", "outcome", "purpose", "purpose_ref", "object_type", "object_ref")
    return {name: getattr(event, name) for name in (*named, "subjects", "fields", "explained_by", "detail")}


def as_row(actor: Person, house: Property, **facts: Any) -> dict[str, Any]:
    """What such a row holds, told by what differs from a plain row of a clerk."""
    plain = {
        "actor": actor.pk,
        "actor_role": "front_desk",
        "property": house.pk,
        "outcome": "ok",
        "purpose": "",
        "purpose_ref": "",
        "object_type": "",
        "object_ref": "",
        "subjects": [],
        "fields": [],
        "explained_by": "",
        "detail": {},
    }
    return plain | facts


def subjects_of(stay: Stay) -> list[UUID]:
    """The vault's subjects of a party, the lead first."""
    return list(stay.occupants.order_by("position").values_list("subject_id", flat=True))


def contents_of(stay: Stay) -> dict[str, list[dict[str, Any]]]:
    """What is sealed of the stay itself, by category."""
    with transaction.atomic():
        ids = list(Envelope.objects.filter(belongs_to=stay.pk).order_by("created_at").values_list("pk", flat=True))
        opened = open_for_deed(ids)
    held: dict[str, list[dict[str, Any]]] = {}
    for each in opened.values():
        held.setdefault(each.category, []).append(each.plain)
    return held


def basics_of(subject: UUID) -> dict[str, Any]:
    """Name and contact of a guest, as sealed."""
    with transaction.atomic():
        ids = envelopes_of([subject], ["name", "contact"])
        opened = open_for_deed(list(ids.values()))
    return {name: value for each in opened.values() for name, value in each.plain.items() if value}
