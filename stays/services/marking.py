"""Marks on a stay: not to be moved to another room; confidential, and so under a pseudonym on lists."""

from typing import Final

from django.db import transaction

from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import Stay
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed

DO_NOT_MOVE, CONFIDENTIAL = "do_not_move", "confidential"
MARKS: Final = (DO_NOT_MOVE, CONFIDENTIAL)
MARKABLE = {Stay.Status.EXPECTED, Stay.Status.IN_HOUSE}


def mark_stay(*, actor: Person, stay: Stay, mark: str, on: bool) -> Stay:
    """Put a mark (of ``MARKS``) on a stay, or take it off; nothing happens where it stands so already.

    Raises ``NotAllowed`` and ``WrongState``; ValueError on an unknown mark.
    """
    rights.require(actor, "work_desk", stay.property)
    if mark not in MARKS:
        raise ValueError(f"no such mark: {mark}")
    with transaction.atomic():
        marked = lock_stay(stay, MARKABLE)
        if getattr(marked, mark) != on:
            setattr(marked, mark, on)
            marked.save(update_fields=[mark])
            record_deed(actions.MARKED if on else actions.UNMARKED, marked, actor=actor, fields=[mark])
    return marked
