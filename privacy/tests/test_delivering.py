"""Answers leave the house in person or by a link that opens once; nothing else, and nobody learns more from a link."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import services as audit
from audit.models import Event
from privacy.models import Delivery, Letter, Request, Step
from privacy.refusals import (
    DocumentNotSeen,
    LetterSent,
    LinkGone,
    MailServerAway,
    NoMailOnFile,
    NothingToGive,
    NotVerified,
)
from privacy.services.delivering import Answer, deliver_in_person, make_link, open_link
from privacy.services.letters import make_letter
from privacy.tests.factories import (
    AT,
    as_row,
    checked_in,
    guest,
    lead,
    make_request,
    row,
    seal_requester,
    subjects_of,
)
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Room, Stay
from stays.tests.papers import pdf_text
from vault import services as vault

State, Kind = Request.State, Request.Kind
ADDRESS = "haitang@example.com"


@pytest.fixture
def stay(clerk: Person, room: Room) -> Stay:
    """A guest with an e-mail address on file."""
    return checked_in(clerk, room, lead(guest=guest(email=ADDRESS)))


@pytest.fixture
def request_(house: Property, stay: Stay) -> Request:
    """A request for a copy, granted."""
    return granted(house, stay)


def granted(house: Property, stay: Stay, kind: str = Kind.ACCESS, **facts: Any) -> Request:
    """A request about the guest, granted and to be handed over."""
    request = make_request(house, stay=stay, kind=kind, **{"state": State.EXECUTING, "language": "en"} | facts)
    seal_requester(request, name="欧阳海棠")
    return request


def letter_of(request: Request, officer: Person) -> Letter:
    """Its letter, made and not sent."""
    return make_letter(request=request, kind=Letter.Kind.GRANTED, actor=officer, at=AT)


def linked(request: Request, officer: Person, kind: str = "access_copy", **facts: Any) -> str:
    """Send a link and return its token, as the mail holds it."""
    sent = {"contact_field": "email", "link_to": lambda token: f"https://desk.example/answer/{token}/", "at": AT}
    make_link(request=request, kind=kind, actor=officer, **(sent | facts))
    found = re.search(r"/answer/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_in_person_with_the_document_seen(house: Property, officer: Person, request_: Request) -> None:
    letter = letter_of(request_, officer)
    deliver_in_person(request=request_, actor=officer, document_seen=True, at=AT, letter=letter)
    letter.refresh_from_db()
    assert (letter.sent_at, letter.way) == (AT, "in_person")
    detail = {"kind": "letter", "way": "in_person"}
    assert row("request.delivered") == as_row(
        officer, house, actor_role="privacy_officer", object_type="request", object_ref=request_.number,
        subjects=[request_.guest_id], detail=detail,
    )  # fmt: skip
    assert Step.objects.get(code="request.delivered").detail == detail


def test_in_person_refusals(house: Property, officer: Person, stranger: Person, stay: Stay) -> None:
    request = granted(house, stay)
    letter = letter_of(request, officer)
    deed: dict[str, Any] = {"request": request, "at": AT, "letter": letter}
    with pytest.raises(DocumentNotSeen):
        deliver_in_person(actor=officer, document_seen=False, **deed)
    with pytest.raises(NotAllowed):
        deliver_in_person(actor=stranger, document_seen=True, **deed)
    with pytest.raises(NothingToGive):
        deliver_in_person(actor=officer, document_seen=True, **deed | {"request": granted(house, stay)})
    with pytest.raises(NothingToGive):
        deliver_in_person(actor=officer, document_seen=True, request=request, kind="transfer", at=AT)
    with pytest.raises(NothingToGive):
        deliver_in_person(actor=officer, document_seen=True, request=request, at=AT)
    deliver_in_person(actor=officer, document_seen=True, **deed)
    with pytest.raises(LetterSent):
        deliver_in_person(actor=officer, document_seen=True, **deed)
    assert Event.objects.filter(action="request.delivered").count() == 1


def test_the_mail_tells_nothing_but_the_address(house: Property, officer: Person, request_: Request) -> None:
    token = linked(request_, officer)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.cc, sent.bcc, sent.attachments) == (
        [ADDRESS], "A document is ready for you", [], [], [],
    )  # fmt: skip
    assert sent.body == (
        f"The answer to request {request_.number} is ready. This address opens it once, until 2026-05-19 14:00:\n\n"
        f"https://desk.example/answer/{token}/\n\n"
        "Open it where nobody looks over your shoulder, and keep what you need: it opens no second time.\n\n"
        "If you did not ask for anything, please delete this message. Nothing happens without it.\n"
    )


def test_the_mail_is_in_the_language_of_the_request(house: Property, officer: Person, stay: Stay) -> None:
    request = granted(house, stay, language="zh-hans")
    token = linked(request, officer)
    assert (mail.outbox[0].subject, mail.outbox[0].body) == (
        "您有一份文件可供查看",
        f"请求 {request.number} 的答复已备好。下列链接只能打开一次，有效期至2026年5月19日 14:00：\n\n"
        f"https://desk.example/answer/{token}/\n\n"
        "请在他人看不到屏幕的地方打开，并保存所需内容：链接不能再次打开。\n\n"
        "如果您没有提出过请求，请删除本邮件，不会产生任何后果。\n",
    )


def test_the_token_is_kept_nowhere(house: Property, officer: Person, request_: Request) -> None:
    token = linked(request_, officer)
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.contact_field, delivery.made_by, delivery.expires_at, delivery.opened_at) == (
        "access_copy", "email", officer, AT + timedelta(days=7), None,
    )  # fmt: skip
    assert len(delivery.token_hash) == 64
    assert token not in str(Delivery.objects.values().get())
    assert row("request.link_made") == as_row(
        officer, house, actor_role="privacy_officer", object_type="request", object_ref=request_.number,
        subjects=[request_.guest_id], fields=["email"], detail={"kind": "access_copy"},
    )  # fmt: skip


def test_a_link_opens_copy_and_letter_once(house: Property, officer: Person, stay: Stay, request_: Request) -> None:
    letter = letter_of(request_, officer)
    token = linked(request_, officer, letter=letter)
    letter.refresh_from_db()
    assert (letter.sent_at, letter.way) == (AT, "link")
    answer = open_link(token=token, at=AT + timedelta(days=6))
    number = request_.number
    assert [(file.name, file.content_type) for file in answer.files] == [
        (f"{number}-letter.pdf", "application/pdf"),
        (f"{number}-copy.pdf", "application/pdf"),
        (f"{number}-copy.json", "application/json"),
        (f"{number}-copy.zip", "application/zip"),
    ]
    assert [paper.title for paper in answer.papers] == ["Our answer to your request: granted", "Copy of your record"]
    assert "13900001234" in pdf_text(answer.files[1].content)
    assert answer.html().count("<article") == 2
    assert Delivery.objects.get().opened_at == AT + timedelta(days=6)
    with pytest.raises(LinkGone):
        open_link(token=token, at=AT + timedelta(days=6))


def test_opening_is_on_record_as_the_requesters(house: Property, officer: Person, stay: Stay) -> None:
    request = granted(house, stay, Kind.TRANSFER)
    token = linked(request, officer, "transfer", letter=letter_of(request, officer))
    answer = open_link(token=token, at=AT)
    assert [file.name.removeprefix(request.number) for file in answer.files] == [
        "-letter.pdf", "-transfer.csv", "-transfer.json",
    ]  # fmt: skip
    events = Event.objects.filter(action="request.answer_opened").order_by("at")
    assert [(event.actor, event.actor_role, event.property, event.object_ref, event.subjects) for event in events] == [
        (None, "requester", house.pk, request.number, [request.requester_id]),
        (None, "requester", house.pk, request.number, [subjects_of(stay)[0]]),
    ]
    assert events[0].fields == ["text"]
    assert "document_number" not in events[1].fields


def test_unknown_used_and_expired_are_one_answer_and_one_work(
    house: Property, officer: Person, request_: Request
) -> None:
    used, late = linked(request_, officer), linked(request_, officer)
    open_link(token=used, at=AT)
    told = []
    for token, at in ((used, AT), (late, AT + timedelta(days=7)), ("x" * 43, AT), ("", AT)):
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            pytest.raises(LinkGone) as refused,
        ):
            open_link(token=token, at=at)
        work = [re.sub(r"'[^']*'|s\d+_x\d+", "?", query["sql"]) for query in asked.captured_queries]
        told.append((str(refused.value), refused.value.object_type, refused.value.object_ref, work))
    assert all(each == told[0] for each in told)
    assert (told[0][1:3], len(told[0][3])) == (("answer", ""), 4)  # a savepoint, the question, and back
    assert open_link(token=late, at=AT + timedelta(days=7) - timedelta(seconds=1)).papers


def test_a_letter_by_link(house: Property, officer: Person, stay: Stay) -> None:
    request = granted(house, stay, Kind.CORRECTION)
    letter = letter_of(request, officer)
    answer = open_link(token=linked(request, officer, "letter", letter=letter), at=AT)
    assert ([paper.title for paper in answer.papers], len(answer.files)) == (["Our answer to your request: granted"], 1)


def test_what_is_gone_since_is_gone(house: Property, officer: Person, stay: Stay, request_: Request) -> None:
    """A decision sent back and a letter that has expired look like a link that never was."""
    token = linked(request_, officer)
    Request.objects.filter(pk=request_.pk).update(state=State.IN_REVIEW)
    with pytest.raises(LinkGone):
        open_link(token=token, at=AT)
    assert Delivery.objects.get().opened_at is None
    other = granted(house, stay, Kind.CORRECTION)
    letter = letter_of(other, officer)
    token = linked(other, officer, "letter", letter=letter)
    with transaction.atomic():
        vault.erase_envelopes([letter.envelope], reason="expired", who=audit.SYSTEM)
    with pytest.raises(LinkGone):
        open_link(token=token, at=AT)


def test_who_may_send_what_where(
    house: Property, officer: Person, clerk: Person, stranger: Person, stay: Stay, room: Room
) -> None:
    request = granted(house, stay)
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            linked(request, person)
    with pytest.raises(NotVerified):
        linked(make_request(house, stay=stay, kind=Kind.ACCESS), officer)
    with pytest.raises(NothingToGive):
        linked(request, officer, "transfer")
    with pytest.raises(NothingToGive):
        linked(request, officer, "letter")
    with pytest.raises(NoMailOnFile):
        linked(request, officer, contact_field="phone")
    (contact,) = vault.ids_of(subjects_of(stay), ["contact"])
    vault.reseal(contact, {"phone": "13900001234"})
    with pytest.raises(NoMailOnFile):
        linked(request, officer)
    assert (Delivery.objects.count(), mail.outbox) == (0, [])


def test_a_restricted_contact_serves_the_guests_own_answer(house: Property, officer: Person, stay: Stay) -> None:
    vault.restrict_envelopes(
        list(vault.ids_of(subjects_of(stay), ["contact"])), until=AT + timedelta(days=99), who=audit.SYSTEM
    )
    linked(granted(house, stay), officer)
    assert mail.outbox[0].to == [ADDRESS]


class NoServer(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        """Nothing is sent."""
        raise ConnectionRefusedError


def test_without_the_mail_there_is_no_link(house: Property, officer: Person, request_: Request, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"
    letter = letter_of(request_, officer)
    with pytest.raises(MailServerAway):
        linked(request_, officer, letter=letter)
    letter.refresh_from_db()
    assert (Delivery.objects.count(), letter.sent_at, Event.objects.filter(action="request.link_made").count()) == (
        0, None, 0,
    )  # fmt: skip


def test_an_answer_does_not_print_what_it_holds(house: Property, officer: Person, request_: Request) -> None:
    answer: Answer = open_link(token=linked(request_, officer), at=AT)
    assert "13900001234" not in repr(answer)
    assert "13900001234" not in repr(answer.files[0])
