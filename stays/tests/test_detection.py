"""The rules of the desk's facts, and of names: a scenario that each notices, and its innocent twin."""

from datetime import timedelta

import pytest

from staff.models import Person
from staff.tests.log_rows import DAY, MINUTE, NOW, Log, Sql, flagged
from stays.models import Stay
from stays.tests.factories import RoomFactory, checked_in, guest, lead, make_person, make_property, subjects_of

pytestmark = pytest.mark.usefixtures("own_database")


class Desk:
    """A house, a clerk of it, and rows of what the clerk did."""

    def __init__(self, sql: Sql) -> None:
        self.sql = sql
        self.house = make_property()
        self.clerk = make_person(self.house, "front_desk")
        self.log = Log(sql, self.clerk, self.house.pk)
        self._rooms = 0

    def stay(self, name: str = "欧阳海棠", **facts: object) -> Stay:
        """A guest of this name who came and is changed as said."""
        self._rooms += 1
        room = RoomFactory(property=self.house)
        stay = checked_in(self.clerk, room, lead(self._rooms, guest=guest(name, phone=f"1390000{self._rooms:04d}")))
        if facts:
            Stay.objects.filter(pk=stay.pk).update(**facts)
        return stay

    def look(self, stay: Stay, **facts: object) -> int:
        """The clerk opened this stay."""
        return self.log.row("stay.viewed", about=stay.reference, subjects=subjects_of(stay), **facts)

    def named(self, person: Person, name: str) -> None:
        """Give somebody another name."""
        Person.objects.filter(pk=person.pk).update(name=name)


@pytest.fixture
def desk(as_owner: Sql) -> Desk:
    """A desk."""
    return Desk(as_owner)


def left(days: int) -> dict[str, object]:
    """What a stay that ended so many days ago says."""
    at = NOW - timedelta(days=days)
    return {
        "status": "checked_out", "departed_at": at, "arrived_at": at - DAY, "arrival_on": (at - DAY).date(),
        "departure_on": at.date(),
    }  # fmt: skip


def test_vip_notices_a_confidential_stay_nothing_explains(desk: Desk) -> None:
    quiet, plain = desk.stay(confidential=True), desk.stay()
    desk.look(quiet, explained_by="E1")
    desk.look(plain)
    desk.log.row("stays.list_viewed", subjects=subjects_of(quiet))
    found = desk.look(quiet)
    assert flagged("vip") == [found]


def test_old_notices_a_guest_who_left_long_ago(desk: Desk) -> None:
    gone, lately = desk.stay(**left(91)), desk.stay(**left(89))
    desk.look(gone, explained_by="E3")
    desk.look(lately)
    found = desk.look(gone)
    assert flagged("old") == [found]


def test_name_notices_the_surname_and_the_colleague(desk: Desk) -> None:
    desk.named(desk.clerk, "王小明")
    desk.named(make_person(desk.house, "front_desk"), "赵子龙")
    cousin, colleague, nobody = desk.stay("王大力"), desk.stay("赵子龙"), desk.stay("钱塘江")
    like = [desk.look(cousin), desk.look(colleague)]
    desk.look(nobody)
    desk.look(desk.stay("李小明"))
    assert flagged("name") == like


def test_self_notices_the_whole_name_only(desk: Desk) -> None:
    desk.named(desk.clerk, "王小明")
    own = desk.look(desk.stay("王小明"))
    desk.look(desk.stay("王小"))
    desk.look(desk.stay("王小明亮"))
    desk.look(desk.stay("王大明"))
    assert flagged("self") == [own]


def test_names_are_compared_for_single_looks_only(desk: Desk) -> None:
    desk.named(desk.clerk, "王小明")
    stay = desk.stay("王小明")
    desk.log.row("stays.list_viewed", MINUTE, subjects=subjects_of(stay))
    assert (flagged("self"), flagged("name")) == ([], [])
