"""Who may: with ``visible_to``, the only place that asks django-guardian for rights at a property.

A person's rights and roles are read once per request (one query) and kept on the person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Func, JSONField, Q, QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff.actions import ACCESS_REFUSED
from staff.models import AccessReview, AccessReviewLine, AccessReviewQuerySet, Duty, Person, Property, Shift
from staff.roles import MANAGER, RIGHTS

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_KEPT_AS: Final = "_standing"
DUTY_RIGHTS: Final = ("read_whole_log", "manage_house")
REVIEWS_ACCESS: Final = "read_whole_log"


class NotAllowed(audit.Refused):
    """The person does not hold the right at the property."""

    action = ACCESS_REFUSED
    status = 403
    message = _("Your roles at this property do not include this. Its administrator gives and takes roles.")


class OwnLine(audit.Refused):
    """Nobody reviews their own roles."""

    action = ACCESS_REFUSED
    status = 403
    message = _("Nobody decides on their own roles. Another manager does, or an administrator of this property.")


class Gate(Enum):
    """How far a person must have come before a view opens; ``staff.middleware.OnDuty`` keeps the gates."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    ENROLLED = "enrolled"
    ON_DUTY = "on duty"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person may and is, by property id."""

    rights: dict[int, frozenset[str]]
    roles: dict[int, tuple[str, ...]]


def may(person: Person | AnonymousUser, right: str, property: Property | None) -> bool:
    """Whether the person holds the right at the property. Raises ValueError for a right that does not exist."""
    if right not in RIGHTS:
        raise ValueError(f"There is no right called {right!r}.")
    if property is None or not isinstance(person, Person) or not person.is_active:
        return False
    return right in _standing(person).rights.get(property.pk, frozenset())


def require(person: Person | AnonymousUser, right: str, property: Property | None) -> None:
    """Raise ``NotAllowed`` unless the person holds the right at the property."""
    if not may(person, right, property):
        raise NotAllowed(object_type="right", object_ref=right)


def property_ids_where(person: Person | AnonymousUser, right: str) -> list[int]:
    """Ids of the properties where the person holds the right."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    return sorted(pk for pk, rights in _standing(person).rights.items() if right in rights)


def visible(person: Person | AnonymousUser, right: str) -> QuerySet[Property]:
    """The properties where the person holds the right."""
    return Property.objects.filter(pk__in=property_ids_where(person, right))


def properties_where(person: Person | AnonymousUser, right: str) -> list[Property]:
    """The properties where the person holds the right, by code."""
    return list(visible(person, right))


def properties_of(person: Person) -> list[Property]:
    """The properties where the person holds any post, by code."""
    return list(Property.objects.filter(pk__in=_standing(person).roles)) if person.is_active else []


def rights_at(person: Person | AnonymousUser, property: Property | None) -> frozenset[str]:
    """Every right the person holds at the property."""
    if property is None or not isinstance(person, Person) or not person.is_active:
        return frozenset()
    return _standing(person).rights.get(property.pk, frozenset())


def roles_at(person: Person | AnonymousUser, property: Property | None) -> tuple[str, ...]:
    """The person's role codes at the property, sorted."""
    if property is None or not isinstance(person, Person):
        return ()
    return _standing(person).roles.get(property.pk, ())


def who(person: Person, property: Property | None) -> audit.Who:
    """The person as the log names them: id, roles at the property, property id."""
    return audit.Who(
        actor=person.pk,
        role="+".join(roles_at(person, property)),
        property=property.pk if property else None,
    )


def who_of_account(person: Person) -> audit.Who:
    """The person in what concerns their account: it belongs to the property that keeps the account."""
    return who(person, person.kept_at)


def forget_standing(person: Person) -> None:
    """Read the person's rights again at the next question, after roles were given or taken."""
    person.__dict__.pop(_KEPT_AS, None)


def names_owner(person: Person, duty: Duty) -> bool:
    """Whether the person names the duty's owner: an administrator there, of any property for the whole house's."""
    return may_at(person, "manage_house", duty.property)


def require_names_owner(person: Person, duty: Duty) -> None:
    """Raise ``NotAllowed`` unless the person names the duty's owner."""
    if not names_owner(person, duty):
        raise NotAllowed(object_type="right", object_ref="manage_house")


def may_at(person: Person, right: str, property: Property | None) -> bool:
    """Whether the person holds the right at the property; at any property where none is named."""
    return may(person, right, property) if property else bool(property_ids_where(person, right))


