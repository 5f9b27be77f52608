"""After every journey: no guest's value stands anywhere outside the vault's ciphertext.

Values of guests who do not exist are planted in every place first, in the forms software gives them, so that a
scan that finds nothing has shown that it would have found something. Collected last (see ``conftest.py``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import transaction
from playwright.sync_api import expect

from hotelrecords.tests.canaries import SHORTEST_BYTES, Scanner
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.places import PLANTED, places, planted
from staff.models import Person, Property
from stays.models import Notice, ReviewRule
from vault import services as vault
from vault.models import Envelope

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
FIELDS = {
    "name", "latin_name", "phone", "email", "address", "document_number", "birth_date", "payer", "invoice_title",
    "tax_number", "text",
}  # fmt: skip


def sealed_values() -> set[str]:
    """Everything that is sealed about guests now; a phone also without its country."""
    found: set[str] = set()
    live = list(Envelope.objects.filter(erased_at=None).exclude(category="draft").values_list("pk", flat=True))
    for start in range(0, len(live), 1000):
        with transaction.atomic():
            for opened in vault.open_for_deed(live[start : start + 1000], with_restricted=True).values():
                found |= {str(value) for field, value in opened.plain.items() if field in FIELDS and value}
    found |= {value.removeprefix("+86") for value in found if value.startswith("+86")}
    return {value for value in found if len(value.encode()) >= SHORTEST_BYTES}


def public_text() -> str:
    """What is no secret: people who work here, hotels, notices, the checklist. A guest may share a word with it."""
    words = [f"{one.name} {one.latin_name} {one.email}" for one in Person.objects.all()]
    words += [f"{one.name_zh} {one.name_en}" for one in Property.objects.all()]
    words += [f"{one.text_zh} {one.text_en}" for one in (*Notice.objects.all(), *ReviewRule.objects.all())]
    return " ".join(words)


@contextmanager
def asked_for(house: House, addresses: set[str]) -> Iterator[None]:
    """The planted values in addresses a browser asked for, besides all other places."""
    planted_addresses = {f"{house.url}/?q={quote(value)}" for value in PLANTED.values()}
    addresses |= planted_addresses
    with planted(house):
        yield
    addresses -= planted_addresses


def test_no_value_of_a_guest_is_outside_the_vault(
    visit: Callable[..., Visit], house: House, addresses: set[str]
) -> None:
    a_busy_hour(visit)
    known, public = sealed_values(), public_text()
    secret = {value for value in known if value not in public}
    assert len(secret) > 800
    assert len(known - secret) < len(known) / 50
    scanner = Scanner(secret | set(PLANTED.values()))
    with asked_for(house, addresses):
        kept = places(house) | {"addresses": "\n".join(sorted(addresses)).encode()}
        found = {place: scanner.find(content) for place, content in kept.items()}
    assert {place: values & secret for place, values in found.items()} == dict.fromkeys(found, set())
    assert {place: set(PLANTED.values()) - values for place, values in found.items()} == dict.fromkeys(found, set())


def a_busy_hour(visit: Callable[..., Visit]) -> None:
    """Enough of everything, should this test run alone: search, look, reveal, a refused form, a kept draft."""
    clerk, guest = visit(people.CLERK), next(guests.in_house())
    clerk.go("front_desk")
    clerk.search(guest.name)
    clerk.send(f"#stay-{guest.stay.reference} a.guest")
    fact = clerk.page.locator("[id^='fact-'][id$='-phone']").first
    fact.locator("summary").click()
    fact.locator("button.main").click()
    expect(fact.locator(".shown")).to_be_visible()
    clerk.go("walk_in")
    clerk.field("guest-0-document_number").fill(guest.document_number)
    with clerk.page.expect_response("**/drafts/check_in/"):
        clerk.field("guest-0-name").fill(guest.name)
    clerk.send(clerk.deed("complete"))
    for path in (f"/stays/none/?q={quote(guest.name)}", f"/stays/{quote(guest.name)}/", f"/{quote(guest.phone)}"):
        assert clerk.page.request.get(path).status == 404
    assert clerk.page.request.post("/desk/search/", form={"term": guest.name}).status == 403
