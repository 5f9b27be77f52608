"""Carrying out: erased and restricted in one transaction, nothing left, everybody told; the typical cases."""

from datetime import date, timedelta

import pytest

from audit.models import Statement
from privacy import actions
from privacy.models import Certificate, Consent, Delivery, Item, OneTimeCode, PaperCard, Processor, Recheck, Task, Told
from privacy.services import certificates, deciding
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import (
    AT,
    NoticeFactory,
    State,
    checked_in,
    companion,
    lead,
    make_person,
    make_request,
    subjects_of,
)
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    PAST_NAME,
    PAST_PHONE,
    REGISTER_OVER,
    a_past_stay,
    approved,
    decided,
    executed,
    in_review,
    live_of,
    log_row,
    log_rows,
    with_preferences,
)
from stays import services as desk
from stays.models import Draft, Stay
from stays.tests.factories import resident_id
from vault import search
from vault import services as vault
from vault.models import Envelope, EnvelopeKey, ErasureEntry, SubjectToken

pytestmark = pytest.mark.django_db


def found(text):
    term = search.parse(text)
    return search.verify(term, search.candidates(term))


def listed(stay):
    return Stay.objects.unrestricted(LATER).filter(pk=stay.pk).exists()


def test_inside_the_register_period_register_and_bill_stay_locked_and_the_rest_is_gone(officer, past, request_):
    with_preferences(past)
    guest = subjects_of(past)[0]
    executed(approved(request_, officer), officer)
    assert live_of(guest) == {"register": UNTIL_LIFTED, "payment": UNTIL_LIFTED}
    assert dict(request_.items.values_list("category", "done_at")) == dict.fromkeys(
        ("name", "contact", "preference", "register", "payment", "note"), LATER
    )
    past.refresh_from_db()
    assert past.restricted_until == UNTIL_LIFTED


def test_the_sheet_says_until_when(officer, house, request_):
    executed(approved(request_, officer), officer)
    ends = request_.items.filter(chosen="restrict").values_list("category", "until", "rule")
    assert {category: (house.local(until).date(), rule) for category, until, rule in ends} == {
        "register": (date(2029, 5, 14), "CN-RET-01"),
        "payment": (date(2036, 5, 12), "CN-RET-05"),
    }


def test_the_guest_is_out_of_search_lists_and_history_and_was_in_them_before(clerk, officer, past, request_):
    guest = subjects_of(past)[0]
    assert [found(PAST_NAME), found(PAST_PHONE), found(resident_id(1)), listed(past)] == [
        [guest],
        [guest],
        [guest],
        True,
    ]
    executed(approved(request_, officer), officer)
    assert [found(PAST_NAME), found(PAST_PHONE), found(resident_id(1)), listed(past)] == [[], [], [], False]
    assert [Stay.objects.visible_to(person).count() for person in (clerk, officer)] == [0, 1]
    assert vault.subject_by_document("resident_id", resident_id(1)) is None


def test_after_all_periods_nothing_is_left_anywhere(officer, past, request_):
    guest = subjects_of(past)[0]
    ids = list(Envelope.objects.filter(subject=guest).values_list("pk", flat=True))
    executed(approved(request_, officer, BILL_OVER), officer, BILL_OVER)
    assert live_of(guest) == {}
    assert set(Envelope.objects.filter(pk__in=ids).values_list("ciphertext", flat=True)) == {b""}
    assert set(EnvelopeKey.objects.filter(pk__in=ids).values_list("wrapped", flat=True)) == {None}
    assert SubjectToken.objects.filter(subject=guest).count() == 0
    assert ErasureEntry.objects.get(reason="deletion_asked").envelopes == sorted(ids)


def test_after_the_register_period_only_the_bill_is_locked(officer, past, request_):
    executed(approved(request_, officer, REGISTER_OVER), officer, REGISTER_OVER)
    assert live_of(subjects_of(past)[0]) == {"payment": UNTIL_LIFTED}


