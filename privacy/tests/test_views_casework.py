"""The officer's pages: from a guest who is recognised to an answer that was handed over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Check, Item, Letter, Message, Request, Task
from privacy.tests.factories import document, make_request, make_rule
from privacy.tests.visits import at_desk, in_house, of, reasons, taken_in, today, verified
from staff.models import Person, Property
from stays import services as stays
from stays.models import Registration, Room, Stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(clerk: Person, room: Room) -> Stay:
    """A stay that is over, paid and acknowledged by the police."""
    stay = in_house(clerk, room, departure_on=today(room.property))
    stays.check_out_guest(actor=clerk, stay=stay, at=timezone.now())
    Registration.objects.filter(occupant__stay=stay).update(state="acknowledged", receipt="R-1")
    stay.refresh_from_db()
    return stay


def state_of(asked: Request) -> tuple[str, str]:
    """Where it stands now."""
    asked.refresh_from_db()
    return asked.state, asked.result


def test_facts_are_compared_blindly(client: Client, officer: Person, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    asked = taken_in(room.property, clerk).request
    typed = {"stay_reference": stay.reference, "name": "欧阳海棠", "document_tail": "0000"}
    page = at_desk(client, officer, room.property).post(of(asked, "verify/"), typed, follow=True)
    check = Check.objects.get()
    assert (sorted(check.matched), check.failed) == (["name", "stay_reference"], ["document_tail"])
    text = page.content.decode()
    number = document().document_number
    assert ["✓" in text, "✗" in text, number[-4:] in text] == [True, True, False]


def test_a_fact_has_to_be_stated(client: Client, officer: Person, house: Property) -> None:
    asked = make_request(house)
    page = at_desk(client, officer, house).post(of(asked, "verify/"), {"name": " "})
    assert reasons(page) == ["Type at least one fact that the requester states."]
    assert Check.objects.count() == 0


def test_a_document_that_was_seen_recognises_the_guest(
    client: Client, officer: Person, clerk: Person, room: Room
) -> None:
    stay = in_house(clerk, room)
    asked = taken_in(room.property, clerk, stay=stay).request
    typed = {"document_type": "resident_id", "document_number": document().document_number}
    at_desk(client, officer, room.property).post(of(asked, "document/"), typed)
    asked.refresh_from_db()
    assert asked.is_verified
    client.post(of(asked, "review/"))
    assert state_of(asked) == ("in_review", "")


def test_three_wrong_facts_lock(client: Client, officer: Person, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    asked = taken_in(room.property, clerk).request
    typed = {"stay_reference": stay.reference, "document_tail": "0000"}
    at_desk(client, officer, room.property)
    for _each in range(3):
        client.post(of(asked, "verify/"), typed)
    page = client.post(of(asked, "verify/"), typed)
    assert reasons(page)[0].startswith("Three checks failed.")
    assert "0000" in page.content.decode()


def test_a_deletion_goes_its_whole_way(client: Client, officer: Person, approver: Person, gone: Stay) -> None:
    house = gone.property
    asked = verified(house, stay=gone, taken_in_by=None)
    at_desk(client, officer, house)
    client.post(of(asked, "sheet/"))
    client.post(of(asked, "sheet/choose/"))
    client.post(of(asked, "decide/"), {"refusal_ground": ""})
    assert state_of(asked) == ("awaiting_second", "")
    at_desk(client, approver, house).post(of(asked, "approve/"), {"number": asked.number.lower()})
    assert state_of(asked) == ("executing", "")
    at_desk(client, officer, house).post(of(asked, "execute/"), {"number": asked.number})
    client.post(of(asked, "letters/new/"), {"kind": asked.decision})
    letter = Letter.objects.get()
    assert client.get(of(asked, f"letters/{letter.pk}/")).status_code == 200
    client.post(of(asked, "hand-over/"), {"letter": letter.pk, "kind": "letter", "document_seen": "on"})
    client.post(of(asked, "close/"))
    assert state_of(asked)[0] == "closed"


def test_the_sheet_tells_the_rule_of_the_house_in_force(client: Client, officer: Person, gone: Stay) -> None:
    """The changed one, of the house's region; on the page of the request, of the row and of the decision."""
    Property.objects.filter(pk=gone.property_id).update(region="CN-31")
    make_rule(number=5)
    make_rule(number=7, region="CN-31", article="12")
    make_rule(number=9, region="CN-44")
    asked = verified(Property.objects.get(), stay=gone)
    at_desk(client, officer, gone.property).post(of(asked, "sheet/"))
    row = asked.items.get(category="register")
    pages = [client.get(of(asked, page)).content.decode() for page in ("", f"sheet/{row.pk}/", "decide/")]
    told = "at least 7 years from check-out · Measures for the Public Security of Hotels, art. 12"
    assert [(told in page, "3 years" in page) for page in pages] == [(True, False)] * 3


