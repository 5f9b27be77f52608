"""Every address answers every role as the table says; none is missing; none takes what it should not."""

from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotelrecords.tests import world as worlds
from hotelrecords.tests.roles_and_urls import (
    ASK_FOR_A_FRESH_PROOF,
    OPEN_BEFORE_A_SECOND_FACTOR,
    OPEN_BEFORE_A_SHIFT,
    TYPED,
    Row,
    addresses,
    path_of,
    rows,
)
from hotelrecords.tests.world import ANONYMOUS, ASKERS, World

METHODS = ("GET", "POST")
NEVER_TAKEN = ("put", "patch", "delete")
REFUSED = {"in", "403", "404", "405"}


@pytest.fixture(autouse=True)
def near_broker(settings: Any) -> None:
    """No time is spent on waiting for a broker."""
    settings.CELERY_BROKER_URL = "memory://"


def answered(response: HttpResponseBase) -> str:
    """The answer in the words of the table."""
    if response.status_code not in (301, 302):
        return str(response.status_code)
    return "in" if response.headers["Location"].startswith(reverse("account_login")) else "go"


def ask(client: Client, method: str, name: str, world: World) -> HttpResponseBase:
    """Ask with nothing typed, or as little as makes sense."""
    path = path_of(name, world)
    return client.get(path) if method == "GET" else client.post(path, TYPED.get(name, {}))


def asker_of(name: str, *methods: str) -> str | None:
    """Somebody to whom the address is open, by one of the methods; or would be, if there were what it shows."""
    lines = [row.answers for row in rows() if row.address == name and row.method in methods]
    for refused in (REFUSED, REFUSED - {"404"}, REFUSED - {"404", "405"}):
        for answers in lines:
            for asker in ASKERS:
                if answers[asker] not in refused:
                    return asker
    return None


def led_to(name: str, client: Client, world: World) -> set[str]:
    """Where the address sends this client, by each method."""
    answers = [ask(client, method, name, world) for method in METHODS]
    return {answer.headers["Location"].split("?")[0] for answer in answers if answer.status_code == 302}


def test_every_address_is_in_the_table_with_both_methods() -> None:
    listed = [(row.address, row.method) for row in rows()]
    assert sorted(listed) == sorted((name, method) for name in addresses() for method in METHODS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method}-{row.address}")
def test_the_answers_are_those_of_the_table(row: Row, world: World) -> None:
    asked = {asker: ask(world.client(asker), row.method, row.address, world) for asker in ASKERS}
    assert {asker: answered(answer) for asker, answer in asked.items()} == row.answers


def test_no_address_takes_other_methods(world: World) -> None:
    answers = {}
    for name in addresses():
        asker = asker_of(name, *METHODS)
        assert asker, f"{name} is open to nobody"
        client = world.client(asker)
        answers[name] = {getattr(client, method)(path_of(name, world)).status_code for method in NEVER_TAKEN}
    assert {name: codes for name, codes in answers.items() if codes != {405}} == {}


def test_every_form_wants_its_token(world: World) -> None:
    answers = {}
    for name in addresses():
        asker = asker_of(name, "POST")
        if asker:
            client = world.client(asker)
            client.handler.enforce_csrf_checks = True
            answers[name] = client.post(path_of(name, world), TYPED.get(name, {})).status_code
    assert len(answers) > 20
    assert {name: code for name, code in answers.items() if code != 403} == {}


def test_a_fresh_proof_is_asked_for_what_is_delicate(world: World) -> None:
    asking = set()
    for name in addresses():
        asker = asker_of(name, *METHODS) or ANONYMOUS
        if asker != ANONYMOUS:
            client = worlds.on_duty(world.people[asker], world.place_of(asker), fresh=False)
            asking |= {name} if reverse("step_up") in led_to(name, client, world) else set()
    assert asking == ASK_FOR_A_FRESH_PROOF


def test_before_a_shift_only_ones_own_account_is_open(world: World) -> None:
    person = world.people["front_desk"]
    closed = {name for name in addresses() if reverse("shift") in led_to(name, worlds.signed_in(person), world)}
    public = {row.address for row in rows() if row.answers[ANONYMOUS] != "in"}
    assert set(addresses()) - closed - public == OPEN_BEFORE_A_SHIFT


def test_before_a_second_factor_only_its_enrolment_is_open(world: World) -> None:
    person = worlds.hired("n-new", world.here, "front_desk", enrolled=False)
    start = reverse("second_factor_start")
    closed = {name for name in addresses() if start in led_to(name, worlds.signed_in(person, enrolled=False), world)}
    public = {row.address for row in rows() if row.answers[ANONYMOUS] != "in"}
    assert set(addresses()) - closed - public == OPEN_BEFORE_A_SECOND_FACTOR


def test_nobody_goes_on_after_being_switched_off(world: World) -> None:
    client = world.client("front_desk")
    person = world.people["front_desk"]
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert answered(client.get(reverse("front_desk"))) == "in"
    assert person.shifts.filter(opened_at__lte=timezone.now()).exists()
