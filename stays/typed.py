"""What the desk typed and what it is shown, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from staff.models import Person, Property
from stays.models import (
    BillLine,
    DeskCase,
    MinorDuty,
    Note,
    Notice,
    Occupant,
    Registration,
    ReviewRule,
    Room,
    RoomUse,
    Stay,
)
from vault.values import Value


@dataclass(frozen=True, slots=True)
class GuestData:
    """Name and contact of a person, as typed."""

    name: str = field(default="", repr=False)
    latin_name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def names(self) -> dict[str, str]:
        """Content of the name envelope."""
        return {"name": self.name, "latin_name": self.latin_name}

    @property
    def contact(self) -> dict[str, str]:
        """Content of the contact envelope."""
        return {"phone": self.phone, "email": self.email, "address": self.address}

    @property
    def has_contact(self) -> bool:
        """Whether there is any way to reach the person."""
        return any(self.contact.values())


@dataclass(frozen=True, slots=True)
class DocumentData:
    """An identity document as shown. ``nationality``: ISO 3166 alpha-3. ``sex``: M, F, X or empty.

    ``region``: first two digits of GB/T 2260, or empty.
    """

    document_type: str = ""
    document_number: str = field(default="", repr=False)
    nationality: str = ""
    birth_date: date | None = field(default=None, repr=False)
    sex: str = ""
    expires_on: date | None = field(default=None, repr=False)
    region: str = ""


@dataclass(frozen=True, slots=True)
class OccupantData:
    """One person of the party. ``known_subject``: the vault's subject where the guest was recognised."""

    guest: GuestData
    document: DocumentData
    role: str = Occupant.Role.LEAD
    known_subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class PaymentData:
    """How the stay is paid. ``deposit``: in ``currency``. Never a full card number, never CVV."""

    method: str = ""
    payer: str = field(default="", repr=False)
    card_last4: str = field(default="", repr=False)
    deposit: Decimal | None = None
    invoice_title: str = field(default="", repr=False)
    tax_number: str = field(default="", repr=False)
    currency: str = "CNY"

    @property
    def content(self) -> dict[str, str]:
        """Content of the payment envelope."""
        return {
            "method": self.method,
            "payer": self.payer,
            "card_last4": self.card_last4,
            "deposit": f"{self.deposit} {self.currency}" if self.deposit else "",
            "invoice_title": self.invoice_title,
            "tax_number": self.tax_number,
        }


@dataclass(frozen=True, slots=True)
class ArrivalData:
    """Everything of a check-in. The lead guest is the first of ``occupants``.

    ``ticked``: codes of the manual review rules the clerk ticked. ``override``: code of
    ``stays.services.OVERRIDES`` when the room is not clean or too small; ``override_reason``: free words, sealed.
    """

    occupants: tuple[OccupantData, ...]
    room: Room
    arrival_on: date
    departure_on: date
    payment: PaymentData | None = None
    origin: str = Stay.Origin.WALK_IN
    notice: Notice | None = None
    ticked: frozenset[str] = frozenset()
    override: str = ""
    override_reason: str = field(default="", repr=False)
    special_request: str = field(default="", repr=False)
    guardian: GuestData | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """A stay that is to come, and in whose name. ``group``: the number of the group it comes with."""

    guest: GuestData
    arrival_on: date
    departure_on: date
    origin: str
    room: Room | None = None
    party_size: int = 1
    confidential: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class PastStay:
    """A stay that was over before this house kept its records here, and whose it was."""

    guest: OccupantData
    arrival_on: date
    departure_on: date
    origin: str
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A returning guest found by document; the desk gets only what check-in needs, the contact masked."""

    subject: UUID
    name: Value
    latin_name: Value
    phone: Value
    email: Value
    stays_count: int


@dataclass(frozen=True, slots=True)
class StayRow:
    """A row of a list: name, room, dates, badge and nothing else. ``name`` is empty for a nameless stay."""

    stay: Stay
    name: Value
    room: str
    pseudonym: str = ""

    @property
    def reference(self) -> str:
        """The stay's number."""
        return self.stay.reference

    @property
    def title(self) -> str:
        """The name in plain, or the pseudonym of a confidential stay, or empty for a nameless one."""
        return self.pseudonym or self.name.plain


@dataclass(frozen=True, slots=True)
class DeskLists:
    """The three lists' counts and the rows of the one asked for."""

    arrivals: int
    in_house: int
    departures: int
    rows: list[StayRow]


@dataclass(frozen=True, slots=True)
class Found:
    """Answer of the search box. ``past`` is empty until a purpose for it is given; ``past_count`` says how many.

    ``capped``: there were more hits than are looked at (50).
    """

    current: list[StayRow]
    past_count: int
    past: list[StayRow] = field(default_factory=list)
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """One field on a page, masked. ``reveal``: "" not allowed, "purpose", or "step_up" (and a purpose)."""

    name: str
    value: Value
    envelope: UUID | None
    category: str
    reveal: str = ""


@dataclass(frozen=True, slots=True)
class OccupantView:
    """One person of the party on the stay page. ``name`` is empty when the person is nameless."""

    occupant: Occupant
    name: Value
    latin_name: Value
    identity: tuple[Sealed, ...]
    contact: tuple[Sealed, ...]
    registration: Registration | None

    @property
    def subject(self) -> UUID:
        """The vault's subject."""
        subject: UUID = self.occupant.subject_id
        return subject


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with its words. A request or feedback has an owner until it is done; a reason needs nobody."""

    pk: int
    kind: str
    text: Value
    done_at: datetime | None
    owner: Person | None

    @property
    def is_open(self) -> bool:
        """Somebody still has to see to it."""
        return self.kind != Note.Kind.REASON and self.done_at is None


@dataclass(frozen=True, slots=True)
class StayPage:
    """A stay as its page shows it, on the business day ``today`` of its property.

    ``may``: the deeds its state allows, by the names of their pages. ``uses``: the rooms it has or had, oldest first.
    """

    stay: Stay
    rooms: tuple[Room, ...]
    uses: tuple[RoomUse, ...]
    occupants: tuple[OccupantView, ...]
    payment: tuple[Sealed, ...]
    guardian: tuple[Sealed, ...]
    bill: tuple[BillLine, ...]
    unpaid: Mapping[str, Decimal]
    notes: tuple[NoteView, ...]
    ticks: tuple[ReviewRule, ...]
    cases: tuple[DeskCase, ...]
    minor_duties: tuple[MinorDuty, ...]
    today: date
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A guest's stays the reader may see, newest first."""

    subject: UUID
    name: Value
    latin_name: Value
    contact: tuple[Sealed, ...]
    stays: tuple[StayRow, ...]


@dataclass(frozen=True, slots=True)
class CardPage:
    """What the registration card prints, because the guest signs it. ``in_full``: with the document's whole number."""

    stay: Stay
    rooms: tuple[Room, ...]
    house: Property
    occupants: tuple[Mapping[str, Value], ...]
    notice: Notice | None
    in_full: bool = False
