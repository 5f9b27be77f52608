"""A guest erased is nowhere: every value is found before and none after, wherever the product keeps or sends anything.

The product runs with all its processes. The guest comes, is looked at, asks for a copy and gets it by a link; eleven
years later, when every period is over, an agent asks for the deletion.
"""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import transaction
from django.utils import timezone
from kombu import Connection

from hotelrecords.embedded.testing import TestBed
from hotelrecords.tests import world as worlds
from hotelrecords.tests.callers import Answer, Caller
from hotelrecords.tests.canaries import Scanner
from hotelrecords.tests.journeys.guests import resident_number
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.places import PLANTED, places, planted
from hotelrecords.tests.world import World
from privacy.models import Certificate, Item, Request
from privacy.services import expire_case_files, rechecking
from privacy.services.law import load_law
from privacy.tasks import find_what_is_due
from staff.roles import FRONT_DESK, MANAGER, PRIVACY_OFFICER, SECOND_APPROVER
from stays import services as desk
from stays.models import Registration, Stay
from vault import normalise
from vault import services as vault
from vault.models import Envelope, SubjectToken

pytestmark = pytest.mark.xdist_group("journeys")
AGENT: Final = "端木赐"
AGENTS_DOCUMENT: Final = resident_number(date(1975, 4, 5), 12)
SAID: Final = {
    "name": "令狐冲霄",
    "latin_name": "LINGHU CHONGXIAO",
    "phone": "+8613566778899",
    "email": "linghu.chongxiao@example.org",
    "address": "思过崖巷 88 号",
    "document_number": resident_number(date(1988, 12, 12), 457),
    "payer": "岳不群先生",
    "invoice_title": "华山气功有限公司",
    "tax_number": "91310000HUASHAN001",
    "special_request": "要一间朝南的琴房",
    "preferences": "荞麦枕头不要羽绒",
}
VALUES: Final = frozenset(SAID.values())
# As they are typed, compared or looked for elsewhere.
OTHER_FORMS: Final = frozenset(
    {normalise.phone(SAID["phone"]), SAID["phone"].removeprefix("+86"), normalise.name(SAID["latin_name"]),
     "".join(SAID["latin_name"].lower().split()), normalise.document(SAID["document_number"]).lower()}
)  # fmt: skip
KEYS: Final = ("name", "latin_name", "phone", "document_number")


@pytest.fixture
def house(test_bed: TestBed, own_database: str) -> Iterator[House]:
    """The product, running, on a database of its own to which Django here is connected too."""
    running = House(test_bed.cluster, test_bed.values, own_database, test_bed.local / f"erased-{own_database}")
    try:
        running.manage("collectstatic", "--skip-checks", "--noinput", "-v0")
        running.open()
        yield running
    finally:
        running.close()
        shutil.rmtree(running.local, ignore_errors=True)


@pytest.fixture
def world(house: House) -> World:
    """Two hotels, and the law."""
    load_law(at=timezone.now())
    return worlds.build()


class People:
    """Who asks the running product for pages."""

    def __init__(self, house: House, world: World) -> None:
        self.house, self.world = house, world
        self.clerk, self.officer, self.approver, self.manager = (
            Caller(house.url, world.sessions[role]) for role in (FRONT_DESK, PRIVACY_OFFICER, SECOND_APPROVER, MANAGER)
        )
        self.guest = Caller(house.url)

    def newest_mail(self) -> str:
        """What the mail that went out last says."""
        return max(self.house.mail.iterdir(), key=lambda path: path.stat().st_mtime_ns).read_text()

    def ring(self) -> None:
        """Have the worker do what is due."""
        with Connection(self.house.broker.url) as bell:
            find_what_is_due.apply_async(connection=bell)


@pytest.fixture
def people(house: House, world: World) -> People:
    """Clerk, officer, second person, and the guest at home."""
    return People(house, world)


def done(answer: Answer) -> str:
    """A form that was taken leads on; where to."""
    assert answer.status == 302, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))[:3000]
    return answer.address


# The stay


def comes_and_goes(people: People) -> Stay:
    """Typed, kept as a draft, checked in, reported, asked for preferences, looked for, and gone."""
    typed = arrival(people.world)
    assert people.clerk.post("/drafts/check_in/", **typed).status == 200
    reference = done(people.clerk.post("/stays/walk-in/", **typed, deed="complete")).strip("/").split("/")[-1]
    stay = Stay.objects.get(reference=reference)
    wish = {"text": SAID["preferences"], "notice": "1", "channel": "desk", "agrees": "on"}
    done(people.clerk.post(f"/stays/{reference}/consents/1/preferences/", **wish))
    done(people.clerk.post("/drafts/check_in/", **typed, deed="discard"))
    people.clerk.get("/stays/none/?q=" + SAID["phone"])
    report = Registration.objects.get(occupant__stay=stay)
    done(people.clerk.post(f"/registrations/{report.pk}/", receipt="SH-1"))
    desk.check_out_guest(actor=people.world.people[FRONT_DESK], stay=stay, at=timezone.now())
    return stay


