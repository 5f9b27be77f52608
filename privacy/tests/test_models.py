"""What the database has the last word on, said to it in SQL: nothing runs unverified, four eyes, reasons, histories."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from privacy.models import (
    Certificate,
    Check,
    Consent,
    Delivery,
    Finding,
    Hold,
    Item,
    Letter,
    Message,
    PaperCard,
    Processor,
    Profile,
    Recheck,
    Request,
    Review,
    Rule,
    Step,
    Task,
    Told,
)
from privacy.tests.factories import (
    AT,
    TODAY,
    NoticeFactory,
    State,
    make_hold,
    make_person,
    make_profile,
    make_request,
    make_rule,
)
from staff.models import Person, Property
from stays.models import Stay
from vault.services import new_subject

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
VERIFIED_ONLY = "request_runs_verified_only"


def change(thing: models.Model, **columns: Any) -> None:
    """Change columns in plain SQL, past the models and services."""
    values = {name: getattr(value, "pk", value) for name, value in columns.items()}
    assignments = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {thing._meta.db_table} SET {assignments} WHERE id = %s", [*values.values(), thing.pk])
        assert cursor.rowcount == 1


def refusing(thing: models.Model, **columns: Any) -> str:
    """The constraint that refuses the change; empty when none does."""
    try:
        change(thing, **columns)
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return ""


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("kind", Request.Kind.values)
def test_a_request_of_every_kind_can_be_in_every_state(house: Property, kind: str, state: str) -> None:
    made = make_request(house, kind=kind, state=state)
    assert Request.objects.values_list("kind", "state").get(pk=made.pk) == (kind, state)


NEEDS_IDENTITY = [kind for kind in Request.Kind.values if kind not in ("complaint", "explanation")]
RUNNING = {
    "in_review": {"state": "in_review"},
    "awaiting_second": {"state": "awaiting_second", "decision": "refused"},
    "executing": {"state": "executing", "decision": "refused"},
    "granted": {"state": "closed", "result": "granted", "closed_at": LATER},
    "partly": {"state": "closed", "result": "partly", "closed_at": LATER},
    "decided": {"decision": "granted"},
    "decided partly": {"decision": "partly"},
}


def seen(request: Request) -> dict[str, Any]:
    """Columns that answer for everything but who asks."""
    return {
        "refusal_ground": "no_ground",
        "decided_by_id": make_person(request.property, "privacy_officer"),
        "approved_by_id": make_person(request.property, "second_approver"),
        "decided_at": AT,
    }


@pytest.mark.parametrize("columns", RUNNING.values(), ids=RUNNING)
@pytest.mark.parametrize("kind", NEEDS_IDENTITY)
@pytest.mark.parametrize("channel", Request.Channel.values)
def test_nothing_runs_unverified(house: Property, kind: str, channel: str, columns: dict[str, Any]) -> None:
    request = make_request(house, kind=kind, channel=channel, state=State.VERIFYING)
    assert refusing(request, **seen(request), **columns) == VERIFIED_ONLY


@pytest.mark.parametrize("columns", RUNNING.values(), ids=RUNNING)
def test_a_duplicate_does_not_inherit_that_the_other_was_verified(house: Property, columns: dict[str, Any]) -> None:
    first = make_request(house, state=State.IN_REVIEW)
    second = make_request(house, state=State.VERIFYING, duplicate_of=first)
    assert refusing(second, **seen(second), **columns) == VERIFIED_ONLY


@pytest.mark.parametrize("columns", [{"verified_at": AT}, {"guest_id": None}], ids=["no guest", "no time"])
def test_verified_means_when_and_as_whom(house: Property, columns: dict[str, Any]) -> None:
    request = make_request(house, state=State.VERIFYING)
    as_whom = {} if "verified_at" in columns else {"guest_id": new_subject()}
    assert refusing(request, **(columns | as_whom), state="in_review") == VERIFIED_ONLY


def test_verification_cannot_be_taken_away_from_what_runs(house: Property) -> None:
    request = make_request(house, state=State.EXECUTING)
    assert refusing(request, verified_at=None) == VERIFIED_ONLY


def test_no_import_brings_in_what_runs_unverified(house: Property) -> None:
    with pytest.raises(IntegrityError, match=f'"{VERIFIED_ONLY}"'), transaction.atomic():
        Request.objects.bulk_create(
            [
                Request(
                    number="R-2026-000001",
                    property=house,
                    kind="access",
                    channel="letter",
                    requester_id=new_subject("requester"),
                    state="in_review",
                    received_at=AT,
                    due_on=TODAY,
                )
            ]
        )


@pytest.mark.parametrize("kind", ["complaint", "explanation"])
def test_complaints_and_questions_need_no_identity(house: Property, kind: str) -> None:
    assert refusing(make_request(house, kind=kind, state=State.VERIFYING), state="in_review") == ""


@pytest.mark.parametrize(
    ("state", "columns", "constraint"),
    [
        ("in_review", {"state": "closed", "closed_at": AT}, "request_closed_has_result"),
        ("in_review", {"state": "closed", "result": "withdrawn"}, "request_closed_has_result"),
        ("in_review", {"result": "withdrawn", "closed_at": AT}, "request_closed_has_result"),
        ("in_review", {"closed_at": AT}, "request_closed_has_result"),
        ("closed", {"state": "in_review"}, "request_closed_has_result"),
        ("in_review", {"state": "closed", "result": "refused", "closed_at": AT}, "request_refused_has_ground"),
        ("in_review", {"decision": "refused"}, "request_refused_has_ground"),
        ("in_review", {"state": "awaiting_second"}, "request_carried_out_was_decided"),
        ("in_review", {"state": "awaiting_second", "decision": "granted"}, "request_carried_out_was_decided"),
        ("in_review", {"paused_at": AT}, "request_paused_has_reason"),
        ("in_review", {"extended_at": AT}, "request_extended_has_reason"),
        ("awaiting_second", {"state": "executing"}, "request_deletion_has_two"),
        ("in_review", {"state": "closed", "result": "granted", "closed_at": AT}, "request_deletion_has_two"),
        ("closed", {"approved_by_id": None}, "request_deletion_has_two"),
        ("closed", {"rating": 6}, "request_rating_sane"),
        ("closed", {"rating": 0}, "request_rating_sane"),
        ("received", {"kind": "everything"}, "request_kind_known"),
        ("received", {"acts_as": "spouse"}, "request_acts_as_known"),
        ("received", {"language": "fr"}, "request_language_known"),
        ("received", {"state": "lost"}, "request_state_known"),
        ("received", {"decision": "maybe"}, "request_decision_known"),
    ],
)
def test_a_request_must_make_sense(house: Property, state: str, columns: dict[str, Any], constraint: str) -> None:
    assert refusing(make_request(house, state=state), **columns) == constraint


@pytest.mark.parametrize("result", ["withdrawn", "unverified"])
def test_a_request_may_end_without_being_verified(house: Property, result: str) -> None:
    request = make_request(house, state=State.VERIFYING)
    assert refusing(request, state="closed", result=result, closed_at=AT) == ""


def test_an_unverified_request_may_be_refused_with_its_reason(house: Property) -> None:
    request = make_request(house, state=State.VERIFYING)
    assert refusing(request, state="closed", result="refused", refusal_ground="no_standing", closed_at=AT) == ""


def test_who_decided_cannot_approve(house: Property, officer: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer)
    assert refusing(request, approved_by_id=officer) == "request_approver_did_not_decide"


def test_who_took_it_in_cannot_approve(house: Property, officer: Person, approver: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer, taken_in_by=approver)
    assert refusing(request, approved_by_id=approver) == "request_approver_did_not_take_in"


def test_nothing_undecided_is_approved(house: Property, approver: Person) -> None:
    request = make_request(house, state=State.IN_REVIEW)
    assert refusing(request, approved_by_id=approver) == "request_approver_did_not_decide"


def test_a_third_person_may_approve(house: Property, clerk: Person, officer: Person, approver: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer, taken_in_by=clerk)
    assert refusing(request, approved_by_id=approver) == ""


def test_a_request_is_neither_its_own_duplicate_nor_appeal(house: Property) -> None:
    request = make_request(house)
    assert refusing(request, duplicate_of_id=request.pk) == "request_not_its_own_duplicate"
    with pytest.raises(IntegrityError, match='"request_appeals_another"'), transaction.atomic():
        make_request(house, kind="deletion", appeal_of=request)
    assert make_request(house, kind="appeal", appeal_of=request).appeal_of == request


@pytest.mark.parametrize(
    "column", ["number", "property_id", "channel", "requester_id", "received_at", "taken_in_by_id", "appeal_of_id"]
)
def test_what_a_request_is_never_changes(house: Property, column: str) -> None:
    request = make_request(house)
    with pytest.raises(DatabaseError, match="permission denied"):
        change(request, **{column: getattr(request, column)})


def history(request: Request) -> list[models.Model]:
    """One row of every table that is only ever added to."""
    return [
        Step.objects.create(request=request, at=AT, code="request.received"),
        Message.objects.create(request=request, direction="in", kind="words", envelope=request.pk, at=AT),
        Check.objects.create(request=request, method="facts", passed=True, at=AT),
        Certificate.objects.create(
            number="E-000001", property=request.property, request=request, made_at=AT, payload={}, signature=b"x"
        ),
    ]


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("index", range(4))
def test_history_is_not_rewritten(house: Property, index: int, statement: str) -> None:
    table = history(make_request(house))[index]._meta.db_table
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_search_that_was_done_stays_as_it_is(house: Property) -> None:
    certificate = Certificate.objects.create(
        number="E-000001", property=house, reason="withdrawn", made_at=AT, payload={}, signature=b"x"
    )
    again = Recheck.objects.create(certificate=certificate, due_on=TODAY)
    assert refusing(again, at=AT) == "recheck_done_has_count"
    change(again, at=AT, found=0)
    with pytest.raises(DatabaseError, match="stays as it is"):
        change(again, found=1)


def test_a_certificate_says_why(house: Property) -> None:
    with pytest.raises(IntegrityError, match='"certificate_says_why"'):
        Certificate.objects.create(number="E-1", property=house, made_at=AT, payload={}, signature=b"x")


def test_an_internal_hold_lasts_180_days_at_most(stay: Stay, officer: Person) -> None:
    hold = make_hold(stay.property, placed_by=officer, stay=stay, until=AT + timedelta(days=180))
    assert refusing(hold, until=AT + timedelta(days=180, seconds=1)) == "hold_at_most_180_days"
    assert refusing(hold, until=AT) == "hold_at_most_180_days"
    assert refusing(hold, until=None) == "hold_at_most_180_days"


def test_an_authority_may_freeze_until_further_notice(stay: Stay, officer: Person) -> None:
    frozen = make_hold(stay.property, placed_by=officer, stay=stay, kind=Hold.Kind.AUTHORITY, until=None)
    assert Hold.objects.get(pk=frozen.pk).until is None


def test_a_hold_has_two_people_at_both_ends(stay: Stay, officer: Person, approver: Person) -> None:
    hold = make_hold(stay.property, placed_by=officer, stay=stay)
    assert refusing(hold, approved_by_id=officer, approved_at=AT) == "hold_approver_is_another"
    assert refusing(hold, approved_by_id=approver) == "hold_approver_is_another"
    assert refusing(hold, released_by_id=officer, released_at=AT) == "hold_released_by_two"
    change(hold, release_asked_by_id=officer)
    assert refusing(hold, released_by_id=officer, released_at=AT) == "hold_released_by_two"
    assert refusing(hold, released_by_id=approver, released_at=AT) == ""


def test_a_hold_is_on_something_and_has_a_reason(house: Property, officer: Person) -> None:
    with pytest.raises(IntegrityError, match='"hold_is_on_something"'), transaction.atomic():
        make_hold(house, placed_by=officer)
    assert refusing(make_hold(house, placed_by=officer, subject_id=new_subject()), reason="") == "hold_has_reason"


def test_an_override_says_why_and_only_what_was_chosen_is_done(house: Property) -> None:
    request = make_request(house, state=State.IN_REVIEW)
    item = Item.objects.create(
        request=request, envelope=request.pk, category="name", subject=request.pk, proposed="restrict"
    )
    assert refusing(item, chosen="erase") == "item_override_has_reason"
    assert refusing(item, done_at=AT) == "item_done_was_chosen"
    assert refusing(item, chosen="restrict", done_at=AT) == ""
    assert refusing(item, chosen="erase", override_reason="counsel") == ""
    with pytest.raises(IntegrityError, match='"item_once_per_request"'):
        Item.objects.create(request=request, envelope=request.pk, category="name", subject=request.pk, proposed="keep")


def test_a_letter_leaves_by_a_safe_way(house: Property) -> None:
    letter = Letter.objects.create(
        request=make_request(house), kind="granted", language="en", made_at=AT, envelope=new_subject()
    )
    assert refusing(letter, sent_at=AT) == "letter_sent_has_way"
    assert refusing(letter, sent_at=AT, way="mail") == "letter_sent_has_way"
    assert refusing(letter, sent_at=AT, way="in_person") == ""


def test_a_link_runs_out_and_its_hash_is_given_once(house: Property) -> None:
    facts = {"request": make_request(house), "token_hash": "a" * 64, "kind": "letter", "contact_field": "phone"}
    link = Delivery.objects.create(**facts, made_at=AT, expires_at=LATER)
    assert refusing(link, expires_at=AT) == "delivery_expires"
    with pytest.raises(IntegrityError, match="token_hash"):
        Delivery.objects.create(**facts, made_at=AT, expires_at=LATER)


def test_a_task_has_the_name_of_who_did_it_and_another_second(house: Property, officer: Person) -> None:
    task = Task.objects.create(request=make_request(house), kind="paper", owner=officer, due_on=TODAY)
    assert refusing(task, done_at=AT) == "task_done_has_name"
    assert refusing(task, done_at=AT, done_by_id=officer, second_by_id=officer) == "task_second_is_another"
    assert refusing(task, done_at=AT, done_by_id=officer) == ""


def test_a_card_is_destroyed_by_two(stay: Stay, officer: Person, approver: Person) -> None:
    card = PaperCard.objects.create(stay=stay, place="A-12", custodian=officer)
    gone = {"state": "destroyed", "destroyed_at": AT, "destroyed_by_id": officer}
    assert refusing(card, **gone) == "paper_card_destroyed_by_two"
    assert refusing(card, **gone, destroyed_with_id=officer) == "paper_card_destroyed_by_two"
    assert refusing(card, state="signed_out") == "paper_card_signed_out_to_somebody"
    assert refusing(card, **gone, destroyed_with_id=approver) == ""


def test_a_processor_is_told_before_it_confirms_and_proves_at_the_end(house: Property) -> None:
    processor = Processor.objects.create(
        name="Laundry", agreement_ref="A-1", contact="privacy@laundry.example", signed_on=TODAY, expires_on=TODAY
    )
    told = Told.objects.create(request=make_request(house), processor=processor, what="erased")
    assert refusing(told, confirmed_at=AT) == "told_before_confirmed"
    assert refusing(processor, deletion_proof_on=TODAY) == "processor_proof_comes_at_the_end"
    assert refusing(processor, expires_on=TODAY - timedelta(days=1)) == "processor_expires_after_it_was_signed"


def test_a_consent_stands_once_and_its_withdrawal_has_a_channel(house: Property) -> None:
    facts = {"subject_id": new_subject(), "property": house, "about": "preferences", "notice": NoticeFactory()}
    consent = Consent.objects.create(**facts, given_at=AT, channel="desk")
    with pytest.raises(IntegrityError, match='"consent_one_standing"'), transaction.atomic():
        Consent.objects.create(**facts, given_at=AT, channel="web")
    assert refusing(consent, withdrawn_at=AT) == "consent_withdrawal_has_channel"
    change(consent, withdrawn_at=AT, withdrawn_channel="web")
    assert Consent.objects.create(**facts, given_at=AT, channel="web").withdrawn_at is None


def test_law_is_whole(house: Property) -> None:
    assert refusing(make_profile(), answer_months=1) == "profile_answers_in_days_or_months"
    assert refusing(Profile.objects.get(), answer_days=None) == "profile_answers_in_days_or_months"
    rule = make_rule(in_force_from=None)
    assert refusing(rule, unit="weeks") == "rule_unit_known"
    assert refusing(rule, level="custom") == "rule_level_known"
    with pytest.raises(IntegrityError, match='"rule_once_per_version"'):
        make_rule(in_force_from=None)


def test_a_rule_ends_after_it_begins() -> None:
    rule = make_rule(in_force_from=TODAY)
    assert refusing(rule, in_force_to=TODAY - timedelta(days=1)) == "rule_ends_after_it_begins"
    assert [Rule.objects.in_force(day).count() for day in (TODAY - timedelta(days=1), TODAY)] == [0, 1]


def test_a_review_is_of_a_period_and_its_words_stay(house: Property, officer: Person) -> None:
    facts = {"property": house, "made_by": officer, "made_at": AT, "period_to": TODAY}
    review = Review.objects.create(**facts, period_from=TODAY)
    finding = Finding.objects.create(review=review, code="late", owner=officer, due_on=TODAY)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        change(finding, text="another")
    with pytest.raises(IntegrityError, match='"review_period_sane"'):
        Review.objects.create(**facts, period_from=TODAY + timedelta(days=1))
