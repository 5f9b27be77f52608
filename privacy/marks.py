"""What the desk is told of a stay beside its status: that a hold keeps it. Never of a confidential one (policy.md)."""

from datetime import datetime

from django.db.models import BooleanField, F, Func, Value
from django.utils.translation import gettext_lazy as _

from stays.marks import Mark, add_mark


class AmongOpenlyHeld(Func):
    """Whether a stay is among those that an open hold of its own property keeps at a moment; told once for all rows.

    What other properties keep is theirs to know.
    """

    template = "%(expressions)s))"
    arg_joiner = " IN (SELECT privacy_openly_held("
    output_field = BooleanField()


def openly_held(at: datetime) -> AmongOpenlyHeld:
    """The mark of a stay at a moment."""
    return AmongOpenlyHeld(F("pk"), Value(at))


ON_HOLD = add_mark(Mark("on_hold", _("On hold"), openly_held))
