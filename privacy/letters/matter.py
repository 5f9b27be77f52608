"""What a letter is made from: the request, its decision as rows, and whom it is written to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import formats
from django.utils.functional import Promise

from privacy.models import Item, Request
from privacy.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One request as its letters see it.

    ``items``: the rows of the sheet with their choices. ``rules``: the retention rules in force, by code. ``told``:
    names of the companies that were told. ``corrected``: categories of what was corrected. ``follow_code``: only on
    the receipt that is printed once, never in what is sealed.
    """

    request: Request
    recipient: str = field(repr=False)
    today: date
    items: tuple[Item, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()
    extension_reason: str | Promise = ""
    lift_reason: str | Promise = ""
    follow_code: str = field(default="", repr=False)

    @property
    def jurisdiction(self) -> str:
        """Whose law is cited."""
        return self.request.property.jurisdiction

    def day(self, at: datetime) -> str:
        """The day of a moment on the house's calendar, in words."""
        return said(self.request.property.local(at).date())


def said(day: date) -> str:
    """A day in the active language."""
    return formats.date_format(day, "DATE_FORMAT")