def test_the_rows_of_the_log_are_exact(officer, past, request_):
    guest = subjects_of(past)[0]
    certificate = executed(approved(request_, officer), officer)
    entry = ErasureEntry.objects.get()
    plain = {"actor": officer.pk, "actor_role": "privacy_officer", "property": past.property_id, "outcome": "ok",
             "fields": []}  # fmt: skip
    assert log_rows(
        actions.DECISION_EXECUTED, actions.STAY_RESTRICTED, actions.CERTIFICATE_SIGNED, "envelope.restricted",
        "envelope.erased",
    ) == [
        log_row(actions.DECISION_EXECUTED, officer, request_, detail={"erase": 3, "restrict": 2}),
        plain | {"action": "envelope.restricted", "object_type": "subject", "object_ref": "", "subjects": [guest],
                 "detail": {"count": 2, "lifted": 0}},
        plain | {"action": actions.STAY_RESTRICTED, "object_type": "stay", "object_ref": past.reference,
                 "subjects": [guest], "detail": {}},
        plain | {"action": actions.CERTIFICATE_SIGNED, "object_type": "certificate", "object_ref": certificate.number,
                 "subjects": [], "detail": {"count": 3, "reason": "deletion_asked"}},
        plain | {"action": "envelope.erased", "object_type": "erasure", "object_ref": str(entry.sequence),
                 "subjects": [guest], "detail": {"count": 3, "reason": "deletion_asked"}},
    ]  # fmt: skip


def test_a_companions_part_stays_theirs(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion(), words="婴儿床")
    guest, other = subjects_of(stay)
    executed(approved(in_review(stay), officer, BILL_OVER), officer, BILL_OVER)
    assert (live_of(guest), live_of(other)) == ({}, {"name": None, "register": None})
    assert (found("单雨桐"), found(PAST_NAME), listed(stay)) == ([other], [], True)


def test_while_a_companion_is_left_the_stay_stays_in_the_lists_then_it_goes(clerk, officer, room):
    stay = a_past_stay(clerk, room, lead(), companion())
    guest, other = subjects_of(stay)
    executed(approved(in_review(stay), officer), officer)
    assert (listed(stay), live_of(other)) == (True, {"name": None, "register": None})
    executed(approved(in_review(stay, guest_id=other), officer), officer)
    assert (listed(stay), live_of(other)) == (False, {"register": UNTIL_LIFTED})


def test_restriction_asked_for_locks_all_and_erases_nothing(officer, past):
    request = decided(in_review(past, kind="restriction"), officer)
    assert executed(request, officer) is None
    assert set(live_of(subjects_of(past)[0]).items()) == {
        (category, UNTIL_LIFTED) for category in ("name", "contact", "register", "payment", "note")
    }
    assert (found(PAST_NAME), listed(past), Certificate.objects.count()) == ([], False, 0)


def test_an_objection_in_house_ends_what_rests_on_consent_at_once(clerk, officer, room):
    stay = checked_in(clerk, room)
    with_preferences(stay)
    request = decided(in_review(stay, kind="objection", at=AT), officer, AT)
    certificate = executed(request, officer, AT)
    assert certificate.payload["erased"] == {"preference": 1}
    assert set(live_of(subjects_of(stay)[0])) == {"name", "contact", "register", "payment"}
    assert Stay.objects.in_house(stay.property).get() == stay


def test_an_unpaid_bill_waits_with_a_task_for_its_review(clerk, officer, past, request_):
    desk.open_desk_case(actor=clerk, property=past.property, kind="dispute", stay=past, at=LATER)
    request = decided(request_, officer, refusal_ground="still_needed")
    assert (request.decision, request.refusal_ground) == ("refused", "still_needed")
    second = deciding.approve_decision(request=request, actor=make_person(past.property, "second_approver"), at=LATER)
    executed(second, officer)
    tasks = Task.objects.filter(request=request, kind="other")
    assert set(tasks.values_list("due_on", "owner")) == {(date(2026, 7, 13), officer.pk)}
    assert {task.about for task in tasks} == {f"item:{item.pk}" for item in request.items.all()}


def test_a_lower_rule_leaves_counsel_a_question(officer, request_):
    executed(approved(request_, officer), officer)
    register = request_.items.get(category="register")
    task = Task.objects.get(request=request_, kind="counsel")
    assert (task.about, task.due_on, task.owner) == (f"item:{register.pk}", date(2026, 7, 13), officer)


