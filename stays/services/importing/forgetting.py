"""What is sealed of an import ends a day after somebody last did something with it."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from audit import services as audit
from stays import actions
from stays.models import ImportFile
from stays.services.drafts import KEPT_FOR
from stays.services.importing import sealed
from stays.services.importing.deeds import record
from vault.models import Envelope

FORGOTTEN_AT_ONCE: Final = 20
_HOLDS_SOMETHING: Final = Exists(Envelope.objects.filter(subject=OuterRef("subject"), erased_at__isnull=True))


def forget_old_imports(*, at: datetime) -> int:
    """Erase what is left of imports nobody touched for a day, some at a time, and return how many. Safe to repeat."""
    old = ImportFile.objects.exclude(state__in=ImportFile.AT_WORK).filter(_HOLDS_SOMETHING, acted_at__lt=at - KEPT_FOR)
    forgotten = 0
    for pk in old.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]:
        forgotten += _forget(pk, at)
    return forgotten


def _forget(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        files = ImportFile.objects.select_for_update(of=("self",), skip_locked=True)
        file = files.select_related("property").filter(pk=pk, acted_at__lt=at - KEPT_FOR).first()
        if file is None or file.is_at_work:
            return False
        if file.state == ImportFile.State.READY:
            file.state, file.finished_at = ImportFile.State.DISCARDED, at
            file.save(update_fields=["state", "finished_at"])
        record(actions.IMPORT_FORGOTTEN, file, None)
        who = audit.Who(role=audit.SYSTEM.role, property=file.property_id)
        sealed.erase(sealed.envelopes_of(file), reason="expired", who=who)
    return True
