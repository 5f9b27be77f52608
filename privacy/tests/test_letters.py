"""What letters say, to the word, in both languages; how they are sealed and read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import translation

from privacy.models import Item, Letter, Request, Step
from privacy.services.letters import make_letter, read_letter, receipt_once
from privacy.tests.factories import AT, checked_in, make_request, seal_requester
from staff.models import Person, Property
from stays.models import Room, Stay
from stays.tests.factories import RoomFactory
from stays.tests.papers import lines

State, Kind = Request.State, Letter.Kind
UNTIL = datetime(2029, 5, 14, 15, 59, 59, 999999, tzinfo=UTC)  # the last instant of 2029-05-14 in Shanghai
TEN_YEARS = datetime(2036, 5, 14, 15, 59, 59, 999999, tzinfo=UTC)
REMEDIES = [
    "# If you do not agree",
    "- You may appeal to the hotel; somebody else than the person who decided looks at it again.",
    "- You may complain to the authorities responsible for the protection of personal information, in the first place"
    " the cyberspace administration (PIPL, article 65).",
    "- You may also bring an action before a people's court (PIPL, article 50(2)).",
]
REMEDIES_ZH = [
    "# 如您不同意",
    "- 您可以向本酒店申诉，由原决定人以外的人员重新审核。",
    "- 您可以向网信部门等履行个人信息保护职责的部门投诉、举报（《个人信息保护法》第六十五条）。",
    "- 您也可以依法向人民法院提起诉讼（《个人信息保护法》第五十条第二款）。",
]


def asked(house: Property, stay: Stay | None = None, **facts: Any) -> Request:
    """A request whose requester has said who they are."""
    request = make_request(house, stay=stay, **{"language": "en"} | facts)
    seal_requester(request)
    return request


def rowed(request: Request, category: str, chosen: str, **facts: Any) -> Item:
    """A row of the sheet, carried out."""
    plain = {"envelope": uuid4(), "subject": request.guest_id, "proposed": chosen, "chosen": chosen, "done_at": AT}
    return Item.objects.create(request=request, category=category, **(plain | facts))


def typical(house: Property, stay: Stay, language: str) -> Request:
    """«Delete my check-in record» inside the register period (policy.md)."""
    request = asked(house, stay, state=State.EXECUTING, decision="partly", language=language)
    register = {"rule": "CN-RET-01", "until": UNTIL, "blockers": ["B5", "X2"]}
    bill = {"rule": "CN-RET-05", "until": TEN_YEARS, "blockers": ["B4", "X2"]}
    rowed(request, "register", "restrict", stay=stay, grounds=["D2"], **register)
    rowed(request, "payment", "restrict", stay=stay, grounds=["D2"], **bill)
    rowed(request, "preference", "erase", grounds=["D3"], blockers=["X2"])
    rowed(request, "note", "erase", stay=stay, grounds=["D2"], blockers=["X2"])
    return request


def written(request: Request, kind: str, actor: Person) -> list[str]:
    """What such a letter says, a line for each paragraph, fact and row."""
    letter = make_letter(request=request, kind=kind, actor=actor, at=AT)
    (paper,) = read_letter(letter=letter, actor=actor, at=AT).papers
    return lines(paper)


def test_the_typical_deletion_in_english(house: Property, officer: Person, stay: Stay) -> None:
    assert written(typical(house, stay, "en"), Kind.PARTLY, officer) == [
        "Dear 欧阳海棠,",
        "On 2026-05-12 we received your request: Deletion (PIPL, article 47).",
        "We grant your request in part. What we could not do is named below, with its reason.",
        "# What was decided, part by part",
        "No. | Part of the record | Stay | What happens to it, and why",
        "1 | Preferences |  | This part is erased. / Ground: Consent was withdrawn (PIPL, articles 15 and 47(1)(3)).",
        f"2 | Notes and special requests | {stay.reference} | This part is erased."
        " / Ground: The service has ended or the period is over (PIPL, article 47(1)(2)).",
        f"3 | Guest register | {stay.reference} | The entry in the guest register has to be kept until 2029-05-14."
        " It is locked away: stored and protected, used for nothing else. After that day it is erased without your"
        " asking. / Basis: PIPL, article 13(1)(3), and Measures for the Public Security of Hotels, article 6."
        " / Rule CN-RET-01: Measures for the Public Security of Hotels, article 6; 3 years from check-out."
        " / No period is confirmed for this place yet; the period of this rule is our own.",
        f"4 | Bill and payment | {stay.reference} | Law or administrative regulation requires this part to be kept"
        " until 2036-05-14. It is locked away: stored and protected, used for nothing else. After that day it is erased"
        " without your asking. / Basis: PIPL, article 47(2)."
        " / Rule CN-RET-05: Implementing Rules of the Law on Tax Collection, article 29; 10 years from posting on the"
        " bill.",
        "# What “erased” means",
        "It is gone from the live system and from backups of the data at once, because its key is destroyed. Copies of"
        " the key in backups of keys disappear as these are replaced, within 90 days at the latest.",
        "# What others hold",
        "What was reported to the public-security system at check-in is held there by the public-security authority, a"
        " handler of its own. It decides about it.",
        *REMEDIES,
    ]


def test_the_typical_deletion_in_chinese(house: Property, officer: Person, stay: Stay) -> None:
    assert written(typical(house, stay, "zh-hans"), Kind.PARTLY, officer) == [
        "尊敬的欧阳海棠：",
        "我们于2026年5月12日收到您的请求：删除（《个人信息保护法》第四十七条）。",
        "我们部分同意您的请求。未能办理的部分及理由如下。",
        "# 逐项决定",
        "序号 | 记录内容 | 入住单 | 处理结果及理由",
        "1 | 偏好 |  | 这部分信息已删除。"
        " / 理由：个人已撤回同意（《个人信息保护法》第十五条、第四十七条第一款第（三）项）。",
        f"2 | 备注与特殊需求 | {stay.reference} | 这部分信息已删除。"
        " / 理由：已停止提供服务，或者保存期限已届满（《个人信息保护法》第四十七条第一款第（二）项）。",
        f"3 | 住宿登记信息 | {stay.reference} | 住宿登记信息须保存至2029年5月14日。我们已将其封存：仅作存储和必要的安全"
        "保护，不作其他使用。该日之后即予删除，无须您再次提出。"
        " / 依据：《个人信息保护法》第十三条第一款第（三）项、《旅馆业治安管理办法》第六条。"
        " / 规则 CN-RET-01：《旅馆业治安管理办法》第 6 条；自离店之日起 3 年。"
        " / 当地的保存期限尚未确认，本规则的期限由本酒店自行设定。",
        f"4 | 账单与支付 | {stay.reference} | 依照法律、行政法规，这部分信息须保存至2036年5月14日。我们已将其封存：仅"
        "作存储和必要的安全保护，不作其他使用。该日之后即予删除，无须您再次提出。"
        " / 依据：《个人信息保护法》第四十七条第二款。"
        " / 规则 CN-RET-05：《税收征收管理法实施细则》第 29 条；自入账之日起 10 年。",
        "# “删除”的含义",
        "这部分信息的密钥已销毁，因此在运行系统和数据备份中均已立即无法读取。密钥备份中的密钥副本"
        "随备份更替而消失，最迟不超过90天。",
        "# 其他方保存的信息",
        "入住时已报送公安系统的信息由公安机关保存。公安机关是独立的个人信息处理者，由其自行决定如何处理。",
        *REMEDIES_ZH,
    ]


def test_the_language_is_the_requests_whoever_writes_and_reads(house: Property, officer: Person, stay: Stay) -> None:
    with translation.override("en"):
        letter = make_letter(request=typical(house, stay, "zh-hans"), kind=Kind.PARTLY, actor=officer, at=AT)
        (paper,) = read_letter(letter=letter, actor=officer, at=AT).papers
    assert (paper.title, paper.house, paper.facts[1]) == (
        "对您请求的答复：部分同意",
        house.name_zh,
        ("日期", "2026年5月12日"),
    )
    assert lines(paper)[0] == "尊敬的欧阳海棠："


def test_a_bilingual_letter_says_it_in_the_requests_language_first(
    house: Property, officer: Person, stay: Stay
) -> None:
    letter = make_letter(
        request=typical(house, stay, "zh-hans"), kind=Kind.PARTLY, actor=officer, at=AT, bilingual=True
    )
    papers = read_letter(letter=letter, actor=officer, at=AT).papers
    assert [(paper.language, paper.title) for paper in papers] == [
        ("zh-hans", "对您请求的答复：部分同意"),
        ("en", "Our answer to your request: partly granted"),
    ]


def test_a_refusal_has_reason_article_appeal_complaint_and_court(house: Property, officer: Person, stay: Stay) -> None:
    refused = {"state": State.EXECUTING, "decision": "refused", "kind": "transfer"}
    request = asked(house, stay, refusal_ground="not_transferable", **refused)
    chinese = asked(house, stay, refusal_ground="not_transferable", language="zh-hans", **refused)
    assert written(request, Kind.REFUSED, officer) == [
        "Dear 欧阳海棠,",
        "On 2026-05-12 we received your request: Transfer (PIPL, article 45(3)).",
        "We cannot grant your request.",
        "# Why",
        "The guest register rests on a legal duty and is no part of a transfer; the rest of the record holds nothing"
        " that could be transferred. You may ask for a copy instead.",
        "Basis: PIPL, article 45(3).",
        *REMEDIES,
    ]
    assert written(chinese, Kind.REFUSED, officer)[2:] == [
        "我们不能同意您的请求。",
        "# 理由",
        "住宿登记信息依法定义务处理，不属于可转移的范围；其余记录中没有可转移的信息。您可以改为请求复制。",
        "依据：《个人信息保护法》第四十五条第三款。",
        *REMEDIES_ZH,
    ]


def test_unverified_reads_alike_with_a_record_and_without(house: Property, officer: Person, stay: Stay) -> None:
    closed = {"state": State.CLOSED, "result": "unverified", "decision": ""}
    known, unknown = asked(house, stay, **closed), asked(house, **closed)
    known.guest_id = None
    assert written(known, Kind.REFUSED, officer) == written(unknown, Kind.REFUSED, officer)
    assert written(unknown, Kind.REFUSED, officer)[3:6] == [
        "# Why",
        "We could not make sure who is asking, so nothing was looked at and nothing was changed. This does not say"
        " whether there is a record. You may ask again at any time.",
        "Basis: PIPL, articles 10 and 51.",
    ]


def test_an_appeal_that_fails_leads_to_authority_and_court_only(house: Property, officer: Person, stay: Stay) -> None:
    earlier = asked(house, stay, kind="access", state=State.CLOSED, result="refused")
    appeal = asked(
        house, stay, kind="appeal", appeal_of=earlier, state=State.EXECUTING, decision="refused",
        refusal_ground="unchanged",
    )  # fmt: skip
    assert written(appeal, Kind.APPEAL_OUTCOME, officer)[2:] == [
        f"You appealed against our answer to request {earlier.number}. Somebody else than who decided it has looked at"
        " it.",
        "The first answer stands.",
        "# Why",
        "We looked at the matter again and the first decision stands, for the reasons it gave.",
        "Basis: PIPL, article 50.",
        REMEDIES[0],
        *REMEDIES[2:],
    ]


def test_what_is_needed_is_the_table_and_not_the_record(house: Property, officer: Person) -> None:
    request = asked(house, kind="access", paused_at=AT, pause_reason="identity")
    assert written(request, Kind.NEED_MORE, officer)[2:] == [
        "To make sure who is asking, please show us one of the following. We ask for no more than that.",
        "- Original document, matched",
        "- All of these: the name, one-time code to the contact on file, the end of the document number",
        "Please send no copy and no photo of a document. Documents are seen and given back.",
        "The time for our answer stands still until we have it.",
    ]


def test_extended_says_why_and_until_when(house: Property, officer: Person, stay: Stay) -> None:
    request = asked(house, stay, kind="access", state=State.IN_REVIEW, extended_at=AT, extension_reason="complex")
    assert written(request, Kind.EXTENDED, officer)[2:] == [
        "We need more time for our answer. The reason: The request is complex. It comes by 2026-06-11 at the latest.",
        "A request is extended once.",
        *REMEDIES,
    ]


def test_acknowledged_says_when_and_nothing_of_a_record(house: Property, clerk: Person, officer: Person) -> None:
    request = asked(house, kind="access", taken_in_by=clerk)
    assert written(request, Kind.ACKNOWLEDGE, officer)[2:] == [
        "We answer by 2026-06-11 at the latest.",
        "Before anything is said or done about a record we make sure who is asking, with the least that removes doubt."
        " Until then we do not say whether there is a record.",
        "The answer is free of charge.",
    ]


def test_the_code_is_on_the_receipt_that_is_printed_and_not_in_the_sealed_one(house: Property, clerk: Person) -> None:
    request = asked(house, kind="access", taken_in_by=clerk)
    (printed,) = receipt_once(request=request, follow_code="7KQ2-MX9T-3HBD", recipient="欧阳海棠", at=AT)
    assert lines(printed)[2:] == [
        "Answer at the latest on: 2026-06-11",
        "Code to follow it by: 7KQ2-MX9T-3HBD",
        "You can follow your request on our public page with its number and this code, add to it and withdraw it. The"
        " code is told once, here; we keep no copy of it.",
        "The answer is free of charge.",
    ]
    assert written(request, Kind.RECEIPT, clerk)[2:] == [
        "Answer at the latest on: 2026-06-11",
        "The code to follow the request by was told once, with the printed receipt; we keep no copy of it.",
        "The answer is free of charge.",
    ]


def test_a_granted_correction_says_what_was_reported_anew(house: Property, officer: Person, stay: Stay) -> None:
    request = asked(house, stay, kind="correction", state=State.EXECUTING)
    Step.objects.create(request=request, at=AT, actor=officer, code="record.corrected", detail={"category": "register"})
    assert written(request, Kind.GRANTED, officer)[2:] == [
        "We grant your request.",
        "This part is corrected. The value before it is kept apart, to explain what was done with it, and the"
        " correction is reported to the authority that receives the register.",
        "Basis: PIPL, article 46.",
    ]


def test_a_granted_copy_says_what_it_holds_and_how_it_comes(house: Property, officer: Person, stay: Stay) -> None:
    request = asked(house, stay, kind="access", state=State.EXECUTING)
    assert written(request, Kind.GRANTED, officer)[2:] == [
        "We grant your request.",
        "The copy of your record is ready. It holds what we keep about you, stay by stay, and who looked at it, in"
        " which role, when and why.",
        "What concerns other persons, and the names of our staff, is left out.",
        "You get it in person, or open it once by a link that we send to the contact we have on file of the guest.",
    ]


def test_an_explanation_lists_the_rules_of_this_jurisdiction(house: Property, officer: Person) -> None:
    request = asked(house, kind="explanation", state=State.EXECUTING, verified_at=None, guest_id=None)
    told = written(request, Kind.GRANTED, officer)
    assert told[2:6] == [
        "These are the rules by which we keep and erase. Our privacy notice says what is used for what.",
        "# What is kept how long",
        "Record | Kept for | Source | What happens then",
        "Access log | at least 6 months from making | Cybersecurity Law, art. 23(3) | Sealed parts are archived",
    ]
    assert len(told) == 5 + 16  # rules of mainland China, and none of elsewhere


def test_a_confidential_freeze_reads_like_any_internal_hold(house: Property, officer: Person, stay: Stay) -> None:
    """What a sheet stores of a confidential hold is nothing, so the letter cannot tell."""
    frozen, held = (asked(house, stay, state=State.EXECUTING, decision="partly") for _each in range(2))
    rowed(frozen, "preference", "restrict", grounds=["D2"], blockers=["X2"])
    rowed(held, "preference", "restrict", grounds=["D2"], blockers=["B3", "X2"])
    assert written(frozen, Kind.PARTLY, officer) == written(held, Kind.PARTLY, officer)
    assert written(frozen, Kind.PARTLY, officer)[5] == (
        "1 | Preferences |  | This part cannot be erased yet. It is locked away: stored and protected, used for nothing"
        " else. It is erased when the reason to keep it ends, without your asking. / Basis: PIPL, article 47(2)."
    )


def test_stays_that_end_on_different_days_stand_in_one_line_with_their_days(
    house: Property, officer: Person, clerk: Person, stay: Stay, room: Room
) -> None:
    other = checked_in(clerk, RoomFactory(property=house))
    request = asked(house, stay, state=State.EXECUTING, decision="partly")
    register = {"rule": "CN-RET-01", "blockers": ["B5"], "grounds": ["D2"]}
    rowed(request, "register", "restrict", stay=stay, until=UNTIL, **register)
    rowed(request, "register", "restrict", stay=other, until=UNTIL + timedelta(days=40), **register)
    line = written(request, Kind.PARTLY, officer)[5]
    assert line.startswith(
        f"1 | Guest register | {stay.reference} until 2029-05-14 / {other.reference} until 2029-06-23 | The entry in"
        " the guest register has to be kept until 2029-06-23."
    )
    assert " / Each stay has its own day, which stands beside its number; the last one is named here. / Rule" in line


def test_restriction_and_objection_have_their_own_words(house: Property, officer: Person, stay: Stay) -> None:
    request = asked(house, stay, kind="objection", state=State.EXECUTING, decision="partly")
    rowed(request, "preference", "erase", grounds=["D3"])
    rowed(request, "contact", "restrict")
    rowed(request, "register", "keep", stay=stay)
    assert [line.split(" | ")[3] for line in written(request, Kind.PARTLY, officer)[5:8]] == [
        "This part is erased. / Ground: Consent was withdrawn (PIPL, articles 15 and 47(1)(3)).",
        "This part is locked away as you asked: stored and protected, used for nothing but what a law requires. /"
        " Basis: PIPL, article 44.",
        "The law obliges us to keep this part and to report it, and an objection does not stop that. It is used for"
        " nothing else. / Basis: PIPL, article 44.",
    ]
