"""A hundred thousand requests of one house, one of another, and the records of two guests who ask for their deletion.

Written once into a data set, with COPY where they are many; the few that are opened are made by the product's services.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from benchmarks.houses import Slot
from benchmarks.loading import bulk, desks
from benchmarks.loading.desks import CLERK, FIFTY, ONE
from benchmarks.loading.party import Filled, Plan, write_guests
from benchmarks.people.guests import SEED, chunk
from privacy import services
from privacy.models import Request
from privacy.services import sheets, verification
from privacy.services.law import load_law
from staff.models import Person, Property
from staff.roles import PRIVACY_OFFICER
from stays.models import Notice, Occupant, Room, Stay

OFFICER: Final = "bench-officer"
REQUESTS: Final = 100_000
# Whoever has a hundred thousand requests has closed most of them.
OPEN_ONES: Final = 5_000
LISTED: Final = {FIFTY: OPEN_ONES, ONE: 1}
CHUNK: Final = 10_000
# Beyond every chunk of a data set and of the measured houses.
GUESTS: Final = 900_003
STAYS: Final = (1, 20)
# Of each guest: one whose sheet is made again and again, one whose page is looked at.
SHEET: Final = Request.Kind.DELETION
PAGE: Final = Request.Kind.RESTRICTION
_DAYS: Final = 3 * 365
_COLUMNS: Final = (
    "id", "number", "property_id", "kind", "channel", "acts_as", "language", "requester_id", "state", "result",
    "decision", "refusal_ground", "is_complex", "received_at", "due_on", "extension_reason", "pause_reason",
    "paused_at", "paused_days", "closed_at", "officer_id", "failures", "follow_code_hash",
)  # fmt: skip


def keep(today: date) -> None:
    """Write the office's records into the database of this process, unless they are there. Runs as the owner."""
    if Request.objects.exists():
        return
    with transaction.atomic():
        load_law(at=datetime.now(UTC))
        houses = {code: Property.objects.get(code=code) for code in LISTED}
        desks.hire(OFFICER, list(houses.values()), PRIVACY_OFFICER)
        _write_requests(houses, today)
        _write_guests(houses[FIFTY], today)
    bulk.execute(["VACUUM (ANALYZE) privacy_request, vault_subject, stays_stay, stays_occupant"])


def _write_requests(houses: dict[str, Property], today: date) -> None:
    officer, random = Person.objects.get(staff_number=OFFICER).pk, Random(f"{SEED}:requests")
    wanted = [(FIFTY, number) for number in range(REQUESTS)] + [(ONE, REQUESTS)]
    connection.ensure_connection()
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        subjects = [uuid4() for _each in some]
        bulk.copy_rows(connection.connection, "vault_subject", ("id", "kind"), ((one, "requester") for one in subjects))
        rows = _rows(random, some, subjects, houses, officer, today)
        bulk.copy_rows(connection.connection, "privacy_request", _COLUMNS, rows)
        sys.stdout.write(f"\r{start + len(some):>9,} of {len(wanted):,} requests ")
        sys.stdout.flush()
    sys.stdout.write("\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('privacy_request_number', %s)", [2 * REQUESTS])


