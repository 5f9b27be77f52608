"""Changes of retention rules: proposed, weighed, approved by another, followed by what was locked away (M18)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Change, Event
from audit.services import Refused
from privacy import refusals
from privacy.models import Item, Request, Rule, RuleChange
from privacy.policy.rules import RULES
from privacy.policy.rules import Rule as Policy
from privacy.services import rules
from privacy.services.law import load_law, rules_of_the_house
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import checked_in, make_person, make_property, make_request, subjects_of
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Registration, Stay
from stays.tests.factories import RoomFactory
from vault.models import Envelope

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 11, 22)
REGISTER, COPY = (next(rule for rule in RULES if rule.code == code) for code in ("CN-RET-01", "CN-RET-02"))
Ask = Callable[..., RuleChange]


@pytest.fixture
def ask(officer: Person, house: Property) -> Ask:
    """Proposes as the officer: the rule as it is, but for what is said."""

    def asked(base: Policy = REGISTER, *, actor: Person = officer, at: datetime = AT, **more: Any) -> RuleChange:
        facts = {name: getattr(base, name) for name in rules.PROPOSED} | {"in_force_from": TODAY} | more
        return rules.propose_change(actor=actor, house=house, base=base, facts=facts, reason="notice 12", at=at)

    return asked


def periods(code: str, *days: date) -> list[list[tuple[int, str]]]:
    """The number and unit in force on these days."""
    found = [rules_of_the_house(on=day) for day in days]
    return [[(rule.number, rule.unit) for rule in held if rule.code == code] for held in found]


def logged(action: str) -> list[tuple[Any, ...]]:
    """What the log says of a deed."""
    told = ("actor", "property", "outcome", "object_type", "object_ref", "detail")
    return list(Event.objects.filter(action=action).order_by("id").values_list(*told))


def test_a_proposal_changes_nothing_yet(ask: Ask, officer: Person, house: Property) -> None:
    change = ask(number=5)
    assert (change.state, change.made, periods("CN-RET-01", TODAY)) == ("proposed", None, [[(3, "years")]])
    assert logged("rule.proposed") == [(officer.pk, house.pk, "ok", "rule", "CN-RET-01", {"change": change.pk})]


def test_another_person_puts_it_in_force_from_its_day(ask: Ask, approver: Person, house: Property) -> None:
    change = ask(number=5, in_force_from=date(2027, 1, 1))
    made = rules.approve_change(actor=approver, house=house, change=change, at=AT)
    days = (TODAY, date(2026, 12, 31), date(2027, 1, 1))
    assert periods("CN-RET-01", *days) == [[(3, "years")], [(3, "years")], [(5, "years")]]
    assert (made.confirmed_by, made.confirmed_on, made.needs_approval) == (approver, TODAY, True)
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decided_at, change.made) == ("approved", approver, AT, made)
    assert logged("rule.approved") == [(approver.pk, house.pk, "ok", "rule", "CN-RET-01", {"change": change.pk})]


def test_a_change_that_was_decided_late_begins_when_it_is_decided(ask: Ask, approver: Person, house: Property) -> None:
    made = rules.approve_change(actor=approver, house=house, change=ask(number=5), at=AT + timedelta(days=3))
    assert (made.in_force_from, periods("CN-RET-01", TODAY + timedelta(days=2))) == (
        date(2026, 11, 25),
        [[(3, "years")]],
    )


def test_the_log_knows_both_versions(ask: Ask, approver: Person, house: Property) -> None:
    load_law(at=AT)
    old = Rule.objects.get(code="CN-RET-01")
    made = rules.approve_change(actor=approver, house=house, change=ask(number=5), at=AT)
    told = {
        row.object_pk: row.changes.get("in_force_to") or row.changes["number"]
        for row in Change.objects.filter(content_type__model="rule", object_pk__in=[str(old.pk), str(made.pk)])
    }
    assert told == {str(old.pk): ["None", "2026-11-21"], str(made.pk): ["None", "5"]}


def test_a_region_gets_its_own_rule_beside_the_general_one(ask: Ask, approver: Person, house: Property) -> None:
    Property.objects.filter(pk=house.pk).update(region="CN-31")
    change = ask(region="CN-31", number=2, status="A", instrument="上海市旅馆业治安管理实施细则", article="12")
    rules.approve_change(actor=approver, house=house, change=change, at=AT)
    held = {(rule.region, rule.number) for rule in rules_of_the_house(on=TODAY) if rule.code == "CN-RET-01"}
    assert held == {("", 3), ("CN-31", 2)}


def test_a_number_is_confirmed_without_being_changed(ask: Ask, approver: Person, house: Property) -> None:
    rules.approve_change(actor=approver, house=house, change=ask(status="A"), at=AT)
    [now] = [rule for rule in rules_of_the_house(on=TODAY) if rule.code == "CN-RET-01"]
    assert (now.number, now.status, now.confirmed_on, now.is_confirmed) == (3, "A", TODAY, True)


def test_an_unverified_number_stays_unconfirmed(ask: Ask, approver: Person, house: Property) -> None:
    made = rules.approve_change(actor=approver, house=house, change=ask(number=4, status="?"), at=AT)
    assert (made.confirmed_by, made.confirmed_on) == (None, None)


def test_a_version_ends_before_the_next_that_is_known(ask: Ask, approver: Person, house: Property) -> None:
    later = ask(number=5, in_force_from=date(2027, 6, 1))
    rules.approve_change(actor=approver, house=house, change=later, at=AT)
    made = rules.approve_change(actor=approver, house=house, change=ask(number=4), at=AT)
    days = (TODAY, date(2027, 5, 31), date(2027, 6, 1))
    assert made.in_force_to == date(2027, 5, 31)
    assert periods("CN-RET-01", *days) == [[(4, "years")], [(4, "years")], [(5, "years")]]


WRONG: dict[str, tuple[dict[str, Any], type[Refused], str]] = {
    "nothing new": ({"status": "?"}, refusals.NothingChanges, ""),
    "no region": ({"region": "CN-31"}, refusals.RegionUnknown, "region"),
    "no period": ({"number": 0}, refusals.NotAPeriod, "number"),
    "too long": ({"number": 101}, refusals.NotAPeriod, "number"),
    "beyond any calendar": ({"number": 99999}, refusals.NotAPeriod, "number"),
    "no unit": ({"unit": "weeks"}, refusals.NotAPeriod, "number"),
    "no such start": ({"start": "withdrawal"}, refusals.StartUnknown, "start"),
    "yesterday": ({"number": 5, "in_force_from": TODAY - timedelta(days=1)}, refusals.TooEarly, "in_force_from"),
    "backwards": (
        {"number": 5, "in_force_to": TODAY - timedelta(days=1)},
        refusals.EndsBeforeItBegins,
        "in_force_to",
    ),
    "read nowhere": ({"status": "A", "article": ""}, refusals.InstrumentMissing, "instrument"),
    "law of nobody": ({"level": "law", "instrument": ""}, refusals.InstrumentMissing, "instrument"),
    "our own law": ({"level": "law"}, refusals.OwnChoiceIsNoLaw, "status"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_makes_no_sense_is_refused_with_the_reason(ask: Ask, what: str) -> None:
    more, refusal, field = WRONG[what]
    base = Policy(
        **{name: getattr(REGISTER, name) for name in REGISTER.__slots__} | {"status": more.get("status", "P")}
    )
    if what != "nothing new":
        base = REGISTER
    with pytest.raises(refusal) as refused:
        ask(base, **more)
    assert (refused.value.field, RuleChange.objects.count()) == (field, 0)
    assert (refused.value.object_type, refused.value.object_ref[:9]) == ("rule", "CN-RET-01")


def test_one_proposal_at_a_time(ask: Ask) -> None:
    ask(number=5)
    with pytest.raises(refusals.ChangeWaiting):
        ask(number=6)


def test_two_versions_do_not_begin_on_one_day(ask: Ask, approver: Person, house: Property) -> None:
    rules.approve_change(actor=approver, house=house, change=ask(number=5), at=AT)
    with pytest.raises(refusals.VersionThatDay):
        ask(number=6)


def test_who_proposed_does_not_decide(ask: Ask, officer: Person, house: Property) -> None:
    change = ask(number=5)
    for deed, more in ((rules.approve_change, {}), (rules.refuse_change, {"reason": "no"})):
        with pytest.raises(refusals.SamePerson):
            deed(actor=officer, house=house, change=change, at=AT, **more)
    assert RuleChange.objects.get().state == "proposed"


def test_the_database_wants_two_people_too(ask: Ask, officer: Person) -> None:
    change = ask(number=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleChange.objects.filter(pk=change.pk).update(
            state="refused", refused_because="no", decided_by=officer, decided_at=AT
        )


def test_another_turns_it_down_with_the_reason(ask: Ask, approver: Person, house: Property) -> None:
    change = ask(number=5)
    with pytest.raises(refusals.ReasonMissing):
        rules.refuse_change(actor=approver, house=house, change=change, reason="", at=AT)
    rules.refuse_change(actor=approver, house=house, change=change, reason="the notice says three", at=AT)
    change.refresh_from_db()
    assert (change.state, change.refused_because) == ("refused", "the notice says three")
    assert periods("CN-RET-01", TODAY) == [[(3, "years")]]
    with pytest.raises(refusals.ChangeSettled):
        rules.approve_change(actor=approver, house=house, change=change, at=AT)


def test_who_proposed_withdraws(ask: Ask, officer: Person, approver: Person, house: Property) -> None:
    change = ask(number=5)
    with pytest.raises(NotAllowed):
        rules.withdraw_change(actor=approver, house=house, change=change, at=AT)
    rules.withdraw_change(actor=officer, house=house, change=change, at=AT)
    assert (RuleChange.objects.get().state, ask(number=6).state) == ("withdrawn", "proposed")


@pytest.mark.parametrize("role", ["front_desk", "finance", "manager", "administrator"])
def test_other_roles_change_no_rule(ask: Ask, house: Property, role: str) -> None:
    person = make_person(house, role)
    with pytest.raises(NotAllowed):
        ask(actor=person, number=5)
    with pytest.raises(NotAllowed):
        rules.approve_change(actor=person, house=house, change=ask(number=5), at=AT)


def test_the_law_of_elsewhere_is_changed_there(ask: Ask, house: Property) -> None:
    german = next(rule for rule in RULES if rule.code == "DE-RET-01")
    with pytest.raises(refusals.RuleElsewhere):
        ask(german, number=2)


def test_what_it_was_proposed_for_may_be_over(ask: Ask, approver: Person, house: Property) -> None:
    change = ask(number=5, in_force_to=TODAY)
    with pytest.raises(refusals.ChangeOvertaken):
        rules.approve_change(actor=approver, house=house, change=change, at=AT + timedelta(days=1))


def left(house: Property, days_ago: int) -> Stay:
    """A party that was reported and left so many days ago."""
    stay = checked_in(make_person(house, "front_desk"), RoomFactory(property=house))
    stay.status, stay.departed_at = Stay.Status.CHECKED_OUT, AT - timedelta(days=days_ago)
    stay.arrived_at = stay.departed_at - timedelta(days=2)
    stay.save(update_fields=["status", "departed_at", "arrived_at"])
    Registration.objects.filter(occupant__stay=stay).update(state="acknowledged", receipt="R-1")
    return stay


def counts(change: RuleChange) -> list[tuple[str, int, int, int, int, int]]:
    """What a change would move: property, records, at once, earlier, later, no longer."""
    moved = rules.moved_by(change, at=AT)
    assert moved is not None
    return [(each.house.code, each.records, each.at_once, each.earlier, each.later, each.no_longer) for each in moved]


def test_what_a_change_would_move_is_counted_at_each_property(ask: Ask, officer: Person, house: Property) -> None:
    other = make_property()
    for days in (400, 800, 1200):
        left(house, days)
    left(other, 400)
    found = {}
    for years in (1, 2, 5):
        change = ask(number=years)
        found[years] = {code: tuple(told) for code, *told in counts(change)}
        rules.withdraw_change(actor=officer, house=house, change=change, at=AT)
    assert {years: told[house.code] for years, told in found.items()} == {
        1: (3, 2, 0, 0, 0),
        2: (3, 1, 1, 0, 0),
        5: (3, 0, 0, 2, 1),
    }
    assert {years: told[other.code] for years, told in found.items()} == {
        1: (1, 1, 0, 0, 0),
        2: (1, 0, 1, 0, 0),
        5: (1, 0, 0, 1, 0),
    }


def test_a_regions_rule_moves_its_region_only(ask: Ask, house: Property) -> None:
    other = make_property()
    Property.objects.filter(pk=house.pk).update(region="CN-31")
    left(house, 400)
    left(other, 400)
    assert counts(ask(region="CN-31", number=1)) == [(house.code, 1, 1, 0, 0, 0)]


def test_what_is_no_row_is_not_counted(ask: Ask) -> None:
    backups = next(rule for rule in RULES if rule.code == "CN-RET-17")
    assert rules.moved_by(ask(backups, number=60), at=AT) is None


def locked_by_request(stay: Stay, until: date) -> Item:
    """The register of the stay's guest as a deletion has locked it away until a day."""
    guest = subjects_of(stay)[0]
    sealed = Envelope.objects.get(belongs_to=stay.pk, category="register")
    asked = make_request(stay.property, state=Request.State.CLOSED, at=AT - timedelta(days=9), stay=stay)
    Envelope.objects.filter(pk=sealed.pk).update(restricted_until=UNTIL_LIFTED)
    return Item.objects.create(
        request=asked, envelope=sealed.pk, category="register", stay=stay, subject=guest, grounds=["D2"],
        blockers=["B5"], proposed="restrict", chosen="restrict", rule="CN-RET-01", done_at=AT - timedelta(days=9),
        until=datetime(until.year, until.month, until.day, 15, 59, 59, tzinfo=UTC),
    )  # fmt: skip


