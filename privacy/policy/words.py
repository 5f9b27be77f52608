"""Every code of the law in words: what letters say, and what the sheet and the tables of rules call it.

All texts are lazy: they take the language that is active when they are shown, for a letter the guest's.
"""

from datetime import date
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from privacy.policy.articles import Text, article
from privacy.policy.blockers import Block
from privacy.policy.evidence import Never, Shown, Then
from privacy.policy.grounds import Ground
from privacy.policy.rules import RULES, End, Record, Start, Unit

GROUNDS: Final[dict[str, Promise]] = {
    Ground.PURPOSE_MET: _("Its purpose is met, or it is no longer needed for it"),
    Ground.PERIOD_OVER: _("The service has ended or the period is over"),
    Ground.CONSENT_WITHDRAWN: _("Consent was withdrawn"),
    Ground.UNLAWFUL: _("It was used against the law or the agreement"),
    Ground.OTHER_LAW: _("Another law requires it"),
    Ground.ACCOUNT_CLOSED: _("The account was closed"),
}
BLOCKERS: Final[dict[str, Promise]] = {
    Block.UNVERIFIED: _("It is not sure who asks"),
    Block.FROZEN: _("An authority has frozen it"),
    Block.STAY_MATTER: _("A stay, bill, registration report, claim, lost property or complaint is open"),
    Block.HELD: _("An internal hold lies on it"),
    Block.LAW_PERIOD: _("A period set by law or administrative regulation runs"),
    Block.LOWER_PERIOD: _("A period set by a lower rule runs, or none is confirmed"),
    Block.CONTESTED: _("The guest contests it or needs it for a claim"),
    Block.OTHERS_DATA: _("It also holds another person"),
    Block.IN_BACKUPS: _("A copy is in backups"),
}

# What a letter says of one part of the record. ``until`` is filled in where it is named.
WORDINGS: Final[dict[str, Promise]] = {
    "identity_open": _(
        "We could not yet make sure who is asking. Until then we say nothing about any record, not even whether there"
        " is one."
    ),
    "no_ground": _("The law gives no ground to erase this part: it is still needed for what it was given for."),
    "still_needed": _(
        "This part is needed until the stay is over and everything about it is settled. Ask again after that; what"
        " need not be kept is erased then."
    ),
    "needed_for_stay": _("This part is needed until the stay is over. Ask again after check-out."),
    "not_now": _(
        "A stay, a bill, a registration report, a claim, lost property or a complaint is not settled yet, and this"
        " part is needed for it. We look at it again on %(until)s at the latest, without your asking."
    ),
    "frozen": _(
        "An authority has required in writing that this part be kept. It is locked away: stored and protected, used"
        " for nothing else. It is erased when the requirement ends, without your asking."
    ),
    "locked": _(
        "This part cannot be erased yet. It is locked away: stored and protected, used for nothing else. It is erased"
        " when the reason to keep it ends, without your asking."
    ),
    "register_until": _(
        "The entry in the guest register has to be kept until %(until)s. It is locked away: stored and protected, used"
        " for nothing else. After that day it is erased without your asking."
    ),
    "law_until": _(
        "Law or administrative regulation requires this part to be kept until %(until)s. It is locked away: stored and"
        " protected, used for nothing else. After that day it is erased without your asking."
    ),
    "lower_until": _(
        "A rule for this kind of record has it kept until %(until)s. It is locked away: stored and protected, used for"
        " nothing else, and our counsel checks whether the rule stands against the erasure."
    ),
    "period_in_review": _(
        "Our counsel checks how long this part has to be kept. Until then it is locked away: stored and protected, used"
        " for nothing else."
    ),
    "contested": _(
        "You contest this part, or need it for a claim. Until that is settled it is locked away: stored and protected,"
        " used for nothing else."
    ),
    "own_part_erased": _("Your part of this record is erased. What concerns another person in it stays theirs."),
    "erased": _("This part is erased."),
    "restricted_on_request": _(
        "This part is locked away as you asked: stored and protected, used for nothing but what a law requires."
    ),
    "duty_goes_on": _(
        "The law obliges us to keep this part and to report it, and an objection does not stop that. It is used for"
        " nothing else."
    ),
    "corrected": _("This part is corrected. The value before it is kept apart, to explain what was done with it."),
    "corrected_and_reported": _(
        "This part is corrected. The value before it is kept apart, to explain what was done with it, and the"
        " correction is reported to the authority that receives the register."
    ),
    "not_proven": _(
        "What we were shown does not prove that this entry is wrong, so it stays as it is. You may show us more at any"
        " time."
    ),
    "backups_roll_off": _(
        "It is gone from the live system and from backups of the data at once, because its key is destroyed. Copies of"
        " the key in backups of keys disappear as these are replaced, within %(days)s days at the latest."
    ),
    "reported_elsewhere": _(
        "What was reported to the public-security system at check-in is held there by the public-security authority, a"
        " handler of its own. It decides about it."
    ),
}
# The article each sentence rests on; an erasure rests on its ground.
TOPIC_OF: Final[dict[str, str]] = {
    "identity_open": "identity",
    "no_ground": "no_ground",
    "still_needed": "contract",
    "needed_for_stay": "contract",
    "not_now": "contract",
    "frozen": "duty",
    "locked": "locked",
    "register_until": "register",
    "law_until": "law_period",
    "lower_until": "lower_period",
    "period_in_review": "lower_period",
    "contested": "contested",
    "own_part_erased": "others",
    "erased": "deletion",
    "restricted_on_request": "restriction",
    "duty_goes_on": "objection",
    "corrected": "correction",
    "corrected_and_reported": "correction",
    "not_proven": "correction",
    "backups_roll_off": "deletion",
    "reported_elsewhere": "register",
}

