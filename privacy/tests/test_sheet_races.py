"""Two people at one decision at one moment, a hold beside an erasure, a process killed in the middle of one."""

import os
import signal
from multiprocessing import get_context

from django.db import connection, connections, transaction

from privacy.models import Certificate, Hold
from privacy.services import executing, holding
from privacy.services.reviewing import wait_for_holds
from privacy.tests.factories import RoomFactory, make_person, make_property, subjects_of
from privacy.tests.sheets import LATER, a_past_stay, approved, in_review
from stays.tests.test_one_room_two_desks import at_once
from vault.models import Envelope, ErasureEntry


def an_approved_request():
    house = make_property()
    officer = make_person(house, "privacy_officer")
    stay = a_past_stay(make_person(house, "front_desk"), RoomFactory(property=house))
    return approved(in_review(stay, officer=officer), officer), officer, stay


def live(stay):
    return Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True).count()


def test_of_two_who_carry_it_out_one_does(own_database):
    request, officer, stay = an_approved_request()
    deeds = [lambda: executing.execute_decision(request=request, actor=officer, at=LATER)] * 2
    assert sorted(type(answer).__name__ for answer in at_once(*deeds)) == ["Certificate", "ItemSettled"]
    assert (Certificate.objects.count(), ErasureEntry.objects.count(), live(stay)) == (1, 1, 2)


def test_a_hold_and_an_erasure_never_pass_each_other(own_database):
    request, officer, stay = an_approved_request()

    def hold():
        return holding.place_hold(
            actor=officer, property=stay.property, kind="authority", reason="freeze_notice", authority="浦东分局",
            about=holding.About(stay=stay),
            review_on=LATER.date().replace(month=12), document_number="沪公 1 号", at=LATER,
        )  # fmt: skip

    answers = at_once(hold, lambda: executing.execute_decision(request=request, actor=officer, at=LATER))
    came_first = type(answers[1]).__name__
    assert (type(answers[0]).__name__, Hold.objects.count()) == ("Hold", 1)
    assert live(stay) == {"Certificate": 2, "SheetOutdated": 4}[came_first]


def test_an_erasure_waits_for_a_hold_that_is_being_placed(own_database):
    with transaction.atomic():
        wait_for_holds(alone=True)
        other = connections.create_connection("default")
        try:
            other.ensure_connection()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [0x686F6C6473])
                assert cursor.fetchone() == (False,)
        finally:
            other.close()


def carry_out_and_die(request, officer):
    """In a process of its own: killed after the vault has erased and before the deed commits."""
    connections.close_all()
    with transaction.atomic():
        executing.execute_decision(request=request, actor=officer, at=LATER)
        assert Certificate.objects.count() == 1
        os.kill(os.getpid(), signal.SIGKILL)


def test_killed_in_the_middle_nothing_has_happened_and_it_can_be_done_again(own_database):
    request, officer, stay = an_approved_request()
    connection.close()
    dying = get_context("fork").Process(target=carry_out_and_die, args=(request, officer))
    dying.start()
    dying.join(60)
    assert dying.exitcode == -signal.SIGKILL
    assert (Certificate.objects.count(), ErasureEntry.objects.count(), live(stay)) == (0, 0, 4)
    request.refresh_from_db()
    assert request.state == "executing"
    assert executing.execute_decision(request=request, actor=officer, at=LATER) is not None
    assert live(stay) == 2
