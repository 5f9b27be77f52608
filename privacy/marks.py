"""What the desk is told of a stay beside its status: that a hold keeps it. Never of a confidential one (policy.md)."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from privacy.models import Hold
from stays.marks import Mark, add_mark


def openly_held(at: datetime) -> Exists:
    """An open hold of the stay's own property is in force on the outer stay; what other properties keep is theirs."""
    known = Hold.objects.in_force(at).filter(confidential=False, property=OuterRef("property"))
    return Exists(known.filter(held_stays__stay=OuterRef("pk")))


ON_HOLD = add_mark(Mark("on_hold", _("On hold"), openly_held))
