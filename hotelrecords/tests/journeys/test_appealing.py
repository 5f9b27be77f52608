"""A correction is refused with its reasons; the guest appeals; somebody else decides, with counsel or without."""

from collections.abc import Callable

import pytest
from django.db import transaction

from hotelrecords.tests.journeys import asking, guests, people
from hotelrecords.tests.journeys.asking import Asked
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.office import Case
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from privacy.models import Request, Task
from stays.typed import GuestData
from vault import services as vault
from vault.models import Envelope

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
# Article and court, as every letter that does not grant all has to name them.
WAYS_ON = {"en": ("PIPL", "people'scourt"), "zh-hans": ("个人信息保护法", "人民法院")}
OTHER = {"en": "zh-hans", "zh-hans": "en"}


def ask_for_correction(visit: Visit, gone: Guest) -> Asked:
    """On the public page; three facts and the document's tail prove who asks."""
    asked = asking.ask(visit, "correction", words="The name is misspelt.", **asking.facts_of(gone))
    until(lambda: asked.row.is_verified, "what was stated to be compared")
    return asked


def refuse(officer: Case, approver: Case, language: str) -> None:
    """Extended, asked of counsel, paused and resumed, refused with its reasons, handed over."""
    officer.begin()
    officer.do("request_extend", reason="old_records")
    ask_counsel(officer, approver)
    officer.do("request_pause", reason="requester")
    officer.do("request_message", kind="need_more", text="Please show us how it is written.")
    officer.write("need_more")
    officer.do("request_resume")
    officer.decide(decision="refused", refusal_ground="not_proven")
    letter = officer.write("refused")
    assert [words for words in WAYS_ON[language] if words not in letter] == []
    assert [words for words in WAYS_ON[language] if words not in officer.read("extended")] == []
    assert officer.number in officer.read("acknowledge")
    officer.give("in_person")
    officer.close()


def ask_counsel(officer: Case, counsel: Case) -> None:
    """A question, and its answer by whom it was put to."""
    officer.do("request_counsel", text="Is a hotel bound to follow the spelling of the passport?")
    task = Task.objects.get(request=officer.row, kind="counsel")
    assert task.owner.staff_number == people.APPROVER
    counsel.do("request_task_done", task.pk, text="It is, once the passport was seen.")
    task.refresh_from_db()
    assert task.done_by is not None


def test_an_appeal_is_upheld_and_the_record_corrected(visit: Callable[..., Visit]) -> None:
    who = GuestData(name="百里奚和", latin_name="BAILI XIHE", phone="13911117021", email="xihe@example.com")
    gone = guests.who_left(1, who, order=720)
    reader = visit(language="en", java_script_enabled=False)
    asked = ask_for_correction(reader, gone)
    refuse(Case(visit(people.OFFICER, "zh-hans"), asked.number), Case(visit(people.APPROVER, "en"), asked.number), "en")
    appeal = appeal_by_the_guest(reader, asked)

    second = Case(visit(people.APPROVER, "en"), appeal.number)
    second.begin()
    second.decide(decision="granted")
    correct(second, gone, latin_name="BAILI XI HE")
    assert "Wegrantyourrequest." in second.write("appeal_outcome")
    second.give("in_person")
    second.close()
    assert second.row.result == Request.Result.GRANTED


def test_an_appeal_is_rejected_and_the_court_is_named(visit: Callable[..., Visit]) -> None:
    who = GuestData(name="澹台灭明", phone="13911117031", email="mieming@example.com")
    gone = guests.who_left(1, who, order=730)
    reader = visit(language="zh-hans", java_script_enabled=False)
    asked = ask_for_correction(reader, gone)
    officer, counsel = visit(people.OFFICER, "en"), visit(people.APPROVER, "zh-hans")
    refuse(Case(officer, asked.number), Case(counsel, asked.number), "zh-hans")
    appeal = appeal_by_the_guest(reader, asked)
    second = Case(counsel, appeal.number)
    second.begin()
    second.decide(decision="refused", refusal_ground="unchanged")
    letter = second.write("appeal_outcome")
    assert [words for words in WAYS_ON["zh-hans"] if words not in letter] == []
    second.give("in_person")
    second.close()
    assert second.row.result == Request.Result.REFUSED


def appeal_by_the_guest(reader: Visit, asked: Asked) -> Asked:
    """The guest reads the answer where they follow their request, and appeals."""
    asking.follow(reader, asked)
    appeal = asking.appeal(reader, "Please look at it again.")
    assert Request.objects.get(number=appeal.number).appeal_of == asked.row
    return appeal


def correct(case: Case, gone: Guest, **new: str) -> None:
    """Write the new value of the name; the old one is kept, sealed, apart from it."""
    case.turn_to("request_correct")
    sealed = Envelope.objects.get(subject=gone.subject, category="name", erased_at=None)
    case.visit.turn_to("request_correct_part", case.number, sealed.pk)
    case.visit.look("request-correct-part")
    case.visit.answer(**new)
    case.send()
    kept = Envelope.objects.get(subject=gone.subject, category="note", belongs_to=case.row.pk)
    with transaction.atomic():
        opened = vault.open_for_deed([sealed.pk, kept.pk])
    assert opened[sealed.pk].get("latin_name").plain == new["latin_name"]
    assert gone.latin_name in opened[kept.pk].get("text").plain
