"""Taking the guest out of a stay: the stay remains with its rooms and amounts, and leads to nobody any more."""

from collections.abc import Collection

from django.db import connection

from stays.models import Occupant, Registration
from vault import services as vault


def unlink_occupants(occupants: Collection[int]) -> None:
    """Give each place in a party a subject of its own of which nothing is known; receipts of its reports go too.

    Part of another deed, which checks the right and records it. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an occupant is unlinked inside a deed's transaction")
    locked = list(Occupant.objects.filter(pk__in=occupants).select_for_update(of=("self",)).order_by("pk"))
    for occupant, nobody in zip(locked, vault.new_subjects(len(locked)), strict=True):
        occupant.subject_id, occupant.register_envelope_id = nobody, None
    Occupant.objects.bulk_update(locked, ["subject_id", "register_envelope_id"])
    Registration.objects.filter(occupant__in=locked).exclude(receipt="").update(receipt="")
