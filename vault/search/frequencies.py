"""How many buckets each name token is split into, so that frequent names do not show in a stolen token table.

``k = ceil(2000 x frequency)``. Frequencies are counted on the house's own guests when search is rebuilt and kept
sealed under the index key; until then an estimate of common Chinese names serves. While a rebuild is under way rows
of the old and the new split stand side by side: queries ask for the larger number of buckets, which covers both.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from vault import keys
from vault.sealing import NONCE_BYTES, SealBroken

BUCKETS_PER_FREQUENCY = 2000

# Guests in ten thousand whose surname reads so; an estimate from public counts of Chinese surnames.
_SURNAMES = """
wang 730 li 770 zhang 710 liu 540 chen 460 yang 320 huang 240 zhao 210 xu 260 wu 240 zhou 190 sun 140 hu 130 zhu 130
gao 110 lin 120 he 170 guo 120 ma 110 luo 110 liang 90 song 80 zheng 90 xie 100 han 70 tang 100 feng 80 yu 150 dong 60
xiao 70 cheng 60 cao 60 yuan 60 deng 60 fu 60 shen 80 zeng 50 peng 50 lv 50 lu 140 su 50 jiang 130 cai 50 jia 40
ding 50 wei 90 xue 30 ye 40 yan 90 pan 40 du 40 dai 40 xia 40 zhong 40 tian 50 ren 50 fan 60 fang 40 shi 80 yao 40
tan 60 liao 40 zou 40 xiong 30 jin 40 hao 30 kong 30 bai 30 cui 30 kang 20 mao 30 qiu 50 qin 50 gu 40 hou 20 shao 30
meng 30 long 30 wan 20 duan 20 qian 30 yin 40 lei 30 tao 30 ou 20 zhai 10 shan 10 qi 30 ni 20 tong 20 zuo 10
"""
# Guests in ten thousand with the syllable in their given name.
_GIVEN = """
wei 500 hua 350 ming 400 jun 350 xiao 450 li 450 yan 350 ying 350 jing 400 xin 350 yu 550 hong 300 jie 250 fang 250
ping 200 ling 250 mei 250 na 150 min 200 qiang 120 lei 180 tao 150 chao 150 bin 200 bo 150 hui 250 lin 250 feng 220
fei 150 peng 150 hao 180 yang 170 jia 300 ting 200 yi 380 zi 320 xuan 180 han 170 chen 200 rui 150 ya 150 yun 250
xia 200 juan 120 xiu 200 guo 250 jian 300 hai 200 long 150 shu 200 xue 250 zhi 320 wen 370 cheng 180 dan 120 yue 170
qi 180 si 140 shan 140 qing 250 zhen 180 chun 200 gui 150 lan 150 rong 150 yong 200 jin 220 xiang 150 zhong 120
sheng 130 liang 120 kai 100 yuan 170 dong 150 bing 90 gang 90 hui 250 meng 120 lu 120 shi 120 an 90 ze 110 chang 80
"""


# The estimate weighs as much as this many counted guests, so that a house of ten has no name of 10 %.
ESTIMATE_WEIGHT = 2000


def _table(text: str) -> dict[str, float]:
    words = text.split()
    return {syllable: int(count) / 10_000 for syllable, count in zip(words[::2], words[1::2], strict=True)}


def buckets(frequency: float) -> int:
    """The number of buckets for a token that this share of subjects has."""
    return max(1, math.ceil(BUCKETS_PER_FREQUENCY * frequency))


@cache
def _shares() -> dict[str, float]:
    """The share of subjects with each token, estimated. A word in letters may be surname or given name."""
    surnames, given = _table(_SURNAMES), _table(_GIVEN)
    latin = {word: surnames.get(word, 0) + given.get(word, 0) for word in surnames | given}
    tables = (("S", surnames), ("G", given), ("L", latin))
    return {f"{kind}:{word}": share for kind, table in tables for word, share in table.items()}


@cache
def estimate() -> dict[str, int]:
    """Buckets per token before anything was counted; a token that is not named has one."""
    return _frequent(_shares())


def counted(seen: Mapping[str, int], subjects: int) -> dict[str, int]:
    """Buckets per token by the house's own count, with the estimate mixed in while the house is small."""
    whole = subjects + ESTIMATE_WEIGHT
    tokens = {*seen, *_shares()}
    return _frequent({each: (seen.get(each, 0) + ESTIMATE_WEIGHT * _shares().get(each, 0)) / whole for each in tokens})


