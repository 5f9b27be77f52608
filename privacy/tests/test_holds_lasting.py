"""While a hold lasts: renewed, reviewed, reminded of, others named; and what waited for it goes on after its end."""

from datetime import date, timedelta

import pytest
from django.core import mail

from audit.models import Event
from privacy import actions
from privacy.models import Certificate, Hold, HoldStep, Item, Step
from privacy.refusals import (
    DocumentMissing,
    HoldEnded,
    HoldHasNoEnd,
    HoldIsOpen,
    HoldNotInForce,
    HoldRenewed,
    HoldTooLong,
    OfficerUnfit,
    ReviewTooLate,
    SamePerson,
)
from privacy.services import executing, holding, sheets
from privacy.services.held import held_envelopes
from privacy.tests.factories import AT, make_person, subjects_of
from privacy.tests.sheets import LATER, a_past_stay, approved, decided, in_review, with_preferences
from privacy.tests.test_holding import REVIEW, UNTIL, place
from staff.permissions import NotAllowed
from stays import services as desk
from vault.models import Envelope

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NEXT = date(2026, 7, 1)


@pytest.fixture
def hold(officer, approver, stay):
    """Approved, for 90 days."""
    return holding.approve_hold(hold=place(officer, stay), actor=approver, at=AT)


def steps(hold):
    return [(step.code, step.actor, step.outcome, step.review_on) for step in hold.steps.all()]


# Renewed


def renew(hold, actor, at=AT + 80 * DAY, **facts):
    plain = {"review_on": date(2026, 9, 1), "until": at + 90 * DAY}
    return holding.renew_hold(hold=hold, actor=actor, at=at, **(plain | facts))


def test_a_renewal_is_a_hold_of_its_own_that_another_approves(hold, officer, approver):
    new = renew(hold, officer)
    kept = [(each.stay, each.kind, each.reason, each.property) for each in (hold, new)]
    assert (kept[0], new.renews, new.number != hold.number) == (kept[1], hold, True)
    assert list(Hold.objects.in_force(UNTIL + DAY)) == []
    with pytest.raises(SamePerson):
        holding.approve_hold(hold=new, actor=officer, at=AT + 81 * DAY)
    holding.approve_hold(hold=new, actor=approver, at=AT + 81 * DAY)
    assert list(Hold.objects.in_force(UNTIL + DAY)) == [new]
    assert hold.steps.last().code == actions.HOLD_RENEWED


def test_a_renewal_of_a_renewal_is_counted_from_its_own_day(hold, officer, approver):
    with pytest.raises(HoldTooLong):
        renew(hold, officer, until=AT + 261 * DAY)
    new = holding.approve_hold(hold=renew(hold, officer, until=AT + 260 * DAY), actor=approver, at=AT + 80 * DAY)
    again = AT + 250 * DAY
    assert renew(new, officer, at=again, review_on=date(2027, 3, 1)).renews == new


def test_a_renewal_goes_on_from_one_in_force_and_once(hold, officer, approver, stay):
    for at, former in ((AT, place(officer, stay)), (UNTIL, hold)):
        with pytest.raises((HoldNotInForce, HoldEnded)):
            renew(former, officer, at=at)
    with pytest.raises(HoldHasNoEnd):
        renew(place(officer, stay, kind="authority", until=None), officer)
    renew(hold, officer)
    with pytest.raises(HoldRenewed):
        renew(hold, approver)


def test_an_authoritys_term_is_extended_by_a_document_of_its_own(officer, stay):
    frozen = place(officer, stay, kind="authority", until=AT + 365 * DAY)
    with pytest.raises(DocumentMissing):
        renew(frozen, officer)
    new = renew(frozen, officer, document_number="沪公延(2026)1 号")
    assert (new.authority, new.is_in_force(AT + 80 * DAY), new.envelope != frozen.envelope) == ("浦东分局", True, True)


def test_who_knew_of_a_confidential_one_knows_of_its_renewal(officer, approver, house, stay):
    outsider, named = make_person(house, "privacy_officer"), make_person(house, "privacy_officer")
    secret = place(officer, stay, confidential=True, officers=[approver, named])
    holding.approve_hold(hold=secret, actor=approver, at=AT)
    new = renew(secret, named)
    seen = [Hold.objects.visible_to(one).filter(pk=new.pk).exists() for one in (officer, approver, named, outsider)]
    assert seen == [True, True, True, False]


# Reviewed


def test_a_review_keeps_it_until_another_day(hold, approver):
    holding.review_hold(hold=hold, actor=approver, outcome="keep", review_on=NEXT, at=AT + DAY)
    hold.refresh_from_db()
    assert (hold.review_on, hold.release_asked_by) == (NEXT, None)
    assert steps(hold)[-1] == (actions.HOLD_REVIEWED, approver, "keep", NEXT)


def test_a_review_may_ask_for_the_release(hold, officer, approver):
    holding.review_hold(hold=hold, actor=approver, outcome="release", at=AT + DAY)
    assert [line[:3] for line in steps(hold)[-2:]] == [
        (actions.HOLD_REVIEWED, approver, "release"),
        (actions.HOLD_RELEASE_ASKED, approver, ""),
    ]
    assert holding.release_hold(hold=hold, actor=officer, at=AT + DAY).released_by == officer


