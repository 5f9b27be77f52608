"""The pages of retention rules: all of them, one, a proposal; the end of every field; the public summary."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Rule, RuleChange
from privacy.policy.rules import RULES
from privacy.services import rules
from privacy.services.law import load_law
from privacy.tests.factories import make_person, make_property, make_rule
from privacy.tests.office import answers, on_duty
from privacy.tests.visits import reasons
from privacy.views.field_ends import ROOMS
from staff.models import Person, Property

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}
OWN = "our own number, until a person confirms it"
PAGES = ("/rules/", "/rules/CN-RET-01/", "/rules/fields/")


def today(house: Property) -> date:
    """The day of the law, which turns at midnight; the desk's business day turns later."""
    return house.local(timezone.now()).date()


def typed(house: Property, **more: Any) -> dict[str, Any]:
    """Five years instead of three, from today on."""
    plain = {
        "region": "", "number": 5, "unit": "years", "start": "check_out", "kind": "min", "level": "local_rule",
        "status": "P", "instrument": "旅馆业治安管理办法", "article": "6", "in_force_from": today(house),
        "in_force_to": "", "needs_approval": "on", "reason": "notice 12 of the bureau",
    }  # fmt: skip
    return plain | more


def _yesterday(house: Property) -> str:
    return (today(house) - timedelta(days=1)).isoformat()


def propose(client: Client, house: Property, **more: Any) -> Any:
    """What the page answers to a proposal about the register."""
    return client.post("/rules/CN-RET-01/change/", typed(house, **more))


def test_officers_and_managers_read_the_rules(
    officer: Person, approver: Person, manager: Person, clerk: Person, house: Property
) -> None:
    administrator = make_person(house, "administrator")
    people = (officer, approver, manager, clerk, administrator)
    assert {page: answers(page, house, *people) for page in PAGES} == dict.fromkeys(PAGES, [200, 200, 200, 403, 403])


def test_every_rule_of_where_the_house_is(officer: Person, house: Property) -> None:
    abroad = make_property()
    Property.objects.filter(pk=abroad.pk).update(jurisdiction="DE")
    page = on_duty(officer, house).get("/rules/")
    places = {place: [words.code for _version, words in found] for place, found in page.context["places"]}
    assert (list(places), places["Germany"]) == (
        ["Mainland China", "Germany"],
        ["DE-RET-01", "DE-RET-01-LATEST"],
    )
    assert "CN-RET-01" in places["Mainland China"]
    assert page.context["counts"] == {"in_force": 18, "coming": 0, "past": 0}


def test_what_nobody_has_confirmed_says_so(officer: Person, house: Property) -> None:
    make_rule("CN-RET-99", status="?")
    page = on_duty(officer, house).get("/rules/").content.decode()
    told = [page.count(f"<small>{words}</small>") for words in ("until a person confirms it", OWN)]
    assert told == [1, sum(rule.status == "P" and rule.jurisdiction == "CN" for rule in RULES)]


def test_a_change_goes_from_one_person_to_another(officer: Person, approver: Person, house: Property) -> None:
    load_law(at=timezone.now())
    first, second = on_duty(officer, house), on_duty(approver, house)
    answer = propose(first, house)
    change = RuleChange.objects.get()
    address = f"/rules/changes/{change.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    mine, theirs = first.get(address).content.decode(), second.get(address).content.decode()
    assert ("You proposed it, so another person decides." in mine, "Approve it" in mine) == (True, False)
    assert ("at least 5 years from check-out" in theirs, "Approve it" in theirs) == (True, True)
    assert second.post(f"{address}approve/").status_code == 302
    assert [rule.number for rule in Rule.objects.filter(code="CN-RET-01").order_by("pk")] == [3, 5]
    page = second.get("/rules/CN-RET-01/")
    assert [version.state for version, _words in page.context["versions"]] == ["in_force", "past"]
    created, closed, *_loaded = page.context["history"]
    assert created.sentence == f"{approver.latin_name} created retention rule CN-RET-01"
    steps = {field: after for field, _before, after in created.steps}
    assert {"register", "check_out", "unlink_and_erase", "local_rule", "min", "CN", "True"}.isdisjoint(steps.values())
    assert (steps["Record"], steps["Length of the period"], steps["Unit of the period"]) == (
        "Guest register", "5", "years",
    )  # fmt: skip
    assert (steps["Beginning of the period"], steps["What happens then"], steps["Authority"]) == (
        "from check-out", "Unlinked and erased; figures without persons stay", "Local government rule",
    )  # fmt: skip
    assert (closed.sentence, closed.steps) == (
        f"{approver.latin_name} changed retention rule CN-RET-01", [("In force until", "", str(_yesterday(house)))],
    )  # fmt: skip
    assert [len(second.get(f"/rules/?list={state}").context["places"]) for state in ("coming", "past")] == [0, 1]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"number": ""}, ["number"]),
        ({"number": "0"}, ["number"]),
        ({"number": "three"}, ["number"]),
        ({"number": "200"}, ["number"]),
        ({"unit": "weeks"}, ["unit"]),
        ({"region": "CN-31"}, ["region"]),
        ({"start": "withdrawal"}, ["start"]),
        ({"status": "X"}, ["status"]),
        ({"status": "A", "instrument": ""}, ["instrument"]),
        ({"level": "law"}, ["status"]),
        ({"in_force_from": "2001-01-01"}, ["in_force_from"]),
        ({"in_force_from": "someday"}, ["in_force_from"]),
        ({"in_force_to": "2001-01-01"}, ["in_force_to"]),
        ({"reason": ""}, ["reason"]),
        ({"reason": "as 13900001234 said"}, ["reason"]),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    officer: Person, house: Property, more: dict[str, str], wrong: list[str]
) -> None:
    page = propose(on_duty(officer, house), house, **more)
    assert (page.status_code, list(page.context["form"].errors), RuleChange.objects.count()) == (200, wrong, 0)
    assert reasons(page) != []