def _frequent(shares: Mapping[str, float]) -> dict[str, int]:
    return {token: many for token, share in shares.items() if (many := buckets(share)) > 1}


@dataclass(frozen=True, slots=True)
class Split:
    """Into how many buckets tokens are written, and how many a query must ask for."""

    epoch: int
    version: int = 0
    write: Mapping[str, int] = field(default_factory=estimate)
    read: Mapping[str, int] = field(default_factory=estimate)

    def followed_by(self, write: Mapping[str, int]) -> "Split":
        """The split while rows change over: written the new way, read both ways."""
        read = {token: max(self.read.get(token, 1), write.get(token, 1)) for token in {*self.read, *write}}
        return Split(self.epoch, self.version + 1, write, read)

    def settled(self) -> "Split":
        """The split once every row is written the new way."""
        return Split(self.epoch, self.version + 1, self.write, self.write)


_kept: dict[int, Split] = {}
_CURRENT = "SELECT version, CASE WHEN version <> %s THEN sealed END FROM search.token_frequency WHERE epoch = %s"


_WRITTEN = """
SELECT r.epoch, COALESCE(f.version, 0),
    CASE WHEN COALESCE(f.version, 0) <> COALESCE((%s::jsonb ->> r.epoch::text)::int, 0) THEN f.sealed END
FROM key_registry r LEFT JOIN search.token_frequency f ON f.epoch = r.epoch
WHERE r.purpose = 'index' AND r.state <> 'destroyed' ORDER BY r.epoch
"""


def current(epoch: int) -> Split:
    """The split in force: one small query, the sealed table only when it changed since this process read it."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [_known(epoch).version, epoch])
        version, sealed = cursor.fetchone() or (0, None)
    return _remembered(epoch, version, sealed)


def written(*, after: str) -> list[Split]:
    """The splits that writers write, one for each index key that is not destroyed: while a key is being replaced, two.

    ``after``: a lock that goes to the database before it on the same way; what is read is then true until it ends.
    """
    known = json.dumps({str(epoch): split.version for epoch, split in _kept.items()})
    with connection.cursor() as cursor:
        cursor.execute(f"{after}; {_WRITTEN}", [known])
        return [_remembered(*line) for line in cursor.fetchall()]


def _known(epoch: int) -> Split:
    return _kept.get(epoch) or Split(epoch)


def _remembered(epoch: int, version: int, sealed: bytes | memoryview | None) -> Split:
    split = _known(epoch)
    if version != split.version:
        split = _unsealed(epoch, version, bytes(sealed)) if sealed else Split(epoch)
    _kept[epoch] = split
    return split


def forget() -> None:
    """Read every split anew at the next question."""
    _kept.clear()


def keep(split: Split) -> None:
    """Store a split sealed; processes notice by its version."""
    nonce = os.urandom(NONCE_BYTES)
    plain = json.dumps({"write": dict(split.write), "read": dict(split.read)}, sort_keys=True).encode()
    sealed = nonce + _cipher(split.epoch).encrypt(nonce, plain, _binding(split.epoch, split.version))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search.token_frequency (epoch, version, sealed) VALUES (%s, %s, %s)"
            " ON CONFLICT (epoch) DO UPDATE"
            " SET version = excluded.version, sealed = excluded.sealed, counted_at = now()",
            [split.epoch, split.version, sealed],
        )


def _unsealed(epoch: int, version: int, sealed: bytes) -> Split:
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        plain = json.loads(_cipher(epoch).decrypt(nonce, ciphertext, _binding(epoch, version)))
    except InvalidTag:
        raise SealBroken("the table of token frequencies is not what was sealed") from None
    return Split(epoch, version, plain["write"], plain["read"])


def _cipher(epoch: int) -> AESGCM:
    return AESGCM(keys.index_key(epoch, "frequencies"))


def _binding(epoch: int, version: int) -> bytes:
    return f"hotelrecords/frequencies/1/{epoch}/{version}".encode()