@pytest.mark.parametrize("day", [None, date(2026, 5, 13), date(2026, 9, 1)])
def test_the_next_review_is_a_day_before_the_end(hold, officer, day):
    before = steps(hold)
    with pytest.raises(ReviewTooLate):
        holding.review_hold(hold=hold, actor=officer, outcome="keep", review_on=day, at=AT + DAY)
    with pytest.raises(ValueError, match="forget"):
        holding.review_hold(hold=hold, actor=officer, outcome="forget", review_on=NEXT, at=AT)
    assert steps(hold) == before


def test_who_does_not_decide_here_reviews_and_renews_nothing(hold, clerk, manager, stranger):
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            holding.review_hold(hold=hold, actor=person, outcome="release", at=AT)
        with pytest.raises(NotAllowed):
            renew(hold, person)


# Others named


def test_one_who_knows_lets_another_know_and_that_is_on_record(officer, approver, house, stay):
    secret = place(officer, stay, confidential=True, officers=[approver])
    new, outsider = make_person(house, "privacy_officer"), make_person(house, "privacy_officer")
    with pytest.raises(NotAllowed):
        holding.name_officer(hold=secret, actor=outsider, officer=outsider, at=AT)
    holding.name_officer(hold=secret, actor=approver, officer=new, at=AT)
    assert [Hold.objects.visible_to(one).exists() for one in (new, outsider)] == [True, False]
    assert (secret.steps.last().actor, secret.steps.last().named) == (approver, new)
    told = Event.objects.get(action=actions.HOLD_OFFICER_NAMED)
    assert (told.object_type, told.object_ref, told.detail) == ("secret_hold", secret.number, {})


def test_only_who_decides_here_and_does_not_know_yet_is_named(officer, approver, clerk, stranger, hold, stay):
    secret = place(officer, stay, confidential=True, officers=[approver])
    for person in (officer, approver, clerk, stranger):
        with pytest.raises(OfficerUnfit):
            holding.name_officer(hold=secret, actor=officer, officer=person, at=AT)
    with pytest.raises(HoldIsOpen):
        holding.name_officer(hold=hold, actor=officer, officer=approver, at=AT)


# Reminded


def with_mail(*people):
    for person in people:
        person.email = f"{person.staff_number}@hotel.example"
        person.language = "en"
        person.save()


def remind(at):
    return sum(holding.remind_of_review(hold=Hold.objects.get(pk=pk), at=at) for pk in holding.holds_to_review(at))


def test_who_placed_and_who_approved_it_are_reminded_until_somebody_reviews(hold, officer, approver, stay):
    with_mail(officer, approver)
    due = AT.replace(month=6, day=1)
    counts = [remind(at) for at in (due - DAY, due, due, due + 2 * DAY, due + 3 * DAY)]
    assert counts == [0, 2, 0, 0, 2]
    assert {recipient for message in mail.outbox for recipient in message.to} == {officer.email, approver.email}
    for message in mail.outbox:
        assert hold.number in message.body
        assert stay.reference not in message.body + message.subject
    holding.review_hold(hold=hold, actor=approver, outcome="keep", review_on=NEXT, at=due + 4 * DAY)
    assert remind(due + 7 * DAY) == 0


def test_the_mail_about_a_confidential_one_does_not_say_what_is_due(officer, approver, house, stay):
    with_mail(officer, approver, make_person(house, "privacy_officer"))
    secret = place(officer, stay, confidential=True, officers=[approver])
    assert remind(AT.replace(month=6, day=1)) == 1
    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert (secret.number in message.body, "old" in message.body + message.subject) == (False, False)


def test_where_neither_is_left_the_officers_are_reminded(officer, approver, house, hold):
    left = make_person(house, "privacy_officer")
    with_mail(officer, approver, left)
    for person in (officer, approver):
        person.is_active = False
        person.save()
    remind(AT.replace(month=6, day=1))
    assert [message.to for message in mail.outbox] == [[left.email]]


def test_without_a_mail_server_nothing_is_noted(officer, hold, settings):
    with_mail(officer)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    with pytest.raises(OSError, match="refused"):
        remind(AT.replace(month=6, day=1))
    assert HoldStep.objects.filter(code=actions.HOLD_REMINDED).count() == 0


# What waited


@pytest.fixture
def past(clerk, room):
    stay = a_past_stay(clerk, room)
    with_preferences(stay)
    return stay


def live(stay):
    rows = Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True)
    return sorted(rows.values_list("category", flat=True))


KEPT_BY_LAW = ["payment", "register"]


def held(officer, approver, stay, at=LATER, **facts):
    plain = {"about": holding.About(stay=stay), "review_on": LATER.date() + 5 * DAY, "until": LATER + 10 * DAY}
    return holding.approve_hold(hold=place_at(officer, stay, at, **(plain | facts)), actor=approver, at=at)


