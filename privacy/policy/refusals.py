"""Refusing a request: the reason, its article, and where the requester can go. None of them may be missing
(PIPL 50: written reasons; PIPL 65: complaint; PIPL 50(2): court)."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.policy.articles import Text, article
from privacy.policy.words import WORDINGS


@dataclass(frozen=True, slots=True)
class Remedies:
    """Three ways on: a second look in the house, the authority, the court."""

    appeal: Promise
    complaint: Promise
    court: Promise


@dataclass(frozen=True, slots=True)
class Refusal:
    """All that a letter of refusal has to say."""

    reason: Promise
    article: Text
    remedies: Remedies


_APPEAL = _("You may appeal to the hotel; somebody else than the person who decided looks at it again.")
_EUROPEAN_COURT = _("You may also go to court (GDPR, article 79).")
REMEDIES: Final[dict[str, Remedies]] = {
    "CN": Remedies(
        _APPEAL,
        _(
            "You may complain to the authorities responsible for the protection of personal information, in the first"
            " place the cyberspace administration (PIPL, article 65)."
        ),
        _("You may also bring an action before a people's court (PIPL, article 50(2))."),
    ),
    "EU": Remedies(
        _APPEAL,
        _("You may complain to the data protection authority of your country (GDPR, article 77)."),
        _EUROPEAN_COURT,
    ),
    "DE": Remedies(
        _APPEAL,
        _("You may complain to the data protection commissioner of the federal state (GDPR, article 77)."),
        _EUROPEAN_COURT,
    ),
    "ES": Remedies(
        _APPEAL,
        _("You may complain to the Spanish data protection agency, AEPD (GDPR, article 77)."),
        _EUROPEAN_COURT,
    ),
    "UK": Remedies(
        _APPEAL,
        _("You may complain to the Information Commissioner's Office (UK GDPR, article 77)."),
        _("You may also go to court (UK GDPR, article 79)."),
    ),
    "HK": Remedies(
        _APPEAL,
        _("You may complain to the Privacy Commissioner for Personal Data (section 37 of the Ordinance)."),
        _("You may also go to the District Court (section 66 of the Ordinance)."),
    ),
    "SG": Remedies(
        _APPEAL,
        _("You may complain to the Personal Data Protection Commission (section 48H of the Act)."),
        _("You may also bring an action in court (section 48O of the Act)."),
    ),
    "US-CA": Remedies(
        _APPEAL,
        _("You may complain to the California Privacy Protection Agency or to the Attorney General."),
        _("You may also go to court as far as the law of California allows."),
    ),
}

# The reasons for which a request may be refused as a whole, and what each rests on. The first two say nothing about
# whether a record exists, and read alike for whoever asks.
GROUNDS: Final[dict[str, tuple[Promise, str]]] = {
    "unverified": (
        _(
            "We could not make sure who is asking, so nothing was looked at and nothing was changed. This does not say"
            " whether there is a record. You may ask again at any time."
        ),
        "identity",
    ),
    "not_entitled": (
        _(
            "We answer only the guest, and those whom the law lets act for the guest. This does not say whether there"
            " is a record."
        ),
        "identity",
    ),
    "nothing_held": (_("We looked for a record of yours and hold none."), "access"),
    "no_ground": (WORDINGS["no_ground"], "no_ground"),
    "still_needed": (WORDINGS["still_needed"], "contract"),
    "needed_for_stay": (WORDINGS["needed_for_stay"], "contract"),
    "duty_goes_on": (WORDINGS["duty_goes_on"], "objection"),
    "not_proven": (WORDINGS["not_proven"], "correction"),
    "not_transferable": (
        _(
            "The guest register rests on a legal duty and is no part of a transfer; the rest of the record holds"
            " nothing that could be transferred. You may ask for a copy instead."
        ),
        "transfer",
    ),
    "others_data": (_("The record is about another person, whose information is not given to you."), "others"),
    "unchanged": (_("We looked at the matter again and the first decision stands, for the reasons it gave."), "appeal"),
}


def refusal(ground: str, jurisdiction: str) -> Refusal:
    """What the letter has to say. Raises KeyError on an unknown ground or place: nothing is refused without."""
    reason, topic = GROUNDS[ground]
    return Refusal(reason, article(topic, jurisdiction), REMEDIES[jurisdiction])


def remedies(jurisdiction: str) -> Remedies:
    """Where one can go who is not content, for every letter that does not grant all."""
    return REMEDIES[jurisdiction]