def duties_seen_by(person: Person) -> QuerySet[Duty]:
    """The duties a person may see: their own, and those of the properties whose duties they look after."""
    kept = {pk for right in DUTY_RIGHTS for pk in property_ids_where(person, right)}
    of_house = Q(property=None) if kept else Q(pk__in=[])
    return Duty.objects.filter(Q(owner=person) | Q(property__in=kept) | of_house)


def access_reviews_seen_by(person: Person) -> AccessReviewQuerySet:
    """The access reviews of the properties whose log the person reads, or whose people they keep."""
    kept = {pk for right in DUTY_RIGHTS for pk in property_ids_where(person, right)}
    return AccessReview.objects.filter(property__in=kept)


def lines_seen_by(person: Person, review: AccessReview) -> QuerySet[AccessReviewLine]:
    """All lines for who reviews; for an administrator those of managers, who cannot decide on their own."""
    if may(person, REVIEWS_ACCESS, review.property):
        return review.lines.all()
    if not may(person, "manage_house", review.property):
        return review.lines.none()
    return review.lines.filter(person__in=review.lines.filter(role=MANAGER).values("person"))


def reviews_line(person: Person, line: AccessReviewLine) -> bool:
    """Whether the person decides on the line: one they see that is not about them."""
    return line.person_id != person.pk and lines_seen_by(person, line.review).filter(pk=line.pk).exists()


def require_reviewer(person: Person, line: AccessReviewLine) -> None:
    """Raise ``OwnLine`` on one's own line, ``NotAllowed`` unless the person decides on it."""
    if line.person_id == person.pk:
        raise OwnLine(object_type="access_review", object_ref=line.review.number)
    if not reviews_line(person, line):
        raise NotAllowed(object_type="right", object_ref=REVIEWS_ACCESS)


def right_required(right: str) -> Callable[[View], View]:
    """Open the view only to those who hold the right at the property of their shift; others get 403."""
    return any_right_required(right)


def any_right_required(*rights: str) -> Callable[[View], View]:
    """Open the view to those who hold at least one of the rights at the property of their shift."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(may(request.user, right, request.property) for right in rights):
                raise NotAllowed(object_type="right", object_ref=rights[0])
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Open the view to everybody, signed in or not."""
    return _at(Gate.PUBLIC, view)


def signed_in(view: View) -> View:
    """Open the view to a signed-in person who may not have a second factor yet."""
    return _at(Gate.SIGNED_IN, view)


def off_duty(view: View) -> View:
    """Open the view to a signed-in person with a second factor, also before a shift is open."""
    return _at(Gate.ENROLLED, view)


def gate_of(view: Callable[..., Any]) -> Gate:
    """The gate in front of a view; without a mark a shift must be open."""
    gate: Gate = getattr(view, "gate", Gate.ON_DUTY)
    return gate


def _at(gate: Gate, view: View) -> View:
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.gate = gate  # type: ignore[attr-defined]
    return marked  # type: ignore[return-value]


def _standing(person: Person) -> Standing:
    kept = person.__dict__.get(_KEPT_AS)
    if kept is None:
        kept = person.__dict__[_KEPT_AS] = _read_standing(person)
    return kept


def with_standing(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    """The shifts with what their person holds as ``held``, for ``take_standing``: a query less on every page."""
    return shifts.annotate(held=_Held("person"))


def take_standing(person: Person, shift: Shift) -> None:
    """Keep what was read along with the person's shift as their standing in this request."""
    person.__dict__[_KEPT_AS] = _standing_from(shift.held)  # type: ignore[attr-defined]


class _Held(Func):
    """By property and role the rights a person holds; null for nobody's."""

    function = "staff_standing"
    output_field = JSONField()


def _read_standing(person: Person) -> Standing:
    held = Person.objects.filter(pk=person.pk).values_list(_Held("pk"), flat=True).first()
    return _standing_from(held)


def _standing_from(held: Sequence[tuple[int, str, list[str]]] | None) -> Standing:
    rights: dict[int, set[str]] = defaultdict(set)
    roles: dict[int, list[str]] = defaultdict(list)
    for property_id, role, codenames in held or ():
        rights[property_id].update(codenames)
        roles[property_id].append(role)
    return Standing(
        rights={pk: frozenset(codenames) for pk, codenames in rights.items()},
        roles={pk: tuple(sorted(codes)) for pk, codes in roles.items()},
    )
