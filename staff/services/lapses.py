"""Noticing what was not done: the keeper's work, which needs neither broker nor beat (M39). When the keeper itself is
silent, the worker does it."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit import services as audit
from audit.models import KeeperBeat
from staff import duties
from staff.actions import DUTY_OWNER_NAMED, LAPSE_FOUND
from staff.models import Duty, Lapse, Person, Property
from staff.roles import ADMINISTRATOR

log = logging.getLogger(__name__)
KEEPER_SILENT_AFTER: Final = timedelta(minutes=5)


def keep_duties(*, at: datetime) -> int:
    """Enter every declared duty that is not there yet, due after its time from now; how many were entered."""
    houses = list(Property.objects.all())
    known = set(Duty.objects.values_list("code", "property"))
    missing = [
        Duty(code=kind.code, property=house, every=kind.every, next_due_at=at + kind.every)
        for kind in duties.kinds()
        for house in (houses if kind.for_property else [None])
        if (kind.code, house.pk if house else None) not in known
    ]
    return len(Duty.objects.bulk_create(missing, ignore_conflicts=True))


def name_missing_owners(*, at: datetime) -> int:
    """Let who holds its role own each duty that nobody owns, or somebody who left; how many were named (M33).

    An administrator where nobody holds that role. It stays with nobody only where there is no administrator either.
    """
    without = Duty.objects.filter(Q(owner=None) | Q(owner__is_active=False)).select_related("property")
    return sum(_name_owner(duty) for duty in without if duties.is_declared(duty.code))


@transaction.atomic
def _name_owner(duty: Duty) -> bool:
    roles = (duties.kind_of(duty.code).owner, ADMINISTRATOR)
    owner = next((one for role in roles for one in _holders(role, duty.property)[:1]), None)
    if owner is None:
        return False
    duty.owner = owner
    duty.save(update_fields=["owner"])
    audit.record(
        DUTY_OWNER_NAMED,
        who=audit.Who(role=audit.SYSTEM.role, property=duty.property_id),
        object_type="duty",
        object_ref=duty.code,
        detail={"owner": owner.staff_number},
    )
    return True


def _holders(role: str, property: Property | None) -> QuerySet[Person]:
    """Who holds the role at the property, or at any, and may sign in; the longest here first."""
    held = Q(groups__post__role=role, groups__post__property=property) if property else Q(groups__post__role=role)
    found: QuerySet[Person] = Person.objects.filter(held, is_active=True)
    return found.order_by("pk").distinct()


def stand_in_for_keeper(*, at: datetime) -> int:
    """Notice and mail lapses while the keeper gives no sign of life; how many were told."""
    if KeeperBeat.objects.filter(at__gt=at - KEEPER_SILENT_AFTER).exists():
        return 0
    find_lapses(at=at)
    return mail_lapses(at=at)


def find_lapses(*, at: datetime) -> list[Lapse]:
    """Open a lapse for each duty that is late, or whose last run of a day's work failed; each once."""
    open_already = Lapse.objects.filter(closed_at=None).values("duty")
    found = []
    for duty in Duty.objects.exclude(pk__in=open_already):
        kind = _noticed(duty, at)
        if kind:
            found.append(_open(duty, kind, at))
    return found


def _noticed(duty: Duty, at: datetime) -> str:
    if not duties.is_declared(duty.code):
        return ""
    kind = duties.kind_of(duty.code)
    if duty.is_late(at, kind.grace):
        return Lapse.Kind.LATE
    return Lapse.Kind.FAILED if duty.has_failed() and kind.every >= duties.DAY else ""


@transaction.atomic
def _open(duty: Duty, kind: str, at: datetime) -> Lapse:
    lapse = Lapse.objects.create(duty=duty, kind=kind, found_at=at)
    audit.record(
        LAPSE_FOUND,
        who=audit.Who(role="system", property=duty.property_id),
        object_type="duty",
        object_ref=duty.code,
        detail={"lapse": lapse.pk, "kind": kind},
    )
    return lapse


def mail_lapses(*, at: datetime) -> int:
    """Mail the owner of each open lapse once; without an owner the administrators. How many lapses were told.

    When the mail server refuses, the lapse stays unmailed and the next minute tries again. Nothing of a guest is in it.
    """
    told = 0
    for lapse in Lapse.objects.filter(closed_at=None, mailed_at=None).select_related("duty__owner", "duty__property"):
        try:
            for person in _those_to_tell(lapse.duty):
                _mail(person, lapse)
        except OSError:
            log.warning("The mail server took no notice of a lapse.")
            continue
        told += Lapse.objects.filter(pk=lapse.pk, mailed_at=None).update(mailed_at=at)
    return told


def _those_to_tell(duty: Duty) -> Iterable[Person]:
    """The owner; the administrators where there is none who can be reached."""
    if duty.owner and duty.owner.is_active and duty.owner.email:
        return [duty.owner]
    return list(_holders(ADMINISTRATOR, duty.property).exclude(email=""))


def _mail(person: Person, lapse: Lapse) -> None:
    with translation.override(person.language):
        shown = {"lapse": lapse, "duty": lapse.duty, "words": duties.kind_of(lapse.duty.code).words}
        text = render_to_string("staff/mail/lapse.txt", shown)
        send_mail(_("A duty was not done in time"), text, settings.DEFAULT_FROM_EMAIL, [person.email])
