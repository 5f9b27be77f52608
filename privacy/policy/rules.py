"""The retention rules a house begins with: what is kept how long, from when, and under whose authority.

Authority matters: PIPL 19 and 47(2) defer only to periods set by law or administrative regulation. A lower rule
leads to restriction and legal review; the house's own policy never blocks an erasure, except that the guest register
without a confirmed rule counts as a lower rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from privacy.policy.profiles import Status
from vault.categories import Category


class Unit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class Start(StrEnum):
    """The event a period runs from, or which ends it at once."""

    ARRIVAL = "arrival"
    CHECK_OUT = "check_out"
    POSTED = "posted"
    PLANNED_ARRIVAL = "planned_arrival"
    WITHDRAWAL = "withdrawal"
    LAST_USE = "last_use"
    RECORDED = "recorded"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    MADE = "made"
    ENDED = "ended"


class Kind(StrEnum):
    """Whether the record must be kept so long, may be kept so long, or is meant to be."""

    MIN = "min"
    MAX = "max"
    TARGET = "target"


class Level(StrEnum):
    """Whose word a rule is, the highest first."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    DEPARTMENT_RULE = "department_rule"
    LOCAL_REGULATION = "local_regulation"
    LOCAL_RULE = "local_rule"
    STANDARD = "standard"
    CONTRACT = "contract"
    OWN_POLICY = "own_policy"


class Weight(StrEnum):
    """What a running period does to an erasure: B4, B5 or nothing."""

    LAW = "law"
    LOWER = "lower"
    NONE = "none"


class End(StrEnum):
    """What happens when the period is over."""

    ERASE = "erase"
    UNLINK_AND_ERASE = "unlink_and_erase"
    RESTRICT = "restrict"
    REDUCE_BILL = "reduce_bill"
    KEEP_DECISION = "keep_decision"
    ROLL_OFF = "roll_off"
    ARCHIVE = "archive"
    REVIEW = "review"


class Record(StrEnum):
    """What a rule is about, finer than the categories of the vault."""

    REGISTER = "register"
    REGISTER_COPY = "register_copy"
    DOCUMENT_IMAGE = "document_image"
    BILL = "bill"
    BOOKING = "booking"
    PREFERENCE = "preference"
    VISITOR = "visitor"
    GUARDIAN = "guardian"
    REQUEST_CASE = "request_case"
    IDENTITY_EVIDENCE = "identity_evidence"
    CERTIFICATE = "certificate"
    BACKUP = "backup"
    ACCESS_LOG = "access_log"
    DISCLOSURE = "disclosure"
    IMPACT_ASSESSMENT = "impact_assessment"


