"""The blind index of guests: written with them, read by search, rebuilt from what is sealed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from audit import services as audit
from vault import actions, keys, rows
from vault.categories import INDEXED, Category
from vault.models import KeyEpoch
from vault.search import frequencies, tokens

BATCH = 500
# Ids are drawn by lot, so the first so many subjects are as good a sample as any: the number of buckets of a frequent
# token is then off by hundredths, and a million guests are not opened twice.
MOST_COUNTED = 100_000

_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
# Any constants of our own for pg_advisory locks: writers of tokens share, a rebuild's batch is alone.
_TOKENS_LOCK = 0x746F6B656E


@dataclass(frozen=True, slots=True)
class Indexing:
    """Everything one guest is to be found by."""

    subject: UUID
    names: Sequence[str] = ()
    phones: Sequence[str] = ()
    documents: Sequence[str] = ()


def index_guest(subject: UUID, *, names: Sequence[str], phones: Sequence[str], documents: Sequence[str]) -> None:
    """Write the guest's tokens for all given values, in place of any earlier ones."""
    index_many([Indexing(subject, names, phones, documents)])


@transaction.atomic(savepoint=False)
def index_many(items: Sequence[Indexing], *, are_new: bool = False) -> None:
    """Write the tokens of many guests. ``are_new`` spares looking for earlier ones."""
    _write(_lock_splits(shared=True), items, are_new=are_new)


def note_seen(days: Mapping[UUID, date]) -> None:
    """The house has to do with each of these people on that day: search answers whom it saw last first."""
    ids = rows.array(days)
    with connection.cursor() as cursor:
        cursor.execute(f"{_SEEN}; {_SEEN_BY_SEARCH}", [ids, list(days.values()), ids, ids, ids])


_SEEN = (
    "UPDATE vault_subject s SET seen_on = GREATEST(s.seen_on, seen.day)"
    " FROM unnest(%s::uuid[], %s::date[]) AS seen (subject, day)"
    " WHERE s.id = seen.subject AND s.id = ANY(%s::uuid[])"
)
# The subjects are named twice: with no statistics yet, PostgreSQL would else read all of them for each.
_SEEN_BY_SEARCH = (
    "UPDATE search.subject_token t SET seen_on = s.seen_on FROM vault_subject s"
    " WHERE s.id = t.subject AND s.id = ANY(%s::uuid[]) AND t.subject = ANY(%s::uuid[]) AND s.seen_on IS NOT NULL"
)
# The earlier tokens go; the day comes along and is written with the new ones, for an UPDATE would write each row twice.
_SEEN_BEFORE = (
    "DELETE FROM search.subject_token WHERE subject = ANY(%s::uuid[]) AND epoch = ANY(%s::int[]);"
    " SELECT id, seen_on FROM vault_subject WHERE id = ANY(%s::uuid[]) AND seen_on IS NOT NULL"
)


def _write(splits: Sequence[frequencies.Split], items: Sequence[Indexing], *, are_new: bool = False) -> None:
    made = [row for split in splits for row in _made(split, items)]
    if are_new:
        rows.insert("search.subject_token", tokens.COLUMNS, made)
    else:
        _replace([split.epoch for split in splits], [item.subject for item in items], made)


def _replace(epochs: Sequence[int], subjects: Sequence[UUID], made: Sequence[tokens.Row]) -> None:
    ids = rows.array(subjects)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN_BEFORE, [ids, rows.array(epochs), ids])
        seen = dict(cursor.fetchall())
    rows.insert("search.subject_token", (*tokens.COLUMNS, "seen_on"), [(*row, seen.get(row[0])) for row in made])


def _made(split: frequencies.Split, items: Iterable[Indexing]) -> list[tokens.Row]:
    return [row for item in items for row in tokens.rows(split, item.subject, item.names, item.phones, item.documents)]


def lock_tokens() -> None:
    """Keep a rebuild or a rotation from writing tokens until the transaction ends, beside other writers."""
    _lock_splits(shared=True)


def _lock_splits(*, shared: bool) -> list[frequencies.Split]:
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    return frequencies.written(after=f"SELECT {lock}({_TOKENS_LOCK})")


def _lock_split(epoch: int) -> frequencies.Split:
    """The split of one epoch, nobody else writing tokens meanwhile."""
    return next(split for split in _lock_splits(shared=False) if split.epoch == epoch)


def reindex(subjects: Collection[UUID]) -> None:
    """Write tokens anew from what is still sealed of these subjects; nothing left, no tokens."""
    if subjects:
        index_many(_gathered(list(subjects)))


def _gathered(subjects: Sequence[UUID]) -> list[Indexing]:
    """What each subject is to be found by, opened inside the vault; restricted envelopes too, for their end."""
    found: dict[UUID, tuple[list[str], list[str], list[str]]] = {subject: ([], [], []) for subject in subjects}
    for row in rows.read_of(subjects, INDEXED, with_restricted=True):
        names, phones, documents = found[row.subject]
        content = row.open()
        if row.category == Category.NAME:
            names.extend(filter(None, (content.get("name"), content.get("latin_name"))))
        elif row.category == Category.CONTACT:
            phones.append(content.get("phone") or "")
        else:
            documents.append(content.get("document_number") or "")
    return [Indexing(subject, *values) for subject, values in found.items()]


