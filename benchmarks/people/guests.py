"""One guest after the other: who they are, how to reach them, the document they show.

Guests come in chunks of 10 000, each from its own seed, so that the first 10 000 of a million are the same people
as in the small set and chunks can be made in any order by any process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin
from stdnum.cn import ric

from .chinese import Names
from .foreign import Foreigners, passport, phone

SEED = 20070424
CHUNK = 10_000
FOREIGN_SHARE = 0.15
TRADITIONAL_SHARE = 0.02
_PREFIXES = (
    "130 131 132 133 135 136 137 138 139 150 151 152 155 156 157 158 159 166 173 175 176 177 178 180 181 182 183 185"
    " 186 187 188 189 191 195 198 199"
)
# Counties that have kept their code since before the eldest guest was born.
_REGIONS = (
    "110105 110106 110107 120102 120104 120105 140121 150122 210224 211021 222402 230722 310104 310107 310109 310110"
    " 330122 330127 340121 340421 350121 360121 422822 422921 430321 433122 513224 522324 532324 542521 610326 610327"
    " 610328 620123 623023 632821 640121 640122 652925 653123"
)
_STREETS = "人民路 解放路 中山路 建设路 和平路 新华路 文化路 胜利路 长江路 北京路 南京路 朝阳路 滨河路 学府路"
_MAIL = "qq.com 163.com 126.com sina.com gmail.com outlook.com foxmail.com"
PREFIXES, REGIONS, STREETS, MAIL = (text.split() for text in (_PREFIXES, _REGIONS, _STREETS, _MAIL))


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest in plaintext, as the clerk would type it."""

    name: str
    latin_name: str
    phone: str
    email: str
    address: str
    document_type: str
    document_number: str
    nationality: str
    birth_date: date
    sex: str
    region: str

    @property
    def is_chinese(self) -> bool:
        return self.nationality == "CHN"


@cache
def _sources() -> tuple[Names, Foreigners, OpenCC]:
    return Names(), Foreigners(), OpenCC("s2t")


def chunk(number: int, size: int = CHUNK) -> list[Guest]:
    """The guests of one chunk, the same on every machine."""
    random = Random(f"{SEED}:{number}")
    return [_guest(random) for _ in range(size)]


def chunks(total: int) -> Iterator[tuple[int, int]]:
    """Numbers and sizes of the chunks that make ``total`` guests."""
    for first in range(0, total, CHUNK):
        yield first // CHUNK, min(CHUNK, total - first)


def _guest(random: Random) -> Guest:
    sex = random.choice(("male", "female"))
    born = date(1944, 1, 1) + timedelta(days=int(random.triangular(0, 66 * 365, 42 * 365)))
    place = random.random()
    if place < FOREIGN_SHARE:
        return _foreign(random, sex, born)
    if place < FOREIGN_SHARE + TRADITIONAL_SHARE:
        return _traditional(random, sex, born)
    return _resident(random, sex, born)


def _resident(random: Random, sex: str, born: date) -> Guest:
    surname, given = _sources()[0].draw(random, sex, born.year)
    number = resident_id(random, sex, born)
    mobile = f"{random.choice(PREFIXES)}{random.randrange(10**8):08d}"
    address = f"{random.choice(STREETS)}{random.randrange(1, 900)}号" if random.random() < 0.4 else ""
    return Guest(
        name=surname + given,
        latin_name="",
        phone=mobile,
        email=_email(random, mobile[-8:]),
        address=address,
        document_type="resident_id",
        document_number=number,
        nationality="CHN",
        birth_date=born,
        sex=sex,
        region=number[:6],
    )


def _traditional(random: Random, sex: str, born: date) -> Guest:
    surname, given = _sources()[0].draw(random, sex, born.year)
    permit, prefix, digits = random.choice((("H", "+8526", 7), ("M", "+85366", 6), ("", "+88691", 7)))
    mobile = prefix + str(random.randrange(2 * 10 ** (digits - 1), 10**digits))
    return Guest(
        name=_sources()[2].convert(surname + given),
        latin_name=" ".join(("".join(lazy_pinyin(surname)), "".join(lazy_pinyin(given)))).upper(),
        phone=mobile,
        email=_email(random, mobile[-6:]),
        address="",
        document_type="hk_macao_permit" if permit else "taiwan_permit",
        document_number=f"{permit}{random.randrange(10**8):08d}",
        nationality="CHN",
        birth_date=born,
        sex=sex,
        region="",
    )


def _foreign(random: Random, sex: str, born: date) -> Guest:
    foreigners = _sources()[1]
    nation = foreigners.nation(random)
    family, given = foreigners.draw(random, nation, sex)
    return Guest(
        name=f"{given} {family}",
        latin_name=f"{family} {given}".upper(),
        phone=phone(random, nation),
        email=_email(random, f"{given.split()[0]}.{family}".lower()),
        address="",
        document_type="passport",
        document_number=passport(random, nation.passport),
        nationality=nation.code,
        birth_date=born,
        sex=sex,
        region="",
    )


def resident_id(random: Random, sex: str, born: date) -> str:
    """A number that passes the check digit (GB 11643), the sex in its 17th place."""
    order = random.randrange(0, 500) * 2 + (sex == "male")
    body = f"{random.choice(REGIONS)}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def _email(random: Random, local: str) -> str:
    return f"{local}@{random.choice(MAIL)}" if random.random() < 0.4 else ""
