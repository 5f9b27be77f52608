"""The rules a house begins with: each declared one, as its room declared it, in force at once."""

from datetime import datetime

from staff.detecting import kinds
from staff.models import DetectionRule


def enter_rules(*, at: datetime) -> int:
    """Enter every declared rule that is not there yet; how many were entered."""
    known = set(DetectionRule.objects.values_list("code", flat=True))
    missing = [_first(kind, at) for kind in kinds.kinds() if kind.code not in known]
    return len(DetectionRule.objects.bulk_create(missing, ignore_conflicts=True))


def _first(kind: kinds.Kind, at: datetime) -> DetectionRule:
    return DetectionRule(
        code=kind.code,
        version=1,
        parameters=dict(kind.parameters),
        window=kind.window,
        weight=kind.weight,
        severity=kind.severity,
        mode=DetectionRule.Mode.LIVE,
        proposed_at=at,
        in_force_since=at,
    )
