"""Bookings that come together get a number in common and are checked in as any group; or they come alone after all."""

from collections.abc import Sequence

from django.db import transaction

from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Stay
from stays.refusals import SeveralGroups, TooFewForGroup
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed


def group_stays(*, actor: Person, property: Property, stays: Sequence[Stay]) -> str:
    """Give expected stays of the property one group number, and return it: the one some have, else a stay's own.

    Raises ``NotAllowed``, ``TooFewForGroup``, ``WrongState`` and ``SeveralGroups``: a number that was given stays.
    """
    rights.require(actor, "work_desk", property)
    here = sorted((stay for stay in stays if stay.property_id == property.pk), key=lambda stay: stay.reference)
    if len(here) < 2:
        raise TooFewForGroup
    with transaction.atomic():
        coming = [lock_stay(stay, {Stay.Status.EXPECTED}) for stay in here]
        number = _number_of(coming) or f"G-{coming[0].reference}"
        for stay in coming:
            if stay.group != number:
                stay.group = number
                stay.save(update_fields=["group"])
                record_deed(actions.GROUPED, stay, actor=actor)
    return number


def ungroup_stay(*, actor: Person, stay: Stay) -> Stay:
    """Take an expected stay out of its group; one that is in none stays as it is.

    Raises ``NotAllowed`` and ``WrongState``.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        alone = lock_stay(stay, {Stay.Status.EXPECTED})
        if alone.group:
            alone.group = ""
            alone.save(update_fields=["group"])
            record_deed(actions.UNGROUPED, alone, actor=actor)
    return alone


def _number_of(coming: Sequence[Stay]) -> str:
    """The group number that some of them have."""
    numbers = sorted({stay.group for stay in coming} - {""})
    if len(numbers) > 1:
        raise SeveralGroups(numbers=", ".join(numbers))
    return numbers[0] if numbers else ""
