"""What the office does about a request, by the links and buttons its page offers and by no others."""

from base64 import b64decode
from typing import Final

from django.urls import reverse

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from privacy.models import Letter, Request
from stays.tests.papers import pdf_text

WAYS: Final = {"in_person": "request_hand_over", "link": "request_link"}


class Case:
    """A request as one person of the office works on it."""

    def __init__(self, visit: Visit, number: str) -> None:
        self.visit, self.number = visit, number

    @property
    def row(self) -> Request:
        """The request as it stands now."""
        return Request.objects.get(number=self.number)

    def open(self) -> None:
        """The page of the request."""
        self.visit.go("request", self.number)

    def turn_to(self, name: str, *args: object) -> None:
        """By a link to a page about the request; with a fresh second proof where that is asked for.

        The page that is open may have it already, unless somebody else has done something meanwhile.
        """
        link = self.visit.page.locator(f"main a[href='{reverse(name, args=[self.number, *args])}']").first
        if not link.count():
            self.open()
        self.visit.send(link)
        prove(self.visit)

    def do(self, name: str, *args: object, **told: str) -> None:
        """One deed, done: back on the page of the request."""
        self.turn_to(name, *args)
        self.visit.answer(**told)
        self.send()

    def send(self) -> None:
        """Send the form that is open, and be back on the page of the request."""
        self.visit.send()
        here, home = self.visit.page.url, self.visit.house.url + reverse("request", args=[self.number])
        assert here == home, self.visit.text()

    def begin(self) -> None:
        """Begin the review."""
        self.do("request_review")

    def make_sheet(self) -> dict[str, set[str]]:
        """Make the sheet, choose all as proposed; the outcomes by category."""
        self.do("request_sheet")
        self.visit.send("main form[action$='/sheet/choose/'] button")
        found: dict[str, set[str]] = {}
        for category, chosen in self.row.items.values_list("category", "chosen"):
            found.setdefault(category, set()).add(chosen)
        return found

    def decide(self, **told: str) -> None:
        """Decide, by the sheet or as told."""
        self.do("request_decide", **told)

    def approve(self) -> None:
        """Approve as the second person; the number is typed for certainty."""
        self.do("request_approve", number=self.number)

    def execute(self) -> None:
        """Carry the decision out; the number is typed for certainty."""
        self.do("request_execute", number=self.number)

    def write(self, kind: str) -> str:
        """Make a letter and read it as PDF; what it says, without spaces."""
        self.turn_to("request_letter_new")
        self.visit.answer(kind=kind)
        self.visit.send()
        return pdf_text(self._pdf(kind))

    def read(self, kind: str) -> str:
        """Open the newest letter of a kind and read it on the screen; what it says, without spaces."""
        self.turn_to("request_letter", Letter.objects.filter(request=self.row, kind=kind).latest("made_at").pk)
        if self.visit.keeps_pictures:
            self._pdf(kind)
        return "".join(self.visit.page.locator("article.paper").inner_text().split())

    def _pdf(self, kind: str) -> bytes:
        paper = self.visit.download(self.visit.page.locator("main a[href$='/pdf/']"))
        self.visit.keep(f"{kind}-{self.row.language}-{self.number}", paper)
        return paper

    def give(self, way: str) -> None:
        """The newest letter leaves the house, with the copy where one goes with it."""
        self.do(WAYS[way], **({"document_seen": ""} if way == "in_person" else {}))

    def close(self) -> None:
        """Close what is answered."""
        self.do("request_close")


def prove(visit: Visit) -> None:
    """Give a second proof where the page asks for a fresh one."""
    if reverse("step_up") in visit.page.url:
        visit.answer(code=people.fresh_code(visit.staff_number))
        visit.send()


def files_of(visit: Visit) -> dict[str, bytes]:
    """The files an answer brings along, by the end of their names."""
    found = {}
    for link in visit.page.locator("main a[download]").all():
        name, content = link.get_attribute("download") or "", link.get_attribute("href") or ""
        found[name.rsplit("-", 1)[-1]] = b64decode(content.partition("base64,")[2])
    return found
