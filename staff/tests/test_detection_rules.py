"""Rules of detection are changed by two people, and replayed before they count."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import dj_database_url
import pytest
from django.db import Error, connections, transaction

from audit.grants import KEEPER
from audit.models import Event
from staff.models import DetectionRule, Person, Property
from staff.permissions import NotAllowed
from staff.services import detection
from staff.services.detection import changing
from staff.services.detection.replaying import DAYS
from staff.tests.factories import PersonFactory, PropertyFactory
from staff.tests.log_rows import DAY, NOW, Log, Sql
from staff.views.detection import plot_of

pytestmark = pytest.mark.usefixtures("own_database")
AsKeeper = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def as_the_keeper(own_database: str, test_bed: Any) -> AsKeeper:
    """Django connected as the keeper for a while."""
    address = dj_database_url.parse(test_bed.environment(KEEPER, own_database)["DATABASE_KEEPER_URL"])

    @contextmanager
    def connected() -> Iterator[None]:
        default = connections["default"]
        usual = dict(default.settings_dict)
        default.close()
        default.settings_dict.update(address)
        try:
            yield
        finally:
            default.close()
            default.settings_dict.update(usual)

    return connected


@pytest.fixture
def harbour(own_database: str) -> Property:
    """A property."""
    return PropertyFactory(code="harbour")


@pytest.fixture
def manager(harbour: Property) -> Person:
    """Its manager."""
    return PersonFactory(staff_number="harbour-manager", roles={harbour: ["manager"]})


@pytest.fixture
def boss(harbour: Property) -> Person:
    """Another manager of the harbour."""
    return PersonFactory(staff_number="harbour-boss", roles={harbour: ["manager"]})


@pytest.fixture
def rule(as_the_keeper: AsKeeper) -> DetectionRule:
    """The rule on refusals, in force as the product brings it."""
    with as_the_keeper():
        detection.enter_rules(at=NOW)
    return DetectionRule.objects.in_force().get(code="probe")


def replayed(as_the_keeper: AsKeeper) -> int:
    """The keeper replays; how many days it did."""
    with as_the_keeper():
        return detection.replay_rules(at=NOW, seconds=60)


def proposed(rule: DetectionRule, actor: Person, house: Property, **facts: Any) -> DetectionRule:
    """A change of the rule: three refusals are enough."""
    given = {
        "parameters": {"refusals": 3}, "window": rule.window, "weight": rule.weight, "severity": rule.severity,
        "mode": rule.mode,
    }  # fmt: skip
    return detection.propose_rule(actor=actor, house=house, rule=rule, **given | facts, at=NOW)


def test_every_declared_rule_is_entered_once(rule: DetectionRule) -> None:
    codes = set(DetectionRule.objects.values_list("code", "version", "mode", "author"))
    assert detection.enter_rules(at=NOW) == 0
    assert {line[0] for line in codes} == {
        "auditor", "burst-out", "dormant", "drawn", "integrity", "name", "old", "pile-on", "probe", "prop", "reveal",
        "scrape", "self", "shared", "shift", "unexplained", "vip", "volume",
    }  # fmt: skip
    assert {line[1:] for line in codes} == {(1, "live", None)}


def test_a_proposal_changes_nothing_until_another_approves_it(
    rule: DetectionRule, manager: Person, boss: Person, harbour: Property
) -> None:
    change = proposed(rule, manager, harbour)
    assert DetectionRule.objects.in_force().get(code="probe") == rule
    with pytest.raises(changing.OwnProposal):
        detection.approve_rule(actor=manager, house=harbour, rule=change, at=NOW)
    with pytest.raises(changing.NotReplayed):
        detection.approve_rule(actor=boss, house=harbour, rule=change, at=NOW)


def test_an_approved_version_takes_the_place_of_the_one_before(
    rule: DetectionRule, manager: Person, boss: Person, harbour: Property, as_the_keeper: AsKeeper
) -> None:
    change = proposed(rule, manager, harbour)
    assert replayed(as_the_keeper) == DAYS
    made = detection.approve_rule(actor=boss, house=harbour, rule=change, at=NOW)
    rule.refresh_from_db()
    assert (made.version, made.approver, made.in_force_since, rule.ended_at) == (2, boss, NOW, NOW)
    rows = Event.objects.filter(action__startswith="detection.").order_by("id")
    assert list(rows.values_list("action", "actor", "object_type", "object_ref", "detail")) == [
        ("detection.proposed", manager.pk, "detection_rule", "probe", {"version": 2}),
        ("detection.replayed", None, "detection_rule", "probe", {"version": 2}),
        ("detection.approved", boss.pk, "detection_rule", "probe", {"version": 2}),
    ]
    with pytest.raises(changing.ProposalGone):
        detection.approve_rule(actor=boss, house=harbour, rule=change, at=NOW)


def test_the_database_too_wants_four_eyes_and_a_replay(
    rule: DetectionRule, manager: Person, boss: Person, harbour: Property
) -> None:
    change = proposed(rule, manager, harbour)
    DetectionRule.objects.filter(pk=rule.pk).update(ended_at=NOW)
    for approver in (manager, boss, None):
        with pytest.raises(Error, match="detection_rule_by_four_eyes"), transaction.atomic():
            DetectionRule.objects.filter(pk=change.pk).update(in_force_since=NOW, approver=approver)
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        DetectionRule.objects.filter(pk=change.pk).update(replayed_at=NOW)


def test_one_proposal_at_a_time_and_only_its_author_withdraws_it(
    rule: DetectionRule, manager: Person, boss: Person, harbour: Property
) -> None:
    change = proposed(rule, manager, harbour)
    with pytest.raises(changing.ProposalWaiting):
        proposed(rule, boss, harbour, weight=Decimal("0.9"))
    with pytest.raises(changing.NotTheAuthor):
        detection.withdraw_rule(actor=boss, house=harbour, rule=change, at=NOW)
    detection.withdraw_rule(actor=manager, house=harbour, rule=change, at=NOW)
    assert proposed(rule, boss, harbour).version == 3


def test_what_changes_nothing_and_who_may_not(rule: DetectionRule, manager: Person, harbour: Property) -> None:
    with pytest.raises(changing.NothingNew):
        proposed(rule, manager, harbour, parameters=dict(rule.parameters))
    clerk = PersonFactory(staff_number="clerk", roles={harbour: ["front_desk"]})
    with pytest.raises(NotAllowed):
        proposed(rule, clerk, harbour)


def test_the_replay_tells_what_the_version_would_have_noticed(
    rule: DetectionRule, manager: Person, harbour: Property, as_owner: Sql, as_the_keeper: AsKeeper
) -> None:
    noon = NOW.replace(hour=12, minute=0, second=0)
    log = Log(as_owner, manager, harbour.pk)
    log.rows(4, "access.refused", NOW - noon + 3 * DAY, outcome="denied", subjects=[])
    log.rows(2, "access.refused", NOW - noon + 5 * DAY, outcome="denied", subjects=[])
    log.rows(9, "access.refused", NOW - noon + 91 * DAY, outcome="denied", subjects=[])
    change = proposed(rule, manager, harbour)
    assert [replayed(as_the_keeper), replayed(as_the_keeper)] == [DAYS, 0]
    change.refresh_from_db()
    plot = plot_of(change)
    assert (len(plot.days), plot.flagged, plot.alerts) == (DAYS, 2, 1)
    assert [(day.day, day.flagged, day.alerts) for day in plot.eventful] == [
        ((noon - 3 * DAY).date().isoformat(), 2, 1)
    ]
    assert [(day.height, day.alert_height) for day in plot.eventful] == [(80, 40)]


def test_a_replay_goes_on_where_it_was_left(
    rule: DetectionRule, manager: Person, harbour: Property, as_the_keeper: AsKeeper
) -> None:
    change = proposed(rule, manager, harbour)
    with as_the_keeper():
        detection.replay_rules(at=NOW, seconds=0)
    change.refresh_from_db()
    assert (len(change.replay), change.replayed_at) == (1, None)
    replayed(as_the_keeper)
    change.refresh_from_db()
    assert (len(change.replay), change.replayed_at) == (DAYS, NOW)


def test_in_shadow_a_rule_raises_nothing_and_is_replayed_every_day(
    rule: DetectionRule, manager: Person, boss: Person, harbour: Property, as_the_keeper: AsKeeper
) -> None:
    change = proposed(rule, manager, harbour, mode="shadow")
    replayed(as_the_keeper)
    detection.approve_rule(actor=boss, house=harbour, rule=change, at=NOW)
    with as_the_keeper():
        assert detection.replay_rules(at=NOW + DAY + timedelta(minutes=1), seconds=60) == 1
    assert DetectionRule.objects.in_force().filter(mode="live", code="probe").count() == 0
