"""Stays that were over before this house kept its records here: brought in with the guest and their document."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from psycopg2.extras import DateTimeTZRange

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Occupant, RoomUse, Stay
from stays.refusals import BadDates, SameGuestTwice
from stays.services import expecting, figures, holding
from stays.services.importing.refusals import HereAlready
from stays.services.party import Member, document_key, find_people, index_people, party_sealings, register_content
from stays.typed import PastStay
from vault import services as vault
from vault.categories import Category

Days = tuple[UUID, date, date]


def record_past_stays(*, actor: Person, property: Property, past: Sequence[PastStay], at: datetime) -> list[Stay]:
    """Write stays that are over, all or none, and their guests, who are those known by the same documents.

    The times are those at which a room changes hands; the figures count each as they would have then. No report is
    due: the former system has sent it. Raises ``NotAllowed``, ``BadDates``, ``SameGuestTwice`` and ``HereAlready``.
    """
    rights.require(actor, "work_desk", property)
    times = [_time_here(property, each, at) for each in past]
    if len({document_key(each.guest.document) for each in past}) < len(past):
        raise SameGuestTwice
    with transaction.atomic():
        members = find_people([each.guest for each in past])
        here = days_here(Stay.objects.at(property), [member.subject for member in members])
        if here & _days_of(members, past):
            raise HereAlready
        stays = _write_stays(property, past, times, at)
        _seal(stays, members)
        _count(property, stays, past)
        RoomUse.objects.bulk_create(
            RoomUse(stay=stay, room=each.room, during=during, state=RoomUse.State.ENDED)
            for stay, each, during in zip(stays, past, times, strict=True)
            if each.room
        )
        _record(actor, property, stays, members)
    return stays


def days_here(stays: QuerySet[Stay], subjects: Iterable[UUID]) -> set[Days]:
    """Which of these guests has a stay of which days among those stays."""
    found = Occupant.objects.filter(subject__in=subjects, stay__in=stays)
    return set(found.values_list("subject_id", "stay__arrival_on", "stay__departure_on"))


def _days_of(members: Sequence[Member], past: Sequence[PastStay]) -> set[Days]:
    return {(member.subject, each.arrival_on, each.departure_on) for member, each in zip(members, past, strict=True)}


def _time_here(house: Property, past: PastStay, at: datetime) -> DateTimeTZRange:
    during = holding.planned_time(house, past.arrival_on, past.departure_on)
    came_at, left_at = during.lower or at, min(during.upper or at, at)
    if past.arrival_on > past.departure_on or past.departure_on > house.today(at) or came_at > left_at:
        raise BadDates(object_type="property", object_ref=house.code)
    return DateTimeTZRange(came_at, left_at)


def _write_stays(
    house: Property, past: Sequence[PastStay], times: Sequence[DateTimeTZRange], at: datetime
) -> list[Stay]:
    """Each with a number of the year it began in."""
    begun = [(each.origin, during.lower or at) for each, during in zip(past, times, strict=True)]
    stays = expecting.new_stays(house, begun)
    for stay, each, during in zip(stays, past, times, strict=True):
        stay.status, stay.arrived_at, stay.departed_at = Stay.Status.CHECKED_OUT, during.lower, during.upper
        stay.arrival_on, stay.departure_on = each.arrival_on, each.departure_on
    return Stay.objects.bulk_create(stays)


def _seal(stays: Sequence[Stay], members: Sequence[Member]) -> None:
    named = list(zip(stays, members, strict=True))
    sealings = [sealing for stay, member in named for sealing in party_sealings(stay, [member])]
    sealed = zip(sealings, vault.seal_many(sealings), strict=True)
    registers = {sealing.subject: envelope for sealing, envelope in sealed if sealing.category == Category.REGISTER}
    Occupant.objects.bulk_create(
        Occupant(
            stay=stay,
            subject_id=member.subject,
            register_envelope_id=registers[member.subject],
            role=Occupant.Role.LEAD,
            came_at=stay.arrived_at,
            left_at=stay.departed_at,
        )
        for stay, member in named
    )
    index_people([(member, stay.arrival_on) for stay, member in named])


def _count(house: Property, stays: Sequence[Stay], past: Sequence[PastStay]) -> None:
    counts: figures.Counts = Counter()
    for stay, each in zip(stays, past, strict=True):
        if stay.arrived_at and stay.departed_at:
            counts.update(figures.arrival_counts(stay, [register_content(each.guest)], at=stay.arrived_at))
            counts.update(figures.departure_counts(stay, at=stay.departed_at))
    figures.add_counts(house, counts)


def _record(actor: Person, house: Property, stays: Sequence[Stay], members: Sequence[Member]) -> None:
    facts = [
        {"object_type": "stay", "object_ref": stay.reference, "subjects": [member.subject]}
        for stay, member in zip(stays, members, strict=True)
    ]
    audit.record_all(actions.PAST_STAY_RECORDED, facts, who=rights.who(actor, house))
