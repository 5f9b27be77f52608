"""The lock after a restore, as everybody meets it."""

from collections.abc import Iterator

import pytest
from django.test import Client

from hotelrecords.embedded.testing import TestBed
from hotelrecords.tests.roles_and_urls import addresses
from staff.models import Duty
from stays.tasks import forget_old_drafts
from vault import lock

OPEN = {"/health/live": 200, "/health/ready": 503}


@pytest.fixture
def restored(own_database: str, test_bed: TestBed) -> Iterator[None]:
    """A database whose row of the house was written by another transaction, as after any restore."""
    with test_bed.cluster.superuser(own_database) as session, session.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT * FROM vault_home; DELETE FROM vault_home")
        cursor.execute("INSERT INTO vault_home SELECT * FROM kept")
    lock.forget()
    yield
    lock.forget()


def test_every_page_is_closed(restored: None, client: Client) -> None:
    paths = [f"/{pattern}" for pattern in addresses().values() if "<" not in pattern]
    answers = {path: client.get(path).status_code for path in paths}
    assert answers == {path: OPEN.get(path, 503) for path in paths}
    assert len(paths) > 20


@pytest.mark.parametrize(("language", "words"), [("en", "Restored, replay pending"), ("zh-hans", "zh-hans")])
def test_it_says_so_in_both_languages(restored: None, client: Client, language: str, words: str) -> None:
    answer = client.post("/account/sign-in/", {"login": "a"}, headers={"Accept-Language": language})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], page.count(f'<html lang="{language}">')) == (503, "10", 1)
    assert page.count(words) >= 1


def test_ready_says_why(restored: None, client: Client) -> None:
    assert client.get("/health/ready").json() == {
        "status": "unavailable", "database": "ok", "restored": "restored",
    }  # fmt: skip


def test_no_task_is_done(restored: None) -> None:
    assert forget_old_drafts.apply().state == "IGNORED"
    assert Duty.objects.count() == 0


def test_a_house_that_was_not_restored_is_open(own_database: str, client: Client) -> None:
    lock.forget()
    assert client.get("/account/sign-in/").status_code == 200
    lock.forget()
