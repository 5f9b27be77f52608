"""Changing a rule of detection: one person proposes a version, it is replayed, another person puts it in force."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions
from staff.actions import (
    DETECTION_APPROVED,
    DETECTION_DEED_REFUSED,
    DETECTION_PROPOSED,
    DETECTION_WITHDRAWN,
)
from staff.models import DetectionRule, Person, Property

RIGHT = "read_whole_log"


class RuleRefused(audit.Refused):
    """The base of what is refused about a rule of detection."""

    action = DETECTION_DEED_REFUSED


class NothingNew(RuleRefused):
    """The version says what the one in force says."""

    message = _("This is what the rule says already. Change something, or leave it.")


class ProposalWaiting(RuleRefused):
    """Another version of the rule waits for approval."""

    message = _("A change of this rule waits for approval already. Approve or withdraw it first.")


class ProposalGone(RuleRefused):
    """The version waits no more."""

    message = _("This change was approved or withdrawn already.")


class NotReplayed(RuleRefused):
    """What the version would have noticed is not known yet."""

    message = _("This version is still being replayed over the last 90 days. Wait until the plot is complete.")


class OwnProposal(RuleRefused):
    """Four eyes: the author does not approve."""

    status = 403
    message = _("You proposed this change, so another manager approves it.")


class NotTheAuthor(RuleRefused):
    """Only the author takes a proposal back."""

    status = 403
    message = _("Only who proposed the change can withdraw it.")


def propose_rule(
    *,
    actor: Person,
    house: Property,
    rule: DetectionRule,
    parameters: Mapping[str, int],
    window: timedelta,
    weight: Decimal,
    severity: str,
    mode: str,
    at: datetime,
) -> DetectionRule:
    """Propose another version of the rule in force; the keeper replays it, and nothing counts yet.

    Raises ``NotAllowed``, ``NothingNew`` and ``ProposalWaiting``.
    """
    permissions.require(actor, RIGHT, house)
    facts: dict[str, Any] = {
        "parameters": dict(parameters), "window": window, "weight": weight, "severity": severity, "mode": mode,
    }  # fmt: skip
    if all(getattr(rule, name) == value for name, value in facts.items()):
        raise NothingNew(**_about(rule))
    try:
        with transaction.atomic():
            version = (
                DetectionRule.objects.filter(code=rule.code).order_by("-version").values_list("version", flat=True)
            )
            made = DetectionRule.objects.create(
                code=rule.code, version=version[0] + 1, author=actor, proposed_at=at, **facts
            )
            _record(DETECTION_PROPOSED, actor, house, made)
    except IntegrityError as clash:
        raise ProposalWaiting(**_about(rule)) from clash
    return made


def approve_rule(*, actor: Person, house: Property, rule: DetectionRule, at: datetime) -> DetectionRule:
    """Put a proposed version in force; the one before it ends.

    Raises ``NotAllowed``, ``ProposalGone``, ``OwnProposal`` and ``NotReplayed``.
    """
    with transaction.atomic():
        locked = _lock(rule, actor, house)
        if locked.author_id == actor.pk:
            raise OwnProposal(**_about(locked))
        if locked.replayed_at is None:
            raise NotReplayed(**_about(locked))
        DetectionRule.objects.in_force().filter(code=locked.code).update(ended_at=at)
        locked.approver, locked.in_force_since = actor, at
        locked.save(update_fields=["approver", "in_force_since"])
        _record(DETECTION_APPROVED, actor, house, locked)
    return locked


def withdraw_rule(*, actor: Person, house: Property, rule: DetectionRule, at: datetime) -> DetectionRule:
    """Take one's own proposal back. Raises ``NotAllowed``, ``ProposalGone`` and ``NotTheAuthor``."""
    with transaction.atomic():
        locked = _lock(rule, actor, house)
        if locked.author_id != actor.pk:
            raise NotTheAuthor(**_about(locked))
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        _record(DETECTION_WITHDRAWN, actor, house, locked)
    return locked


def _lock(rule: DetectionRule, actor: Person, house: Property) -> DetectionRule:
    permissions.require(actor, RIGHT, house)
    locked = DetectionRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if not locked.is_proposed:
        raise ProposalGone(**_about(locked))
    return locked


def _about(rule: DetectionRule) -> dict[str, Any]:
    return {"object_type": "detection_rule", "object_ref": rule.code}


def _record(action: str, actor: Person, house: Property, rule: DetectionRule) -> None:
    audit.record(action, who=permissions.who(actor, house), detail={"version": rule.version}, **_about(rule))
