"""Noticing what was not done: the keeper's work, which needs neither broker nor beat (M39)."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit import services as audit
from staff import duties
from staff.actions import LAPSE_FOUND
from staff.models import Duty, Lapse, Person, Property
from staff.roles import ADMINISTRATOR

log = logging.getLogger(__name__)


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
        Lapse.objects.filter(pk=lapse.pk).update(mailed_at=at)
        told += 1
    return told


def _those_to_tell(duty: Duty) -> Iterable[Person]:
    if duty.owner and duty.owner.is_active:
        return [duty.owner] if duty.owner.email else []
    if duty.property:
        found = Person.objects.holding(ADMINISTRATOR, duty.property)
    else:
        found = Person.objects.filter(is_active=True, groups__post__role=ADMINISTRATOR)
    return list(found.exclude(email="").distinct())


def _mail(person: Person, lapse: Lapse) -> None:
    with translation.override(person.language):
        shown = {"lapse": lapse, "duty": lapse.duty, "words": duties.kind_of(lapse.duty.code).words}
        text = render_to_string("staff/mail/lapse.txt", shown)
        send_mail(_("A duty was not done in time"), text, settings.DEFAULT_FROM_EMAIL, [person.email])
