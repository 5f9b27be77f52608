"""After every journey: no guest's value stands anywhere outside the vault's ciphertext.

Values of guests who do not exist are planted in every place first, in the forms software gives them, so that a
scan that finds nothing has shown that it would have found something. Collected last (see ``conftest.py``).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
import redis
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.db import transaction
from playwright.sync_api import expect

from hotelrecords.tests.canaries import SHORTEST_BYTES, Scanner
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import Person, Property
from stays.models import Notice, ReviewRule
from vault import services as vault
from vault.models import Envelope

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
FIELDS = {
    "name", "latin_name", "phone", "email", "address", "document_number", "birth_date", "payer", "invoice_title",
    "tax_number", "text",
}  # fmt: skip
PLANTED = {
    "name": "轩辕",
    "latin_name": "XUANYUAN HUANGDI",
    "phone": "+8613600009999",
    "email": "xuanyuan@example.net",
    "address": "有熊国 1 号",
    "document_number": "310000190001010018",
    "birth_date": "1900-01-01",
    "payer": "蚩尤九黎",
    "invoice_title": "涿鹿之野有限公司",
    "tax_number": "91310000CANARY0001",
    "text": "要一辆指南车",
}


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
def planted(house: House, addresses: set[str]) -> Iterator[None]:
    """The values that must be found, in every place, in the forms they would have there."""
    text = json.dumps(PLANTED)
    bell = redis.Redis(unix_socket_path=str(house.broker.socket))
    session = SessionStore()
    session["typed"] = PLANTED
    session.save()
    cache.set("canary", PLANTED, 60)
    with house.cluster.superuser(house.database) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE public.canary (plain text, packed bytea)")
        cursor.execute("INSERT INTO public.canary VALUES (%s, %s)", (text, text.encode()))
    bell.rpush("canary", text)
    EmailBackend(file_path=house.mail).send_messages([EmailMessage("x", str(PLANTED), "a@b.example", ["c@d.example"])])
    (house.logs / "canary.log").write_text(text)
    planted_addresses = {f"{house.url}/?q={quote(value)}" for value in PLANTED.values()}
    addresses |= planted_addresses
    try:
        yield
    finally:
        with house.cluster.superuser(house.database) as owner, owner.cursor() as cursor:
            cursor.execute("DROP TABLE public.canary")
        session.delete()
        addresses -= planted_addresses


def places(house: House, addresses: set[str]) -> dict[str, bytes]:
    """Everything that is kept or passed on outside a browser's window."""
    return {
        "database": house.dump(),
        "logs": b"\n".join(path.read_bytes() for path in [*house.logs.iterdir(), house.cluster.log]),
        "broker": rung(house),
        "mail": b"\n".join(path.read_bytes() for path in house.mail.iterdir()),
        "addresses": "\n".join(sorted(addresses)).encode(),
    }


def rung(house: House) -> bytes:
    """All that lies in the broker."""
    bell = redis.Redis(unix_socket_path=str(house.broker.socket))
    bell.config_set("rdbcompression", "no")
    return b"\n".join(bell.dump(key) or b"" for key in bell.scan_iter())


def test_no_value_of_a_guest_is_outside_the_vault(
    visit: Callable[..., Visit], house: House, addresses: set[str]
) -> None:
    a_busy_hour(visit)
    known, public = sealed_values(), public_text()
    secret = {value for value in known if value not in public}
    assert len(secret) > 800
    assert len(known - secret) < len(known) / 50
    scanner = Scanner(secret | set(PLANTED.values()))
    with planted(house, addresses):
        found = {place: scanner.find(content) for place, content in places(house, addresses).items()}
    assert {place: values & secret for place, values in found.items()} == dict.fromkeys(found, set())
    assert {place: set(PLANTED.values()) - values for place, values in found.items()} == dict.fromkeys(found, set())


def a_busy_hour(visit: Callable[..., Visit]) -> None:
    """Enough of everything, should this test run alone: search, look, reveal, a refused form, a kept draft."""
    clerk, guest = visit(people.CLERK), next(guests.in_house())
    clerk.go("front_desk")
    clerk.page.locator("#search").fill(guest.name)
    clerk.page.locator("#search").press("Enter")
    clerk.page.locator(f"#stay-{guest.stay.reference} a.guest").click()
    fact = clerk.page.locator("[id^='fact-'][id$='-phone']").first
    fact.locator("summary").click()
    fact.locator("button.main").click()
    expect(fact.locator(".shown")).to_be_visible()
    clerk.go("walk_in")
    clerk.field("guest-0-document_number").fill(guest.document_number)
    with clerk.page.expect_response("**/drafts/check_in/"):
        clerk.field("guest-0-name").fill(guest.name)
    with clerk.page.expect_navigation():
        clerk.deed("complete").click()
    for path in (f"/stays/none/?q={quote(guest.name)}", f"/stays/{quote(guest.name)}/", f"/{quote(guest.phone)}"):
        assert clerk.page.request.get(path).status == 404
    assert clerk.page.request.post("/desk/search/", form={"term": guest.name}).status == 403
