"""Guests who have the name of those who open them: compared blindly in the vault, which says yes or no."""

from collections.abc import Callable, Iterable
from uuid import UUID

from staff.detecting.batches import Batch
from staff.detecting.kinds import Flag
from staff.models import DetectionRule, Person
from vault import services as vault
from vault.services import Namesakes

_LOOKS = """
SELECT l.id, l.actor, l.subjects FROM look l
WHERE l.action = ANY (%(singles)s) AND cardinality(l.subjects) BETWEEN 1 AND %(party)s
"""


def find_named_as_self(batch: Batch, rule: DetectionRule) -> list[Flag]:
    """Looks at a guest of the person's own whole name."""
    return _find(batch, lambda like, actor: actor in like.whole)


def find_named_alike(batch: Batch, rule: DetectionRule) -> list[Flag]:
    """Looks at a guest of the person's surname, or of a colleague's whole name."""
    return _find(batch, lambda like, actor: actor in like.surname or bool(like.whole - {actor}))


def _find(batch: Batch, is_alike: Callable[[Namesakes, int], bool]) -> list[Flag]:
    rows = batch.ask(_LOOKS)
    people = {person.pk: person.name or person.latin_name for person in Person.objects.filter(is_active=True)}
    found = vault.find_namesakes({subject for *_row, subjects in rows for subject in subjects}, people)
    flags = (_flag(number, actor, subjects, found, is_alike) for number, actor, subjects in rows)
    return [flag for flag in flags if flag]


def _flag(
    number: int,
    actor: int,
    subjects: Iterable[UUID],
    found: dict[UUID, Namesakes],
    is_alike: Callable[[Namesakes, int], bool],
) -> Flag | None:
    alike = [subject for subject in subjects if subject in found and is_alike(found[subject], actor)]
    return Flag(number, min(alike)) if alike else None
