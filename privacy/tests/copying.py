"""A guest whose record also holds others, for the tests of what leaves in a copy."""

from typing import Any

from django.db import transaction

from privacy.models import Request
from privacy.tests.factories import checked_in, document, guest, lead, make_request, subjects_of
from staff.models import Person, Property
from stays.models import Note, Room, Stay
from stays.tests.factories import resident_id
from stays.typed import GuestData, OccupantData
from vault import services as vault

State, Kind = Request.State, Request.Kind
NUMBER, OTHERS_NUMBER = resident_id(1), resident_id(2)
WISH = "与单雨桐同住，请给雨桐加枕头；Ms Shan wants tea. Ask Zhao Min (赵敏)."


def a_party(house: Property, clerk: Person, room: Room) -> Stay:
    """The guest with a companion, a wish that names them and one of the staff, preferences and a reason."""
    Person.objects.create_user("zhao", None, name="赵敏", latin_name="Zhao Min", kept_at=house)
    other = GuestData("单雨桐", "Shan Yutong", "13955558888", "yt@example.org")
    stay = checked_in(
        clerk,
        room,
        lead(guest=guest(email="haitang@example.com", latin_name="Ouyang Haitang")),
        OccupantData(other, document(2), role="companion"),
        special_request=WISH,
    )
    me = subjects_of(stay)[0]
    vault.seal(subject=me, category="preference", content={"text": "高楼层"})
    reason = vault.seal(subject=me, category="note", content={"text": "房间未打扫", "salt": "00"}, belongs_to=stay.pk)
    Note.objects.create(stay=stay, kind="reason", envelope_id=reason)
    return stay


def granted(house: Property, stay: Stay, kind: str = Kind.ACCESS, **facts: Any) -> Request:
    """A request about the lead guest, granted and to be handed over."""
    return make_request(house, stay=stay, kind=kind, **{"state": State.EXECUTING, "language": "en"} | facts)


def held(stay: Stay) -> str:
    """Everything that is sealed of the party, as text."""
    with transaction.atomic():
        ids = list(vault.ids_of(subjects_of(stay), ["name", "contact", "register", "payment", "preference", "note"]))
        return " ".join(str(each.plain) for each in vault.open_for_deed(ids, with_restricted=True).values())
