"""What a guest does on the public pages: ask, follow, prove who they are, appeal. No script is needed."""

from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import expect

from hotelrecords.tests.journeys import mailbox
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.visiting import Visit
from privacy.models import Request
from staff.models import Property


@dataclass(frozen=True, slots=True)
class Asked:
    """What a requester holds in the hand: number and code."""

    number: str
    code: str

    @property
    def row(self) -> Request:
        """The request as it stands now."""
        return Request.objects.get(number=self.number)


def facts_of(guest: Guest) -> dict[str, str]:
    """What guests know of their own stay, as the public page asks for it."""
    return {
        "name": guest.name,
        "stay_reference": guest.stay.reference,
        "document_tail": guest.document_number[-4:],
        "arrival_on": guest.stay.arrival_on.isoformat(),
        "departure_on": guest.stay.departure_on.isoformat(),
    }


def ask(visit: Visit, kind: str, **told: str) -> Asked:
    """Ask the harbour hotel on the public page; number and code stand on the page that answers."""
    visit.go("ask")
    visit.answer(kind=kind, property=str(Property.objects.get(code="harbour").pk), **told)
    visit.send()
    return read_receipt(visit)


def read_receipt(visit: Visit) -> Asked:
    """Number and code, shown this one time."""
    number, code = visit.page.locator("dd.big-number").all_inner_texts()
    return Asked(number.strip(), code.strip())


def follow(visit: Visit, asked: Asked) -> None:
    """Open one's own request with number and code."""
    visit.go("follow")
    if visit.page.locator("main [name=leave]").count():
        visit.send("main [name=leave]")
    visit.answer(number=asked.number, code=asked.code)
    visit.send()
    expect(visit.page.locator("h1")).to_contain_text(asked.number)


def enter_code(visit: Visit, guest: Guest) -> None:
    """Type the code that came to the e-mail on file, on the page of one's own request."""
    code = mailbox.find(visit.house, guest.email, r"(?m)^(\d{6})$")
    visit.answer(code=code)
    do(visit, "follow_check")


def appeal(visit: Visit, words: str) -> Asked:
    """Appeal on the page of one's own request; the appeal has a number and a code of its own."""
    form = f"form[action='{reverse('follow_appeal')}']"
    visit.page.locator(f"details:has({form}) summary").click()
    visit.answer(words=words)
    do(visit, "follow_appeal")
    return read_receipt(visit)


def do(visit: Visit, name: str) -> None:
    """Send one of the small forms of the page."""
    visit.send(f"main form[action='{reverse(name)}'] button")
