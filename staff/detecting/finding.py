"""Rules as statements, and the question all rules answer: which rows of these do you flag?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from staff.detecting.batches import Batch
from staff.detecting.kinds import Find, Flag, kind_of
from staff.models import DetectionRule

# The rows around the batch that a count needs: of the same people, as far back as the span of time reaches.
_NEAR: Final = """
, near AS (
    SELECT e.id, e.at, e.actor, e.session_ref, e.action, e.subjects, e.detail FROM audit_event e
    WHERE e.actor = ANY (ARRAY(SELECT DISTINCT b.actor FROM batch b WHERE {of_batch}))
        AND e.at >= (SELECT min(at) FROM batch) - %(window)s AND e.at <= (SELECT max(at) FROM batch) AND {of_near}
)
"""

Flags = Mapping[int, Mapping[str, Flag]]


def nothing(batch: Batch, rule: DetectionRule) -> Iterable[Flag]:
    """Of a rule that no single row of the log tells."""
    return ()


def by(statement: str, *, near: str = "", of: str = "") -> Find:
    """A rule that one statement answers: it selects the row and the guest, or null, after the tables of ``Batch``.

    The rule's numbers are named in it as ``%(name)s``, its span of time as ``%(window)s``. ``near``: where it counts,
    the condition on the rows ``{row}`` that count; they stand in a table of this name. ``of``: where only the people
    of some rows of the batch matter, the condition on those; usually the same.
    """
    around = _NEAR.format(of_batch=(of or near).format(row="b"), of_near=near.format(row="e")) if near else ""

    def find(batch: Batch, rule: DetectionRule) -> Iterable[Flag]:
        rows = batch.ask(around + statement, window=rule.window, **rule.parameters)
        return [Flag(row, subject) for row, subject in rows]

    return find


def flags_of(batch: Batch, rules: Iterable[DetectionRule]) -> Flags:
    """By row, then by code of the rule, what these rules notice; one statement for each rule, however many rows."""
    found: dict[int, dict[str, Flag]] = defaultdict(dict)
    for rule in rules:
        kind = kind_of(rule.code)
        for flag in kind.find(batch, rule) if kind else ():
            found[flag.row][rule.code] = flag
    return found
