"""Rows and changes in plain sentences."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import translation

from audit import changes, registry
from audit.models import Change
from audit.registry import Names
from audit.tests.factories import COMPANION, SUBJECT, ChangeFactory, EventFactory

NAMES = Names(
    people={7: "Li Wei"},
    objects={("stay", "2026-000042"): "2026-000042 (Harbour Hotel)", ("group", "5"): "Front desk"},
    properties={3: "Harbour Hotel"},
)


@pytest.fixture(autouse=True)
def some_actions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Actions as a room above declares them, forgotten after the test."""
    monkeypatch.setattr(registry, "_sentences", dict(registry._sentences))
    monkeypatch.setattr(registry, "_words", dict(registry._words))
    registry.action("stay.viewed", "%(who)s opened stay %(object)s at %(property)s")
    registry.action("guest.revealed", "%(who)s revealed %(fields)s of %(object)s")
    registry.action("stays.listed", "%(who)s looked at %(count)s guests for %(purpose)s")
    registry.action("room.refused", "%(who)s was refused room %(object)s")
    registry.words({"guest_service": "guest service", "phone": "the phone number", "email": "the e-mail address"})
    with translation.override("en"):
        yield


STAY = {"object_type": "stay", "object_ref": "2026-000042"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"action": "stay.viewed", **STAY}, "Li Wei opened stay 2026-000042 (Harbour Hotel) at Harbour Hotel"),
        (
            {"action": "stay.viewed", "property": None, "actor": None, "object_ref": "2026-000043"},
            "The system opened stay 2026-000043 at",
        ),
        (
            {"action": "stay.viewed", "actor": None, "actor_role": "requester", "object_ref": "9"},
            "The requester opened stay 9 at Harbour Hotel",
        ),
        (
            {"action": "guest.revealed", "fields": ["phone", "email", "shoe"], "purpose": "guest_service", **STAY},
            "Li Wei revealed the phone number, the e-mail address, shoe of 2026-000042 (Harbour Hotel), "
            "for guest service",
        ),
        (
            {"action": "stay.viewed", "object_ref": "9", "purpose": "dispute", "purpose_ref": "D-7", "actor": 8},
            "Person 8 opened stay 9 at Harbour Hotel, for dispute (D-7)",
        ),
        (
            {"action": "stays.listed", "subjects": [SUBJECT, COMPANION], "purpose": "guest_service"},
            "Li Wei looked at 2 guests for guest service",
        ),
        (
            {"action": "stays.listed", "detail": {"count": 50}, "purpose": "guest_service"},
            "Li Wei looked at 50 guests for guest service",
        ),
        (
            {"action": "stay.viewed", "outcome": "denied", "object_ref": "9"},
            "Refused, so not done: Li Wei opened stay 9 at Harbour Hotel",
        ),
        (
            {"action": "stay.viewed", "outcome": "failed", "object_ref": "9"},
            "Failed, so not done: Li Wei opened stay 9 at Harbour Hotel",
        ),
        ({"action": "room.refused", "outcome": "denied", "object_ref": "12"}, "Li Wei was refused room 12"),
        (
            {"action": "page.refused", "outcome": "denied", "object_type": "people"},
            "Li Wei asked for a page without the right to it: people",
        ),
        ({"action": "of.a.later.version", "object_ref": "12"}, "Li Wei: of.a.later.version 12"),
    ],
)
def test_a_row_is_told(row: dict[str, Any], sentence: str) -> None:
    assert registry.sentence(EventFactory.build(**row), NAMES) == sentence


def test_a_name_may_hold_a_percent_sign() -> None:
    names = Names(people={7: "100%(who)s"})
    assert registry.sentence(EventFactory.build(action="room.refused", object_ref="1"), names) == (
        "100%(who)s was refused room 1"
    )


def test_an_action_has_a_label_for_filters() -> None:
    assert registry.label("guest.revealed") == "… revealed … of …"
    assert registry.label("nobody.declared_this") == "nobody.declared_this"


def test_each_declared_sentence_can_be_told_in_both_languages() -> None:
    untold = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for code in registry.codes():
                told = registry.sentence(EventFactory.build(action=code), NAMES)
                untold += [code] if "%(" in told else []
    assert untold == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "Li Wei changed group Front desk: name old → new"),
        ({"object_pk": "6"}, "Li Wei changed group harbour:front_desk: name old → new"),
        (
            {"action": Change.Action.CREATE, "changes": {"property": ["None", "3"], "shade": ["None", "blue"]}},
            "Li Wei created group Front desk: property Harbour Hotel, shade blue",
        ),
        ({"action": Change.Action.DELETE}, "Li Wei deleted group Front desk"),
        ({"action": Change.Action.ACCESS, "changes": None}, "Li Wei opened group Front desk"),
        ({"changes": {"name": ["", "x" * 80]}}, "Li Wei changed group Front desk: name – → " + "x" * 59 + "…"),
    ],
)
def test_a_change_is_told(row: dict[str, Any], sentence: str) -> None:
    change = ChangeFactory.build(content_type=ContentType.objects.get_for_model(Group), **row)
    assert changes.sentence(change, NAMES) == sentence


def test_a_change_of_what_no_longer_exists_is_told() -> None:
    gone = ContentType(app_label="cellar", model="barrel")
    assert changes.sentence(ChangeFactory.build(content_type=gone, actor_id=None), NAMES) == (
        "The system changed barrel harbour:front_desk: name old → new"
    )


def test_changes_of_unnamed_fields_are_not_logged() -> None:
    with pytest.raises(ValueError):
        changes.log_changes_of(Group)
