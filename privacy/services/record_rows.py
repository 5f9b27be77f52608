"""What stands about a guest and their stays: one statement each, for any number of stays, in a third of the ORM's
time."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from privacy.models import Consent, Request
from stays.models import DeskCase, Registration
from vault.models import Subject

# A request of an authority is no matter between guest and house: what it wants kept lies under a hold.
_MATTERS: Final = [
    DeskCase.Kind.DISPUTE,
    DeskCase.Kind.LOST_PROPERTY,
    DeskCase.Kind.SAFETY,
    DeskCase.Kind.INVESTIGATION,
]
# What the police have not acknowledged may have to be sent again, from the register.
_UNREPORTED: Final = [Registration.State.PENDING, Registration.State.SENT, Registration.State.FAILED]
_NO_REQUEST: Final = UUID(int=0)
_OF_STAYS: Final = """
SELECT stay, EXISTS (SELECT FROM stays_occupant o JOIN vault_envelope e ON e.subject_id = o.subject_id
                     WHERE o.stay_id = stay AND o.subject_id <> %(guest)s AND e.erased_at IS NULL),
       EXISTS (SELECT FROM stays_deskcase c
               WHERE c.stay_id = stay AND c.state = %(open)s AND c.kind = ANY(%(matters)s))
       OR EXISTS (SELECT FROM stays_occupant o JOIN stays_registration g ON g.occupant_id = o.id
                  WHERE o.stay_id = stay AND o.subject_id = %(guest)s AND g.state = ANY(%(unreported)s)),
       posted_at, unpaid
FROM unnest(%(stays)s::uuid[]) AS stay
CROSS JOIN LATERAL (SELECT max(posted_at), bool_or(settled_at IS NULL) FROM stays_billline WHERE stay_id = stay)
    AS bill(posted_at, unpaid)
"""
_PARTS: Final = """
SELECT id, subject_id, category, belongs_to FROM vault_envelope WHERE subject_id = %(guest)s AND erased_at IS NULL
UNION ALL
SELECT e.id, e.subject_id, e.category, e.belongs_to FROM vault_envelope e JOIN vault_subject s ON s.id = e.subject_id
WHERE e.belongs_to = ANY(%(alone)s::uuid[]) AND s.kind = %(guardian)s AND e.erased_at IS NULL
UNION ALL
SELECT e.id, e.subject_id, e.category, t.id FROM stays_draft d JOIN stays_stay t ON t.reference = d.about
JOIN vault_envelope e ON e.id = d.envelope_id WHERE t.id = ANY(%(stays)s::uuid[]) AND e.erased_at IS NULL
"""
_OF_GUEST: Final = """
SELECT ARRAY(SELECT DISTINCT kind::text FROM privacy_request WHERE guest_id = %(guest)s AND state <> %(closed)s
             AND id <> %(besides)s AND appeal_of_id IS DISTINCT FROM %(besides)s),
       (SELECT max(withdrawn_at) FROM privacy_consent WHERE subject_id = %(guest)s AND about = %(preferences)s
        HAVING count(*) = count(withdrawn_at)),
       (SELECT coalesce(json_object_agg(code, asking_is_ground), '{}')::text FROM privacy_profile)
"""


class StayRow(NamedTuple):
    """``shared``: somebody else's data in it is alive; ``in_matter``: a desk case is open, or the police have not
    acknowledged the guest's report. ``posted_at``: of the bill's last line, None where there is none; ``unpaid``: one
    of them is not settled."""

    stay: UUID
    shared: bool
    in_matter: bool
    posted_at: datetime | None
    unpaid: bool | None


class PartRow(NamedTuple):
    """One live envelope; ``belongs_to``: a stay, where it is about one."""

    envelope: UUID
    subject: UUID
    category: str
    belongs_to: UUID | None


class GuestRow(NamedTuple):
    """``asked``: kinds of the guest's other open requests. ``withdrawn_at``: of the last consent to keep preferences,
    None while one stands. ``asking_is_ground``: by jurisdiction, as the house has stored it."""

    asked: frozenset[str]
    withdrawn_at: datetime | None
    asking_is_ground: dict[str, bool]


def of_stays(guest: UUID, stays: Collection[UUID]) -> list[StayRow]:
    """What stands about each of these stays of the guest."""
    given = {"guest": guest, "stays": list(stays), "open": DeskCase.State.OPEN, "matters": _MATTERS}
    return [StayRow(*row) for row in _rows(_OF_STAYS, {**given, "unreported": _UNREPORTED})]


def parts(guest: UUID, stays: Collection[UUID], *, alone: Collection[UUID]) -> list[PartRow]:
    """The guest's live envelopes; forms about their stays that were never finished; and of stays where they were
    ``alone``, or are left so, the guardian's contact, which is kept for nobody else."""
    given = {"guest": guest, "stays": list(stays), "alone": list(alone), "guardian": Subject.Kind.GUARDIAN}
    return [PartRow(*row) for row in _rows(_PARTS, given)]


def of_guest(guest: UUID, besides: UUID | None) -> GuestRow:
    """What else the guest has asked and agreed to; ``besides``: a request that is no matter of its own."""
    given = {
        "guest": guest,
        "besides": besides or _NO_REQUEST,
        "closed": Request.State.CLOSED,
        "preferences": Consent.About.PREFERENCES,
    }
    ((asked, withdrawn_at, grounds),) = _rows(_OF_GUEST, given)
    return GuestRow(frozenset(asked), withdrawn_at, json.loads(grounds))


def _rows(statement: str, given: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    plain = {name: str(value) if isinstance(value, str) else value for name, value in given.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, plain)
        yield from cursor.fetchall()
