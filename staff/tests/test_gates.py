"""The gates in front of every page: sign-in, second factor, lock, shift, fresh proof."""

import time

import pytest
from django.test import Client

from staff import locking
from staff.models import Person, Property, Shift
from staff.tests.factories import PASSWORD, PersonFactory
from staff.tests.log import row, rows
from staff.tests.signing_in import code_now, sign_in

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/stays/2026-000001/?tab=bill"}


def leave(client: Client, minutes: float) -> None:
    """The person has not touched the screen for so long."""
    session = client.session
    session[locking.SEEN_KEY] = time.time() - minutes * 60
    session.save()


def unlocked_by(client: Client, **headers: str) -> int:
    answer = client.post("/unlock/", {"password": PASSWORD, "code": code_now()}, headers=headers)
    return answer.status_code


def test_a_stranger_is_led_to_the_first_page(client: Client, db: None) -> None:
    assert client.get("/me/?a=1").headers["Location"] == "/account/sign-in/?next=%2Fme%2F%3Fa%3D1"


def test_a_stranger_behind_htmx(client: Client, db: None) -> None:
    answer = client.get("/me/", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        204,
        "/account/sign-in/?next=%2Fstays%2F2026-000001%2F%3Ftab%3Dbill",
    )


def test_without_a_shift(client: Client, clerk: Person) -> None:
    sign_in(client, clerk)
    assert client.get("/people/").headers["Location"] == "/shift/?next=%2Fpeople%2F"


def test_without_a_post(client: Client, db: None) -> None:
    answer = sign_in(client, PersonFactory()).get("/shift/")
    assert (answer.status_code, answer.templates[0].name) == (403, "staff/no_post.html")


def test_a_shift_ends_with_the_last_role_there(at_desk: Client, clerk: Person) -> None:
    clerk.groups.clear()
    assert at_desk.get("/people/").headers["Location"] == "/shift/?next=%2Fpeople%2F"


def test_another_shift_closes_the_first(at_desk: Client, clerk: Person, harbour: Property) -> None:
    answer = at_desk.post("/shift/", {"property": harbour.pk, "terminal": "前台 2"})
    assert [(one.terminal, one.closed_at is None) for one in Shift.objects.order_by("opened_at")] == [
        ("Desk 1", False),
        ("前台 2", True),
    ]
    assert "terminal" in answer.cookies
    assert at_desk.get("/shift/").context["form"]["terminal"].value() == "前台 2"


def test_a_forged_terminal_cookie(at_desk: Client) -> None:
    at_desk.cookies["terminal"] = "forged"
    assert at_desk.get("/shift/").context["form"]["terminal"].value() == ""


def test_a_shift_elsewhere_cannot_be_chosen(at_desk: Client, lake: Property) -> None:
    answer = at_desk.post("/shift/", {"property": lake.pk, "terminal": "Desk 1"})
    assert list(answer.context["form"].errors) == ["property"]


def test_closing_the_shift(at_desk: Client) -> None:
    at_desk.post("/shift/close/")
    assert at_desk.get("/people/").headers["Location"] == "/shift/?next=%2Fpeople%2F"


def test_times_are_the_propertys(client: Client, harbour: Property) -> None:
    harbour.time_zone = "America/Los_Angeles"
    harbour.save(update_fields=["time_zone"])
    person = PersonFactory(roles={harbour: ["manager"]})
    answer = sign_in(client, person, harbour).get("/access-log/")
    assert {told.at.tzinfo.key for told in answer.context["lines"]} == {"America/Los_Angeles"}


def test_ten_minutes_lock(at_desk: Client, clerk: Person, harbour: Property) -> None:
    leave(at_desk, 10.1)
    assert at_desk.get("/me/").headers["Location"] == "/unlock/?next=%2Fme%2F"
    at_desk.get("/me/")
    assert rows("account.screen_locked") == [
        row("account.screen_locked", by=clerk, role="front_desk", at=harbour),
    ]


def test_a_busy_session_ends_all_the_same(at_desk: Client, clerk: Person, harbour: Property) -> None:
    session = at_desk.session
    session[locking.BEGAN_KEY] = time.time() - 12 * 3600 - 1
    session.save()
    assert at_desk.get("/me/").headers["Location"] == "/account/sign-in/?next=%2Fme%2F"
    assert Shift.objects.filter(person=clerk, closed_at__isnull=True).count() == 0
    assert [one["actor"] for one in rows("account.signed_out")] == [clerk.pk]


def test_nine_minutes_do_not(at_desk: Client) -> None:
    leave(at_desk, 9)
    assert at_desk.get("/me/").status_code == 200
    assert time.time() - at_desk.session[locking.SEEN_KEY] < 5


@pytest.mark.parametrize("header", [{"X-Poll": "1"}, {"HX-Trigger-Name": "poll", "HX-Request": "true"}])
def test_polling_does_not_extend(at_desk: Client, header: dict[str, str]) -> None:
    leave(at_desk, 9)
    at_desk.get("/me/", headers=header)
    assert time.time() - at_desk.session[locking.SEEN_KEY] > 500


