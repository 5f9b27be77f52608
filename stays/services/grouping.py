"""Bookings that come together without a number in common: they get one, and are checked in as any group."""

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


def _number_of(coming: Sequence[Stay]) -> str:
    """The group number that some of them have."""
    numbers = sorted({stay.group for stay in coming} - {""})
    if len(numbers) > 1:
        raise SeveralGroups(numbers=", ".join(numbers))
    return numbers[0] if numbers else ""