def rebuild_search() -> int:
    """Count name frequencies on the house's own guests and write every token anew; the number of subjects.

    Works in short transactions beside a running desk; may be run again at any time, also after it was killed.
    """
    epoch, count = keys.active_epoch(KeyEpoch.Purpose.INDEX), 0
    version = _begin_split(epoch, count_names())
    for subjects in batches():
        write_epoch(epoch, subjects)
        count += len(subjects)
    _settle_split(epoch, version)
    audit.record(actions.SEARCH_REBUILT, who=audit.SYSTEM, object_type="search", detail={"count": count})
    return count


def count_names() -> dict[str, int]:
    """Into how many buckets each name token goes, by the house's own guests; of a large house, by a sample of them."""
    count, seen = 0, Counter[str]()
    for subjects in batches():
        if count >= MOST_COUNTED:
            break
        count += len(subjects)
        for row in rows.read_of(subjects, [Category.NAME], with_restricted=True):
            content = row.open()
            seen.update(tokens.features(filter(None, (content.get("name"), content.get("latin_name")))))
    return frequencies.counted(seen, count)


@transaction.atomic
def _begin_split(epoch: int, buckets: Mapping[str, int]) -> int:
    split = _lock_split(epoch).followed_by(buckets)
    frequencies.keep(split)
    return split.version


@transaction.atomic
def _settle_split(epoch: int, version: int) -> None:
    """Ask for the new buckets only, unless another rebuild has begun since: that one settles."""
    split = _lock_split(epoch)
    if split.version == version:
        frequencies.keep(split.settled())


def write_epoch(epoch: int, subjects: Sequence[UUID]) -> None:
    """Write these subjects' tokens under one index key anew, from what is sealed.

    It is opened while everybody else may write, and once more where somebody did.
    """
    split, before = frequencies.current(epoch), _sealed_as(subjects)
    made = _made(split, _gathered(subjects))
    with transaction.atomic():
        now = _lock_split(epoch)
        if (now.version, _sealed_as(subjects)) != (split.version, before):
            made = _made(now, _gathered(subjects))
        _replace([epoch], subjects, made)


_SEALED_AS = """
SELECT count(*), sum(uuid_hash_extended(e.id, k.generation)) FROM vault_envelope e
JOIN keys.envelope_key k ON k.envelope_id = e.id
WHERE e.subject_id = ANY(%s::uuid[]) AND e.category = ANY(%s::text[]) AND k.wrapped IS NOT NULL
"""


def _sealed_as(subjects: Sequence[UUID]) -> tuple[Any, ...]:
    """Another answer when an envelope these subjects are found by came, went or was sealed anew."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED_AS, [rows.array(subjects), rows.array(INDEXED)])
        found: tuple[Any, ...] = cursor.fetchone()
        return found


# Of whom something is or was sealed that search finds them by. Asked for each subject: as a join it went through all
# envelopes for every batch.
_FINDABLE = """
kind <> 'draft' AND (
    SELECT TRUE FROM vault_envelope e WHERE e.subject_id = s.id AND e.category = ANY(%s::text[]) LIMIT 1)
"""


def count_findable() -> int:
    """How many subjects ``batches`` goes through."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM vault_subject s WHERE {_FINDABLE}", [rows.array(INDEXED)])  # noqa: S608
        return int(cursor.fetchone()[0])


def batches(*, but_in: int | None = None, from_the_end: bool = False) -> Iterator[list[UUID]]:
    """All subjects that search may find, in the order of their ids or against it, a batch at a time.

    ``but_in``: an index epoch; who has tokens of it already is passed over.
    """
    past, order, last = ("<", "DESC", _LAST) if from_the_end else (">", "ASC", _FIRST)
    passed = " AND NOT EXISTS (SELECT 1 FROM search.subject_token t WHERE t.subject = s.id AND t.epoch = %s)"
    more = passed if but_in is not None else ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM vault_subject s WHERE id {past} %s AND {_FINDABLE}{more}"  # noqa: S608
                f" ORDER BY id {order} LIMIT %s",
                [last, rows.array(INDEXED), *([but_in] if more else []), BATCH],
            )
            batch = [subject for (subject,) in cursor.fetchall()]
        if not batch:
            return
        yield batch
        last = batch[-1]


@transaction.atomic
def begin_epoch(epoch: int, reference: str, buckets: Mapping[str, int]) -> None:
    """Enter an index key that is being built: from now on every writer writes it too. Needs the owner's rights."""
    _lock_splits(shared=False)
    KeyEpoch.objects.create(
        purpose=KeyEpoch.Purpose.INDEX, epoch=epoch, reference=reference, state=KeyEpoch.State.BUILDING
    )
    keys.forget()
    frequencies.keep(frequencies.Split(epoch, 1, buckets, buckets))


@transaction.atomic
def promote_epoch(epoch: int) -> None:
    """Have readers use a built index key; the one before it is written a little longer, for who has not noticed."""
    _lock_splits(shared=False)
    indexes = KeyEpoch.objects.filter(purpose=KeyEpoch.Purpose.INDEX)
    indexes.filter(state=KeyEpoch.State.ACTIVE).update(state=KeyEpoch.State.DECRYPT_ONLY)
    indexes.filter(epoch=epoch).update(state=KeyEpoch.State.ACTIVE)


@transaction.atomic
def drop_epoch(epoch: int) -> None:
    """Remove every token of an index key and mark it destroyed."""
    _lock_splits(shared=False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search.subject_token WHERE epoch = %s", [epoch])
        cursor.execute("DELETE FROM search.token_frequency WHERE epoch = %s", [epoch])
    KeyEpoch.objects.filter(purpose=KeyEpoch.Purpose.INDEX, epoch=epoch).update(
        state=KeyEpoch.State.DESTROYED, destroyed_at=Now()
    )
