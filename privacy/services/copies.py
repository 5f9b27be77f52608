"""Access copy and transfer: made when they are opened, from what is sealed then, and never stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from audit import services as audit
from privacy import actions, copies, permissions
from privacy.copies import Held, LogSheet, Others
from privacy.copies.leaving_out import staff_names
from privacy.letters import Paper
from privacy.models import Request
from privacy.models.requests import FULFILLED
from privacy.policy.answering import Part, in_copy, in_transfer
from privacy.refusals import NothingToGive
from privacy.services import requests
from staff.models import Person
from stays import papers
from vault import services as vault
from vault.categories import FIELDS, Category
from vault.models import Envelope
from vault.values import Opened

Kind = Request.Kind
_ANSWERED: Final = (Request.State.EXECUTING, Request.State.CLOSED)
_KNOWN_BY: Final = (Category.NAME, Category.CONTACT, Category.REGISTER)


@dataclass(frozen=True, slots=True)
class Look:
    """How the opening of an answer stands in the log: by an officer for the request, or by the link."""

    action: str
    who: audit.Who
    why: audit.Why


@dataclass(frozen=True, slots=True)
class Copy:
    """The answer to a request for access: everything kept about the guest, and who looked at it."""

    data: Mapping[str, Any] = field(repr=False)
    papers: tuple[Paper, ...] = field(repr=False)
    looks: LogSheet = field(repr=False)

    def pdf(self) -> bytes:
        """For the guest to read."""
        return papers.as_pdf(self.papers)

    def json(self) -> bytes:
        """For a machine."""
        return copies.as_json(self.data)

    def zip(self) -> bytes:
        """Both, and the proof of each look."""
        return copies.with_proofs({"copy.pdf": self.pdf(), "copy.json": self.json()}, self.looks)


@dataclass(frozen=True, slots=True)
class Transfer:
    """The answer to a request for transfer: what the guest gave, for another house."""

    data: Mapping[str, Any] = field(repr=False)

    def csv(self) -> bytes:
        """For a spreadsheet, which runs nothing of it."""
        return copies.as_csv(self.data)

    def json(self) -> bytes:
        """For a machine."""
        return copies.as_json(self.data)


def access_copy(*, request: Request, actor: Person, at: datetime) -> Copy:
    """Open the guest's whole record for the guest (PIPL 45(1)); a look at the guest, on record before it is made.

    Restricted parts too: it is the guest's own. Raises ``NotAllowed``, ``NotVerified`` and ``NothingToGive``.
    """
    permissions.require_decide(actor, request.property)
    require_granted(request, Kind.ACCESS)
    return open_copy(request, _look(request, actor, actions.COPY_OPENED), at=at)


def transfer(*, request: Request, actor: Person, at: datetime) -> Transfer:
    """Open what the guest gave, to be carried to another house (PIPL 45(3)). Raises as ``access_copy``."""
    permissions.require_decide(actor, request.property)
    require_granted(request, Kind.TRANSFER)
    return open_transfer(request, _look(request, actor, actions.TRANSFER_OPENED), at=at)


def open_copy(request: Request, look: Look, *, at: datetime) -> Copy:
    """The copy, opened by the look that is described; its right and state have been checked."""
    held, opened, others = _open(request, in_copy, look)
    looks = copies.log_sheet(held.guest)
    data = copies.tell(request, held, opened, others, looks, at=at)
    return Copy(data, (copies.report(data, request, recipient=_own_name(data)),), looks)


def open_transfer(request: Request, look: Look, *, at: datetime) -> Transfer:
    """The transfer, opened by the look that is described; its right and state have been checked."""
    held, opened, others = _open(request, in_transfer, look)
    return Transfer(copies.tell_given(request, held, opened, others, at=at))


def require_granted(request: Request, kind: str) -> None:
    """Raise ``NotVerified`` and ``NothingToGive`` unless this was asked for, granted, and may be handed over now."""
    requests.require_verified(request)
    is_granted = request.decision in FULFILLED and request.state in _ANSWERED
    if request.wanted != kind or not is_granted or request.guest_id is None:
        raise requests.refused(NothingToGive, request)


def _look(request: Request, actor: Person, action: str) -> Look:
    return Look(action, requests.who(actor, request.property), requests.why(actor, request))


def _open(request: Request, wanted: Callable[[Part], bool], look: Look) -> tuple[Held, Mapping[UUID, Opened], Others]:
    """Gather, open all of the guest's in one look, then take what others are known by out of its words."""
    held = copies.gather(_guest_of(request), wanted)
    opened = vault.open_envelopes(
        held.envelopes,
        fields=_fields(held),
        detail={"count": len(held.envelopes)},
        with_restricted=True,
        object_type="request",
        object_ref=request.number,
        action=look.action,
        who=look.who,
        why=look.why,
    )
    own = [value.plain for each in opened.values() for value in (each.get("name"), each.get("latin_name"))]
    sealed = _sealed_of_others(request, held, look.who)
    return held, opened, Others.of(sealed, staff_names([*held.houses, request.property_id]), own)


def _guest_of(request: Request) -> UUID:
    if request.guest_id is None:
        raise requests.refused(NothingToGive, request)
    return request.guest_id


def _fields(held: Held) -> list[str]:
    """Names of all fields that may be opened, in the order of the registry."""
    found = set(Envelope.objects.filter(pk__in=held.envelopes).values_list("category", flat=True))
    names = (name for category in FIELDS if category in found for name in FIELDS[category] if name != "salt")
    return list(dict.fromkeys(names))


def _sealed_of_others(request: Request, held: Held, who: audit.Who) -> list[dict[str, Any]]:
    """What companions are known by, opened to be compared and shown to nobody; a row of its own about them."""
    if not held.others:
        return []
    with transaction.atomic():
        ids = list(vault.ids_of(held.others, _KNOWN_BY))
        found = vault.open_for_deed(ids, with_restricted=True)
        audit.record(
            actions.OTHERS_LEFT_OUT,
            who=who,
            subjects=held.others,
            object_type="request",
            object_ref=request.number,
            detail={"count": len(held.others)},
        )
    return [each.plain for each in found.values()]


def _own_name(data: Mapping[str, Any]) -> str:
    name = data["guest"].get(Category.NAME, {})
    return str(name.get("name") or name.get("latin_name") or "")
