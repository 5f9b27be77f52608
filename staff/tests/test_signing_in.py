"""Getting in: password, second factor, shift; and staying out."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from pytest_django import Settings

from staff import second_factor, services
from staff.models import Person, Property, Shift
from staff.tests.factories import PASSWORD, PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.passkeys import SoftKey
from staff.tests.signing_in import code_now, sign_in, sign_in_by_pages

WRONG = "The staff number or the password is not right."
TOO_MANY = "Too many attempts. Wait five minutes, then try again or ask your administrator."
PASSWORD_STEP, CODE_STEP = "/account/sign-in/", "/account/sign-in/code/"


@pytest.fixture(autouse=True)
def speaks_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def try_password(client: Client, number: str, password: str = PASSWORD) -> list[str]:
    """The reasons the sign-in page gives."""
    answer = client.post(PASSWORD_STEP, {"login": number, "password": password})
    return [] if answer.status_code == 302 else list(answer.context["form"].non_field_errors())


def try_code(client: Client, code: str) -> list[str]:
    """The reasons the second step gives."""
    answer = client.post(CODE_STEP, {"code": code})
    return [] if answer.status_code == 302 else list(answer.context["form"].errors.get("code", []))


def test_password_code_shift(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in_by_pages(client, clerk, harbour)
    assert client.get("/me/").status_code == 200
    shift = Shift.objects.get()
    assert (shift.person, shift.property, shift.terminal) == (clerk, harbour, "Desk 1")
    assert rows("account.signed_in", "shift.opened") == [
        row("account.signed_in", by=clerk, role="front_desk", at=harbour),
        row("shift.opened", by=clerk, role="front_desk", at=harbour, about=("shift", str(shift.session_ref))),
    ]


def test_any_case_of_the_number(client: Client, clerk: Person) -> None:
    assert try_password(client, clerk.staff_number.upper()) == []


def test_the_password_alone_opens_nothing(client: Client, clerk: Person) -> None:
    try_password(client, clerk.staff_number)
    assert client.get("/me/").headers["Location"] == "/account/sign-in/?next=%2Fme%2F"


def test_the_known_and_the_unknown_are_answered_alike(client: Client, clerk: Person, harbour: Property) -> None:
    PersonFactory(staff_number="left", is_active=False, roles={harbour: ["front_desk"]})
    assert try_password(client, clerk.staff_number, "wrong words here") == [WRONG]
    assert try_password(client, "nobody", "wrong words here") == [WRONG]
    assert try_password(client, "left") == [WRONG]
    refused = {"by": None, "outcome": "denied", "fields": ("password",)}
    assert rows("account.sign_in_failed") == [
        row("account.sign_in_failed", at=harbour, about=about(clerk), **refused),
        row("account.sign_in_failed", **refused),
    ]


@pytest.mark.parametrize("number", ["harbour-desk", "nobody"])
def test_five_failures_lock_out(client: Client, clerk: Person, number: str) -> None:
    assert [try_password(client, number, "wrong words here") for _ in range(5)] == [[WRONG]] * 5
    assert try_password(client, number) == [TOO_MANY]


def test_codes_are_limited_too(client: Client, clerk: Person) -> None:
    try_password(client, clerk.staff_number)
    answers = [try_code(client, "000000") for _ in range(6)]
    assert answers[:5] == [["The code is not right, or was used before. Wait for the next one."]] * 5
    assert answers[5] == [TOO_MANY]


def test_an_address_is_limited_too(client: Client, db: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    try_password(client, "nobody")
    answer = client.post(PASSWORD_STEP, {"login": "nobody", "password": PASSWORD})
    assert (answer.status_code, answer.templates[0].name) == (429, "429.html")


def test_a_code_counts_once(client: Client, clerk: Person) -> None:
    code = code_now()
    try_password(client, clerk.staff_number)
    assert try_code(client, code) == []
    client.post("/account/sign-out/")
    try_password(client, clerk.staff_number)
    assert try_code(client, code) == ["The code is not right, or was used before. Wait for the next one."]


def test_an_earlier_code_after_a_later_one(clerk: Person) -> None:
    assert second_factor.by_code(clerk, code_now(steps=1)) is not None
    assert second_factor.by_code(clerk, code_now()) is None


def test_a_recovery_code_counts_once(client: Client, clerk: Person) -> None:
    second_factor.make_recovery_codes(clerk)
    code = second_factor.show_recovery_codes(clerk)[0]
    try_password(client, clerk.staff_number)
    assert try_code(client, code) == []
    assert second_factor.by_code(clerk, code) is None
    assert second_factor.recovery_codes_left(clerk) == 9


def test_signing_out(client: Client, clerk: Person, harbour: Property) -> None:
    sign_in(client, clerk, harbour)
    answer = client.post("/account/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/me/").status_code == 302
    assert [shift.closed_at is not None for shift in Shift.objects.all()] == [True]
    assert [one["action"] for one in rows("shift.closed", "account.signed_out")] == [
        "shift.closed",
        "account.signed_out",
    ]


def test_signing_out_needs_a_post(at_desk: Client) -> None:
    at_desk.get("/account/sign-out/")
    assert at_desk.get("/me/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_reauthenticate",
        "account_inactive",
        "account_confirm_email",
        "account_email_verification_sent",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "usersessions_list",
    ],
)
def test_allauths_other_pages_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", ["/account/signup/", "/accounts/signup/", "/account/password/reset/", "/admin/"])
def test_nor_their_addresses(address: str) -> None:
    with pytest.raises(Resolver404):
        resolve(address)


def test_a_passkey_is_asked_for(client: Client, db: None) -> None:
    answer = client.get("/account/sign-in/passkey/", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["rpId"] == "testserver"


def test_a_made_up_passkey(client: Client, db: None) -> None:
    answer = client.post("/account/sign-in/passkey/", {"credential": '{"id": "AA", "response": {}}'})
    assert answer.headers["Location"] == "/account/sign-in/"


def test_a_passkey_signs_in_alone_after_a_pin(client: Client, clerk: Person) -> None:
    key = SoftKey(clerk)
    asked = client.get("/account/sign-in/passkey/", headers={"accept": "application/json"}).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    client.post("/account/sign-in/passkey/", {"credential": key.answer(challenge, is_verified=True)})
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_a_found_key_without_its_pin_does_not_sign_in(client: Client, clerk: Person) -> None:
    """The challenge of a sign-in given up, which asked for no PIN, does not serve to sign in by key alone."""
    found, finder = SoftKey(clerk), PersonFactory()
    SoftKey(finder)
    client.post("/account/sign-in/", {"login": finder.staff_number, "password": PASSWORD})
    client.get("/account/sign-in/code/")
    session = client.session
    del session["account_login"]  # what is left of it after fifteen minutes
    session.save()
    challenge = session["mfa.webauthn.state"]["challenge"]
    client.post("/account/sign-in/passkey/", {"credential": found.answer(challenge, is_verified=False)})
    assert client.session.get("_auth_user_id") is None


def test_the_way_of_a_new_person(client: Client, administrator: Person, harbour: Property) -> None:
    person = PersonFactory(app=False, enrolled_at=None, roles={harbour: ["front_desk"]})
    token = services.make_enrolment(actor=administrator, person=person, at=person.created_at)
    chosen = {"password": "a long enough sentence", "repeated": "a long enough sentence"}
    assert client.post(f"/enrol/{token}/", chosen).headers["Location"] == "/me/second-factors/start/"
    assert client.get("/me/").headers["Location"] == "/me/second-factors/start/"
    secret = client.get("/me/second-factors/app/").context["secret"]
    answer = client.post("/me/second-factors/app/", {"code": code_now(secret)})
    assert answer.headers["Location"] == "/me/recovery-codes/"
    assert len(client.get("/me/recovery-codes/").context["codes"]) == 10
    assert client.get("/me/recovery-codes/").context["codes"] == []
    assert client.get("/me/").status_code == 200
    assert Person.objects.get(pk=person.pk).enrolled_at is not None
    told = [one["action"] for one in rows("person.enrolment_used", "account.second_factor_added")]
    assert told == ["person.enrolment_used", "account.second_factor_added"]


def test_enrolling_signs_out_whoever_was_there(
    client: Client, administrator: Person, clerk: Person, harbour: Property
) -> None:
    person = PersonFactory(app=False, enrolled_at=None, roles={harbour: ["front_desk"]})
    token = services.make_enrolment(actor=administrator, person=person, at=person.created_at)
    sign_in(client, clerk, harbour)
    client.post(f"/enrol/{token}/", {"password": "a long enough sentence", "repeated": "a long enough sentence"})
    told = [one["action"] for one in rows("account.signed_out", "shift.closed")]
    assert (sorted(told), Shift.objects.get().closed_at is None) == (["account.signed_out", "shift.closed"], False)


def test_a_wrong_first_code_keeps_the_secret(client: Client, harbour: Property) -> None:
    person = PersonFactory(app=False, roles={harbour: ["front_desk"]})
    sign_in(client, person)
    session = client.session
    del session["enrolled"]
    session.save()
    secret = client.get("/me/second-factors/app/").context["secret"]
    answer = client.post("/me/second-factors/app/", {"code": "000000"})
    assert answer.context["secret"] == secret
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("password", ["short", "password1234", "harbour-desk-1"])
def test_a_weak_password(client: Client, administrator: Person, clerk: Person, password: str) -> None:
    token = services.make_enrolment(actor=administrator, person=clerk, at=clerk.created_at)
    answer = client.post(f"/enrol/{token}/", {"password": password, "repeated": password})
    assert list(answer.context["form"].errors) == ["password"]


def test_passwords_that_differ(client: Client, administrator: Person, clerk: Person) -> None:
    token = services.make_enrolment(actor=administrator, person=clerk, at=clerk.created_at)
    answer = client.post(f"/enrol/{token}/", {"password": "a long enough sentence", "repeated": "another sentence"})
    assert list(answer.context["form"].errors) == ["repeated"]


def test_a_link_alone_does_not_pass_the_second_factor(client: Client, administrator: Person, clerk: Person) -> None:
    token = services.make_enrolment(actor=administrator, person=clerk, at=clerk.created_at)
    chosen = {"password": "a long enough sentence", "repeated": "a long enough sentence"}
    assert client.post(f"/enrol/{token}/", chosen).headers["Location"] == "/account/sign-in/code/"


def test_a_link_that_never_was(client: Client, db: None) -> None:
    assert client.get("/enrol/nothing/").status_code == 404


def test_passwords_are_kept_as_argon2(clerk: Person) -> None:
    assert clerk.password.startswith("argon2$")
