"""Correcting a record: the new value, the old one kept, search and report anew."""

from datetime import timedelta

import pytest
from django.db import transaction

from privacy import actions
from privacy.models import Processor, Request, Step, Task, Told
from privacy.refusals import NotVerified, WrongState
from privacy.services import correcting, executing
from privacy.tests.factories import State, companion, lead, make_request, subjects_of
from privacy.tests.sheets import BILL_OVER, LATER, a_past_stay, approved, in_review, log_row, log_rows
from staff.permissions import NotAllowed
from stays.models import Registration
from vault import search
from vault import services as vault
from vault.models import Envelope

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(clerk, room):
    return a_past_stay(clerk, room, lead(), companion())


@pytest.fixture
def request_(officer, past):
    return make_request(
        past.property, kind="correction", state=State.EXECUTING, stay=past, approved_by=None, officer=officer
    )


def envelope_of(stay, category, place=0):
    return Envelope.objects.get(subject=subjects_of(stay)[place], category=category, erased_at__isnull=True).pk


def content_of(envelope):
    with transaction.atomic():
        return vault.open_for_deed([envelope], with_restricted=True)[envelope].plain


def correct(request, officer, envelope, **changes):
    return correcting.correct_record(request=request, actor=officer, envelope=envelope, changes=changes, at=LATER)


def found(text):
    term = search.parse(text)
    return search.verify(term, search.candidates(term))


def test_the_new_value_is_sealed_and_found_and_the_old_one_is_not(officer, past, request_):
    envelope, guest = envelope_of(past, "name"), subjects_of(past)[0]
    assert (found("欧阳海棠"), found("欧阳海堂")) == ([guest], [])
    assert correct(request_, officer, envelope, name="欧阳海堂") == ["name"]
    assert content_of(envelope)["name"] == "欧阳海堂"
    assert (found("欧阳海棠"), found("欧阳海堂")) == ([], [guest])


def test_the_old_value_is_kept_as_a_note_of_the_request(officer, past, request_):
    correct(request_, officer, envelope_of(past, "contact"), phone="13900005678", email="a@b.example")
    step = Step.objects.get(code=actions.RECORD_CORRECTED)
    note = Envelope.objects.get(pk=step.envelope)
    assert (note.category, note.belongs_to, note.subject_id) == ("note", request_.pk, subjects_of(past)[0])
    assert content_of(note.pk)["text"] == "contact.email: \ncontact.phone: 13900001234"


def test_the_kept_value_goes_when_the_guest_is_erased(officer, past, request_):
    correct(request_, officer, envelope_of(past, "name"), name="欧阳海堂")
    Request.objects.filter(pk=request_.pk).update(state=State.CLOSED, result="granted", closed_at=LATER)
    deletion = approved(in_review(past), officer, BILL_OVER)
    assert deletion.items.filter(category="note").count() == 1
    executing.execute_decision(request=deletion, actor=officer, at=BILL_OVER)
    assert Envelope.objects.filter(subject=subjects_of(past)[0], erased_at__isnull=True).count() == 0


def test_it_is_one_exact_row(officer, past, request_):
    correct(request_, officer, envelope_of(past, "name"), name="欧阳海堂", latin_name="Ouyang Haitang")
    assert log_rows(actions.RECORD_CORRECTED) == [
        log_row(actions.RECORD_CORRECTED, officer, request_, fields=["latin_name", "name"], detail={"category": "name"})
    ]


def test_a_report_that_went_out_is_made_again_for_this_guest_only(officer, past, request_):
    Registration.objects.update(state="acknowledged", receipt="P-1")
    correct(request_, officer, envelope_of(past, "register"), document_number="110101199003070038")
    reports = Registration.objects.order_by("pk").values_list("occupant__position", "state", "due_at", "receipt")
    assert [(place, state, receipt) for place, state, _due, receipt in reports] == [
        (1, "withdrawn", "P-1"), (2, "acknowledged", "P-1"), (1, "pending", ""),
    ]  # fmt: skip
    assert list(reports)[-1][2] == LATER + timedelta(hours=1)
    task = Task.objects.get(kind="reregister")
    assert (task.about, task.owner, task.due_on) == ("P-1", officer, LATER.date())
    assert found("110101199003070038") == [subjects_of(past)[0]]


def test_a_report_that_waits_goes_out_with_the_new_value(officer, past, request_):
    Registration.objects.update(state="pending", receipt="")
    correct(request_, officer, envelope_of(past, "register"), sex="M")
    assert list(Registration.objects.values_list("state", flat=True)) == ["pending", "pending"]
    assert Task.objects.count() == 0


def test_processors_are_told(officer, past, request_):
    Processor.objects.create(
        name="Mail Ltd", agreement_ref="A-2", contact="a@b.example", scope=["contact"], signed_on=LATER.date(),
        expires_on=BILL_OVER.date(),
    )  # fmt: skip
    correct(request_, officer, envelope_of(past, "contact"), phone="13900005678")
    assert list(Told.objects.values_list("what", "task__kind")) == [("corrected", "processor")]


def test_a_restricted_record_can_be_corrected(officer, past, request_):
    envelope = envelope_of(past, "name")
    Envelope.objects.filter(pk=envelope).update(restricted_until=BILL_OVER)
    assert correct(request_, officer, envelope, name="欧阳海堂") == ["name"]


def test_what_is_not_this_guests_or_not_correctable_is_not_there(officer, past, request_):
    note = vault.seal(subject=subjects_of(past)[0], category="note", content={"text": "…"}, belongs_to=past.pk)
    for envelope in (envelope_of(past, "name", place=1), note, past.pk):
        with pytest.raises(correcting.NotTheGuests):
            correct(request_, officer, envelope, name="别人")


def test_nothing_new_too_much_and_unknown_fields_are_refused(officer, past, request_):
    envelope = envelope_of(past, "name")
    for changes in ({}, {"name": "欧阳海棠"}, {"name": " 欧阳海棠 "}, {"name": "长" * 201}, {"phone": "1"}):
        with pytest.raises(correcting.NothingChanged):
            correct(request_, officer, envelope, **changes)
    assert log_rows(actions.RECORD_CORRECTED) == []


def test_an_erased_record_is_not_corrected(officer, past, request_):
    envelope = envelope_of(past, "name")
    vault.erase_envelopes([envelope], reason="test", who=correcting.requests.system_at(past.property))
    with pytest.raises(vault.EnvelopeErased):
        correct(request_, officer, envelope, name="欧阳海堂")


def test_only_a_granted_correction_corrects(clerk, stranger, officer, past, request_):
    envelope = envelope_of(past, "name")
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            correct(request_, person, envelope, name="欧阳海堂")
    with pytest.raises(WrongState):
        correct(in_review(past, kind="correction"), officer, envelope, name="欧阳海堂")
    with pytest.raises(NotVerified):
        correct(make_request(past.property, kind="correction", state=State.VERIFYING), officer, envelope, name="x")
    for facts in ({"kind": "access"}, {"decision": "refused"}):
        other = make_request(past.property, **{"kind": "correction", "state": State.EXECUTING, "stay": past} | facts)
        with pytest.raises(correcting.NotDecidedSo):
            correct(other, officer, envelope, name="欧阳海堂")