RECORDS: Final[dict[str, Promise]] = {
    Record.REGISTER: _("Guest register"),
    Record.REGISTER_COPY: _("Working copy of the register"),
    Record.DOCUMENT_IMAGE: _("Image of an identity document"),
    Record.BILL: _("Bill and tax data"),
    Record.BOOKING: _("Booking never used"),
    Record.PREFERENCE: _("Preferences and marketing"),
    Record.VISITOR: _("Visitor log"),
    Record.GUARDIAN: _("Guardian's contact, note about a minor"),
    Record.REQUEST_CASE: _("File of a request"),
    Record.IDENTITY_EVIDENCE: _("Identity evidence for a request"),
    Record.CERTIFICATE: _("Erasure certificates and receipts of purges"),
    Record.BACKUP: _("Backups"),
    Record.ACCESS_LOG: _("Access log"),
    Record.DISCLOSURE: _("Records of disclosures and processors"),
    Record.IMPACT_ASSESSMENT: _("Impact assessments"),
}
STARTS: Final[dict[str, Promise]] = {
    Start.ARRIVAL: pgettext_lazy("period", "from arrival"),
    Start.CHECK_OUT: pgettext_lazy("period", "from check-out"),
    Start.POSTED: pgettext_lazy("period", "from posting on the bill"),
    Start.PLANNED_ARRIVAL: pgettext_lazy("period", "from the planned arrival"),
    Start.WITHDRAWAL: pgettext_lazy("period", "from the withdrawal of consent"),
    Start.LAST_USE: pgettext_lazy("period", "from the last stay"),
    Start.RECORDED: pgettext_lazy("period", "from recording"),
    Start.ACKNOWLEDGED: pgettext_lazy("period", "from the receipt of the report"),
    Start.CLOSED: pgettext_lazy("period", "from closing the case"),
    Start.MADE: pgettext_lazy("period", "from making"),
    Start.ENDED: pgettext_lazy("period", "from the end of the matter"),
}
AT_ONCE: Final[dict[str, Promise]] = {
    Start.WITHDRAWAL: pgettext_lazy("period", "at once when consent is withdrawn"),
    Start.ACKNOWLEDGED: pgettext_lazy("period", "at once when the report is received"),
    Start.CLOSED: pgettext_lazy("period", "at once when the case is closed"),
}
ENDS: Final[dict[str, Promise]] = {
    End.ERASE: _("Erased"),
    End.UNLINK_AND_ERASE: _("Unlinked and erased; figures without persons stay"),
    End.RESTRICT: _("Restricted to compliance roles"),
    End.REDUCE_BILL: _("Reduced to amount, date and invoice title"),
    End.KEEP_DECISION: _("The decision stays, the evidence is dropped"),
    End.ROLL_OFF: _("Replaced by newer ones; the erasure ledger is replayed after a restore"),
    End.ARCHIVE: _("Sealed parts are archived"),
    End.REVIEW: _("Looked at again"),
}
# Instruments stand in the rules under their own names; these are their names in English.
INSTRUMENTS: Final[dict[str, Promise]] = {
    "旅馆业治安管理办法": _("Measures for the Public Security of Hotels"),
    "个人信息保护法": _("Personal Information Protection Law (PIPL)"),
    "税收征收管理法实施细则": _("Implementing Rules of the Law on Tax Collection"),
    "未成年人保护法": _("Law on the Protection of Minors"),
    "民法典": _("Civil Code"),
    "网络安全法": _("Cybersecurity Law"),
    "网络数据安全管理条例": _("Regulations on Network Data Security"),
    "Bundesmeldegesetz": _("Federal Act on Registration (Bundesmeldegesetz)"),
    "Real Decreto 933/2021": _("Royal Decree 933/2021"),
    "Immigration (Hotel Records) Order 1972": _("Immigration (Hotel Records) Order 1972"),
    "EDPB Guidelines 01/2022": _("EDPB Guidelines 01/2022"),
}

