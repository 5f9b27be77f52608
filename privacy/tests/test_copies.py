"""The guest's copy and the file for transfer: all of the guest's, nothing of others, nothing that is secret."""

import json
from datetime import datetime, timedelta

import pytest

from audit import registry
from audit import services as audit
from audit.models import Event
from audit.services import Why
from privacy.copies.log_sheet import DELIBERATE, INCIDENTAL
from privacy.refusals import NothingToGive, NotVerified
from privacy.services.copies import access_copy
from privacy.tests.copying import NUMBER, OTHERS_NUMBER, Kind, State, a_party, granted, held
from privacy.tests.factories import (
    AT,
    as_row,
    make_hold,
    make_request,
    row,
    subjects_of,
)
from staff.models import Person, Property
from staff.permissions import NotAllowed, who
from stays import services as desk
from stays.models import Room, Stay
from stays.tests.papers import lines, pdf_text
from vault import services as vault

SERVICE = Why(purpose="guest_service")
SECRET = "调取证据通知书第九号"
OTHERS = ("单雨桐", "雨桐", "Shan", "Yutong", "13955558888", "yt@example.org", OTHERS_NUMBER)
STAFF = ("赵敏", "Zhao", "员工")


@pytest.fixture
def party(house: Property, clerk: Person, room: Room) -> Stay:
    return a_party(house, clerk, room)


def test_the_copy_by_category_and_stay(house: Property, officer: Person, party: Stay) -> None:
    request = granted(house, party)
    data = json.loads(access_copy(request=request, actor=officer, at=AT).json())
    (stay,) = data["stays"]
    assert (data["format"], data["request"], data["house"]["code"]) == (
        "hotelrecords/access-copy/1",
        request.number,
        house.code,
    )
    assert data["guest"] == {
        "name": {"name": "欧阳海棠", "latin_name": "Ouyang Haitang"},
        "contact": {"phone": "13900001234", "email": "haitang@example.com"},
        "preference": {"text": "高楼层"},
    }
    assert (stay["reference"], stay["property"], stay["status"], stay["role"], stay["companions"]) == (
        party.reference,
        house.code,
        "in_house",
        "lead",
        1,
    )
    assert (stay["arrival_on"], stay["departure_on"]) == ("2026-05-12", "2026-05-14")
    assert stay["register"] == [
        {
            "document_type": "resident_id",
            "document_number": NUMBER,
            "nationality": "CHN",
            "birth_date": "1988-02-14",
            "sex": "F",
            "name": "欧阳海棠",
            "latin_name": "Ouyang Haitang",
            "region": "11",
        }
    ]
    assert stay["payment"] == [{"method": "card", "payer": "欧阳海棠", "card_last4": "4242"}]
    assert [report["state"] for report in stay["reports"]] == ["pending"]
    assert [(each["number"], each["kind"]) for each in data["requests"]] == [(request.number, "access")]


def test_others_are_left_out_of_every_word(house: Property, officer: Person, party: Stay) -> None:
    """The companion's and the staff's values stand in the data, and in neither file."""
    sealed = held(party)
    assert [value for value in (*OTHERS, "赵敏", "Zhao") if value not in sealed] == []
    copy = access_copy(request=granted(house, party), actor=officer, at=AT)
    (stay,) = json.loads(copy.json())["stays"]
    assert stay["notes"] == [
        {"kind": "request", "text": "与[…]同住，请给[…]加枕头；Ms […] wants tea. Ask […] ([…])."},
        {"kind": "reason", "text": "房间未打扫"},
    ]
    whole, readable = copy.json().decode(), pdf_text(copy.pdf())
    assert [value for value in (*OTHERS, *STAFF) if value in whole] == []
    assert [value for value in (*OTHERS, *STAFF) if value in readable] == []
    assert [value for value in ("欧阳海棠", "13900001234", NUMBER, "4242", "高楼层") if value not in readable] == []


