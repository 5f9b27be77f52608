"""Comparing names of those who work here with guests' names, blindly: by the tokens of the search index."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from vault import keys, normalise, rows
from vault.models import KeyEpoch
from vault.search import frequencies, tokens


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Of the people asked about, by their ids: who has the guest's surname, and who has the guest's whole name."""

    surname: frozenset[int]
    whole: frozenset[int]


def find_namesakes(subjects: Collection[UUID], people: Mapping[int, str]) -> dict[UUID, Namesakes]:
    """Which of these people sound like these guests; a guest like none of them is absent. One question.

    Nothing is opened and no name leaves: the tokens of the people's names are made here, and the database says which
    of them the guests have. So names are the same when they read the same (王 and 汪 are two guests, one sound), and a
    guest who is found by further words is nobody's whole namesake.
    """
    if not subjects or not people:
        return {}
    split = frequencies.current(keys.active_epoch(KeyEpoch.Purpose.INDEX))
    asked = {person: tokens.features([name]) for person, name in people.items() if name}
    known = {each: frozenset(tokens.query_tokens(split, [each])) for each in set().union(*asked.values())}
    wanted = frozenset[int]().union(*known.values())
    found = {}
    for subject, held, has in _found(subjects, wanted, split.epoch):
        like = _like(asked, known, people, held, has)
        if like.surname or like.whole:
            found[subject] = like
    return found


def _like(
    asked: Mapping[int, set[str]],
    known: Mapping[str, frozenset[int]],
    people: Mapping[int, str],
    held: int,
    has: frozenset[int],
) -> Namesakes:
    heard = {feature for feature, made in known.items() if made & has}
    return Namesakes(
        surname=frozenset(person for person, features in asked.items() if _surname(people[person], features) & heard),
        whole=frozenset(person for person, features in asked.items() if features <= heard and len(features) == held),
    )


def _surname(name: str, features: set[str]) -> set[str]:
    """The features of the first character; of a name in letters, its last word."""
    first = {feature for feature in features if feature.startswith("S:")}
    words = normalise.words(name)
    return first or {f"L:{form}" for form in (words[-1] if words else ())}


def _found(subjects: Iterable[UUID], wanted: Iterable[int], epoch: int) -> list[tuple[UUID, int, frozenset[int]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, held, found FROM vault_name_tokens(%s::uuid[], %s::int[]) WHERE epoch = %s",
            [rows.array(subjects), rows.array(wanted), epoch],
        )
        return [(subject, held, frozenset(found)) for subject, held, found in cursor.fetchall()]
