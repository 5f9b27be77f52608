"""Taking stays out of the desk's sight: of search, lists and figures. Who decides on requests still opens them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from stays.models import Stay


def restrict_stays(stays: Collection[UUID], *, until: datetime | None) -> list[Stay]:
    """Restrict stays until a moment, or no longer where it is None; those whose state changed, by reference.

    Part of another deed, which checks the right and records it. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a stay is restricted inside a deed's transaction")
    locked = Stay.objects.select_for_update(of=("self",)).select_related("property").filter(pk__in=stays)
    changed = [stay for stay in locked.order_by("reference") if stay.restricted_until != until]
    Stay.objects.filter(pk__in=[stay.pk for stay in changed]).update(restricted_until=until)
    return changed
