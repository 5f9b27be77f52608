"""What holds lie on, worked out by the database (views of migration 0005): the one definition that every reader joins.

Neither knows of time: which holds are in force is asked of ``Hold``.
"""

from django.db import models

from privacy.models.holding import Hold
from stays.models import Stay
from vault.models import Envelope


class HeldStay(models.Model):
    """A hold lies on this stay, for all of it or for one guest's part; a room's, on each stay that uses it then."""

    pk = models.CompositePrimaryKey("hold", "stay")
    hold = models.ForeignKey(Hold, on_delete=models.DO_NOTHING, related_name="held_stays")
    stay = models.ForeignKey(Stay, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.hold_id}:{self.stay_id}"


class HeldEnvelope(models.Model):
    """A hold keeps this live envelope: of the guest or the stay, of a guardian, or of a request about them."""

    pk = models.CompositePrimaryKey("hold", "envelope")
    hold = models.ForeignKey(Hold, on_delete=models.DO_NOTHING, related_name="held_envelopes")
    envelope = models.ForeignKey(Envelope, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.hold_id}:{self.envelope_id}"