def test_restrictions_of_requests_follow_the_new_rule(ask: Ask, approver: Person, house: Property) -> None:
    longer, over = (locked_by_request(left(house, days), date(2028, 1, 1)) for days in (100, 800))
    change = ask(number=2)
    [moved] = rules.moved_by(change, at=AT) or []
    rules.approve_change(actor=approver, house=house, change=change, at=AT)
    assert (moved.restrictions, rules.follow_changes(at=AT), rules.follow_changes(at=AT)) == (2, 2, 0)
    for item in (longer, over):
        item.refresh_from_db()
    left_on = house.local(AT - timedelta(days=100)).date()
    assert house.local(longer.until).date() == left_on.replace(year=left_on.year + 2)
    assert (longer.chosen, over.chosen, over.override_reason) == ("restrict", "erase", "period_over")
    alive = Envelope.objects.filter(pk__in=[longer.envelope, over.envelope], erased_at__isnull=True)
    assert list(alive.values_list("pk", flat=True)) == [longer.envelope]
    assert logged("rule.followed") == [(None, house.pk, "ok", "rule", "CN-RET-01", {"count": 2, "change": change.pk})]


def test_nothing_follows_before_the_day(ask: Ask, approver: Person, house: Property) -> None:
    item = locked_by_request(left(house, 100), date(2028, 1, 1))
    change = ask(number=2, in_force_from=TODAY + timedelta(days=1))
    rules.approve_change(actor=approver, house=house, change=change, at=AT)
    assert rules.follow_changes(at=AT) == 0
    assert rules.follow_changes(at=AT + timedelta(days=1)) == 1
    item.refresh_from_db()
    assert item.until != datetime(2028, 1, 1, 15, 59, 59, tzinfo=UTC)


