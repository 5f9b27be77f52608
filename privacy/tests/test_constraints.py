"""What the database refuses of histories, holds, sheets, letters, registers, consents and law, told in SQL."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction

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
    make_profile,
    make_request,
    make_rule,
)
from privacy.tests.plain_sql import change, refusing
from staff.models import Person, Property
from stays.models import Stay
from vault.services import new_subject

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


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
    refusal = "permission denied|append-only"
    with pytest.raises(DatabaseError, match=refusal), connection.cursor() as cursor:
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
    make_hold(stay.property, placed_by=officer, stay=stay, until=AT + timedelta(days=180))
    for until in (AT + timedelta(days=180, seconds=1), AT, None):
        with pytest.raises(IntegrityError, match='"hold_at_most_180_days"'), transaction.atomic():
            make_hold(stay.property, placed_by=officer, stay=stay, until=until)


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


def test_a_hold_is_on_one_thing_and_has_a_reason(house: Property, officer: Person) -> None:
    with pytest.raises(IntegrityError, match='"hold_is_on_one_thing"'), transaction.atomic():
        make_hold(house, placed_by=officer)
    with pytest.raises(IntegrityError, match='"hold_has_reason"'), transaction.atomic():
        make_hold(house, placed_by=officer, subject_id=new_subject(), reason="")


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
    make_rule(in_force_from=None)
    wrong = (
        ({"unit": "weeks"}, "rule_unit_known"),
        ({"level": "custom"}, "rule_level_known"),
        ({}, "rule_once_per_version"),
    )
    for facts, name in wrong:
        with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
            make_rule(in_force_from=None, **facts)


def test_a_version_of_a_rule_is_never_rewritten(house: Property) -> None:
    rule = make_rule()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Rule.objects.filter(pk=rule.pk).update(number=1)
    rule.refresh_from_db()
    assert rule.number == 3


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