# The record of the desk that each category of the vault is part of, where a rule may bind the house.
RECORD_OF: Final[dict[str, Record]] = {
    Category.REGISTER: Record.REGISTER,
    Category.PAYMENT: Record.BILL,
    Category.PREFERENCE: Record.PREFERENCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the table. ``at_once_on``: an event that ends the period before its time. ``region``: a province
    or state, empty for the whole jurisdiction. ``confirmed_on``: the day a person confirmed the number.
    ``needs_approval``: a purge under this rule waits for a person."""

    code: str
    jurisdiction: str
    record: str
    number: int
    unit: str
    start: str
    kind: str
    level: str
    status: str
    end: str
    region: str = ""
    at_once_on: str = ""
    instrument: str = ""
    article: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    confirmed_on: date | None = None
    needs_approval: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Read in the instrument or in a secondary source, or confirmed by a person."""
        return self.status in (Status.READ, Status.SECONDARY) or self.confirmed_on is not None

    @property
    def weight(self) -> Weight:
        """What its period does to an erasure while it runs. An upper limit obliges nobody to keep anything."""
        if self.kind == Kind.MAX:
            return Weight.NONE
        if self.level in (Level.LAW, Level.ADMINISTRATIVE_REGULATION):
            return Weight.LAW if self.is_confirmed else Weight.LOWER
        if self.level == Level.OWN_POLICY and self.record != Record.REGISTER:
            return Weight.NONE
        return Weight.LOWER

    def is_in_force(self, on: date) -> bool:
        """Whether it applies on that day."""
        begun = self.in_force_from is None or self.in_force_from <= on
        return begun and (self.in_force_to is None or on <= self.in_force_to)


PIPL: Final = "个人信息保护法"

RULES: Final[tuple[Rule, ...]] = (
    # 旅馆业治安管理办法 6 obliges to register and sets no period: three years are our own until a region has its rule
    Rule(
        code="CN-RET-01", jurisdiction="CN", record=Record.REGISTER, number=3, unit=Unit.YEARS, start=Start.CHECK_OUT,
        kind=Kind.MIN, level=Level.LOCAL_RULE, instrument="旅馆业治安管理办法", article="6", status=Status.OWN,
        end=End.UNLINK_AND_ERASE, needs_approval=True,
    ),
    Rule(
        code="CN-RET-02", jurisdiction="CN", record=Record.REGISTER_COPY, number=180, unit=Unit.DAYS,
        start=Start.CHECK_OUT, kind=Kind.MAX, level=Level.OWN_POLICY, instrument=PIPL, article="6, 51(4)",
        status=Status.OWN, end=End.RESTRICT,
    ),
    Rule(
        code="CN-RET-03", jurisdiction="CN", record=Record.DOCUMENT_IMAGE, number=24, unit=Unit.HOURS,
        start=Start.RECORDED, at_once_on=Start.ACKNOWLEDGED, kind=Kind.MAX, level=Level.OWN_POLICY, instrument=PIPL,
        article="6, 28", status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-05", jurisdiction="CN", record=Record.BILL, number=10, unit=Unit.YEARS, start=Start.POSTED,
        kind=Kind.MIN, level=Level.ADMINISTRATIVE_REGULATION, instrument="税收征收管理法实施细则", article="29",
        status=Status.READ, end=End.REDUCE_BILL, needs_approval=True,
    ),
    Rule(
        code="CN-RET-08", jurisdiction="CN", record=Record.BOOKING, number=90, unit=Unit.DAYS,
        start=Start.PLANNED_ARRIVAL, kind=Kind.MAX, level=Level.OWN_POLICY, instrument=PIPL, article="19, 47(1)(1)",
        status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-09", jurisdiction="CN", record=Record.PREFERENCE, number=24, unit=Unit.MONTHS,
        start=Start.LAST_USE, at_once_on=Start.WITHDRAWAL, kind=Kind.MAX, level=Level.OWN_POLICY, instrument=PIPL,
        article="15, 47(1)(3)", status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-10", jurisdiction="CN", record=Record.VISITOR, number=90, unit=Unit.DAYS, start=Start.RECORDED,
        kind=Kind.MAX, level=Level.OWN_POLICY, status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-11", jurisdiction="CN", record=Record.GUARDIAN, number=3, unit=Unit.YEARS, start=Start.CHECK_OUT,
        kind=Kind.TARGET, level=Level.OWN_POLICY, instrument="未成年人保护法", article="57", status=Status.OWN,
        end=End.ERASE,
    ),
    Rule(
        code="CN-RET-13", jurisdiction="CN", record=Record.REQUEST_CASE, number=3, unit=Unit.YEARS, start=Start.CLOSED,
        kind=Kind.TARGET, level=Level.OWN_POLICY, instrument="民法典", article="188", status=Status.OWN,
        end=End.KEEP_DECISION,
    ),
    Rule(
        code="CN-RET-14", jurisdiction="CN", record=Record.IDENTITY_EVIDENCE, number=30, unit=Unit.DAYS,
        start=Start.RECORDED, at_once_on=Start.CLOSED, kind=Kind.MAX, level=Level.OWN_POLICY,
        instrument="EDPB Guidelines 01/2022", article="¶78", status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-16", jurisdiction="CN", record=Record.CERTIFICATE, number=3, unit=Unit.YEARS, start=Start.MADE,
        kind=Kind.TARGET, level=Level.OWN_POLICY, instrument=PIPL, article="9, 69", status=Status.OWN, end=End.ERASE,
    ),
    Rule(
        code="CN-RET-17", jurisdiction="CN", record=Record.BACKUP, number=90, unit=Unit.DAYS, start=Start.MADE,
        kind=Kind.MAX, level=Level.OWN_POLICY, instrument=PIPL, article="47(2)", status=Status.OWN, end=End.ROLL_OFF,
    ),
    Rule(
        code="CN-LOG-01", jurisdiction="CN", record=Record.ACCESS_LOG, number=6, unit=Unit.MONTHS, start=Start.MADE,
        kind=Kind.MIN, level=Level.LAW, instrument="网络安全法", article="23(3)", status=Status.READ, end=End.ARCHIVE,
    ),
    Rule(
        code="CN-LOG-01-KEEP", jurisdiction="CN", record=Record.ACCESS_LOG, number=36, unit=Unit.MONTHS,
        start=Start.MADE, kind=Kind.TARGET, level=Level.OWN_POLICY, instrument="网络安全法", article="23(3)",
        status=Status.OWN, end=End.ARCHIVE,
    ),
    Rule(
        code="CN-LOG-02", jurisdiction="CN", record=Record.DISCLOSURE, number=3, unit=Unit.YEARS, start=Start.ENDED,
        kind=Kind.MIN, level=Level.ADMINISTRATIVE_REGULATION, instrument="网络数据安全管理条例", article="12",
        status=Status.READ, end=End.REVIEW,
    ),
    Rule(
        code="CN-PIA-02", jurisdiction="CN", record=Record.IMPACT_ASSESSMENT, number=3, unit=Unit.YEARS,
        start=Start.MADE, kind=Kind.MIN, level=Level.LAW, instrument=PIPL, article="56(2)", status=Status.READ,
        end=End.REVIEW,
    ),
    # The register elsewhere. The Meldeschein is kept for a year from the day of arrival and destroyed within three
    # months after that.
    Rule(
        code="DE-RET-01", jurisdiction="DE", record=Record.REGISTER, number=1, unit=Unit.YEARS, start=Start.ARRIVAL,
        kind=Kind.MIN, level=Level.LAW, instrument="Bundesmeldegesetz", article="30(4)", status=Status.SECONDARY,
        end=End.UNLINK_AND_ERASE, needs_approval=True,
    ),
    Rule(
        code="DE-RET-01-LATEST", jurisdiction="DE", record=Record.REGISTER, number=15, unit=Unit.MONTHS,
        start=Start.ARRIVAL, kind=Kind.MAX, level=Level.LAW, instrument="Bundesmeldegesetz", article="30(4)",
        status=Status.SECONDARY, end=End.UNLINK_AND_ERASE, needs_approval=True,
    ),
    Rule(
        code="ES-RET-01", jurisdiction="ES", record=Record.REGISTER, number=3, unit=Unit.YEARS, start=Start.CHECK_OUT,
        kind=Kind.MIN, level=Level.ADMINISTRATIVE_REGULATION, instrument="Real Decreto 933/2021", article="5",
        status=Status.SECONDARY, end=End.UNLINK_AND_ERASE, needs_approval=True,
    ),
    Rule(
        code="UK-RET-01", jurisdiction="UK", record=Record.REGISTER, number=12, unit=Unit.MONTHS,
        start=Start.CHECK_OUT, kind=Kind.MIN, level=Level.ADMINISTRATIVE_REGULATION,
        instrument="Immigration (Hotel Records) Order 1972", article="5", status=Status.SECONDARY,
        end=End.UNLINK_AND_ERASE, needs_approval=True,
    ),
)  # fmt: skip


# What the law regulates everywhere: where no rule is known, that is for counsel to say and not for us to erase.
REGULATED: Final = frozenset({Record.REGISTER, Record.BILL})
DEFAULT_JURISDICTION: Final = "CN"


def applying(
    rules: Iterable[Rule], *, record: str, jurisdiction: str, region: str = "", on: date | None = None
) -> tuple[Rule, ...]:
    """The rules about a record that hold at a place: those of the region where it has any, else the general ones."""
    held = [
        rule
        for rule in rules
        if (rule.record, rule.jurisdiction) == (record, jurisdiction) and (on is None or rule.is_in_force(on))
    ]
    regional = tuple(rule for rule in held if region and rule.region == region)
    return regional or tuple(rule for rule in held if not rule.region)