def test_a_companions_copy_has_their_own_part_only(house: Property, officer: Person, party: Stay) -> None:
    request = granted(house, party, guest_id=subjects_of(party)[1])
    data = json.loads(access_copy(request=request, actor=officer, at=AT).json())
    (stay,) = data["stays"]
    assert data["guest"]["name"] == {"name": "单雨桐", "latin_name": "Shan Yutong"}
    assert [each["document_number"] for each in stay["register"]] == [OTHERS_NUMBER]
    assert (stay["role"], stay["payment"], stay["notes"], stay["bill"]) == ("companion", [], [], [])
    assert "欧阳海棠" not in json.dumps(data, ensure_ascii=False)


def test_restricted_parts_are_the_guests_own(house: Property, officer: Person, party: Stay) -> None:
    me = subjects_of(party)[0]
    register = list(vault.ids_of([me], ["register", "contact"]))
    vault.restrict_envelopes(register, until=AT + timedelta(days=900), who=audit.SYSTEM)
    Stay.objects.filter(pk=party.pk).update(restricted_until=AT + timedelta(days=900))
    data = json.loads(access_copy(request=granted(house, party), actor=officer, at=AT).json())
    assert data["guest"]["contact"]["phone"] == "13900001234"
    assert data["stays"][0]["register"][0]["document_number"] == NUMBER


def without_moments(data: bytes) -> str:
    """A copy as text without what differs between any two: its request and the looks of making it."""
    told = json.loads(data)
    looks = [look for look in told["looks"]["deliberate"] if look["action"] != "request.copy_opened"]
    return json.dumps({**told, "request": "", "requests": [], "looks": {**told["looks"], "deliberate": looks}})


def test_what_is_secret_leaves_no_trace(house: Property, officer: Person, party: Stay) -> None:
    """A confidential freeze with its number sealed under the guest, and looks for an authority."""
    before = access_copy(request=granted(house, party), actor=officer, at=AT).json()
    me = subjects_of(party)[0]
    paper = vault.seal(subject=me, category="note", content={"text": SECRET}, belongs_to=party.pk)
    hold = make_hold(
        house, placed_by=officer, kind="authority", confidential=True, subject_id=me, stay=party, envelope=paper
    )
    for code in ("stay.viewed", "guest.revealed", "hold.placed", "hold.viewed"):
        audit.record(
            code, who=who(officer, house), why=Why(purpose="authority", ref="C-000001"), subjects=[me],
            object_type="hold", object_ref=hold.number,
        )  # fmt: skip
    assert SECRET in held(party)
    after = access_copy(request=granted(house, party), actor=officer, at=AT)
    assert without_moments(after.json()) == without_moments(before)
    assert [secret for secret in (SECRET, "requestofanauthority", hold.number) if secret in pdf_text(after.pdf())] == []


def test_who_looked_in_which_role_when_and_why(house: Property, officer: Person, clerk: Person, party: Stay) -> None:
    desk.open_stay(party, actor=clerk, why=SERVICE, at=AT)
    for _each in range(2):
        desk.list_stays(actor=clerk, property=house, which="in_house", why=SERVICE, at=AT)
    data = json.loads(access_copy(request=granted(house, party), actor=officer, at=AT).json())
    seen = Event.objects.get(action="stay.viewed")
    looks = data["looks"]["deliberate"]
    assert [(look["action"], look["roles"], look["property"], look["purpose"]) for look in looks] == [
        ("request.copy_opened", ["privacy_officer"], house.code, "request"),
        ("stay.viewed", ["front_desk"], house.code, "guest_service"),
    ]
    assert datetime.fromisoformat(looks[1]["at"]) == seen.at.replace(microsecond=0)
    assert looks[1]["fields"] == seen.fields
    day = house.local(Event.objects.filter(action="stays.list_viewed").latest("at").at).date().isoformat()
    assert data["looks"]["in_lists"] == [
        {
            "day": day,
            "property": house.code,
            "roles": ["front_desk"],
            "action": "stays.list_viewed",
            "purpose": "guest_service",
            "times": 2,
            "numbers": [],
        }
    ]