@pytest.mark.parametrize("header", [HTMX, {"Sec-Fetch-Mode": "cors"}])
def test_a_script_hears_423(at_desk: Client, header: dict[str, str]) -> None:
    leave(at_desk, 11)
    answer = at_desk.post("/me/sessions/", headers=header)
    assert (answer.status_code, answer.headers["X-Locked"], answer.content) == (423, "1", b"")


def test_a_form_sent_while_locked_is_kept(at_desk: Client, clerk: Person) -> None:
    leave(at_desk, 11)
    answer = at_desk.post("/me/sessions/")
    assert (answer.status_code, answer.templates[0].name) == (423, "staff/locked.html")
    assert rows("account.sessions_ended") == []


def test_unlock_goes_on(at_desk: Client) -> None:
    leave(at_desk, 11)
    at_desk.get("/me/")
    assert unlocked_by(at_desk) == 302
    assert at_desk.get("/me/").status_code == 200


def test_unlock_over_the_page(at_desk: Client, clerk: Person, harbour: Property) -> None:
    leave(at_desk, 11)
    at_desk.get("/me/")
    answer = at_desk.post("/unlock/", {"password": PASSWORD, "code": code_now()}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "unlocked")
    assert rows("account.screen_unlocked") == [row("account.screen_unlocked", by=clerk, role="front_desk", at=harbour)]


@pytest.mark.parametrize("typed", [{"password": "wrong"}, {"code": "000000"}, {"code": ""}])
def test_unlock_by_the_wrong(at_desk: Client, typed: dict[str, str]) -> None:
    leave(at_desk, 11)
    at_desk.get("/me/")
    answer = at_desk.post("/unlock/", {"password": PASSWORD, "code": code_now(), **typed}, headers=HTMX)
    assert (answer.status_code, answer.content.startswith(b'<p class="reasons">')) == (200, True)
    assert at_desk.get("/me/").status_code == 302


def test_a_wrong_password_uses_up_no_code(at_desk: Client) -> None:
    leave(at_desk, 11)
    at_desk.get("/me/")
    code = code_now()
    at_desk.post("/unlock/", {"password": "wrong", "code": code})
    assert at_desk.post("/unlock/", {"password": PASSWORD, "code": code}).status_code == 302


def test_opening_the_unlock_page_locks(at_desk: Client) -> None:
    at_desk.get("/unlock/")
    assert at_desk.get("/me/").status_code == 302


def test_only_a_page_of_ours_comes_next(at_desk: Client) -> None:
    answer = at_desk.post("/step-up/", {"code": code_now(), "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_step_up(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour, is_fresh=False)
    assert client.get("/me/password/").headers["Location"] == "/step-up/?next=%2Fme%2Fpassword%2F"
    answer = client.post("/step-up/", {"code": code_now(), "next": "/me/password/"})
    assert answer.headers["Location"] == "/me/password/"
    assert client.get("/me/password/").status_code == 200
    assert rows("account.stepped_up") == [row("account.stepped_up", by=clerk, role="front_desk", at=harbour)]


def test_step_up_by_a_wrong_code(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour, is_fresh=False)
    client.post("/step-up/", {"code": "000000"})
    assert client.get("/me/password/").status_code == 302


def test_step_up_from_htmx_returns_to_the_page(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour, is_fresh=False)
    answer = client.get("/me/password/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/step-up/?next=%2Fstays%2F2026-000001%2F%3Ftab%3Dbill"


@pytest.mark.parametrize(
    ("referer", "left"),
    [
        ("http://testserver/desk/?list=departures", "/desk/?list=departures"),
        ("http://testserver/step-up/?next=%2Fme%2F", "/"),
        ("http://testserver//elsewhere.example/", "/"),
        ("https://elsewhere.example/desk/", "/"),
        ("", "/"),
    ],
)
def test_who_cancels_a_proof_returns_to_the_page_left(at_desk: Client, referer: str, left: str) -> None:
    page = at_desk.get("/step-up/?next=%2Fme%2Fpassword%2F", headers={"Referer": referer})
    typed, proving = {"code": "000000", "left": left}, {"Referer": "http://testserver/step-up/"}
    again = at_desk.post("/step-up/", typed, headers=proving)
    assert [f'href="{left}">Cancel' in each.content.decode() for each in (page, again)] == [True, True]


def test_who_cancels_a_proof_stays_in_the_house(at_desk: Client) -> None:
    page = at_desk.post("/step-up/", {"code": "000000", "left": "https://elsewhere.example/"})
    assert page.context["left"] == "/"


def test_nothing_typed_is_stored_for_later(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour, is_fresh=False)
    client.post("/me/password/", {"old": "the secret words"})
    assert "the secret words" not in str(dict(client.session))