def arrival(world: World) -> dict[str, str]:
    """The walk-in page, filled."""
    here = {"guest-0": ("name", "latin_name", "document_number"), "contact": ("phone", "email", "address"),
            "payment": ("payer", "invoice_title", "tax_number"), "stay": ("special_request",)}  # fmt: skip
    said = {f"{form}__{name}": SAID[name] for form, names in here.items() for name in names}
    room, today = worlds.add_room(world.here, "0999"), world.here.today(timezone.now())
    return said | {
        "guest__TOTAL_FORMS": "1", "guest__INITIAL_FORMS": "0", "guest-0__document_type": "resident_id",
        "guest-0__nationality": "CHN", "stay__departure_on": (today + timedelta(days=1)).isoformat(),
        "stay__room": str(room.pk), "payment__method": "card", "payment__card_last4": "4711",
        "payment__currency": "CNY", "review__notice_shown": "on", "review__ticks": "document_seen",
    }  # fmt: skip


def years_pass(house: House, stay: Stay) -> None:
    """Every period of the stay, and every answer about it, lies behind."""
    moved = {"stays_stay": ("arrived_at", "departed_at"), "stays_billline": ("posted_at",)}
    with house.cluster.superuser(house.database) as owner, owner.cursor() as cursor:
        for table, columns in moved.items():
            changes = ", ".join(f"{name} = {name} - interval '11 years'" for name in columns)
            own = "id" if table == "stays_stay" else "stay_id"
            cursor.execute(f"UPDATE {table} SET {changes} WHERE {own} = %s", [str(stay.pk)])


def is_offered(people: People, key: str, stay: Stay) -> bool:
    """Whether the search page leads to the stay."""
    found = people.clerk.post("/desk/search/", term=SAID[key], past="1", purpose="guest_service")
    assert found.status == 200
    return f"/stays/{stay.reference}/" in found.text


# The copy, asked for by the guest on the public page


def gets_a_copy(people: People, stay: Stay) -> bytes:
    """Asked, recognised, granted, mailed as a link, opened: the page with its files."""
    asked = asked_by_the_guest(people, stay)
    code = re.search(r"^\d{6}$", people.newest_mail(), re.MULTILINE)
    assert code
    done(people.guest.post("/follow/code/check/", code=code[0]))
    works_through(people.officer, asked, "review/", ("decide/", {"decision": "granted"}))
    works_through(people.officer, asked, ("letters/new/", {"kind": "granted"}))
    letter = asked.letters.get(kind="granted")
    works_through(people.officer, asked, ("link/", {"letter": str(letter.pk), "kind": "access_copy"}))
    link = re.search(r"/answer/[^/\s]+/", people.newest_mail())
    assert link
    return people.guest.post(link[0]).body


def asked_by_the_guest(people: People, stay: Stay) -> Request:
    """On the public page; the worker compares what is stated and mails a code."""
    page = people.guest.post(
        "/ask/", kind="access", acts_as="self", property=str(stay.property_id), name=SAID["name"],
        phone=SAID["phone"], email=SAID["email"], stay_reference=stay.reference,
        document_tail=SAID["document_number"][-4:], form="one", words=f"请给我一份副本，{SAID['address']}",
    )  # fmt: skip
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page.text)
    assert code
    asked = Request.objects.get(channel="web")
    done(people.guest.post("/follow/", number=asked.number, code=code[0]))
    wait_for(people, lambda: asked.codes.exists())
    return asked


def wait_for(people: People, is_so: Callable[[], bool]) -> None:
    """Until the worker has done it."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        people.ring()
        time.sleep(0.5)


def works_through(caller: Caller, asked: Request, *deeds: str | tuple[str, dict[str, str]]) -> None:
    """Do these deeds on the request, one after the other."""
    for deed in deeds:
        address, typed = deed if isinstance(deed, tuple) else (deed, {})
        done(caller.post(f"/requests/{asked.number}/{address}", **typed))


# The deletion, asked for by an agent


def is_erased(people: People, stay: Stay) -> Request:
    """Taken in, the agent recognised, decided, approved, carried out."""
    done_at = people.clerk.post(
        "/requests/new/", kind="deletion", channel="desk", acts_as="agent", language="zh-hans", name=AGENT,
        stay=stay.reference, words="请删除他的记录", form="two",
    )  # fmt: skip
    assert done_at.status in (200, 302)
    asked = Request.objects.get(kind="deletion", channel="desk", stay=stay)
    agent_is_recognised(people, asked)
    works_through(people.officer, asked, "review/", "sheet/", "sheet/choose/", ("decide/", {"decision": "granted"}))
    works_through(people.approver, asked, ("approve/", {"number": asked.number}))
    works_through(people.officer, asked, ("execute/", {"number": asked.number}), ("letters/new/", {"kind": "granted"}))
    asked.refresh_from_db()
    return asked


def agent_is_recognised(people: People, asked: Request) -> None:
    """Mandate, own document, call-back, and the guest's one-time code."""
    day = (people.world.here.today(timezone.now()) + timedelta(days=30)).isoformat()
    works_through(
        people.officer, asked,
        ("verify/", {"stay_reference": asked.stay.reference, "name": SAID["name"]}),
        ("document/", {"document_type": "resident_id", "document_number": AGENTS_DOCUMENT}),
        ("mandate/", {"text": "全权代理删除", "valid_until": day}), ("callback/", {"reached": "yes"}), "code/send/",
    )  # fmt: skip
    code = re.search(r"^\d{6}$", people.newest_mail(), re.MULTILINE)
    assert code
    works_through(people.officer, asked, ("code/", {"code": code[0]}))


