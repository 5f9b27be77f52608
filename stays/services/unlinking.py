"""Taking the guest out of a stay: the stay remains with its rooms and amounts, and leads to nobody any more."""

from collections.abc import Collection
from typing import Final

from django.db import connection

from stays.models import Occupant, Registration
from vault import services as vault


def unlink_occupants(occupants: Collection[int]) -> None:
    """Give each place in a party a subject of its own of which nothing is known; receipts of its reports go too.

    Part of another deed, which checks the right and records it. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an occupant is unlinked inside a deed's transaction")
    locked = Occupant.objects.filter(pk__in=list(occupants)).select_for_update(of=("self",)).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    nobodies = [str(nobody) for nobody in vault.new_subjects(len(ids))]
    with connection.cursor() as cursor:
        cursor.execute(_UNLINK, [ids, nobodies])
    Registration.objects.filter(occupant__in=ids).exclude(receipt="").update(receipt="")


_UNLINK: Final = """
UPDATE stays_occupant o SET subject_id = n.nobody, booked_as_id = NULL, register_envelope_id = NULL
FROM unnest(%s::bigint[], %s::uuid[]) AS n (occupant, nobody) WHERE o.id = n.occupant
"""
