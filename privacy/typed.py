"""What the room of requests is told and tells, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from privacy.models import Request
from vault.values import Value


@dataclass(frozen=True, slots=True)
class Said:
    """What a requester says of themself: name, ways to be reached, their own words.

    ``facts``: what they state about the guest's stay to be recognised by, by the names of ``services.FACTS``.
    """

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def given(self) -> list[str]:
        """Names of what was given, for the log."""
        told = {"name": self.name, "phone": self.phone, "email": self.email, "text": self.words, **self.facts}
        return list(dict.fromkeys(name for name, value in told.items() if value))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A request just taken in. The code to follow it by is told once, here; only its hash is kept."""

    request: Request
    follow_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A one-time code for a call-back, and the phone on file to call. Shown once."""

    code: str = field(repr=False)
    phone: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """Outcome of a blind comparison: names of facts, never a value. ``guest``: the one subject all of it fits."""

    guest: UUID | None
    matched: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """Whom to remind of which day, without anything about the guest."""

    number: str
    due_on: date
    is_overdue: bool
