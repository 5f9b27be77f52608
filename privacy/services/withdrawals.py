"""Consent withdrawn on the public page: what was written is sealed at once and looked at by nobody but the worker.

The inbox is the envelopes themselves: one is live until its withdrawal is settled, and erased then.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from audit import services as audit
from privacy import actions
from privacy.services.consents import About, Channel, end_consents, erase_preferences
from privacy.services.requests import REQUESTER
from staff import bell
from stays.models import Occupant, Stay
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope, Subject

INBOX: Final = UUID("5b0f2b4e-6c1d-4f0e-9a53-7f1e0c0f5a10")  # what envelopes of this page belong to
SETTLED_AT_ONCE: Final = 50
TASK: Final = "privacy.tasks.settle_withdrawals"


def receive_withdrawal(*, stay_number: str, document_tail: str, phone_tail: str, abouts: Sequence[str]) -> UUID:
    """Seal a withdrawal as it was written and ring the worker. Looks nothing up, so that its answer tells nothing."""
    content = {
        "stay": stay_number,
        "document_tail": document_tail,
        "phone_tail": phone_tail,
        "abouts": [str(About(about)) for about in abouts],
    }
    with transaction.atomic():
        subject = vault.new_subject(Subject.Kind.DRAFT)
        envelope = vault.seal(subject=subject, category=Category.DRAFT, content=content, belongs_to=INBOX)
        audit.record(
            actions.WITHDRAWAL_RECEIVED,
            who=audit.Who(role=REQUESTER),
            object_type="withdrawal",
            object_ref=str(envelope),
        )
        bell.ring(TASK)
    return envelope


def settle_withdrawals(*, at: datetime) -> int:
    """Settle what waits in the inbox, some at a time, and return how many. Safe to repeat and to run twice at once."""
    waiting = list(_inbox().values_list("pk", flat=True)[:SETTLED_AT_ONCE])
    for envelope in waiting:
        settle_withdrawal(envelope, at=at)
    return len(waiting)


def settle_withdrawal(envelope: UUID, *, at: datetime) -> bool:
    """Withdraw the consents of the guest whom all three facts fit; False where they fit nobody or nothing stands.

    The facts are compared inside the vault and erased with the withdrawal, whatever came of it.
    """
    with transaction.atomic():
        if not _inbox().filter(pk=envelope).select_for_update(skip_locked=True).exists():
            return False
        typed = vault.open_for_deed([envelope])[envelope].plain
        found = _whom_it_fits(typed)
        ended = end_consents(found.subject_id, typed["abouts"], at=at) if found else []
        if found is None or not ended:
            _record_failure(envelope, fits=found is not None)
        else:
            _record_withdrawal(found, ended)
            erase_preferences([found.subject_id], ended, who=audit.SYSTEM, at=at)
        vault.erase_envelopes([envelope], reason="withdrawal_settled", who=audit.SYSTEM)
    return bool(ended)


def _inbox() -> QuerySet[Envelope]:
    return Envelope.objects.filter(belongs_to=INBOX, erased_at__isnull=True).order_by("created_at")


def _whom_it_fits(typed: dict[str, str]) -> Occupant | None:
    stay = Stay.objects.filter(reference=typed["stay"]).select_related("property").first()
    facts = {name: typed[name] for name in ("document_tail", "phone_tail")}
    party = stay.occupants.select_related("stay__property") if stay else ()
    return next((each for each in party if _fits(each, facts)), None)


def _fits(guest: Occupant, facts: dict[str, str]) -> bool:
    """Compared with what is restricted too: the register is, long before the consent ends (CN-RET-02)."""
    return all(vault.match_facts(guest.subject_id, facts, with_restricted=True).values())


def _record_withdrawal(guest: Occupant, ended: Sequence[str]) -> None:
    audit.record(
        actions.CONSENT_WITHDRAWN,
        who=audit.Who(role=audit.SYSTEM.role, property=guest.stay.property_id),
        object_type="stay",
        object_ref=guest.stay.reference,
        subjects=[guest.subject_id],
        fields=ended,
        detail={"channel": str(Channel.WEB)},
    )


def _record_failure(envelope: UUID, *, fits: bool) -> None:
    audit.record(
        actions.WITHDRAWAL_MATCH_FAILED,
        who=audit.SYSTEM,
        outcome="failed",
        object_type="withdrawal",
        object_ref=str(envelope),
        detail={"fits": fits},
    )
