"""After the period a guest's record is erased: from the web form to the letter and the certificate."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.tests.journeys import asking, guests, people
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.office import Case
from hotelrecords.tests.journeys.visiting import Visit
from privacy.models import Certificate
from stays.typed import GuestData

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
# Longer ago than any period lasts, that of the bill included.
YEARS = 11


def hits(clerk: Visit, guest: Guest) -> int:
    """How many stays the desk finds by the guest's name, by what for being told."""
    clerk.go("front_desk")
    clerk.search(guest.name)
    if not clerk.page.locator("main button[name=past]").count():
        return 0
    clerk.send("main button[name=past]")
    return clerk.page.locator(f"#stay-{guest.stay.reference}").count()


def verify(certificate: Path, *key: str) -> tuple[int, str]:
    """What the programme that anybody may run says about a certificate: exit code and words."""
    command = [sys.executable, CHECKOUT / "docs" / "verify_certificate.py", certificate, *key]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=certificate.parent, env={})
    return done.returncode, done.stdout


def test_a_record_is_erased_after_the_period_and_the_certificate_proves_it(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    who = GuestData(name="东方未明", phone="13911117001", email="weiming@example.com", address="旧城里 9 号")
    gone = guests.who_left(YEARS, who, order=702, words="枕头要荞麦的")
    clerk = visit(people.CLERK, "zh-hans")
    assert hits(clerk, gone) == 1

    guest = visit(language="zh-hans", java_script_enabled=False)
    asked = asking.ask(guest, "deletion", words="请删除我的全部记录。", **asking.facts_of(gone))
    asking.follow(guest, asked)
    asking.enter_code(guest, gone)
    assert asked.row.is_verified

    officer = Case(visit(people.OFFICER, "en"), asked.number)
    officer.begin()
    assert officer.make_sheet() == dict.fromkeys(("name", "contact", "register", "payment", "note"), {"erase"})
    officer.decide()
    Case(visit(people.APPROVER, "zh-hans"), asked.number).approve()
    officer.execute()
    letter = officer.write("granted")
    assert gone.name in letter
    officer.give("in_person")
    officer.close()

    check_certificate(officer, tmp_path)
    asking.follow(guest, asked)
    expect(guest.page.locator("main h1")).to_be_visible()
    guest.answer(rating="5")
    asking.do(guest, "follow_rate")
    assert asked.row.rating == 5
    assert hits(clerk, gone) == 0


def check_certificate(officer: Case, folder: Path) -> None:
    """Downloaded, verified offline, of nobody else; and everything searched again."""
    certificate = Certificate.objects.get(request__number=officer.number)
    officer.open()
    officer.visit.turn_to("certificate", certificate.number)
    officer.visit.look("certificate")
    file = folder / "certificate.json"
    file.write_bytes(officer.visit.download(officer.visit.page.locator("main a[href$='/file/']")))
    published = officer.visit.page.locator("main a[href*='/certificate-keys/']").get_attribute("href") or ""
    key = officer.visit.page.request.get(published).text().strip()
    code, words = verify(file, key)
    assert (code, certificate.number in words) == (0, True)
    forged = folder / "forged.json"
    forged.write_text(file.read_text().replace(certificate.number, "E-2026-999999"))
    assert verify(forged, key)[0] == 1
    officer.visit.send("main form[action$='/search/'] button")
    assert "0 of 5" in officer.visit.text()
