"""Where the sealed log stands, as a page shows it: last seal, what waits, what was verified, what left the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from audit import storing
from audit.complaints import Complaint, verdict
from audit.models import Anchor, Checkpoint, KeeperBeat, Leaf, Verification

PLACES = ("file", "mail", "witness")
LATE_AFTER = timedelta(minutes=1)  # without a seal, or without a sign of the keeper's life


@dataclass(frozen=True, slots=True)
class Standing:
    """The sealed log at one moment. ``anchors``: the newest one of each place that has any."""

    at: datetime
    checkpoint: Checkpoint | None
    waiting_since: datetime | None
    keeper: KeeperBeat | None
    anchors: Sequence[Anchor]

    @property
    def is_seal_late(self) -> bool:
        """Whether some row has waited for its seal for longer than a minute."""
        return self.waiting_since is not None and self.at - self.waiting_since > LATE_AFTER

    @property
    def is_keeper_away(self) -> bool:
        """Whether nothing was heard of the keeper within the last minute."""
        return self.keeper is None or self.at - self.keeper.at > LATE_AFTER


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a verification found broken; ``written_at``: when the entry was written, where it is one."""

    sentence: str
    written_at: datetime | None


def standing(at: datetime) -> Standing:
    """The state of the log at this moment."""
    newest = (Anchor.objects.filter(place=place).select_related("checkpoint").last() for place in PLACES)
    return Standing(
        at=at,
        checkpoint=Checkpoint.objects.select_related("origin").last(),
        waiting_since=storing.oldest_waiting(connection),
        keeper=KeeperBeat.objects.first(),
        anchors=[anchor for anchor in newest if anchor],
    )


def newest_verification() -> Verification | None:
    """The verification under way, or else the last one; orders are worked off one after the other."""
    under_way = Verification.objects.filter(finished_at=None).first()
    return under_way or Verification.objects.last()


def answer(verification: Verification) -> str:
    """What a finished verification found, in plain words of the active language."""
    complaints = [Complaint.parse(text) for text in verification.complaints]
    drawn = verification.scope == Verification.Scope.SAMPLED
    return verdict(verification.begins, verification.ends or 0, complaints, is_drawn=drawn)


def span(verification: Verification) -> tuple[datetime, datetime] | None:
    """When the first and the last entry that was verified were written; None where that says nothing."""
    if verification.scope == Verification.Scope.SAMPLED or not verification.ends:
        return None
    ends = (verification.begins, verification.ends - 1)
    found = dict(Leaf.objects.filter(number__in=ends).values_list("number", "at"))
    return (found[ends[0]], found[ends[1]]) if set(ends) == set(found) else None


def findings(verification: Verification) -> list[Found]:
    """Everything it found broken: what, and where."""
    complaints = [Complaint.parse(text) for text in verification.complaints]
    numbers = [int(each.place) for each in complaints if each.is_entry]
    written = dict(Leaf.objects.filter(number__in=numbers).values_list("number", "at"))
    return [Found(each.sentence, written.get(int(each.place)) if each.is_entry else None) for each in complaints]
