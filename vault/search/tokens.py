"""What the blind index holds of a guest: keyed numbers, never text.

Features of a name: ``S:`` each reading of the first character, ``G:`` each reading of the others, ``L:`` each word in
letters. A token is four bytes of HMAC(type | feature | bucket); the bucket is chosen per subject. Phone and document
indexes are cut to ``log2(planned guests)`` bits, so that a leaked index key still leaves other candidates.
"""

import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings

from vault import keys, normalise, pinyin
from vault.models import SubjectToken

from .frequencies import Split

# part, tok, phone, phone_tail, document, document_tail
Part = tuple[int, list[int] | None, int | None, int | None, int | None, int | None]
# subject and epoch before it
Row = tuple[UUID, int, int, list[int] | None, int | None, int | None, int | None, int | None]
COLUMNS = ("subject", "epoch", "part", "tok", "phone", "phone_tail", "document", "document_tail")


def features(names: Iterable[str]) -> set[str]:
    """Everything a guest of these names may be found by. Letters that only spell out the Chinese name add nothing."""
    normal = [normalise.name(name) for name in names if name]
    spelled = [pinyin.readings(name) for name in normal]
    found: set[str] = set()
    for readings in filter(None, spelled):
        found.update(f"S:{reading}" for reading in readings[0])
        found.update(f"G:{reading}" for heard in readings[1:] for reading in heard)
    for name in normal:
        words = [pinyin.as_typed(word) for word in _plain_words(name)]
        if not any(pinyin.spells(words, readings) for readings in spelled):
            found.update(f"L:{word}" for word in _latin_words(name))
    return found


def _plain_words(name: str) -> list[str]:
    return [min(forms, key=len) for forms in normalise.words(name)]


def _latin_words(name: str) -> set[str]:
    return {form for forms in normalise.linked_words(name) for form in forms}


def name_tokens(split: Split, subject: UUID, names: Iterable[str]) -> list[int]:
    """Sorted tokens of a guest's names."""
    key = keys.index_key(split.epoch, "name")
    chooser = keys.index_key(split.epoch, "bucket")
    found = set()
    for feature in features(names):
        bucket, many = 0, split.write.get(feature, 1)
        if many > 1:
            chosen = hmac.digest(chooser, feature.encode() + subject.bytes, "sha256")
            bucket = int.from_bytes(chosen[:8], "big") % many
        found.add(keys.token(key, f"{feature}|{bucket}"))
    return sorted(found)


def query_tokens(split: Split, wanted: Iterable[str]) -> list[int]:
    """Every token, all buckets of each, that a guest with one of these features may have."""
    key = keys.index_key(split.epoch, "name")
    return sorted({keys.token(key, f"{each}|{bucket}") for each in wanted for bucket in range(split.read.get(each, 1))})


def _cut(value: int) -> int:
    return value & ((1 << max(1, int(settings.PLANNED_GUESTS - 1).bit_length())) - 1) & 0x7FFFFFFF


def phone_index(epoch: int, number: str) -> int:
    """The cut index of a phone number in normal form."""
    return _cut(keys.token(keys.index_key(epoch, "phone"), number))


def document_index(epoch: int, number: str) -> int:
    """The cut index of a document number in normal form."""
    return _cut(keys.token(keys.index_key(epoch, "document"), number))


def tail_index(epoch: int, kind: str, tail: str) -> int:
    """The index of the last four characters; ``kind`` is phone_tail or document_tail."""
    return keys.token(keys.index_key(epoch, kind), tail)


def rows(
    split: Split, subject: UUID, names: Sequence[str], phones: Sequence[str], documents: Sequence[str]
) -> list[Row]:
    """The index rows of one guest: none when there is nothing to find them by.

    Each number of a register has one, also that of a register without: so ``unindexing`` knows what is left unopened.
    """
    tok = name_tokens(split, subject, names)
    numbers = list(dict.fromkeys(filter(None, map(normalise.phone, phones))))
    papers = list(dict.fromkeys(map(normalise.document, documents)))
    called = [_called(split.epoch, tok, numbers, part) for part in range(max(len(numbers), 1 if tok else 0))]
    shown = [_shown(split.epoch, paper, part) for part, paper in enumerate(papers, SubjectToken.FIRST_DOCUMENT)]
    return [(subject, split.epoch, *row) for row in called + shown]


def _called(epoch: int, tok: list[int], numbers: Sequence[str], part: int) -> Part:
    return part, tok if part == 0 else None, *_phone_pair(epoch, numbers[part : part + 1]), None, None


def _shown(epoch: int, paper: str, part: int) -> Part:
    tail = normalise.document_tail(paper)
    tail_of = tail_index(epoch, "document_tail", tail) if tail else None
    return part, None, None, None, document_index(epoch, paper), tail_of


def _phone_pair(epoch: int, numbers: Sequence[str]) -> tuple[int | None, int | None]:
    if not numbers:
        return None, None
    tail = normalise.phone_tail(numbers[0])
    return phone_index(epoch, numbers[0]), tail_index(epoch, "phone_tail", tail) if tail else None