# Looking everywhere


def opened(**of: Any) -> bytes:
    """Everything that can still be opened, restricted or not, as text."""
    live = list(Envelope.objects.filter(erased_at=None, **of).values_list("pk", flat=True))
    with transaction.atomic():
        contents = vault.open_for_deed(live, with_restricted=True).values()
        return json.dumps([each.plain for each in contents], default=str, ensure_ascii=False).encode()


def leaks(house: House) -> dict[str, set[str]]:
    """What of the guest is found outside the vault. What was planted is found everywhere, or the search is blind."""
    scanner = Scanner(VALUES | OTHER_FORMS | set(PLANTED.values()))
    with planted(house):
        found = {place: scanner.find(content) for place, content in places(house).items()}
    assert {place: set(PLANTED.values()) - values for place, values in found.items()} == dict.fromkeys(found, set())
    return {place: values - set(PLANTED.values()) for place, values in found.items() if values - set(PLANTED.values())}


def exports(people: People, told: Request) -> bytes:
    """What can still be taken out of the house: the page of the request, the copy of the record, the access log."""
    asked = f"/requests/{told.number}/"
    taken = [people.officer.get(asked), people.officer.get(f"{asked}files/copy.json")]
    taken.append(people.manager.get("/access-log/export/"))
    assert [answer.status for answer in taken] == [200, 200, 200]
    return b"\n".join(answer.body for answer in taken)


def assert_everything_is_there(people: People, stay: Stay, copy: bytes) -> None:
    """Sealed, in the copy, and found by every key; nowhere else."""
    scanner = Scanner(VALUES)
    assert scanner.find(opened(subject=stay.occupants.get().subject_id)) == VALUES
    assert VALUES - scanner.find(copy) == set()
    assert [key for key in KEYS if is_offered(people, key, stay)] == list(KEYS)
    assert leaks(people.house) == {}


def assert_nothing_is_left(people: People, stay: Stay, erasure: Request) -> None:
    """Neither sealed nor in the index nor found by any key nor taken out nor anywhere else."""
    scanner, guest = Scanner(VALUES), stay.occupants.get().subject_id
    assert set(Item.objects.filter(request=erasure).values_list("chosen", flat=True)) == {"erase"}
    assert scanner.find(opened(subject=guest)) == set()
    assert Envelope.objects.filter(subject=guest, erased_at=None).count() == 0
    assert SubjectToken.objects.filter(subject=guest).exclude(tok=[], phone=None, document=None).count() == 0
    assert [key for key in KEYS if is_offered(people, key, stay)] == []
    assert leaks(people.house) == {}
    certificate = Certificate.objects.get(request=erasure)
    assert rechecking.recheck_erasure(certificate=certificate, at=timezone.now()).found == 0


def test_a_guest_erased_is_nowhere(house: House, people: People) -> None:
    stay = comes_and_goes(people)
    assert_everything_is_there(people, stay, gets_a_copy(people, stay))
    told = Request.objects.get(channel="web")
    assert Scanner(VALUES).find(exports(people, told)) == VALUES
    years_pass(house, stay)
    erasure = is_erased(people, stay)
    house.kill("worker")  # what is rung now stays in the broker
    people.ring()
    assert_nothing_is_left(people, stay, erasure)
    assert_the_case_is_all_that_remembers(people, told)


def assert_the_case_is_all_that_remembers(people: People, told: Request) -> None:
    """What the guest wrote when asking is sealed as theirs who asked, until the case's own period is over."""
    scanner, said = Scanner(VALUES), {SAID[name] for name in ("name", "phone", "email", "address")}
    assert scanner.find(opened(subject=told.requester_id)) == scanner.find(opened()) == said
    assert scanner.find(exports(people, told)) <= said
    works_through(people.officer, told, "close/")
    while expire_case_files(at=timezone.now() + timedelta(days=4 * 366)):
        pass
    assert scanner.find(opened()) == scanner.find(exports(people, told)) == set()