def test_who_decided_does_not_approve(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="awaiting_second", stay=gone, decided_by=officer)
    page = at_desk(client, officer, gone.property)
    assert of(asked, "approve/") not in page.get(of(asked)).content.decode()
    answer = page.post(of(asked, "approve/"), {"number": asked.number})
    assert (reasons(answer), state_of(asked)[0]) == (
        ["This needs a second person: you did the first part yourself."],
        "awaiting_second",
    )


@pytest.mark.parametrize("typed", ["", "R-2026-999999", "yes"])
def test_carrying_out_asks_for_the_number(client: Client, officer: Person, gone: Stay, typed: str) -> None:
    asked = verified(gone.property, state="executing", stay=gone)
    item = Item.objects.create(
        request=asked, envelope=asked.pk, category="name", subject=asked.guest_id, proposed="erase", chosen="erase"
    )
    answer = at_desk(client, officer, gone.property).post(of(asked, "execute/"), {"number": typed})
    item.refresh_from_db()
    assert (list(answer.context["form"].errors), item.done_at) == (["number"], None)


def test_what_goes_and_what_stays_is_said_before(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="executing", stay=gone)
    fates = {"name": "erase", "register": "restrict", "payment": "keep"}
    for number, (category, chosen) in enumerate(fates.items()):
        facts = {"category": category, "proposed": chosen, "chosen": chosen, "subject": asked.guest_id}
        Item.objects.create(request=asked, envelope=f"00000000-0000-4000-8000-00000000000{number}", **facts)
    context = at_desk(client, officer, gone.property).get(of(asked, "execute/")).context
    sorted_out = [[item.category for item in context[name]] for name in ("goes", "locked", "stays")]
    assert sorted_out == [["name"], ["register"], ["payment"]]


def test_delicate_pages_want_a_fresh_proof(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="executing", stay=gone)
    at_desk(client, officer, gone.property, is_fresh=False)
    led = [client.get(of(asked, deed)).headers.get("Location", "")[:9] for deed in ("execute/", "link/", "approve/")]
    assert led == ["/step-up/"] * 3


def test_a_row_is_chosen_otherwise_with_a_reason(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, stay=gone)
    at_desk(client, officer, gone.property).post(of(asked, "sheet/"))
    item = asked.items.filter(proposed="erase").first()
    assert item is not None
    page = of(asked, f"sheet/{item.pk}/")
    refused = client.post(page, {"chosen": "keep", "reason": "", "until": ""})
    assert list(refused.context["form"].non_field_errors()) + list(refused.context["form"].errors) != []
    client.post(page, {"chosen": "keep", "reason": "counsel_advised", "until": ""})
    item.refresh_from_db()
    assert (item.chosen, item.override_reason) == ("keep", "counsel_advised")


def test_the_row_of_another_request_is_not_there(client: Client, officer: Person, gone: Stay) -> None:
    asked, other = verified(gone.property, stay=gone), verified(gone.property, stay=gone)
    at_desk(client, officer, gone.property).post(of(other, "sheet/"))
    item = other.items.first()
    assert item is not None
    assert client.get(of(asked, f"sheet/{item.pk}/")).status_code == 404


def test_the_clock_is_paused_and_runs_again(client: Client, officer: Person, house: Property) -> None:
    asked = make_request(house, at=timezone.now())
    page = at_desk(client, officer, house)
    assert list(page.post(of(asked, "pause/"), {"reason": "holiday"}).context["form"].errors) == ["reason"]
    page.post(of(asked, "pause/"), {"reason": "identity"})
    asked.refresh_from_db()
    assert asked.pause_reason == "identity"
    page.post(of(asked, "resume/"))
    asked.refresh_from_db()
    assert asked.paused_at is None


def test_an_extension_is_given_once(client: Client, officer: Person, house: Property) -> None:
    asked = make_request(house, at=timezone.now())
    page = at_desk(client, officer, house)
    page.post(of(asked, "extend/"), {"reason": "complex"})
    again = page.post(of(asked, "extend/"), {"reason": "complex"})
    assert reasons(again) == [f"Request {asked.number} has been extended before; it can be extended once."]


def test_a_message_is_sealed_and_what_is_wrong_with_it_loses_nothing(
    client: Client, officer: Person, house: Property
) -> None:
    asked = taken_in(house, None).request
    page = at_desk(client, officer, house)
    wrong = page.post(of(asked, "message/"), {"kind": "shout", "text": "Please show a document."})
    assert "Please show a document." in wrong.content.decode()
    page.post(of(asked, "message/"), {"kind": "need_more", "text": "Please show a document."})
    assert Message.objects.get().direction == "out"
    assert "Please show a document." in page.get(of(asked)).content.decode()