SHOWN: Final[dict[str, Promise]] = {
    Shown.DOCUMENT_SEEN: _("original document, matched"),
    Shown.NAME: _("the name"),
    Shown.CODE: _("one-time code to the contact on file"),
    Shown.DOCUMENT_TAIL: _("the end of the document number"),
    Shown.CARD_LAST4: _("the last four digits of the card"),
    Shown.ARRIVAL_ON: _("the day of arrival"),
    Shown.DEPARTURE_ON: _("the day of departure"),
    Shown.STAY_REFERENCE: _("the stay number"),
    Shown.MANDATE: _("mandate with names, matter, scope and term"),
    Shown.OWN_DOCUMENT: _("own document of who acts"),
    Shown.CALLBACK: _("call-back to the guest"),
    Shown.LICENCE: _("lawyer's licence"),
    Shown.FIRM_LETTER: _("letter of the law firm"),
    Shown.COURT_ORDER: _("order of a court"),
    Shown.RELATION_PROOF: _("proof of guardianship"),
    Shown.DEATH_PROOF: _("proof of death"),
    Shown.KINSHIP_PROOF: _("proof of kinship"),
    Shown.OWN_INTEREST: _("own legitimate interest"),
}
THEN: Final[dict[str, Promise]] = {
    Then.SECOND_APPROVAL: _("A second person approves"),
    Then.LEGAL_REVIEW: _("Counsel is asked"),
}
NEVER: Final[dict[str, Promise]] = {
    Never.DOCUMENT_COPY: _("Do not copy the document: note type, last four, who and when."),
    Never.DOCUMENT_PHOTO: _("Take no photo of a document by chat."),
    Never.BLANKET_MANDATE: _("Accept no blanket mandate."),
    Never.OPPONENTS_RECORDS: _("Give an opponent's records only on the order of a court."),
    Never.PRESENCE: _("Do not confirm that anybody stays or stayed here."),
}

BACKUP_DAYS: Final = next(rule.number for rule in RULES if rule.record == Record.BACKUP)


def say(code: str, *, until: date | None = None) -> str:
    """The sentence of a letter in the active language. Raises KeyError on an unknown code, and ValueError where the
    sentence names a day and none is given."""
    template = str(WORDINGS[code])
    if "%(until)s" in template and until is None:
        raise ValueError(f"this sentence names a day: {code}")
    day = "" if until is None else formats.date_format(until, "DATE_FORMAT")
    return template % {"until": day, "days": BACKUP_DAYS}


def article_of(code: str, jurisdiction: str, *, ground: str = "") -> Text:
    """The citation for a sentence at a place; for an erasure that of its ground, where one is given."""
    topic = TOPIC_OF[code]
    return article(ground if ground and topic == "deletion" else topic, jurisdiction)


def period(number: int, unit: str) -> str:
    """A period in words, such as “3 years”. Raises ValueError on another unit."""
    counted = {
        Unit.HOURS: ngettext("%(count)s hour", "%(count)s hours", number),
        Unit.DAYS: ngettext("%(count)s day", "%(count)s days", number),
        Unit.MONTHS: ngettext("%(count)s month", "%(count)s months", number),
        Unit.YEARS: ngettext("%(count)s year", "%(count)s years", number),
    }
    return counted[Unit(unit)] % {"count": number}


def instrument(name: str) -> str:
    """What an instrument is called in the active language; one the house has entered keeps its name."""
    return str(INSTRUMENTS.get(name, name))
