"""A browser at a desk: goes to pages, types, counts keys, looks at what is there, and hears every complaint."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.house import House

DESK: Final = {"width": 1280, "height": 800}
TABLET: Final = {"width": 768, "height": 1024}
PICTURES: Final = CHECKOUT / ".local" / "pictures"
# Violations only, and no style sheet fetched once more: what else axe would tell takes longer than to find them.
STANDARDS: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
FIND_BARRIERS: Final = "standards => axe.run(standards).then(found => found.violations)"
FITS: Final = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LOCALE: Final = {"en": "en-GB", "zh-hans": "zh-CN"}
# Longer than the slowest page takes on a machine that is busy with something else.
PATIENCE_MS: Final = 60_000
expect.set_options(timeout=PATIENCE_MS)


class Visit:
    """One browser window of one person."""

    def __init__(
        self, house: House, browser: Browser, language: str, *, keeps_pictures: bool = False, **options: Any
    ) -> None:
        self.house, self.language, self.keeps_pictures = house, language, keeps_pictures
        self.staff_number = ""
        self.context = browser.new_context(
            base_url=house.url, viewport=DESK, locale=LOCALE[language], reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
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
        """Press the page's main button, and wait for the page it leads to."""
        self.send("main button.main")

    def answer(self, **fields: str) -> None:
        """Fill in a form, whatever its fields are: text, a choice from a menu, one of several, a tick."""
        self.page.wait_for_load_state()
        for name, value in fields.items():
            field = self.field(name)
            if self.page.locator(f"main select[name='{name}']").count():
                field.select_option(value)
            elif self.page.locator(f"main [name='{name}']:is([type=radio], [type=checkbox])").count():
                self.page.locator(f"main [name='{name}']" + (f"[value='{value}']" if value else "")).check()
            else:
                field.fill(value)

    def turn_to(self, name: str, *args: object) -> Page:
        """Follow the link of the page that is open to the page of this name, as a person does."""
        address = reverse(name, args=args)
        self.send(f"main a[href^='{address}']")
        assert urlsplit(self.page.url).path.startswith(address), self.text()
        return self.page

    def send(self, button: str | Locator = "main form button.main, main form button.danger") -> None:
        """Press a button or a link that leads to another page, and wait for that page: what is looked at before
        it is there may be half of it."""
        with self.page.expect_navigation():
            (self.page.locator(button) if isinstance(button, str) else button).first.click()

    def search(self, term: str) -> None:
        """Type into the one box and press Enter."""
        self.page.locator("#search").fill(term)
        with self.page.expect_navigation():
            self.page.locator("#search").press("Enter")

    def download(self, link: Locator) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as under_way:
            link.click()
        return under_way.value.path().read_bytes()

    def text(self) -> str:
        """What the page says."""
        self.page.wait_for_load_state()
        return self.page.locator("body").inner_text()

    def look(self, name: str) -> None:
        """Look at the page on the desk's screen and on a tablet held upright: all of it fits, and no barrier for
        anybody.

        Barriers are looked for on the desk's screen in English and on the tablet in Chinese: each is enough for both.
        """
        self.page.wait_for_load_state()
        for size in (TABLET, DESK):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert self.page.evaluate(FITS), f"{name} ({self.language}): wider than {size['width']}"
            if self.keeps_pictures:
                self.page.screenshot(path=self._picture(name, size), full_page=True)
            if size is (DESK if self.language == "en" else TABLET):
                found = barriers(self.page)
                assert found == {}, f"{name} ({self.language}): {json.dumps(found, ensure_ascii=False, indent=1)}"

    def keep(self, name: str, paper: bytes) -> None:
        """Keep a PDF beside the pictures, where these are kept."""
        if self.keeps_pictures:
            (PICTURES / "letters").mkdir(parents=True, exist_ok=True)
            (PICTURES / "letters" / f"{name}.pdf").write_bytes(paper)

    def _picture(self, name: str, size: dict[str, int]) -> Path:
        return PICTURES / self.language / f"{name}-{size['width']}x{size['height']}.png"


def barriers(page: Page) -> dict[str, list[str]]:
    """Rule and places of every violation that axe finds against WCAG 2.2 AA."""
    page.evaluate(AXE_SCRIPT)
    return {one["id"]: [node["html"] for node in one["nodes"]][:5] for one in page.evaluate(FIND_BARRIERS, STANDARDS)}


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