def test_working_copies_locked_too_early_are_let_back(ask: Ask, approver: Person, house: Property) -> None:
    early, late, asked = left(house, 200), left(house, 400), left(house, 200)
    registers = [Envelope.objects.get(category="register", belongs_to=stay.pk).pk for stay in (early, late, asked)]
    locked_by_request(asked, date(2028, 1, 1))
    Envelope.objects.filter(pk__in=registers).update(restricted_until=UNTIL_LIFTED)
    rules.approve_change(actor=approver, house=house, change=ask(COPY, number=365), at=AT)
    rules.follow_changes(at=AT)
    still = Envelope.objects.filter(pk__in=registers, restricted_until__isnull=False)
    assert set(still.values_list("pk", flat=True)) == set(registers[1:])


def test_what_changed_since_a_moment(ask: Ask, approver: Person, house: Property) -> None:
    before, after = AT - timedelta(hours=1), AT + timedelta(days=40)
    change = ask(number=5, in_force_from=date(2026, 12, 1))
    rules.approve_change(actor=approver, house=house, change=change, at=AT)
    found = [
        [each.pk for each in rules.changes_since(house, since=since, until=until)]
        for since, until in ((before, AT), (before, after), (AT, after), (after, after + timedelta(days=1)))
    ]
    assert found == [[], [change.pk], [change.pk], []]
