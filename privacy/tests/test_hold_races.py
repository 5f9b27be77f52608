"""Holds and erasures at one moment: nobody waits for ever, nothing is done twice, what commits first wins."""

from datetime import timedelta

from privacy.models import Certificate, Hold
from privacy.services import executing, holding
from privacy.services.holding import About
from privacy.tests.factories import RoomFactory, make_person, make_property, subjects_of
from privacy.tests.sheets import LATER, a_past_stay, approved, in_review
from stays.tests.test_one_room_two_desks import at_once
from vault.models import Envelope

DAY = timedelta(days=1)


def an_approved_request():
    house = make_property()
    officer = make_person(house, "privacy_officer")
    stay = a_past_stay(make_person(house, "front_desk"), RoomFactory(property=house))
    return approved(in_review(stay, officer=officer), officer), officer, stay


def live(stay):
    return Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True).count()


def freeze(officer, about):
    house = officer.groups.get().post.property
    return holding.place_hold(
        actor=officer, property=house, kind="authority", reason="freeze_notice", authority="浦东分局", about=about,
        review_on=LATER.date() + 9 * DAY, document_number="沪公 1 号", at=LATER,
    )  # fmt: skip


def an_internal_hold(officer, stay):
    return holding.place_hold(
        actor=officer, property=stay.property, kind="internal", reason="dispute", about=About(stay=stay),
        review_on=LATER.date() + 9 * DAY, until=LATER + 20 * DAY, at=LATER,
    )  # fmt: skip


def told(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_a_hold_on_the_request_itself_and_its_erasure_do_not_wait_for_each_other(own_database):
    request, officer, stay = an_approved_request()
    answers = at_once(
        lambda: freeze(officer, About(request=request)),
        lambda: executing.execute_decision(request=request, actor=officer, at=LATER),
    )
    assert told(answers) in (["Certificate", "Hold"], ["Hold", "SheetOutdated"])
    assert live(stay) == {"Certificate": 2, "SheetOutdated": 4}[type(answers[1]).__name__]


def test_a_hold_on_the_room_and_an_erasure_never_pass_each_other(own_database):
    request, officer, stay = an_approved_request()
    day, room = stay.arrival_on, stay.room_uses.get().room
    answers = at_once(
        lambda: freeze(officer, About(room=room, first_on=day, last_on=day)),
        lambda: executing.execute_decision(request=request, actor=officer, at=LATER),
    )
    assert live(stay) == {"Certificate": 2, "SheetOutdated": 4}[type(answers[1]).__name__]


def test_an_approval_of_a_hold_and_an_erasure_never_pass_each_other(own_database):
    request, officer, stay = an_approved_request()
    hold, second = an_internal_hold(officer, stay), make_person(stay.property, "second_approver")
    answers = at_once(
        lambda: holding.approve_hold(hold=hold, actor=second, at=LATER),
        lambda: executing.execute_decision(request=request, actor=officer, at=LATER),
    )
    assert live(stay) == {"Certificate": 2, "SheetOutdated": 4}[type(answers[1]).__name__]


def test_of_two_who_release_it_one_does(own_database):
    _request, officer, stay = an_approved_request()
    hold = freeze(officer, About(stay=stay))
    holding.ask_release(hold=hold, actor=officer, at=LATER)
    others = [make_person(stay.property, "second_approver") for _each in range(2)]
    deeds = [lambda one=one: holding.release_hold(hold=hold, actor=one, at=LATER) for one in others]
    assert told(at_once(*deeds)) == ["Hold", "HoldEnded"]


def test_of_two_renewals_one_is_placed(own_database):
    _request, officer, stay = an_approved_request()
    second = make_person(stay.property, "second_approver")
    hold = holding.approve_hold(hold=an_internal_hold(officer, stay), actor=second, at=LATER)
    again = {"review_on": LATER.date() + 9 * DAY, "until": LATER + 99 * DAY, "at": LATER + DAY}
    deeds = [lambda one=one: holding.renew_hold(hold=hold, actor=one, **again) for one in (officer, second)]
    assert told(at_once(*deeds)) == ["Hold", "HoldRenewed"]
    assert Hold.objects.count() == 2


def test_two_workers_resume_once_what_waited(own_database):
    request, officer, stay = an_approved_request()
    hold = freeze(officer, About(stay=stay))
    holding.ask_release(hold=hold, actor=officer, at=LATER)
    holding.release_hold(hold=hold, actor=make_person(stay.property, "second_approver"), at=LATER)
    answers = at_once(*[lambda: holding.resume_what_waited(at=LATER)] * 2)
    assert (sum(answers), Certificate.objects.count(), live(stay)) == (1, 1, 2)
    assert request.steps.filter(code="request.executed").count() == 1