def test_a_task_is_given_and_done(client: Client, officer: Person, clerk: Person, house: Property) -> None:
    asked = make_request(house)
    day = (house.today(timezone.now()) + timedelta(days=3)).isoformat()
    page = at_desk(client, officer, house)
    page.post(of(asked, "task/"), {"kind": "recipient", "owner": clerk.pk, "due_on": day, "text": ""})
    task = Task.objects.get()
    page.post(of(asked, f"tasks/{task.pk}/done/"), {"text": "Told them."})
    task.refresh_from_db()
    assert (task.owner, task.done_by) == (clerk, officer)


def test_a_task_for_somebody_elsewhere_is_no_choice(
    client: Client, officer: Person, stranger: Person, house: Property
) -> None:
    asked = make_request(house)
    day = (house.today(timezone.now()) + timedelta(days=3)).isoformat()
    typed = {"kind": "other", "owner": stranger.pk, "due_on": day}
    answer = at_desk(client, officer, house).post(of(asked, "task/"), typed)
    assert (list(answer.context["form"].errors), Task.objects.count()) == (["owner"], 0)


def test_counsel_is_a_second_approver(client: Client, officer: Person, approver: Person, house: Property) -> None:
    asked = make_request(house)
    day = (house.today(timezone.now()) + timedelta(days=3)).isoformat()
    typed = {"counsel": approver.pk, "due_on": day, "text": "May the register go?"}
    at_desk(client, officer, house).post(of(asked, "counsel/"), typed)
    assert Task.objects.get().owner == approver


def test_a_duplicate_names_the_request_that_is_answered(client: Client, officer: Person, house: Property) -> None:
    first, second = make_request(house), make_request(house)
    page = at_desk(client, officer, house)
    unknown = page.post(of(second, "duplicate/"), {"of": "R-2020-000001"})
    assert list(unknown.context["form"].errors) == ["of"]
    page.post(of(second, "duplicate/"), {"of": first.number.lower()})
    assert state_of(second) == ("closed", "withdrawn")


def test_a_withdrawal_and_an_appeal_are_taken_in(client: Client, officer: Person, house: Property) -> None:
    asked = taken_in(house, officer).request
    page = at_desk(client, officer, house)
    page.post(of(asked, "withdraw/"))
    assert state_of(asked) == ("closed", "withdrawn")
    given = page.post(of(asked, "appeal/"), {"channel": "letter", "words": "It was not me who withdrew."})
    appeal = Request.objects.get(appeal_of=asked)
    assert (given.context["asked"], given.context["code"] != "") == (appeal, True)


def test_a_new_code_to_follow_by_is_shown_once(client: Client, officer: Person, house: Property) -> None:
    asked = taken_in(house, None).request
    given = at_desk(client, officer, house).post(of(asked, "follow-code/"))
    assert given.context["code"] in given.content.decode()
    assert given.context["code"] not in client.get(of(asked)).content.decode()


def test_a_record_is_corrected_without_being_shown(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="executing", stay=gone, kind="correction")
    at_desk(client, officer, gone.property)
    parts = client.get(of(asked, "correct/")).context["parts"]
    contact = next(part for part in parts if part.category == "contact")
    page = of(asked, f"correct/{contact.envelope}/")
    assert "13900001234" not in client.get(page).content.decode()
    nothing = client.post(page, {"phone": ""})
    assert reasons(nothing) == ["Write at least one new value."]
    assert client.post(page, {"phone": "13700002222"}).headers["Location"] == of(asked)


def test_a_letter_as_pdf(client: Client, officer: Person, house: Property) -> None:
    asked = taken_in(house, None).request
    client = at_desk(client, officer, house)
    client.post(of(asked, "letters/new/"), {"kind": "need_more"})
    pdf = client.get(of(asked, f"letters/{Letter.objects.get().pk}/pdf/"))
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{asked.number}-need_more.pdf"'


def test_nothing_is_handed_over_unseen(client: Client, officer: Person, house: Property) -> None:
    asked = taken_in(house, None).request
    page = at_desk(client, officer, house)
    page.post(of(asked, "letters/new/"), {"kind": "need_more"})
    letter = Letter.objects.get()
    answer = page.post(of(asked, "hand-over/"), {"letter": letter.pk, "kind": "letter"})
    letter.refresh_from_db()
    assert (len(reasons(answer)), letter.sent_at) == (1, None)


def test_no_file_is_given_that_was_not_asked_for(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="executing", stay=gone, kind="deletion")
    page = at_desk(client, officer, gone.property)
    assert [page.get(of(asked, f"files/{name}")).status_code for name in ("copy.pdf", "x.exe")] == [404, 404]


def test_the_copy_of_a_granted_access(client: Client, officer: Person, gone: Stay) -> None:
    asked = verified(gone.property, state="executing", stay=gone, kind="access")
    page = at_desk(client, officer, gone.property)
    kinds = [page.get(of(asked, f"files/{name}")).headers["Content-Type"] for name in ("copy.pdf", "copy.json")]
    assert kinds == ["application/pdf", "application/json"]
