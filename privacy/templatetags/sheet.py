"""Tags and filters of the rows of a decision sheet: what, why, what happens to it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from privacy.letters.parts import PARTS
from privacy.models import Item, Request
from privacy.policy import citing, words
from privacy.policy.blockers import Block
from privacy.policy.rules import Rule
from staff.templatetags.house import chip
from staff.wording import drawn_once, found_once
from vault.categories import CLASS_OF

register = template.Library()

TONES: Final = {
    Item.Outcome.ERASE: "done",
    Item.Outcome.OTHERS_PART: "done",
    Item.Outcome.RESTRICT: "today",
    Item.Outcome.NOT_NOW: "quiet",
}


@register.filter
def outcome_words(outcome: str) -> str:
    """What happens to a row."""
    return str(Item.Outcome(outcome).label)


@register.filter
@found_once
def data_class(category: str) -> str:
    """The class of a category of data."""
    return str(CLASS_OF[category].label)


@register.filter
def against(blockers: Iterable[str]) -> tuple[str, ...]:
    """What stands against the erasure of a row, what decided first. That copies are in backups holds for every row."""
    order = sorted(set(blockers) - {Block.IN_BACKUPS}, key=lambda code: (code == Block.OTHERS_DATA, code))
    return tuple(str(words.BLOCKERS.get(code, code)) for code in order)


@register.filter
def grounds(codes: Iterable[str]) -> list[str]:
    """What speaks for the erasure of a row."""
    return [str(words.GROUNDS.get(code, code)) for code in codes]


@register.filter
def why(item: Item, rules: Mapping[int, Rule]) -> SafeString:
    """What stands against the erasure of a row, or else for it, and the rule."""
    codes = {"blockers": tuple(item.blockers), "grounds": tuple(item.grounds), "rule": rule_of_row(item, rules)}
    return drawn_once("privacy/_item_why.html", **codes)


@register.filter
def rule_of_row(item: Item, rules: Mapping[int, Rule]) -> str:
    """The retention rule of a row (``sheets.rules_of``); its code alone where it is no longer in force."""
    return rule_told(rules[item.pk]) if item.pk in rules else item.rule


@register.filter
def rule_words(code: str, rules: Mapping[str, Rule]) -> str:
    """The retention rule of a code among these; its code alone where it is none of them."""
    return rule_told(rules[code]) if code in rules else code


@register.filter
def rule_told(rule: Rule) -> str:
    """A retention rule: its period, and where it stands."""
    return " · ".join(part for part in (citing.lasts(rule), citing.source(rule)) if part)


@register.filter
@found_once
def part_of_record(category: str) -> str:
    """A row of the sheet, in the words of the letter."""
    return str(PARTS[category])


@register.filter
def stay_of_request(reference: str, asked: Request) -> SafeString:
    """The stay of a row; while the request is open with the way to its page, for the purpose of the request."""
    return _stay_link(reference, asked.number) if asked.is_open else escape(reference)


@found_once
def _stay_link(reference: str, number: str) -> SafeString:
    address = f"{reverse('stay', args=[reference])}?purpose=request&purpose_ref={number}"
    return format_html('<a href="{}">{}</a>', address, reference)


@register.simple_tag
def outcome_chip(item: Item, chosen: str) -> SafeString:
    """What happens to a row, and until when."""
    return _outcome_chip(Item.Outcome(chosen), timezone.localdate(item.until) if item.until else None)


@register.filter
def how_chosen(item: Item) -> SafeString:
    """Whether what happens to a row is done, proposed, or chosen otherwise and why."""
    done_on = timezone.localdate(item.done_at) if item.done_at else None
    codes = {"done_on": done_on, "chosen": item.chosen, "proposed": item.proposed, "reason": item.override_reason}
    return drawn_once("privacy/_item_how.html", **codes)


@found_once
def _outcome_chip(outcome: Item.Outcome, until: date | None) -> SafeString:
    text = str(outcome.label)
    if until and outcome in (Item.Outcome.RESTRICT, Item.Outcome.NOT_NOW):
        text = _("%(outcome)s until %(day)s") % {"outcome": text, "day": date_format(until, "DATE_FORMAT")}
    return chip(text, TONES.get(outcome, ""))