def _rows(
    random: Random, wanted: Sequence[tuple[str, int]], subjects: Sequence[UUID], houses: dict[str, Property],
    officer: int, today: date,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    for (code, number), subject in zip(wanted, subjects, strict=True):
        is_open = number % REQUESTS < LISTED[code]
        is_alone = LISTED[code] == 1  # then it stands in every list
        age = 35 if is_alone else random.randrange(40) if is_open else 40 + random.randrange(_DAYS)
        received = datetime.combine(today - timedelta(days=age), datetime.min.time(), UTC)
        paused = received + timedelta(days=1) if is_open and not is_alone and random.random() < 0.1 else None
        state = random.choice(("received", "verifying")) if is_open else "closed"
        yield (
            uuid4(), f"R-{received.year}-{number:06d}", houses[code].pk, random.choice(Request.Kind.values[:6]),
            random.choice(Request.Channel.values), "self", "zh-hans", subject, state,
            "" if is_open else "withdrawn", "", "", "f", received, received.date() + timedelta(days=30), "",
            "waiting_for_requester" if paused else "", paused, 0, None if is_open else received + timedelta(days=9),
            officer if is_alone else random.choice((officer, None)), 0, "",
        )  # fmt: skip


def _write_guests(house: Property, today: date) -> None:
    """A guest of one past stay and one of twenty, each with a verified request for deletion in review."""
    first = _first_free()
    room = Room.objects.at(house).order_by("pk").values_list("pk", flat=True)[0]
    notice = Notice.objects.newest()
    assert notice is not None
    plan = Plan(desks.Desk((house.pk,), (room,), notice.pk), (), today)
    guests = [place for place, count in enumerate(STAYS) for _each in range(count)]
    filled = [_past(house.pk, room, guest, first + place, today - timedelta(days=30 + 3 * place))
              for place, guest in enumerate(guests)]  # fmt: skip
    write_guests(plan, Random(f"{SEED}:office"), chunk(GUESTS, len(STAYS)), filled)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('stays_occupant', 'id'), %s)", [first + len(filled)])
        cursor.execute("SELECT setval('stays_stay_number', %s)", [first + len(filled)])
    for guest in range(len(STAYS)):
        stay = next(each.stay for each in filled if each.guest == guest)
        _ask(stay, SHEET)
        _make_sheet(_ask(stay, PAGE))


def _first_free() -> int:
    """A number that is neither an occupant's id nor in a stay's reference."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(max(id), (SELECT last_value FROM stays_stay_number)) + 1 FROM stays_occupant")
        return int(cursor.fetchone()[0])


def _past(house: int, room: int, guest: int, serial: int, left_on: date) -> Filled:
    return Filled(Slot(-1, left_on - timedelta(days=2), left_on, "checked_out"), house, room, guest, serial, uuid4())


def _make_sheet(asked: Request) -> None:
    officer = Person.objects.get(staff_number=OFFICER)
    sheets.make_sheet(request=asked, actor=officer, at=datetime.now(UTC))


def _ask(stay: UUID, kind: str) -> Request:
    """Taken in at the desk, recognised by the document, taken into review, talked about."""
    found = Occupant.objects.select_related("stay__property").get(stay=stay)
    clerk, officer = (Person.objects.get(staff_number=number) for number in (CLERK, OFFICER))
    at = datetime.now(UTC)
    asked = services.take_in_request(
        actor=clerk, property=found.stay.property, kind=kind, channel="desk", language="zh-hans",
        stay=found.stay, name="基准测试", phone="13800000000", words="请删除我的记录。", at=at,
    ).request  # fmt: skip
    verification.note_document_seen(
        request=asked, actor=clerk, document_type="resident_id", document_number=_document_of(found), at=at
    )
    services.start_review(request=asked, actor=officer, at=at)
    for number in range(5):
        services.send_message(request=asked, actor=officer, kind="information", text=f"第{number}条留言。", at=at)
    return asked


def _document_of(occupant: Occupant) -> str:
    with connection.cursor() as cursor:
        statement = "SELECT document_number FROM twin.register WHERE stay_id = %s AND guest_id = %s"
        cursor.execute(statement, [occupant.stay_id, occupant.subject_id])
        return str(cursor.fetchone()[0])


def asked_about(count: int, kind: str) -> str:
    """The number of the request of this kind about the guest with so many stays."""
    asked = Request.objects.filter(state=Request.State.IN_REVIEW, property__code=FIFTY, kind=kind)
    for number, guest in asked.values_list("number", "guest"):
        if Stay.objects.filter(occupants__subject=guest).count() == count:
            return str(number)
    raise LookupError(f"nobody with {count} stays has asked")
