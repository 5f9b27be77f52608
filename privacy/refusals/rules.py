"""Why a proposal about a retention rule is not taken. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class RuleRefused(Refused):
    """Base of all: what was asked about a rule is not done."""

    action = actions.RULE_DEED_REFUSED


class RuleElsewhere(RuleRefused):
    """A rule is changed where it holds."""

    message = _("This rule holds under another law than that of this property. It is changed at a property there.")


class RegionUnknown(RuleRefused):
    """A region without a property would have a rule for nothing."""

    field = "region"
    message = _("No property of this jurisdiction lies in that region. The administrator enters a property's region.")


class NotAPeriod(RuleRefused):
    """A period is at least one unit, and at most a hundred years."""

    field = "number"
    message = _("A period lasts at least one hour and at most 100 years.")


class TooEarly(RuleRefused):
    """What was done under a rule is not undone: a new version begins today or later."""

    field = "in_force_from"
    message = _("A version begins today or later.")


class EndsBeforeItBegins(RuleRefused):
    """The last day is the first or a later one."""

    field = "in_force_to"
    message = _("The last day is not before the first.")


class VersionThatDay(RuleRefused):
    """One version for each day on which one begins."""

    field = "in_force_from"
    message = _("A version of this rule begins on %(day)s already. Choose a later day.")


class StartUnknown(RuleRefused):
    """The period runs from something known of such a record."""

    field = "start"
    message = _("Nothing of this kind is known of such a record. Choose what its period ran from until now.")


class InstrumentMissing(RuleRefused):
    """Who says that a number stands somewhere says where."""

    field = "instrument"
    message = _("Name the instrument and the article in which the number stands.")


class OwnChoiceIsNoLaw(RuleRefused):
    """A number the house chose has not the authority of a law (PIPL 19, 47(2))."""

    field = "status"
    message = _("A number of our own has not the level of a law or administrative regulation. Choose a lower level.")


class NothingChanges(RuleRefused):
    """The version in force says all of this already."""

    message = _("This is what the rule says already, and it is confirmed.")


class ChangeWaiting(RuleRefused):
    """One proposal for each rule at a time."""

    message = _("Another change of this rule waits for a second person. It is decided first.")


class ChangeSettled(RuleRefused):
    """The proposal was decided before, or withdrawn."""

    message = _("This proposal is settled: %(state)s.")


class ChangeOvertaken(RuleRefused):
    """Its last day is past."""

    message = _("The days this was proposed for are over. Refuse it, and propose it anew.")


class ReasonMissing(RuleRefused):
    """A refusal says why."""

    field = "reason"
    message = _("Say why.")
