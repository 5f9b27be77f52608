"""Two people at the same moment, each in a transaction of their own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection
from django.utils import timezone

from staff import permissions, second_factor, services
from staff.models import Person, Post, Property
from staff.roles import ADMINISTRATOR
from staff.services.roles import LastAdministrator
from staff.tests.factories import PersonFactory, PropertyFactory
from staff.tests.signing_in import code_now


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed answers, or raises, when all begin together."""
    start, answers = Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            answers[number] = deed()
        except Exception as raised:
            answers[number] = type(raised)
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def administrators(number: int) -> tuple[Property, list[Person]]:
    """A property with so many administrators."""
    house = PropertyFactory(code="harbour")
    return house, [PersonFactory(roles={house: [ADMINISTRATOR]}) for _ in range(number)]


def let_in(person: Person, house: Property) -> Person:
    """The person as a request of their own holds them once their right has been seen."""
    own = Person.objects.get(pk=person.pk)
    assert permissions.may(own, "manage_house", house)
    return own


def test_two_administrators_take_each_others_role(own_database: str) -> None:
    house, (one, other) = administrators(2)
    first, second = let_in(one, house), let_in(other, house)
    answers = at_once(
        lambda: services.take_role(actor=first, person=other, property=house, role=ADMINISTRATOR),
        lambda: services.take_role(actor=second, person=one, property=house, role=ADMINISTRATOR),
    )
    assert sorted(map(str, answers)) == sorted(map(str, [None, LastAdministrator]))
    assert Post.objects.get(property=house, role=ADMINISTRATOR).group.user_set.count() == 1


def test_two_administrators_deactivate_each_other(own_database: str) -> None:
    house, (one, other) = administrators(2)
    first, second, at = let_in(one, house), let_in(other, house), timezone.now()
    answers = at_once(
        lambda: services.deactivate_person(actor=first, person=other, at=at),
        lambda: services.deactivate_person(actor=second, person=one, at=at),
    )
    assert sorted(map(str, answers)) == sorted(map(str, [None, LastAdministrator]))
    assert Person.objects.filter(is_active=True).count() == 1


def test_one_code_in_two_browsers(own_database: str) -> None:
    person, code = PersonFactory(), code_now()
    answers = at_once(*[lambda: second_factor.by_code(person, code) is not None] * 2)
    assert sorted(answers, key=bool) == [False, True]


def test_one_link_in_two_browsers(own_database: str) -> None:
    _house, (one, other) = administrators(2)
    at = timezone.now()
    token = services.make_enrolment(actor=one, person=other, at=at)
    answers = at_once(*[lambda: str(services.use_enrolment(token=token, password="a long enough sentence", at=at))] * 2)
    assert sorted(map(str, answers)) == sorted([str(services.LinkNotValid), other.staff_number])
