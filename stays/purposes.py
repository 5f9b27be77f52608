"""Why somebody looks: the purposes of M05, which roles may use them, and which must name their case.

Rooms above add theirs in a ``purposes.py`` of their own; ``StaysConfig.ready`` loads them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.registry import words
from audit.services import Why
from staff import permissions
from staff.models import Person, Property
from staff.roles import FINANCE, FRONT_DESK, PRIVACY_OFFICER, SECOND_APPROVER
from stays.models import DeskCase, Stay
from stays.refusals import PurposeRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody wants to see: a stay, what belongs to a guest and to no stay, or neither, as in a list.

    ``revealed``: whose field is to be shown in plain.
    """

    actor: Person
    house: Property
    stay: Stay | None = None
    guest: "UUID | None" = None
    revealed: "UUID | None" = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """One reason to look. ``cases``: kinds of desk case of which it must name one.

    ``serves``: of a room above, takes the look and the number named, raises ``PurposeRefused`` unless that serves the
    look, and returns the operational reason it sees (audit.md, E1-E9). ``opens_restricted``: security, law or the
    guest's own request (PIPL 47(2); GDPR 18(2)).
    """

    code: str
    word: Promise
    roles: frozenset[str]
    cases: tuple[str, ...] = ()
    serves: "Callable[[Look, str], str] | None" = None
    opens_restricted: bool = False

    @property
    def needs_number(self) -> bool:
        """Whether a case, or what a room above asks for, must be named."""
        return bool(self.cases or self.serves)


OFFICE: Final = frozenset({PRIVACY_OFFICER, SECOND_APPROVER})
OWN_CASE: Final = "E3"  # an open case about this stay is the actor's own (audit.md, Noticing misuse)
_DESK = frozenset({FRONT_DESK})
_MONEY = frozenset({FRONT_DESK, FINANCE})
PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose("guest_service", _("guest service"), _DESK),
        Purpose("bill", _("bill"), _MONEY),
        Purpose("dispute", _("dispute"), _MONEY | OFFICE, ("dispute", "lost_property")),
        Purpose("safety", _("safety"), _DESK | OFFICE, ("safety",), opens_restricted=True),
        Purpose("authority", _("request of an authority"), _DESK | OFFICE, ("authority",), opens_restricted=True),
        Purpose("investigation", _("internal investigation"), OFFICE, ("investigation",)),
    )
}
words({purpose.code: purpose.word for purpose in PURPOSES.values()})


def add_purpose(purpose: Purpose) -> Purpose:
    """A purpose of a room above, after those of the desk."""
    PURPOSES[purpose.code] = purpose
    words({purpose.code: purpose.word})
    return purpose


def choices_for(person: Person, house: Property) -> "Sequence[Purpose]":
    """The purposes the person may use at the property, in the order of the form."""
    held = permissions.roles_at(person, house)
    return [purpose for purpose in PURPOSES.values() if purpose.roles.intersection(held)]


def kept_serves(stay: Stay, house: Property, at: datetime) -> bool:
    """Whether a purpose kept for the session may serve this stay: only guests due or in house here."""
    return stay.is_current(house, house.today(at))


def require_purpose(
    *,
    actor: Person,
    house: Property,
    why: Why,
    stay: Stay | None = None,
    guest: "UUID | None" = None,
    revealed: "UUID | None" = None,
) -> Why:
    """The purpose with its reference in the form it is stored. Raises ``PurposeRefused`` with the reason.

    ``stay``, ``guest``, ``revealed``: what the look is at, as in ``Look``.
    """
    purpose = PURPOSES.get(why.purpose)
    if purpose is None or purpose not in choices_for(actor, house):
        raise PurposeRefused(_("Choose what you look for.") if purpose is None else _NOT_YOURS)
    ref = why.ref.strip().upper()
    if purpose.needs_number and not ref:
        raise PurposeRefused(_UNNAMED, field="purpose_ref")
    if purpose.serves:
        explained_by = purpose.serves(Look(actor, house, stay, guest, revealed), ref)
        return Why(purpose=purpose.code, ref=ref, explained_by=explained_by)
    explained_by = why.explained_by
    if purpose.cases:
        case = _open_case(purpose, house, ref)
        _require_about(case, stay, guest)
        explained_by = OWN_CASE if case.owner_id == actor.pk and case.stay is not None else explained_by
    elif ref and not Stay.objects.visible_to(actor).filter(reference=ref).exists():
        raise PurposeRefused(_("There is no stay of this number here."), field="purpose_ref")
    return Why(purpose=purpose.code, ref=ref, explained_by=explained_by)


def opens_restricted(actor: Person, house: Property, why: Why) -> bool:
    """Whether the look may open what is restricted: for such a purpose, by who decides on requests there."""
    return PURPOSES[why.purpose].opens_restricted and permissions.may(actor, "decide_request", house)


_UNNAMED = _("This purpose must name its case or request.")
_NOT_YOURS = _("Your roles at this property do not include this purpose.")
_OF_A_STAY = _("Case %(case)s is about stay %(stay)s only: open that stay, or open a case for what you look for.")


def _open_case(purpose: Purpose, house: Property, ref: str) -> DeskCase:
    cases = DeskCase.objects.filter(number=ref, property=house, kind__in=purpose.cases)
    case = cases.select_related("stay").first()
    if case is None:
        raise PurposeRefused(_("There is no such case of this kind at this property."), field="purpose_ref")
    if case.state != DeskCase.State.OPEN:
        raise PurposeRefused(_("This case is closed. Name an open one."), field="purpose_ref")
    return case


def _require_about(case: DeskCase, stay: Stay | None, guest: "UUID | None") -> None:
    """A case that belongs to a stay serves looks at that stay and at its guests, and no others."""
    if case.stay is None or case.stay == stay:
        return
    if guest is None or not case.stay.occupants.filter(subject=guest).exists():
        raise PurposeRefused(_OF_A_STAY, field="purpose_ref", case=case.number, stay=case.stay.reference)