def test_who_proposed_is_not_let_decide(officer: Person, house: Property) -> None:
    client = on_duty(officer, house)
    propose(client, house)
    address = f"/rules/changes/{RuleChange.objects.get().pk}/"
    assert client.post(f"{address}approve/").status_code == 409
    page = client.post(f"{address}refuse/", {"reason": "second thoughts"})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["__all__"])
    assert (client.post(f"{address}withdraw/").status_code, RuleChange.objects.get().state) == (302, "withdrawn")


def test_turning_down_wants_a_reason(officer: Person, approver: Person, house: Property) -> None:
    propose(on_duty(officer, house), house)
    address, second = f"/rules/changes/{RuleChange.objects.get().pk}/", on_duty(approver, house)
    assert list(second.post(f"{address}refuse/", {"reason": " "}).context["form"].errors) == ["reason"]
    second.post(f"{address}refuse/", {"reason": "the notice says three"})
    assert "the notice says three" in second.get(address).content.decode()


def test_a_manager_reads_what_it_would_move_and_decides_nothing(
    officer: Person, manager: Person, house: Property
) -> None:
    propose(on_duty(officer, house), house)
    address, reader = f"/rules/changes/{RuleChange.objects.get().pk}/", on_duty(manager, house)
    page = reader.get(address)
    assert [moved.house for moved in page.context["moved"]] == [house]
    assert "Approve it" not in page.content.decode()
    deeds = [reader.post(f"{address}{deed}/").status_code for deed in ("approve", "refuse", "withdraw")]
    assert (deeds, reader.get("/rules/CN-RET-01/change/").status_code) == ([403] * 3, 403)


@pytest.mark.parametrize("page", ["/rules/XX-RET-01/", "/rules/DE-RET-01/", "/rules/changes/1/", "/rules/X/change/"])
def test_what_is_not_here_is_not_found(officer: Person, house: Property, page: str) -> None:
    assert on_duty(officer, house).get(page).status_code == 404


def test_a_regions_rule_has_a_page_of_its_own(officer: Person, approver: Person, house: Property) -> None:
    Property.objects.filter(pk=house.pk).update(region="CN-31")
    propose(on_duty(officer, house), house, region="CN-31", number=2)
    second = on_duty(approver, house)
    second.post(f"/rules/changes/{RuleChange.objects.get().pk}/approve/")
    assert second.get("/rules/CN-RET-01:CN-31/").context["words"].period == "at least 2 years"
    assert second.get("/rules/CN-RET-01/").context["words"].period == "at least 3 years"
    public = Client().get("/retention/", headers=ENGLISH).content.decode()
    assert "in CN-31 only" in public


def test_the_public_summary_tells_what_changes(officer: Person, approver: Person, house: Property) -> None:
    day = today(house) + timedelta(days=9)
    propose(on_duty(officer, house), house, in_force_from=day)
    change = RuleChange.objects.get()
    rules.approve_change(actor=approver, house=house, change=change, at=timezone.now())
    english = Client().get("/retention/", headers=ENGLISH).content.decode()
    assert f"From {day.isoformat()}: Guest register, at least 5 years from check-out" in english
    assert "at least 3 years from check-out" in english


def test_where_no_law_says_otherwise_the_summary_tells_the_houses_own(house: Property) -> None:
    Property.objects.filter(pk=house.pk).update(jurisdiction="SG")
    [(place, lines, _coming)] = Client().get("/retention/", headers=ENGLISH).context["parts"]
    told = [line.record for line in lines]
    assert (place, "Preferences and marketing" in told, "Guest register" in told) == ("Singapore", True, False)


def fields_of(page: Any) -> set[tuple[str, str]]:
    """The tables and fields a page tells."""
    return {(row.table, name) for row in page.context["rows"] for name in row.fields}


def test_the_end_of_every_field_is_told(officer: Person, house: Property) -> None:
    page = on_duty(officer, house).get("/rules/fields/?room=")
    known = {(table, name) for _word, tables in ROOMS.values() for table, fields in tables.items() for name in fields}
    assert known <= fields_of(page)
    assert all(row.ends for row in page.context["rows"])


def test_fields_are_told_by_room_and_class(manager: Person, house: Property) -> None:
    client = on_duty(manager, house)
    page = client.get("/rules/fields/?room=content&class=preference")
    assert fields_of(page) == {("note", "text"), ("preference", "text")}
    assert "No field of this class in this room" in client.get("/rules/fields/?room=staff&class=basic").content.decode()