def test_every_look_of_the_house_is_told_or_kept_secret_on_purpose() -> None:
    ends = ("viewed", "listed", "searched", "revealed", "printed", "recognised", "opened", "left_out")
    of_guests = {code for code in registry.codes() if code.endswith(ends)} | {"guest_sheet.taken"}
    about_no_guest = {
        "case.opened", "requests.figures_viewed", "review.viewed", "request.letter_viewed", "shift.opened",
        "guest.not_recognised", "certificate.viewed", "request.log_viewed", "purges.listed", "purge.viewed",
        "purge.figures_viewed", "figures.viewed", "purge.receipt_opened", "import.viewed", "access_review.viewed",
        "alerts.listed", "alert.viewed", "access.share_viewed", "access.sample_viewed",
    }  # fmt: skip
    secret = {"holds.listed", "hold.viewed", "hold.reviewed", "hold.document_opened"}
    assert of_guests - about_no_guest - secret == {*DELIBERATE, *INCIDENTAL}


def test_the_paper_says_it_in_the_language_of_the_request(
    house: Property, officer: Person, clerk: Person, party: Stay
) -> None:
    desk.open_stay(party, actor=clerk, why=SERVICE, at=AT)
    request = granted(house, party, language="zh-hans")
    (paper,) = access_copy(request=request, actor=officer, at=AT).papers
    told = lines(paper)
    assert (paper.title, paper.recipient, told[1:7]) == (
        "您的个人信息副本",
        "欧阳海棠",
        [
            "# 关于您本人",
            "姓名: 欧阳海棠",
            "拉丁字母姓名: Ouyang Haitang",
            "电话: 13900001234",
            "电子邮箱: haitang@example.com",
            "偏好: 高楼层",
        ],
    )
    assert "出生日期: 1988年2月14日" in told
    assert "同行: 其他 1 人，其信息属于其本人" in told
    looks = told[told.index("# 谁查看过您的信息") + 1 :]
    assert [line.split(" | ")[1:5] for line in looks] == [
        ["酒店", "角色", "内容", "目的"],
        [house.name_zh, "隐私专员", "查看个人信息副本", "客人的权利请求"],
        [house.name_zh, "前台", "查看住宿记录：姓名、拉丁字母姓名、手机尾号、证件尾号", "对客服务"],
    ]


def test_the_looks_behind_a_copy(house: Property, officer: Person, party: Stay) -> None:
    """One row about the guest with all fields, one about those who were left out."""
    me, other = subjects_of(party)
    request = granted(house, party)
    access_copy(request=request, actor=officer, at=AT)
    of = {"actor_role": "privacy_officer", "object_type": "request", "object_ref": request.number}
    fields = [
        "name", "latin_name", "phone", "email", "address", "document_type", "document_number", "nationality",
        "birth_date", "sex", "expires_on", "region", "method", "payer", "card_last4", "deposit", "invoice_title",
        "tax_number", "text",
    ]  # fmt: skip
    why = {"purpose": "request", "purpose_ref": request.number, "fields": fields}
    assert row("request.copy_opened") == as_row(officer, house, subjects=[me], detail={"count": 7}, **why, **of)
    assert row("request.others_left_out") == as_row(officer, house, subjects=[other], detail={"count": 1}, **of)


def test_who_gets_a_copy_and_when(
    house: Property, officer: Person, clerk: Person, stranger: Person, stay: Stay
) -> None:
    request = granted(house, stay)
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            access_copy(request=request, actor=person, at=AT)
    for other in (
        granted(house, stay, Kind.TRANSFER),
        granted(house, stay, decision="refused", refusal_ground="unverified"),
        granted(house, stay, state=State.IN_REVIEW),
    ):
        with pytest.raises(NothingToGive):
            access_copy(request=other, actor=officer, at=AT)
    with pytest.raises(NotVerified):
        access_copy(request=make_request(house, kind=Kind.ACCESS), actor=officer, at=AT)
    assert Event.objects.filter(action="request.copy_opened").count() == 0
