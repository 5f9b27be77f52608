"""The check-in page as one form: the party, contact, room and dates, payment and the checklist."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ManagementForm
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _

from stays import review
from stays.forms.arrival import ContactForm, GuardianForm, PaymentForm, ReviewForm, RoomChoiceForm
from stays.forms.occupants import BaseOccupants, OccupantForm, Occupants
from stays.models import Notice, ReviewRule, Room, Stay
from stays.refusals import ReviewIncomplete
from stays.typed import ArrivalData, OccupantData

AppliesTo = ReviewRule.AppliesTo
PARTY: Final = "guest"
PERSON: Final = re.compile(rf"{PARTY}-([0-9]{{1,2}})")
_PARTS: Final[dict[str, type[forms.Form]]] = {
    PARTY: ManagementForm,
    "contact": ContactForm,
    "stay": RoomChoiceForm,
    "payment": PaymentForm,
    "guardian": GuardianForm,
    "review": ReviewForm,
}
_HOME_OF: Final = {
    "room": "room",
    "departure_on": "room",
    "override": "room",
    "override_reason": "room",
    "special_request": "room",
    "review": "review",
    "ticks": "review",
    "phone": "contact",
    "email": "contact",
    "method": "payment",
    "deposit": "payment",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the page offers: rooms in groups, reasons for an exception, checklist lines, the notice in force."""

    rooms: Sequence[Room]
    offered: list[Any]
    overrides: list[Any]
    rules: Sequence[ReviewRule]
    notice: Notice | None


def is_asked(name: str) -> bool:
    """Whether the page has a field of this name."""
    part, _dash, field = name.rpartition("-")
    if PERSON.fullmatch(part):
        return field in OccupantForm.base_fields or field == DELETION_FIELD_NAME
    return part in _PARTS and field in _PARTS[part].base_fields


class CheckInForms:
    """All forms of the page. Behaves as one form towards ``refused_to``: ``fields`` and ``add_error``."""

    fields: Mapping[str, str] = _HOME_OF

    def __init__(
        self,
        *,
        today: date,
        choices: Choices,
        stay: Stay | None,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.today, self.choices, self.stay = today, choices, stay
        self.on_file: Mapping[str, Any] = {}
        start = initial or {}
        self.occupants: BaseOccupants = Occupants(  # type: ignore[assignment]
            data, prefix=PARTY, initial=start.get("party"), form_kwargs={"today": today}
        )
        self.is_returning = bool(data and data.get(f"{PARTY}-0-known"))
        self.comes_again = self.is_returning or self._has_ticked_for_returning(data)
        self.contact = ContactForm(data, prefix="contact", is_known=stay is not None or self.is_returning)
        self.guardian = GuardianForm(data, prefix="guardian")
        self.room = RoomChoiceForm(
            data,
            prefix="stay",
            today=today,
            offered=choices.offered,
            overrides=choices.overrides,
            initial=start.get("room"),
        )
        self.payment = PaymentForm(data, prefix="payment")
        if not self.occupants.is_bound:
            self.occupants.forms[0].fields["document_number"].widget.attrs["autofocus"] = True
        self.review = ReviewForm(data, prefix="review", rules=self.lines)

    @property
    def notice(self) -> Notice | None:
        """The privacy notice in force."""
        return self.choices.notice

    @cached_property
    def people(self) -> list[OccupantData]:
        """Whoever is typed so far, complete or not: what the checklist looks at."""
        if not self.occupants.is_bound:
            return []
        self.occupants.is_valid()
        return self.occupants.given()

    @property
    def has_minor(self) -> bool:
        """Somebody under 18 is in the party."""
        return any(review.is_minor(person.document, self.today) for person in self.people)

    @property
    def facts(self) -> set[str]:
        """Which kinds of arrival this is, as far as it is typed."""
        shown = [person.document for person in self.people]
        held = {
            AppliesTo.ANY: True,
            AppliesTo.MINOR: self.has_minor,
            AppliesTo.OVERSEAS: any(review.is_overseas(document) for document in shown),
            AppliesTo.WALK_IN: self.stay is None,
            AppliesTo.RETURNING: self.comes_again,
        }
        return {str(kind) for kind, is_so in held.items() if is_so}

    @property
    def lines(self) -> list[ReviewRule]:
        """The lines of the checklist a person ticks, for this arrival."""
        manual = [rule for rule in self.choices.rules if rule.kind == ReviewRule.Kind.MANUAL]
        return review.applying(manual, frozenset(self.facts))

    def _has_ticked_for_returning(self, data: Mapping[str, Any] | None) -> bool:
        widget = ReviewForm.base_fields["ticks"].widget
        ticked = widget.value_from_datadict(data or QueryDict(), {}, "review-ticks") or ()
        return any(rule.code in ticked and rule.applies_to == AppliesTo.RETURNING for rule in self.choices.rules)

    @contextmanager
    def asking_also(self) -> Iterator[None]:
        """Do the deed inside: of whoever comes again it knows more than was looked up, and their lines are offered."""
        try:
            yield
        except ReviewIncomplete as refusal:
            self.comes_again |= any(rule.applies_to == AppliesTo.RETURNING for rule in refusal.missing)
            self.review.offer(self.lines)
            raise

    @property
    def parts(self) -> tuple[Any, ...]:
        """Every form of the page, in its order."""
        return (self.occupants, self.contact, self.room, self.payment, self.guardian, self.review)

    def offer_again(self, rooms: Sequence[Room], offered: list[Any]) -> None:
        """Offer the rooms that are free by now; what is typed and what is said about it stays."""
        self.choices = replace(self.choices, rooms=rooms, offered=offered)
        self.room.fields["room"].choices = offered  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        """Whether every part is; all are looked at, so that every reason is told at once."""
        judged = [part.is_valid() for part in self.parts]
        return all(judged)

    def add_error(self, field: str | None, reason: str) -> None:
        """Put the reason of a refused deed where it belongs, on top where it belongs nowhere."""
        home = _HOME_OF.get(field or "", "review")
        form: forms.Form = getattr(self, home)
        form.add_error(field if field in form.fields else None, reason)

    def forget_errors(self) -> None:
        """Show what is typed without judging it yet: the page is still being filled in."""
        for part in self.parts:
            for form in getattr(part, "forms", [part]):
                form.full_clean()
                form._errors = ErrorDict()
        self.occupants._non_form_errors = ErrorList()  # type: ignore[attr-defined]
        self._complain_of_lines()

    def _complain_of_lines(self) -> None:
        """What could not be read as a passport's lines is still standing in its box."""
        for form in self.occupants.forms:
            if form["mrz"].value():
                form.add_error("mrz", _("These are not the two lines of a passport, 44 characters each."))

    def given(self) -> ArrivalData:
        """The arrival as the services take it; for a valid page only."""
        room, ticks = self.room.cleaned_data, self.review.cleaned_data
        lead, *others = self.occupants.given()
        contact = self.contact.cleaned_data
        return ArrivalData(
            occupants=(replace(lead, guest=replace(lead.guest, **contact)), *others),
            room=next(one for one in self.choices.rooms if str(one.pk) == room["room"]),
            arrival_on=room["arrival_on"],
            departure_on=room["departure_on"],
            payment=self.payment.given(),
            origin=self.stay.origin if self.stay else Stay.Origin.WALK_IN,
            notice=self.choices.notice if ticks.get("notice_shown") else None,
            ticked=ticks["ticks"],
            override=room["override"],
            override_reason=room["override_reason"],
            special_request=room["special_request"],
            guardian=self.guardian.given(),
            confidential=room["confidential"],
        )
