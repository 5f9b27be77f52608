"""After a rule changed: what was locked away under the version before follows the new one, from its first day on."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from audit import services as audit
from privacy import actions
from privacy.models import RuleChange
from privacy.policy.periods import rules_over
from privacy.policy.rules import DEFAULT_JURISDICTION, RECORD_OF, Record
from privacy.services import ending_restrictions, law, requests
from privacy.services.record_days import SOURCES, Sql, due_on_sql
from privacy.services.restricting import restricting_items
from privacy.services.reviewing import today
from privacy.services.rules.lines import line_of
from staff.models import Property
from vault import services as vault

AT_ONCE: Final = 500  # working copies let back in one go


def follow_changes(*, at: datetime) -> int:
    """Reckon anew what rules that have come into force have moved; returns how many rows and working copies.

    Restrictions of requests get the day of the new version, and end where that is past; working copies of the register
    that were locked away too early by the new version are let back. The system's deed; safe to repeat.
    """
    moved = 0
    for change in RuleChange.objects.to_follow(at.date()).select_related("property", "made").order_by("decided_at"):
        if change.made and change.made.in_force_from and change.made.in_force_from <= today(change.property, at):
            moved += _follow(change, at)
    return moved


def changes_since(house: Property, *, since: datetime, until: datetime) -> list[RuleChange]:
    """The changes of rules that came into force for a property after one moment and up to another."""
    first, last = today(house, since), today(house, until)
    here = Q(jurisdiction=house.jurisdiction, region__in=["", house.region])
    approved = RuleChange.objects.filter(here | Q(jurisdiction=DEFAULT_JURISDICTION, region=""), made__isnull=False)
    later = Q(made__in_force_from__gt=first) | Q(made__in_force_from=first, decided_at__gt=since)
    return list(approved.filter(later, made__in_force_from__lte=last).select_related("made").order_by("decided_at"))


def _follow(change: RuleChange, at: datetime) -> int:
    moved = sum(ending_restrictions.reckon_anew(request, at=at) for request in _requests(change))
    if change.record == Record.REGISTER_COPY:
        moved += sum(_let_back(house, at) for house in Property.objects.filter(jurisdiction=change.jurisdiction))
    with transaction.atomic():
        locked = RuleChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if locked.followed_at is None:
            locked.followed_at = at
            locked.save(update_fields=["followed_at"])
            who = requests.system_at(change.property)
            detail = {"count": moved, "change": change.pk}
            about: dict[str, Any] = {"object_type": "rule", "object_ref": line_of(change)}
            audit.record(actions.RULE_FOLLOWED, who=who, detail=detail, **about)
    return moved


def _requests(change: RuleChange) -> list[UUID]:
    categories = [category for category, record in RECORD_OF.items() if record == change.record]
    items = restricting_items().filter(category__in=categories).order_by("request__received_at")
    return list(dict.fromkeys(items.values_list("request", flat=True)))


def _let_back(house: Property, at: datetime) -> int:
    """Open the working copies of a property again whose period, as it is now, has not ended."""
    on, opened = today(house, at), 0
    known = law.rules_of_the_house(on=on)
    place: dict[str, Any] = {"jurisdiction": house.jurisdiction, "region": house.region}
    found = rules_over(known, record=Record.REGISTER_COPY, **place)
    while found:
        with transaction.atomic():
            early = _locked_too_early(house, due_on_sql(found), on)
            if not early:
                break
            opened += vault.restrict_envelopes(early, until=None, who=requests.system_at(house))
    return opened


def _locked_too_early(house: Property, due: Sql, on: date) -> list[UUID]:
    """Registers locked away by no request whose working copy is not over yet."""
    sql, params = due
    items, item_params = restricting_items().values("envelope").query.sql_with_params()
    source = SOURCES[Record.REGISTER]
    text = f"""
        SELECT r.envelope FROM ({source}) r JOIN vault_envelope v ON v.id = r.envelope
        WHERE r.property = %s AND v.restricted_until IS NOT NULL AND ({sql}) >= %s AND r.envelope NOT IN ({items})
        LIMIT {AT_ONCE}
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [house.pk, *params, on, *item_params])
        return [envelope for (envelope,) in cursor.fetchall()]