def place_at(officer, stay, at, **facts):
    return holding.place_hold(actor=officer, property=stay.property, kind="internal", reason="dispute", at=at, **facts)


def release(hold, officer, approver, at):
    holding.ask_release(hold=hold, actor=officer, at=at)
    return holding.release_hold(hold=hold, actor=approver, at=at)


def test_an_approved_erasure_that_a_hold_stopped_is_carried_out_after_its_release(officer, approver, past):
    request = approved(in_review(past), officer)
    hold = held(officer, approver, past)
    assert holding.resume_what_waited(at=LATER + DAY) == 0
    assert live(past) == ["contact", "name", "payment", "preference", "register"]
    release(hold, officer, approver, LATER + DAY)
    assert holding.resume_what_waited(at=LATER + DAY) == 1
    assert (live(past), Certificate.objects.get().request) == (KEPT_BY_LAW, request)
    done = Step.objects.filter(request=request, code=actions.DECISION_EXECUTED).get()
    assert (done.actor, done.detail["erase"]) == (None, 3)
    assert steps(hold)[-1][:2] == (actions.HOLD_RESUMED, None)
    assert holding.resume_what_waited(at=LATER + DAY) == 0


def test_the_end_by_time_does_the_same(officer, approver, past):
    approved(in_review(past), officer)
    held(officer, approver, past)
    assert holding.resume_what_waited(at=LATER + 9 * DAY) == 0
    assert (holding.resume_what_waited(at=LATER + 10 * DAY), live(past)) == (1, KEPT_BY_LAW)


def test_what_was_locked_away_for_the_hold_is_erased(officer, approver, past):
    hold = held(officer, approver, past)
    request = approved(in_review(past), officer)
    from_sheet = set(request.items.values_list("chosen", flat=True))
    executing.execute_decision(request=request, actor=officer, at=LATER)
    assert (from_sheet, len(live(past))) == ({"restrict"}, 5)
    release(hold, officer, approver, LATER + DAY)
    assert (holding.resume_what_waited(at=LATER + DAY), live(past)) == (1, KEPT_BY_LAW)


def test_what_was_put_off_with_a_hold_on_it_is_erased_when_both_are_over(clerk, officer, approver, past):
    case = desk.open_desk_case(actor=clerk, property=past.property, kind="dispute", stay=past, at=LATER)
    hold = held(officer, approver, past)
    request = approved(in_review(past), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    assert Item.objects.get(request=request, category="contact").chosen == "not_now"
    release(hold, officer, approver, LATER + DAY)
    holding.resume_what_waited(at=LATER + DAY)
    assert "contact" in live(past)
    desk.close_desk_case(actor=clerk, case=case, at=LATER + DAY)
    other = held(officer, approver, past, at=LATER + DAY)
    release(other, officer, approver, LATER + 2 * DAY)
    holding.resume_what_waited(at=LATER + 2 * DAY)
    assert live(past) == KEPT_BY_LAW


def test_another_hold_still_stands_against_it(officer, approver, past):
    approved(in_review(past), officer)
    first, second = held(officer, approver, past), held(officer, approver, past)
    release(first, officer, approver, LATER + DAY)
    assert (holding.resume_what_waited(at=LATER + DAY), len(live(past))) == (1, 5)
    release(second, officer, approver, LATER + 2 * DAY)
    assert (holding.resume_what_waited(at=LATER + 2 * DAY), live(past)) == (1, KEPT_BY_LAW)


def test_what_was_not_approved_or_never_held_stays_with_the_officer(officer, approver, clerk, past, house):
    hold = held(officer, approver, past)
    decided(in_review(past), officer)
    release(hold, officer, approver, LATER + DAY)
    assert (holding.resume_what_waited(at=LATER + DAY), len(live(past))) == (1, 5)


def test_release_rings_at_once_and_that_of_a_confidential_one_does_not(
    officer, approver, past, django_capture_on_commit_callbacks
):
    rung = []
    for facts in ({}, {"confidential": True, "officers": [approver]}):
        hold = held(officer, approver, past, **facts)
        with django_capture_on_commit_callbacks() as callbacks:
            release(hold, officer, approver, LATER + DAY)
        rung.append(len(callbacks))
    assert rung == [1, 0]


def test_an_erasure_of_a_room_that_is_held_waits_too(officer, approver, room, past):
    about = holding.About(room=room, first_on=AT.date(), last_on=AT.date())
    held(officer, approver, past, about=about)
    assert set(held_envelopes(LATER)) != set()
    items = sheets.find_items(in_review(past), at=LATER)
    assert {item.proposed for item in items} == {"restrict"}
    assert {"B3"} <= set(items[0].blockers)


def test_a_day_of_the_house_is_held_whole(officer, house, room):
    about = holding.About(room=room, first_on=date(2026, 5, 12), last_on=date(2026, 5, 13))
    during = place_at(officer, room, AT, about=about, review_on=REVIEW, until=UNTIL).during
    local = [house.local(moment).isoformat() for moment in (during.lower, during.upper)]
    assert local == ["2026-05-12T00:00:00+08:00", "2026-05-14T00:00:00+08:00"]
