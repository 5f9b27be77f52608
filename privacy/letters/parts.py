"""The decision as the letter tells it: what was done with each part of the record, until when, and why."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import registry
from privacy.letters.matter import Matter, said
from privacy.models import Item, Request
from privacy.policy import deciding, words
from privacy.policy.rules import Rule
from stays.papers.blocks import Block, Heading, Table, Text
from vault.categories import Category

PARTS: Final[dict[str, Promise]] = {
    Category.NAME: gettext_lazy("Name"),
    Category.CONTACT: gettext_lazy("Contact details"),
    Category.REGISTER: gettext_lazy("Guest register"),
    Category.PAYMENT: gettext_lazy("Bill and payment"),
    Category.PREFERENCE: gettext_lazy("Preferences"),
    Category.NOTE: gettext_lazy("Notes and special requests"),
    Category.DRAFT: gettext_lazy("Unfinished form"),
}
# Shares of the columns: stays alone, and stays that have each its own day in one line with it.
WIDTHS: Final = (9, 25, 26, 70)
WIDTHS_WITH_DAYS: Final = (8, 21, 48, 53)
_ORDER: Final = (
    Item.Outcome.ERASE,
    Item.Outcome.OTHERS_PART,
    Item.Outcome.RESTRICT,
    Item.Outcome.NOT_NOW,
    Item.Outcome.KEEP,
)
# What restriction and objection lead to has sentences of its own (``policy.answering``).
_ANSWERED: Final[dict[str, str]] = {
    Item.Outcome.RESTRICT: "restricted_on_request",
    Item.Outcome.NOT_NOW: "needed_for_stay",
    Item.Outcome.KEEP: "duty_goes_on",
}
_BACKUPS: Final = "backups_roll_off"
_NAMES_A_DAY: Final = frozenset({"register_until", "law_until", "lower_until"})


class Sort(NamedTuple):
    """What rows have in common that stand together in one line of the letter."""

    order: tuple[int, int]
    category: str
    wording: str
    ground: str
    rule: str
    also: tuple[str, ...]


def parts_table(matter: Matter) -> list[Block]:
    """The table of what was decided, part by part, and what follows from it; nothing where there are no rows."""
    sorts = _sorted(matter)
    if not sorts:
        return []
    rows = [(str(n), *_row(matter, sort, items)) for n, (sort, items) in enumerate(sorts, start=1)]
    head = (_("No."), _("Part of the record"), _("Stay"), _("What happens to it, and why"))
    table: list[Block] = [Heading(_("What was decided, part by part")), Table(head, tuple(rows), _widths(sorts))]
    return [*table, *_meant(sorts), *_elsewhere(matter, sorts)]


def _widths(sorts: Sequence[tuple[Sort, list[Item]]]) -> tuple[int, ...]:
    days = [{item.until for item in items if item.until} for _sort, items in sorts]
    return WIDTHS_WITH_DAYS if any(len(each) > 1 for each in days) else WIDTHS


def wording_of(item: Item, wanted: str) -> str:
    """The code of the sentence (``policy.words``) for a row, from its choice and what may be shown of it."""
    outcome = item.chosen or item.proposed
    if wanted != Request.Kind.DELETION and outcome in _ANSWERED:
        return _ANSWERED[outcome]
    code = deciding.wording(outcome, item.blockers, category=item.category, has_end=item.until is not None)
    return "locked" if code in _NAMES_A_DAY and item.until is None else code


def _sorted(matter: Matter) -> list[tuple[Sort, list[Item]]]:
    found: dict[Sort, list[Item]] = defaultdict(list)
    for item in matter.items:
        found[_sort(matter, item)].append(item)
    return sorted(found.items(), key=lambda pair: pair[0])


def _sort(matter: Matter, item: Item) -> Sort:
    outcome = item.chosen or item.proposed
    place = {"category": item.category, "jurisdiction": matter.jurisdiction}
    code = wording_of(item, matter.request.wanted)
    return Sort(
        order=(_ORDER.index(Item.Outcome(outcome)), list(PARTS).index(item.category)),
        category=item.category,
        wording=code,
        ground=item.grounds[0] if item.grounds and words.TOPIC_OF[code] == "deletion" else "",
        rule=item.rule if outcome == Item.Outcome.RESTRICT else "",
        also=deciding.also(outcome, item.blockers, **place),
    )


def _row(matter: Matter, sort: Sort, items: Sequence[Item]) -> tuple[str, str, str]:
    days = {item.pk: matter.request.property.local(item.until).date() for item in items if item.until}
    review = matter.today + timedelta(days=deciding.REVIEW_DAYS)
    told = [words.say(sort.wording, until=max(days.values(), default=review)), _basis(matter, sort)]
    several = len(set(days.values())) > 1
    if several:
        told.append(_("Each stay has its own day, which stands beside its number; the last one is named here."))
    rule = matter.rules.get(sort.rule)
    return str(PARTS[sort.category]), _stays(items, days if several else {}), "\n".join([*told, *_ruled(rule)])


def _basis(matter: Matter, sort: Sort) -> str:
    article = words.article_of(sort.wording, matter.jurisdiction, ground=sort.ground)
    if sort.ground:
        return _("Ground: %(ground)s (%(article)s).") % {"ground": words.GROUNDS[sort.ground], "article": article}
    return _("Basis: %(article)s.") % {"article": article}


def _stays(items: Sequence[Item], days: dict[int, date]) -> str:
    lines = {
        item.stay.reference: _("%(stay)s until %(day)s") % {"stay": item.stay.reference, "day": said(days[item.pk])}
        if item.pk in days
        else item.stay.reference
        for item in items
        if item.stay is not None
    }
    return "\n".join(lines.values())


def _ruled(rule: Rule | None) -> list[str]:
    """The rule that sets the period, with its source; and that the number is our own, where nobody confirmed it."""
    if rule is None:
        return []
    facts = {
        "code": rule.code,
        "source": words.instrument(rule.instrument),
        "article": rule.article,
        "period": words.period(rule.number, rule.unit),
        "start": words.STARTS[rule.start],
    }
    cited = _("Rule %(code)s: %(source)s, article %(article)s; %(period)s %(start)s.")
    uncited = _("Rule %(code)s: our own; %(period)s %(start)s.")
    told = (cited if rule.instrument and rule.article else uncited) % facts
    own = _("No period is confirmed for this place yet; the period of this rule is our own.")
    return [told] if rule.is_confirmed else [told, own]


def _meant(sorts: Sequence[tuple[Sort, list[Item]]]) -> list[Block]:
    """What becomes of copies in backups, where something is erased."""
    if not any(_BACKUPS in sort.also for sort, _items in sorts):
        return []
    return [Heading(_("What “erased” means")), Text(words.say(_BACKUPS))]


def _elsewhere(matter: Matter, sorts: Sequence[tuple[Sort, list[Item]]]) -> list[Block]:
    """What another controller holds, and who was told."""
    codes = dict.fromkeys(code for sort, _items in sorts for code in sort.also if code != _BACKUPS)
    told = [words.say(code) for code in codes]
    if matter.told:
        names = registry.listed(matter.told)
        told.append(_("We told those who process data for us to do the same: %(names)s.") % {"names": names})
    return [Heading(_("What others hold")), *(Text(each) for each in told)] if told else []
