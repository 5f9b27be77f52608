"""The five duties towards minors (五必须, 未成年人保护法 57): begun at check-in, each with its time, done on record.

The times are our own (P): what is asked at the desk within an hour, a patrol each night until the business day turns,
and by the planned departure whether there was anything to report.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, review
from stays.models import MinorDuty, Stay
from stays.services import holding
from stays.services.recording import record_deed
from stays.typed import ArrivalData, DocumentData, GuestData
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope, Subject

Kind = MinorDuty.Kind
AT_THE_DESK: Final = (Kind.IDENTITY, Kind.GUARDIAN, Kind.RELATION)
ASKED_WITHIN: Final = timedelta(hours=1)


class DutyDone(Refused):
    """Somebody did it before."""

    action = actions.MINOR_DUTY_REFUSED
    message = _("This has been done already.")


class GuardianMissing(Refused):
    """The guardian's contact is not recorded yet."""

    action = actions.MINOR_DUTY_REFUSED
    field = "phone"
    message = _("Write the guardian's name and phone number.")


class OutcomeMissing(Refused):
    """Whether there was anything to report is not said."""

    action = actions.MINOR_DUTY_REFUSED
    field = "outcome"
    message = _("Say whether anything suspicious was noticed.")


def take_on(
    actor: Person, stay: Stay, shown: Iterable[DocumentData], *, done: Collection[str], at: datetime
) -> list[MinorDuty]:
    """Begin the duties where one of the documents ``shown`` is a minor's; those in ``done`` are done by this deed.

    Inside the deed's transaction, which records it. Duties begun before are not begun again.
    """
    today = stay.property.today(at)
    if not any(review.is_minor(document, today) for document in shown):
        return []
    known = set(stay.minor_duties.values_list("kind", flat=True))
    duties = [
        MinorDuty(stay=stay, kind=kind, due_at=due_at, **(_by(actor, at) if kind in done else {}))
        for kind, due_at in _times(stay, at).items()
        if kind not in known
    ]
    MinorDuty.objects.bulk_create(duties)
    for duty in stay.minor_duties.filter(kind__in=known.intersection(done, AT_THE_DESK), done_at__isnull=True):
        _finish(duty, actor, at)
    return duties


def fulfilled(arrival: ArrivalData) -> frozenset[str]:
    """Which duties an arrival itself fulfils: documents were shown, a guardian is named, the relation was asked."""
    guardian = arrival.guardian
    held = {
        Kind.IDENTITY: all(person.document.document_number for person in arrival.occupants),
        Kind.GUARDIAN: guardian is not None and bool(guardian.name and guardian.phone),
        Kind.RELATION: "relation_asked" in arrival.ticked,
    }
    return frozenset(str(kind) for kind, is_so in held.items() if is_so)


def do_minor_duty(
    *, actor: Person, duty: MinorDuty, outcome: str = "", guardian: GuestData | None = None, at: datetime
) -> MinorDuty:
    """Note that a duty is done. That of the guardian seals the contact, the report says its ``outcome``.

    Raises ``NotAllowed``, ``DutyDone``, ``GuardianMissing`` and ``OutcomeMissing``.
    """
    rights.require(actor, "work_desk", duty.stay.property)
    with transaction.atomic():
        locked = MinorDuty.objects.select_for_update(of=("self",)).select_related("stay__property").get(pk=duty.pk)
        if locked.done_at is not None:
            raise DutyDone(object_type="stay", object_ref=locked.stay.reference)
        if locked.kind == Kind.GUARDIAN:
            _keep_guardian(locked.stay, guardian)
        if locked.kind == Kind.REPORT:
            locked.outcome = _said(locked, outcome)
        _finish(locked, actor, at)
        _record(actor, locked, at)
    return locked


def open_patrols(*, at: datetime) -> int:
    """Ask for tonight's patrol wherever a minor is in house; how many are new. Safe to repeat."""
    stays = Stay.objects.filter(status=Stay.Status.IN_HOUSE, minor_duties__isnull=False).distinct()
    wanted = [
        MinorDuty(stay=stay, kind=Kind.PATROL, due_at=_end_of_night(stay.property, at))
        for stay in stays.select_related("property")
    ]
    there = MinorDuty.objects.filter(kind=Kind.PATROL, due_at__in={duty.due_at for duty in wanted})
    known = set(there.values_list("stay_id", "due_at"))
    new = [duty for duty in wanted if (duty.stay_id, duty.due_at) not in known]
    MinorDuty.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def is_in_time(house: Property, at: datetime) -> bool:
    """Nothing that is owed to a minor here is late."""
    return not MinorDuty.objects.open_at(house).filter(due_at__lt=at).exists()


def _times(stay: Stay, at: datetime) -> dict[str, datetime]:
    asked = at + ASKED_WITHIN
    leaves = datetime.combine(stay.departure_on, holding.ROOM_CHANGES_HANDS_AT, stay.property.zone)
    times = dict.fromkeys(map(str, AT_THE_DESK), asked)
    return {**times, str(Kind.PATROL): _end_of_night(stay.property, at), str(Kind.REPORT): max(leaves, asked)}


def _end_of_night(house: Property, at: datetime) -> datetime:
    """When the business day turns."""
    turns = time(settings.BUSINESS_DAY_TURNS_AT_HOUR)
    return datetime.combine(house.today(at) + timedelta(days=1), turns, house.zone)


def _by(actor: Person, at: datetime) -> dict[str, object]:
    return {"done_at": at, "done_by": actor}


def _finish(duty: MinorDuty, actor: Person, at: datetime) -> None:
    duty.done_at, duty.done_by = at, actor
    duty.save(update_fields=["done_at", "done_by", "outcome"])


def _keep_guardian(stay: Stay, guardian: GuestData | None) -> None:
    """Seal the contact, unless the stay has one."""
    if guardian is None or not (guardian.name and guardian.phone):
        if _has_guardian(stay):
            return
        raise GuardianMissing(object_type="stay", object_ref=stay.reference)
    vault.seal_many(guardian_sealings(stay, guardian))


def guardian_sealings(stay: Stay, guardian: GuestData) -> Sequence[vault.Sealing]:
    """The guardian's name and contact, kept with the stay; the guardian is a subject of their own."""
    subject: UUID = vault.new_subject(Subject.Kind.GUARDIAN)
    contents = {Category.NAME: guardian.names, Category.CONTACT: guardian.contact}
    return [vault.Sealing(subject, category, content, belongs_to=stay.pk) for category, content in contents.items()]


def _has_guardian(stay: Stay) -> bool:
    of_guardian = Envelope.objects.filter(belongs_to=stay.pk, subject__kind=Subject.Kind.GUARDIAN)
    return of_guardian.filter(category=Category.CONTACT, erased_at__isnull=True).exists()


def _said(duty: MinorDuty, outcome: str) -> str:
    if outcome not in MinorDuty.Outcome.values:
        raise OutcomeMissing(object_type="stay", object_ref=duty.stay.reference)
    return outcome


def _record(actor: Person, duty: MinorDuty, at: datetime) -> None:
    said = {"outcome": duty.outcome} if duty.outcome else {}
    detail = {"duty": duty.kind, "late": duty.due_at < at, **said}
    record_deed(actions.MINOR_DUTY_DONE, duty.stay, actor=actor, detail=detail)
