"""The keeper looks through the log: every row once, folded, idempotent when killed, one statement for each rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event, Statement
from audit.tests.conftest import house as log_of_its_own  # noqa: F401
from audit.tests.sealed_house import House
from staff import detection, keeping
from staff.detecting import scanning
from staff.models import Alert, AlertRow, AlertStep, DetectionPosition, Duty, Person, Reminder, Shift
from staff.services.detection import enter_rules
from staff.tests.factories import PersonFactory, PropertyFactory
from staff.tests.log_rows import DAY, MINUTE, NOW, Log

GUEST = uuid4()
STATEMENTS_OF_AN_ALERT = 10


class Scene:
    """A log of its own with a clerk; the keeper looks through it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.property = PropertyFactory(code="harbour", time_zone="UTC")
        self.clerk = PersonFactory(staff_number="clerk", name="赵一", roles={self.property: ["front_desk"]})
        self.log = Log(house.sql, self.clerk, self.property.pk)
        with self.as_keeper():
            enter_rules(at=NOW)

    @contextmanager
    def as_keeper(self) -> Iterator[None]:
        """Django connected as the keeper meanwhile."""
        default = connections["default"]
        usual = dict(default.settings_dict)
        default.close()
        default.settings_dict.update({name: self.house.keeper.settings_dict[name] for name in ("USER", "PASSWORD")})
        try:
            yield
        finally:
            default.close()
            default.settings_dict.update(usual)

    def scan(self, **options: Any) -> int:
        """Look through what is new."""
        with self.as_keeper():
            return scanning.scan(at=NOW, **options)

    def on_duty(self) -> None:
        """The clerk's shift, open since yesterday."""
        Shift.objects.create(
            person=self.clerk, property=self.property, terminal="desk-1", session_ref=uuid4(), opened_at=NOW - DAY
        )

    def reveal(self, ago: timedelta = MINUTE, guest: UUID = GUEST, **facts: Any) -> int:
        """A reveal nothing explains."""
        return self.log.row("guest.revealed", ago, subjects=[guest], **facts)


@pytest.fixture
def scene(log_of_its_own: House) -> Scene:  # noqa: F811
    """A clerk, and nothing in the log that anybody would ask about."""
    made = Scene(log_of_its_own)
    made.scan()
    return made


def folds() -> list[tuple[str, str | None, UUID | None, int]]:
    """Rule, person and guest of each alert, and how many rows it rests on."""
    return [
        (alert.code, alert.actor and alert.actor.staff_number, alert.subject, alert.rows.count())
        for alert in Alert.objects.select_related("actor").order_by("pk")
    ]


def test_rows_of_one_rule_person_guest_and_day_are_one_alert(scene: Scene) -> None:
    other = uuid4()
    scene.reveal(3 * MINUTE)
    scene.reveal(2 * MINUTE)
    scene.reveal(guest=other)
    assert scene.scan() == 3
    assert folds() == [("shift", "clerk", GUEST, 2), ("shift", "clerk", other, 1)]
    assert list(AlertRow.objects.values_list("flags", flat=True)) == [["shift", "reveal"]] * 3


def test_the_risk_is_severity_by_what_is_unexplained_and_the_flags(scene: Scene) -> None:
    scene.reveal()
    scene.scan()
    assert AlertRow.objects.get().score == Decimal("0.7") + Decimal("0.5") + Decimal("0.4")


def test_what_is_explained_raises_nothing(scene: Scene) -> None:
    for code in ("E1", "E2", "E3"):
        scene.reveal(explained_by=code)
        scene.log.row("stay.viewed", explained_by=code)
    scene.log.rows(20, "stays.list_viewed", explained_by="E1")
    assert (scene.scan(), folds(), Reminder.objects.count()) == (26, [], 0)


def test_the_doubtful_is_kept_for_the_evening(scene: Scene) -> None:
    scene.on_duty()
    scene.log.row("stays.searched", detail='{"kinds": ["name"]}')
    doubtful = scene.log.row("stays.searched", detail='{"kinds": ["document"]}')
    assert scene.scan() == 2
    kept = Reminder.objects.values_list("person", "property", "day", "event_id", "score", "mailed_at")
    day = scene.property.today(NOW - MINUTE)
    assert (folds(), list(kept)) == (
        [], [(scene.clerk.pk, scene.property.pk, day, doubtful, Decimal("0.5"), None)],
    )  # fmt: skip


def test_a_second_look_adds_nothing(scene: Scene) -> None:
    scene.reveal()
    assert [scene.scan(), scene.scan(), scene.scan()] == [1, 1, 0]  # the second row is that of the alert itself
    with scene.as_keeper():
        DetectionPosition.objects.update(xact=0, row_id=0)
    scene.scan()
    assert folds() == [("shift", "clerk", GUEST, 1)]


