"""Why a record may be asked to be deleted: PIPL 47(1) and 网络数据安全管理条例 24.

"Leaked or tampered" and "public interest" are popular, but stand in no law: they are no grounds here.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from vault.categories import Category


class Ground(StrEnum):
    """The grounds in the order in which a letter names them."""

    PURPOSE_MET = "D1"  # PIPL 47(1)(1): met, cannot be met, or no longer needed for it
    PERIOD_OVER = "D2"  # PIPL 47(1)(2): the service has ended or the period is over
    CONSENT_WITHDRAWN = "D3"  # PIPL 47(1)(3)
    UNLAWFUL = "D4"  # PIPL 47(1)(4): against law, administrative regulation or agreement
    OTHER_LAW = "D5"  # PIPL 47(1)(5)
    ACCOUNT_CLOSED = "D6"  # 网络数据安全管理条例 24


# What rests on consent alone (PIPL 13(1)(1), 15); the register rests on legal duty, the booking on contract.
CONSENT_BASED: Final = frozenset({Category.PREFERENCE})


def found(
    *,
    category: str,
    stay_over: bool,
    deletion_asked: bool,
    asking_is_ground: bool,
    consent_withdrawn: bool = False,
    period_over: bool = False,
    unlawful: bool = False,
    by_other_law: bool = False,
    account_closed: bool = False,
) -> frozenset[str]:
    """The grounds that the facts of one record give.

    ``stay_over``: of the stay it belongs to, or of all stays of the guest where it belongs to none. Whoever asks for
    the deletion of what rests on consent withdraws the consent. A form never finished has no purpose.
    ``asking_is_ground``: of the place's profile; in California the request is ground enough (Civil Code 1798.105(a)).
    """
    withdrawn = consent_withdrawn or (deletion_asked and category in CONSENT_BASED)
    holds = {
        Ground.PURPOSE_MET: stay_over or category == Category.DRAFT,
        Ground.PERIOD_OVER: period_over,
        Ground.CONSENT_WITHDRAWN: withdrawn,
        Ground.UNLAWFUL: unlawful,
        Ground.OTHER_LAW: by_other_law or (deletion_asked and asking_is_ground),
        Ground.ACCOUNT_CLOSED: account_closed,
    }
    return frozenset(str(ground) for ground, is_so in holds.items() if is_so)


def first(grounds: Collection[str]) -> str:
    """The ground a deletion rests on, empty where there is none."""
    return next((str(ground) for ground in Ground if ground in grounds), "")
