"""A retention rule in words: how long something is kept, and by whose authority."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from privacy.policy import words
from privacy.policy.rules import Kind, Rule


def lasts(rule: Rule) -> str:
    """The period, its limit and what it begins with: “at least 3 years from check-out”."""
    return since(limited(rule), str(words.STARTS[rule.start]))


def since(period: str, start: str) -> str:
    """A period and what it begins with, in the order of the language."""
    return _("%(period)s %(start)s") % {"period": period, "start": start}


def limited(rule: Rule) -> str:
    """The period, and whether it is a lower or an upper limit."""
    period = words.period(rule.number, rule.unit)
    limits = {Kind.MIN: _("at least %(period)s"), Kind.MAX: _("at most %(period)s")}
    return limits.get(Kind(rule.kind), "%(period)s") % {"period": period}


def source(rule: Rule) -> str:
    """The instrument and its articles, guidelines by paragraph; empty for a rule of the house's own."""
    name = words.instrument(rule.instrument)
    if not rule.article:
        return name
    articles = pgettext("between articles", ", ").join(rule.article.split(", "))
    cited = _("%(instrument)s, art. %(article)s") if articles[0].isdigit() else "%(instrument)s, %(article)s"
    return cited % {"instrument": name, "article": articles}
