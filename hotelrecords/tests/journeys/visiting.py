"""A browser at a desk: goes to pages, types, counts keys, looks at what is there, and hears every complaint."""

import json
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.house import House

DESK: Final = {"width": 1280, "height": 800}
TABLET: Final = {"width": 768, "height": 1024}
SCREENSHOTS: Final = CHECKOUT / ".local" / "screenshots"
STANDARDS: Final = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LOCALE: Final = {"en": "en-GB", "zh-hans": "zh-CN"}


class Visit:
    """One browser window of one person."""

    def __init__(self, house: House, browser: Browser, language: str, **options: Any) -> None:
        self.house, self.language = house, language
        self.context = browser.new_context(
            base_url=house.url, viewport=DESK, locale=LOCALE[language], reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.addresses: set[str] = set()
        self.expected_failures: set[int] = set()
        self.page = self.new_page()

    def new_page(self) -> Page:
        """Another tab whose complaints are heard."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._note)
        page.on("response", self._judge)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _note(self, request: Request) -> None:
        self.addresses.add(request.url)

    def _judge(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_failures:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def go(self, name: str, *args: object, query: str = "") -> Page:
        """Open the page of this name."""
        self.page.goto(reverse(name, args=args) + query)
        return self.page

    def field(self, name: str) -> Locator:
        """The field of this name."""
        return self.page.locator(f"main [name='{name}']")

    def fill(self, **fields: str) -> None:
        """Write into fields by name; ``__`` stands for a hyphen."""
        for name, value in fields.items():
            self.field(name.replace("__", "-")).fill(value)

    def deed(self, value: str) -> Locator:
        """The button that does this deed."""
        return self.page.locator(f"main button[name='deed'][value='{value}']:not(.unseen)")

    def submit(self) -> None:
        """Press the page's main button."""
        self.page.locator("main button.main").first.click()

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    def look(self, name: str) -> None:
        """Look at the page: no barrier for anybody, and a picture on the desk's screen and on a tablet held upright.

        Barriers are looked for on the desk's screen in English and on the tablet in Chinese: each is enough for both.
        """
        for size in (TABLET, DESK):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=self._picture(name, size), full_page=True)
            if size is (DESK if self.language == "en" else TABLET):
                found = barriers(self.page)
                assert found == {}, f"{name} ({self.language}): {json.dumps(found, ensure_ascii=False, indent=1)}"

    def _picture(self, name: str, size: dict[str, int]) -> Path:
        return SCREENSHOTS / self.language / f"{name}-{size['width']}x{size['height']}.png"


def barriers(page: Page) -> dict[str, list[str]]:
    """Rule and places of every violation that axe finds against WCAG 2.2 AA."""
    answer = Axe().run(page, options=STANDARDS)
    return {one["id"]: [node["html"] for node in one["nodes"]][:5] for one in answer.response["violations"]}


def sign_in(visit: Visit, staff_number: str) -> None:
    """Password, code, shift: as every morning."""
    visit.go("account_login")
    visit.fill(login=staff_number, password=people.PASSWORD)
    visit.submit()
    visit.fill(code=people.fresh_code(staff_number))
    visit.submit()
    open_shift(visit)


def open_shift(visit: Visit) -> None:
    """Say where one works today."""
    visit.page.wait_for_url("**/shift/**")
    visit.fill(terminal="Desk 1")
    visit.submit()
    visit.page.wait_for_url(lambda address: "/shift/" not in address)
