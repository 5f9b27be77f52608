"""People come in: the first time by a link, later by password and code or by passkey; and what leaving alone does."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from audit.models import Event
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit, open_shift
from staff.models import Person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
PASSWORD = "four quiet words here"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def enrolment_link(administrator: Visit, staff_number: str) -> str:
    """The administrator makes an account; the link is shown once."""
    administrator.go("person_new")
    if "/step-up/" in administrator.page.url:
        administrator.fill(code=people.fresh_code(people.ADMINISTRATOR))
        administrator.submit()
    administrator.fill(staff_number=staff_number, name="顾盼", latin_name="GU Pan")
    administrator.field("role").select_option("front_desk")
    administrator.field("language").select_option(administrator.language)
    administrator.submit()
    administrator.look("enrolment-link")
    return administrator.page.locator("main .code").inner_text()


@LANGUAGES
def test_a_new_person_enrols_and_opens_a_shift(visit: Callable[..., Visit], language: str) -> None:
    number = f"new-{language}"
    link = enrolment_link(visit(people.ADMINISTRATOR, language), number)
    newcomer = visit(language=language)
    newcomer.page.goto(link)
    newcomer.look("enrol")
    newcomer.fill(password=PASSWORD, repeated=PASSWORD)
    newcomer.submit()
    newcomer.page.wait_for_url("**/second-factors/start/")
    newcomer.look("second-factor-start")
    newcomer.send(f"a[href='{reverse('totp_add')}']")
    newcomer.page.locator("main summary").click()
    newcomer.look("totp-add")
    newcomer.fill(code=people.code_now(newcomer.page.locator("main p.code").inner_text()))
    newcomer.submit()
    newcomer.page.wait_for_url("**/recovery-codes/")
    assert newcomer.page.locator("main .recovery-codes li").count() == 10
    newcomer.look("recovery-codes")
    newcomer.send("main a.main")
    newcomer.look("shift")
    open_shift(newcomer)
    newcomer.page.wait_for_url("**/desk/**")
    done = Event.objects.by(Person.objects.get(staff_number=number).pk).order_by("id")
    assert list(done.values_list("action", flat=True))[-2:] == ["shift.opened", "stays.list_viewed"]


def test_a_link_works_once(visit: Callable[..., Visit]) -> None:
    link = enrolment_link(visit(people.ADMINISTRATOR), "new-once")
    first, second = visit(), visit()
    first.page.goto(link)
    first.fill(password=PASSWORD, repeated=PASSWORD)
    first.submit()
    first.page.wait_for_url("**/second-factors/start/")
    second.expected_failures.add(404)
    second.page.goto(link)
    assert second.page.locator("main [name=password]").count() == 0
    second.look("link-not-valid")


@LANGUAGES
def test_a_wrong_password_or_code_tells_nothing_more(visit: Callable[..., Visit], language: str) -> None:
    stranger = visit(language=language)
    stranger.go("account_login")
    stranger.look("sign-in")
    told = []
    for number in ("harbour-approver", "nobody-here"):
        stranger.go("account_login")
        stranger.fill(login=number, password="certainly not this one")
        stranger.submit()
        told.append(stranger.page.locator("main #errors").inner_text())
    assert told[0] == told[1]
    stranger.look("sign-in-wrong")
    stranger.fill(login="harbour-approver", password=people.PASSWORD)
    stranger.submit()
    stranger.look("sign-in-code")
    stranger.fill(code="000000")
    stranger.submit()
    expect(stranger.page.locator("main #errors")).to_be_visible()
    stranger.look("sign-in-code-wrong")


def test_a_passkey_opens_the_door_alone(visit: Callable[..., Visit]) -> None:
    person = visit(people.FINANCE)
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    person.go("passkey_add")
    person.look("passkey-add")
    person.field("passwordless").check()
    person.page.locator("#passkey-button").click()
    person.page.wait_for_url("**/recovery-codes/**")
    person.go("account_logout")
    person.submit()
    person.go("account_login").locator("#passkey-button").click()
    open_shift(person)
    assert person.page.locator("main h1").count() == 1


@LANGUAGES
def test_a_screen_left_alone_is_covered_and_keeps_what_was_typed(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.SECOND_CLERK, language)
    page = clerk.page
    page.clock.install()
    clerk.go("walk_in")
    clerk.field("guest-0-name").fill("欧阳锋")
    page.clock.fast_forward("11:00")
    expect(page.locator("#lock")).to_be_visible()
    assert page.locator("#shell").evaluate("shell => shell.inert") is True
    clerk.look("locked")
    page.locator("#lock-password").fill("not my password")
    page.locator("#lock-code").fill("000000")
    page.locator("#lock button.main").click()
    expect(page.locator("#lock .reasons")).to_be_visible()
    page.locator("#lock-password").fill(people.PASSWORD)
    page.locator("#lock-code").fill(people.fresh_code(people.SECOND_CLERK))
    page.locator("#lock button.main").click()
    expect(page.locator("#lock")).to_be_hidden()
    expect(clerk.field("guest-0-name")).to_have_value("欧阳锋")


def test_signing_out_leaves_nothing_open(visit: Callable[..., Visit]) -> None:
    clerk = visit()
    clerk.go("front_desk")
    assert clerk.page.url.startswith(clerk.house.url + reverse("account_login"))
