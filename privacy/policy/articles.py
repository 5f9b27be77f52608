"""Which article a sentence rests on, for each law whose articles are cited (``Profile.law``).

Those of mainland China were read in the instruments, those of the GDPR are from a secondary source; the others are
from memory and wait for a person who knows them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from privacy.policy.profiles import PROFILES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text = str | Promise

# What a citation can be about: the grounds by their code, the reasons of an outcome, the rights themselves.
GROUND_TOPICS: Final = ("D1", "D2", "D3", "D4", "D5", "D6")
REASON_TOPICS: Final = (
    "no_ground",
    "identity",
    "others",
    "contract",
    "duty",
    "locked",
    "law_period",
    "lower_period",
    "register",
    "contested",
)
RIGHT_TOPICS: Final = (
    "access",
    "correction",
    "deletion",
    "restriction",
    "objection",
    "transfer",
    "explanation",
    "complaint",
    "appeal",
    "relatives",
    "refusal",
)
TOPICS: Final = GROUND_TOPICS + REASON_TOPICS + RIGHT_TOPICS


def _numbered(template: "_StrPromise", numbers: Mapping[str, str]) -> dict[str, Text]:
    return {topic: format_lazy(template, article=number) for topic, number in numbers.items()}


_PIPL_47_2 = _("PIPL, article 47(2)")
_CN: Final[dict[str, Text]] = {
    "D1": _("PIPL, article 47(1)(1)"),
    "D2": _("PIPL, article 47(1)(2)"),
    "D3": _("PIPL, articles 15 and 47(1)(3)"),
    "D4": _("PIPL, article 47(1)(4)"),
    "D5": _("PIPL, article 47(1)(5)"),
    "D6": _("Regulations on Network Data Security, article 24"),
    "no_ground": _("PIPL, article 47(1)"),
    "identity": _("PIPL, articles 10 and 51"),
    "others": _("PIPL, article 10"),
    "contract": _("PIPL, article 13(1)(2)"),
    "duty": _("PIPL, article 13(1)(3)"),
    "locked": _PIPL_47_2,
    "law_period": _PIPL_47_2,
    "lower_period": _PIPL_47_2,
    "register": _("PIPL, article 13(1)(3), and Measures for the Public Security of Hotels, article 6"),
    "contested": _("PIPL, articles 44 and 46"),
    "access": _("PIPL, article 45(1)"),
    "correction": _("PIPL, article 46"),
    "deletion": _("PIPL, article 47"),
    "restriction": _("PIPL, article 44"),
    "objection": _("PIPL, article 44"),
    "transfer": _("PIPL, article 45(3)"),
    "explanation": _("PIPL, article 48"),
    "complaint": _("PIPL, article 65"),
    "appeal": _("PIPL, article 50"),
    "relatives": _("PIPL, article 49"),
    "refusal": _("PIPL, article 50"),
}
_EUROPEAN: Final[dict[str, str]] = {
    "D1": "17(1)(a)",
    "D2": "17(1)(a)",
    "D3": "17(1)(b)",
    "D4": "17(1)(d)",
    "D5": "17(1)(e)",
    "D6": "17(1)(a)",
    "no_ground": "17(1)",
    "identity": "12(6)",
    "others": "15(4)",
    "contract": "6(1)(b)",
    "duty": "17(3)(b)",
    "locked": "18",
    "law_period": "17(3)(b)",
    "lower_period": "17(3)(b)",
    "register": "17(3)(b)",
    "contested": "18(1)",
    "access": "15",
    "correction": "16",
    "deletion": "17",
    "restriction": "18",
    "objection": "21",
    "transfer": "20",
    "explanation": "12",
    "complaint": "77",
    "appeal": "12(4)",
    "relatives": "12(6)",
    "refusal": "12(4)",
}
_HONG_KONG: Final[dict[str, str]] = {
    **dict.fromkeys((*GROUND_TOPICS, "no_ground", "contract", "locked", "contested", "deletion"), "26(1)"),
    **dict.fromkeys(("duty", "law_period", "lower_period", "register"), "26(1)(a)"),
    **dict.fromkeys(("restriction", "objection", "explanation"), "4"),
    "identity": "20(1)(a)",
    "others": "20(1)(b)",
    "access": "18(1)",
    "transfer": "18(1)",
    "correction": "22(1)",
    "complaint": "37",
    "appeal": "37",
    "relatives": "17A",
    "refusal": "21(1)",
}
_SINGAPORE: Final[dict[str, str]] = {
    **dict.fromkeys((*GROUND_TOPICS, *REASON_TOPICS, "deletion"), "25"),
    **dict.fromkeys(("D3", "restriction", "objection"), "16"),
    **dict.fromkeys(("access", "transfer", "explanation", "relatives", "refusal"), "21"),
    **dict.fromkeys(("complaint", "appeal"), "48H"),
    "identity": "24",
    "others": "21(3)",
    "contested": "22",
    "correction": "22",
}
_CALIFORNIA: Final[dict[str, str]] = {
    **dict.fromkeys((*GROUND_TOPICS, "no_ground", "deletion"), "1798.105(a)"),
    **dict.fromkeys(("locked", "contract", "lower_period"), "1798.105(d)"),
    **dict.fromkeys(("duty", "law_period", "register"), "1798.105(d)(8)"),
    **dict.fromkeys(("identity", "others", "transfer", "relatives"), "1798.130(a)"),
    **dict.fromkeys(("correction", "contested"), "1798.106"),
    **dict.fromkeys(("restriction", "objection"), "1798.121"),
    **dict.fromkeys(("complaint", "appeal", "refusal"), "1798.145(h)"),
    "access": "1798.110",
    "explanation": "1798.100(a)",
}
ARTICLES: Final[dict[str, dict[str, Text]]] = {
    "CN": _CN,
    "EU": _numbered(_("GDPR, article {article}"), _EUROPEAN),
    "UK": _numbered(_("UK GDPR, article {article}"), _EUROPEAN),
    "HK": _numbered(_("Personal Data (Privacy) Ordinance, section {article}"), _HONG_KONG),
    "SG": _numbered(_("Personal Data Protection Act, section {article}"), _SINGAPORE),
    "US-CA": _numbered(_("California Civil Code, section {article}"), _CALIFORNIA),
}


def article(topic: str, jurisdiction: str) -> Text:
    """The citation for a ground, a reason or a right at a place. Raises KeyError on an unknown topic or place."""
    return ARTICLES[PROFILES[jurisdiction].law][topic]
