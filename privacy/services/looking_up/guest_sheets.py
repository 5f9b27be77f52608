"""The guest's sheet: who looked at a guest's data, for a verified request or from one of their stays (B10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.safestring import SafeString

from audit import services as audit
from audit.services import Who, Why
from privacy import actions, copies, letters, permissions
from privacy.copies import LogSheet
from privacy.letters import Paper
from privacy.models import Request
from privacy.refusals import NothingToGive, NotVerified
from privacy.services import requests
from staff import permissions as rights
from staff.models import Person, Property
from stays import papers
from stays.models import Occupant
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_guest


@dataclass(frozen=True, slots=True)
class GuestSheet:
    """Every look at a guest, by role and never by name, with the place of each in the sealed log."""

    data: Mapping[str, Any] = field(repr=False)
    paper: Paper = field(repr=False)
    looks: LogSheet = field(repr=False)

    def html(self) -> SafeString:
        """For the screen and the printer."""
        return letters.as_html((self.paper,))

    def pdf(self) -> bytes:
        """To be handed over."""
        return papers.as_pdf((self.paper,))

    def zip(self) -> bytes:
        """The paper and the same for a machine, with the proof of each line."""
        return copies.with_proofs({"sheet.pdf": self.pdf(), "sheet.json": copies.as_json(self.data)}, self.looks)


def open_request_sheet(*, request: Request, actor: Person, at: datetime, file: str = "") -> GuestSheet:
    """Look at who looked at the guest of a request; ``file``: the ending under which it is saved.

    Only while the request is open, and once it is known who asks. Raises ``NotAllowed``, ``WrongState``,
    ``NotVerified`` and ``NothingToGive``.
    """
    permissions.require_decide(actor, request.property)
    requests.require_open(request)
    if not request.is_verified:
        raise requests.refused(NotVerified, request)
    if request.guest_id is None:
        raise requests.refused(NothingToGive, request)
    who, why = requests.who(actor, request.property), requests.why(actor, request)
    _look(request.guest_id, who, why, file, **requests.named(request))
    return _sheet(request.guest_id, request.property, named=request.number, language=request.language, at=at)


def open_stay_sheet(*, occupant: Occupant, actor: Person, why: Why, at: datetime, file: str = "") -> GuestSheet:
    """Look at who looked at a guest of a stay, in the language of who asks.

    Raises ``NotAllowed``, and ``PurposeRefused`` where the purpose does not serve this guest.
    """
    stay, guest = occupant.stay, occupant.subject_id
    permissions.require_decide(actor, stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay, guest=guest, revealed=guest)
    explained = explain_guest(actor, stay.property, guest, why, at=at)
    who = rights.who(actor, stay.property)
    _look(guest, who, explained, file, object_type="stay", object_ref=stay.reference)
    language = translation.get_language() or "en"
    return _sheet(guest, stay.property, named=stay.reference, language=language, at=at)


def _look(guest: UUID, who: Who, why: Why, file: str, **thing: str) -> None:
    action = actions.GUEST_SHEET_TAKEN if file else actions.GUEST_SHEET_VIEWED
    detail = {"file": file} if file else {}
    audit.record_look(action, who=who, why=why, subjects=[guest], detail=detail, **thing)


def _sheet(guest: UUID, house: Property, *, named: str, language: str, at: datetime) -> GuestSheet:
    looks = copies.log_sheet(guest)
    data = copies.tell_sheet(looks, house, named=named, at=at)
    return GuestSheet(data, copies.sheet_paper(data, house, language=language), looks)
