"""One's own account: password, second factors, sessions, language."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from staff import second_factor, services, tasks
from staff.models import Enrolment, Person, Property, Shift
from staff.services.own_account import LastSecondFactor
from staff.tests.factories import PASSWORD, EnrolmentFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import shift_for, sign_in, sign_in_by_pages

NEW = "a quite different sentence"


def change(client: Client, **typed: str) -> object:
    return client.post("/me/password/", {"old": PASSWORD, "password": NEW, "repeated": NEW, **typed})


def test_a_new_password_ends_the_other_sessions(at_desk: Client, clerk: Person, harbour: Property) -> None:
    elsewhere = sign_in(Client(), clerk, harbour)
    change(at_desk)
    assert (at_desk.get("/me/").status_code, elsewhere.get("/me/").status_code) == (200, 302)
    assert Person.objects.get(pk=clerk.pk).check_password(NEW)
    assert rows("account.password_changed") == [
        row("account.password_changed", by=clerk, role="front_desk", at=harbour, about=about(clerk))
    ]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({"old": "not it"}, "old"), ({"repeated": "another"}, "repeated"), ({"password": "short"}, "password")],
)
def test_a_password_that_is_not_taken(at_desk: Client, typed: dict[str, str], wrong: str) -> None:
    assert wrong in change(at_desk, **typed).context["form"].errors  # type: ignore[attr-defined]


def test_signing_out_everywhere_else(client: Client, clerk: Person, harbour: Property) -> None:
    other = sign_in_by_pages(Client(), clerk, harbour, "Desk 2", steps=-1)
    sign_in_by_pages(client, clerk, harbour)
    assert len(client.get("/me/sessions/").context["sessions"]) == 2
    client.post("/me/sessions/")
    assert [one.get("/me/").status_code for one in (client, other)] == [200, 302]
    assert [shift.terminal for shift in Shift.objects.filter(closed_at=None)] == ["Desk 1"]
    assert [one["detail"] for one in rows("account.sessions_ended")] == [{"count": 1}]


def test_language(at_desk: Client, clerk: Person, harbour: Property) -> None:
    answer = at_desk.post("/language/", {"language": "zh-hans", "next": "/me/"})
    assert answer.headers["Location"] == "/me/"
    assert at_desk.get("/me/").headers["Content-Language"] == "zh-hans"
    assert rows("account.changed") == [
        row("account.changed", by=clerk, role="front_desk", at=harbour, about=about(clerk), fields=("language",))
    ]


def test_language_of_a_stranger(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en"})
    assert client.get("/account/sign-in/").headers["Content-Language"] == "en"


def test_a_language_that_is_not_spoken(client: Client, db: None) -> None:
    assert client.post("/language/", {"language": "tlh"}).cookies.get("django_language") is None


@pytest.mark.parametrize(("asked", "spoken"), [("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en"), ("fr", "zh-hans")])
def test_the_browsers_language(client: Client, db: None, asked: str, spoken: str) -> None:
    answer = client.get("/account/sign-in/", headers={"accept-language": asked})
    assert answer.headers["Content-Language"] == spoken


def test_the_only_factor_stays(at_desk: Client, clerk: Person) -> None:
    only = second_factor.of(clerk)[0]
    with pytest.raises(LastSecondFactor):
        services.remove_second_factor(actor=clerk, authenticator=only)
    assert at_desk.post(f"/me/second-factors/{only.pk}/remove/").status_code == 409


def test_one_of_two_may_go(clerk: Person) -> None:
    services.add_passkey(actor=clerk, name="Key", credential={}, at=timezone.now())
    app, _key = second_factor.of(clerk)
    services.remove_second_factor(actor=clerk, authenticator=app)
    assert [one.type for one in second_factor.of(clerk)] == ["webauthn"]


def test_another_persons_factor_is_not_there(at_desk: Client, manager: Person) -> None:
    theirs = second_factor.of(manager)[0]
    assert at_desk.get(f"/me/second-factors/{theirs.pk}/remove/").status_code == 404


def test_new_recovery_codes(at_desk: Client, clerk: Person) -> None:
    second_factor.make_recovery_codes(clerk)
    old = second_factor.show_recovery_codes(clerk)
    at_desk.post("/me/recovery-codes/renew/")
    assert set(at_desk.get("/me/recovery-codes/").context["codes"]) & set(old) == set()


def test_the_passkey_page_asks_the_browser(at_desk: Client, clerk: Person) -> None:
    asked = at_desk.get("/me/second-factors/passkey/").context["passkey_request"]["creation_options"]["publicKey"]
    assert (asked["rp"]["id"], asked["user"]["name"]) == ("testserver", clerk.staff_number)


def test_a_made_up_passkey(at_desk: Client, clerk: Person) -> None:
    at_desk.get("/me/second-factors/passkey/")
    answer = at_desk.post("/me/second-factors/passkey/", {"credential": '{"id": "AA"}', "name": "x"})
    assert (answer.status_code, len(second_factor.of(clerk))) == (200, 1)


def test_what_ran_out_is_forgotten(clerk: Person, harbour: Property) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(hours=1))
    EnrolmentFactory(expires_at=now - timedelta(hours=1))
    Shift.objects.filter(pk=shift_for(clerk, harbour).pk).update(opened_at=now - timedelta(hours=13))
    open_still = shift_for(clerk, harbour, "Desk 2")
    tasks.forget_old_sessions()
    assert (Session.objects.count(), Enrolment.objects.count()) == (0, 0)
    assert list(Shift.objects.filter(closed_at=None)) == [open_still]