def test_killed_before_its_end_it_leaves_nothing_and_looks_again(scene: Scene, monkeypatch: Any) -> None:
    scene.reveal()
    before = DetectionPosition.objects.values_list("xact", "row_id").get()

    def killed(*_given: Any, **_facts: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(DetectionPosition, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            scene.scan()
    assert (folds(), DetectionPosition.objects.values_list("xact", "row_id").get()) == ([], before)
    assert scene.scan() == 1
    assert folds() == [("shift", "clerk", GUEST, 1)]


def test_a_row_of_a_transaction_still_open_waits_and_is_not_passed_over(scene: Scene) -> None:
    with scene.house.session("hotelrecords_web") as late, late.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (ref, action, request_n, actor, subjects) VALUES (%s, 'guest.revealed', 1, %s,"
            " ARRAY[%s]::uuid[])",
            (str(uuid4()), scene.clerk.pk, str(GUEST)),
        )
        scene.reveal(guest=uuid4())
        assert scene.scan() == 0
        late.commit()
    assert scene.scan() == 2
    assert Alert.objects.count() == 2


def test_after_a_verdict_the_same_day_raises_anew(scene: Scene) -> None:
    scene.reveal()
    scene.scan()
    Alert.objects.update(state="explained", verdict="explained")
    scene.reveal()
    scene.scan()
    assert [alert.state for alert in Alert.objects.order_by("pk")] == ["explained", "new"]


def test_another_day_is_another_alert(scene: Scene) -> None:
    scene.reveal(DAY + MINUTE)
    scene.reveal()
    scene.scan()
    assert folds() == [("shift", "clerk", GUEST, 1)] * 2


def test_each_alert_is_a_row_and_a_leaf_that_names_nobody_to_the_guest(scene: Scene) -> None:
    scene.reveal()
    scene.scan()
    alert, step = Alert.objects.get(), AlertStep.objects.get()
    leaf = Statement.objects.get(ref=step.leaf)
    assert (leaf.kind, leaf.actor, leaf.property, leaf.subjects, leaf.said, leaf.unsaid) == (
        "alert", None, scene.property.pk, [GUEST],
        {"alert": alert.number, "step": "raised", "rule": "shift", "says": "-"}, {"concerned": scene.clerk.pk},
    )  # fmt: skip
    event = Event.objects.get(action="alert.raised")
    assert (event.actor_role, event.object_type, event.object_ref, event.subjects, event.detail) == (
        "system", "alert", alert.number, [], {},
    )  # fmt: skip


def test_what_several_did_names_no_single_one(scene: Scene) -> None:
    for number in range(4):
        person = PersonFactory(staff_number=f"curious-{number}", name="钱二", roles={scene.property: ["front_desk"]})
        ago = (9 - number) * MINUTE
        Log(scene.house.sql, person, scene.property.pk).row("stay.viewed", ago, subjects=[GUEST])
    scene.scan()
    assert [fold for fold in folds() if fold[0] == "pile-on"] == [("pile-on", None, GUEST, 1)]
    assert AlertRow.objects.get(alert__code="pile-on").actor == Person.objects.get(staff_number="curious-3")


def test_one_turn_of_the_keeper_notices_what_was_just_done(scene: Scene) -> None:
    scene.house.sql(
        "INSERT INTO audit_event (ref, actor, property, action, request_n, object_type, object_ref, subjects)"
        " VALUES (gen_random_uuid(), %s, %s, 'guest.revealed', 1, 'stay', '2026-000001', ARRAY[gen_random_uuid()])",
        (scene.clerk.pk, scene.property.pk),
    )
    with scene.as_keeper():
        keeping.look_through_log(timezone.now())
    row = AlertRow.objects.select_related("alert").get()
    assert (row.alert.actor, row.alert.code, row.flags) == (scene.clerk, "shift", ["shift", "reveal"])
    assert timezone.now() - row.event_at < timedelta(seconds=60)
    assert Duty.objects.get(code=detection.LOOK_THROUGH).last_done_at is not None


MANY = """
INSERT INTO audit_event (ref, at, actor, property, request_n, action, outcome, object_type, object_ref, subjects,
    explained_by, detail, session_ref)
SELECT gen_random_uuid(), now() - n * interval '1 second', %s, %s, n, (ARRAY['stay.viewed', 'stays.list_viewed',
    'guest.revealed', 'stays.searched', 'account.signed_in'])[n %% 5 + 1], 'ok', 'stay', '2026-' || n %% 1000,
    ARRAY[md5((n %% 500)::text)::uuid], (ARRAY['E1', 'E1', 'E1', 'E8', 'E2'])[n %% 5 + 1], '{"term": "x"}',
    md5((n %% 20)::text)::uuid
FROM generate_series(1, %s) n
"""


def many(scene: Scene, count: int) -> None:
    """A look of some kind each second, most of them explained."""
    scene.house.sql(MANY, (scene.clerk.pk, scene.property.pk, count))


@pytest.mark.parametrize("count", [100, pytest.param(100_000, marks=pytest.mark.slow)])
def test_the_number_of_statements_does_not_grow_with_the_rows(scene: Scene, count: int) -> None:
    many(scene, 10)
    with scene.as_keeper(), CaptureQueriesContext(connection) as few:
        scanning.scan(at=NOW)
    Alert.objects.update(state="explained", verdict="explained")
    many(scene, count)
    with scene.as_keeper(), CaptureQueriesContext(connection) as lots:
        assert scanning.scan(at=NOW, most=count) == count
    raised = Alert.objects.filter(state="new").count()
    assert len(lots) - len(few) <= STATEMENTS_OF_AN_ALERT * raised