def test_paper_is_asked_for_when_the_register_is_erased_and_not_before(officer, approver, past, request_):
    PaperCard.objects.create(stay=past, place="Box 7", custodian=approver)
    executed(approved(request_, officer), officer)
    assert Task.objects.filter(kind="paper").count() == 0
    second = in_review(past)
    Item.objects.filter(request=request_).update(chosen="keep", override_reason="guest_asks")
    executed(approved(second, officer, REGISTER_OVER), officer, REGISTER_OVER)
    task = Task.objects.get(kind="paper")
    assert (task.about, task.owner, task.due_on) == (
        past.reference, officer, REGISTER_OVER.date() + timedelta(days=7),
    )  # fmt: skip


def make_processor(house, *scope, **facts):
    plain = {"name": "Laundry Ltd", "agreement_ref": "A-1", "contact": "office@laundry.example",
             "signed_on": date(2025, 1, 1), "expires_on": date(2030, 1, 1)}  # fmt: skip
    return Processor.objects.create(property=house, scope=list(scope), **(plain | facts))


def test_processors_whose_scope_meets_what_was_done_are_told(officer, house, request_):
    mailer, cashier = make_processor(house, "contact"), make_processor(None, "payment", "register")
    make_processor(house, "preference")
    make_processor(house, "contact", ended_on=date(2026, 1, 1))
    executed(approved(request_, officer), officer)
    told = Told.objects.filter(request=request_).values_list("processor", "what", "task__kind", "task__due_on")
    assert set(told) == {
        (mailer.pk, "erased", "processor", date(2026, 6, 20)),
        (cashier.pk, "restricted", "processor", date(2026, 6, 20)),
    }


def test_the_certificate_counts_signs_and_names_nobody(officer, past, request_):
    guest = subjects_of(past)[0]
    gone = set(
        Envelope.objects.filter(subject=guest, category__in=["name", "contact", "note"]).values_list("pk", flat=1)
    )
    certificate = executed(approved(request_, officer), officer)
    payload = certificate.payload
    assert payload == {
        "v": 1, "number": certificate.number, "property": past.property.code, "request": request_.number,
        "reason": "deletion_asked", "made_at": "2026-06-13T06:00:00Z", "key": "certificate-000001.key",
        "erased": {"contact": 1, "name": 1, "note": 1}, "restricted": {"payment": 1, "register": 1},
        "envelopes": sorted(certificates.marks(gone, certificate.key_id)),
        "leaf": str(Statement.objects.get(kind="erasure").ref),
    }  # fmt: skip
    assert certificates.is_genuine(certificate)
    assert not any(str(envelope) in str(payload) or envelope.hex in str(payload) for envelope in gone)
    assert list(Recheck.objects.values_list("due_on", "at")) == [(date(2026, 6, 13), None), (date(2026, 7, 13), None)]


def test_forms_about_the_stay_go_too(clerk, officer, past, request_):
    desk.save_draft(
        actor=clerk, property=past.property, form="note", about=past.reference, content={"name": PAST_NAME}, at=LATER
    )
    assert Draft.objects.count() == 1
    executed(approved(request_, officer), officer)
    assert Draft.objects.count() == 0


def test_consents_links_and_codes_end_with_what_they_were_about(clerk, officer, past, request_):
    with_preferences(past)
    guest, notice = subjects_of(past)[0], NoticeFactory()
    for about in ("preferences", "marketing"):
        Consent.objects.create(
            subject_id=guest, property=past.property, about=about, notice=notice, given_at=AT, channel="desk"
        )
    asked = make_request(past.property, kind="access", state=State.IN_REVIEW, stay=past)
    copy = vault.seal(subject=asked.requester_id, category="note", content={"text": PAST_NAME}, belongs_to=asked.pk)
    Delivery.objects.create(
        request=asked, token_hash="a" * 64, kind="access_copy", envelope=copy, contact_field="email", made_at=AT,
        expires_at=LATER + timedelta(days=9),
    )  # fmt: skip
    OneTimeCode.objects.create(
        request=request_, purpose="contact", code_hash="b" * 64, expires_at=LATER + timedelta(minutes=5)
    )
    certificate = executed(approved(request_, officer), officer)
    assert set(Consent.objects.values_list("withdrawn_at", "withdrawn_by", "withdrawn_channel")) == {
        (LATER, officer.pk, "desk")
    }
    assert (Delivery.objects.get().expires_at, OneTimeCode.objects.get().expires_at) == (LATER, LATER)
    assert Envelope.objects.get(pk=copy).erased_at is not None
    assert certificate.payload["erased"] == {"contact": 1, "copy": 1, "name": 1, "note": 1, "preference": 1}


# What is refused
