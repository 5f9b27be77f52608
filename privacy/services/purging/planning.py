"""Planning the purge of a property's night: rows of a plan, written by the database itself from set-based SQL.

What a confidential hold covers is not planned at all, so that neither plan, skip list nor figures show it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from audit import services as audit
from privacy import actions
from privacy.duties import PURGE
from privacy.models import Purge, PurgeItem
from privacy.services.purging.candidates import Holds, candidates, unplanned
from privacy.services.purging.outlook import outlook
from privacy.services.purging.sources import Source, sources_of
from privacy.services.requests import system_at
from privacy.services.reviewing import today
from staff.models import Property
from staff.services import duties

_PLANNING_LOCK = 0x7075726765  # any constant of our own, with the property's id
# Of memory a step of a statement may take: what is known of a million guests otherwise goes to the disk and back in
# pieces, which took three times as long.
_ROOM = "128MB"


def night_of(house: Property, at: datetime) -> date:
    """The night whose purge is due at this moment: it begins some hours before the business day turns (a setting)."""
    begins = settings.BUSINESS_DAY_TURNS_AT_HOUR - settings.PURGE_HOURS_BEFORE_TURN
    return (house.local(at) - timedelta(hours=begins)).date()


def due_houses(at: datetime) -> list[Property]:
    """The properties whose night has come and is not planned yet."""
    planned = set(Purge.objects.filter(night__gte=at.date() - timedelta(days=2)).values_list("property_id", "night"))
    return [house for house in Property.objects.all() if (house.pk, night_of(house, at)) not in planned]


def plan_night(*, house: Property, at: datetime) -> list[Purge]:
    """Plan what ends at a property by today: a run that waits for a person, and one that does not. The system's deed.

    An earlier plan nobody approved is replaced, and nights that were missed are caught up, for all that is due by
    today is planned. Planned already, by this or another worker: nothing is done.
    """
    night = night_of(house, at)
    with transaction.atomic():
        _begin_planning(house)
        if Purge.objects.at(house).filter(night__gte=night).exists():
            return []
        last = Purge.objects.at(house).filter(asks=False).order_by("-night").first()
        missed = (night - last.night).days - 1 if last else 0
        _replace_earlier(house)
        found = _sources(house, night, at)
        runs = [_begin(house, night, missed, asks, at) for asks in (False, True)]
        _write_items(runs, found, at)
        for run in runs:
            _settle(run, at)
        runs[0].outlook = outlook(house, found, today(house, at), last=last.outlook if last else {})
        runs[0].save(update_fields=["outlook"])
        if runs[0].state == Purge.State.DONE:
            duties.report_done(code=PURGE, property=house, at=at)
    return runs


def _begin_planning(house: Property) -> None:
    """One worker at a time for a house, and room for it."""
    with connection.cursor() as cursor:
        lock = "SELECT pg_advisory_xact_lock(%s # %s)"
        cursor.execute(f"SET LOCAL work_mem = '{_ROOM}'; {lock}", [_PLANNING_LOCK << 20, house.pk])


def _sources(house: Property, night: date, at: datetime) -> list[Source]:
    """What may end; but guests to whom no stay leads only where no other house under the same law looked for them
    tonight: they belong to none, and to find them all envelopes are gone through."""
    found = sources_of(house, today(house, at))
    same_law = Property.objects.filter(jurisdiction=house.jurisdiction, region=house.region).exclude(pk=house.pk)
    if Purge.objects.filter(property__in=same_law, night=night).exists():
        return [source for source in found if source.is_of_house]
    return found


def _replace_earlier(house: Property) -> None:
    """A plan nobody approved gives way to this one; rows of runs that are over served their page until now."""
    Purge.objects.at(house).filter(state=Purge.State.PLANNED).update(state=Purge.State.REPLACED)
    over = Purge.objects.at(house).exclude(state__in=[Purge.State.WAITING, Purge.State.RUNNING]).values("pk")
    with connection.cursor() as cursor:
        sql, params = over.query.sql_with_params()
        cursor.execute(f"DELETE FROM privacy_purgeitem WHERE purge_id IN ({sql})", params)  # noqa: S608


def _begin(house: Property, night: date, missed: int, asks: bool, at: datetime) -> Purge:
    return Purge.objects.create(
        number=_next_number(), property=house, night=night, asks=asks, missed=missed, planned_at=at
    )


def _write_items(runs: Sequence[Purge], found: Sequence[Source], at: datetime) -> None:
    """Each source into the run that asks, or the one that does not."""
    house, holds = runs[0].property, Holds.at(at)
    # What is planned already is left out at last (OFFSET 0): PostgreSQL takes it for half of all, and went another way.
    for source in found:
        sql, params = candidates(source, house, at=at, holds=holds)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO privacy_purgeitem (purge_id, record, rule, outcome, skip, due_on, ref, envelope, stay)"  # noqa: S608
                f" SELECT %s, %s, %s, %s, c.skip, c.due_on, c.ref, c.envelope, c.stay FROM ({sql} OFFSET 0) c"
                f" WHERE {unplanned(source.record)} ORDER BY c.due_on, c.ref",
                [runs[source.asks].pk, source.record, source.rule, source.outcome, *params],
            )


def _settle(run: Purge, at: datetime) -> None:
    """Count the plan. Nothing to do is done; what asks nobody may begin at once."""
    run.counts = _counted(run)
    run.total = sum(line["count"] for line in run.counts if not line["skip"])
    if run.total == 0:
        run.state, run.final_at, run.finished_at = Purge.State.DONE, at, at
    elif not run.asks:
        run.state, run.final_at = Purge.State.WAITING, at
    run.save(update_fields=["counts", "total", "state", "final_at", "finished_at"])
    audit.record(
        actions.PURGE_PLANNED,
        who=system_at(run.property),
        object_type="purge",
        object_ref=run.number,
        detail={"count": run.total, "skipped": sum(line["count"] for line in run.counts if line["skip"])},
    )


def _counted(run: Purge) -> list[dict[str, Any]]:
    lines = PurgeItem.objects.filter(purge=run).order_by("record", "rule", "skip")
    counted = lines.values("record", "rule", "outcome", "skip").annotate(count=Count("pk"))
    return [dict(line) for line in counted]


def _next_number() -> str:
    """Such as ``P-000042``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('privacy_purge_number')")
        return f"P-{cursor.fetchone()[0]:06d}"
