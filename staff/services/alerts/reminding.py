"""The evening's mail: one a day to each person whose access was doubtful, or who was asked (audit.md)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from audit import services as audit
from staff.actions import REMINDERS_MAILED
from staff.models import Alert, AlertQuerySet, Person, Property, Reminder
from staff.services.alerts.mailing import mail_questions

EVENING_HOUR: Final = 18
ONCE_IN: Final = timedelta(hours=12)


def mail_reminders(*, at: datetime) -> int:
    """Mail everybody of a property where it is evening what waits for them; how many people were told.

    Counts and pages only. Each row is told once, nobody twice in a day; when the mail server is away, the next minute
    tries again. Who has no address finds the questions on their page all the same.
    """
    places = [house.pk for house in Property.objects.all() if house.local(at).hour >= EVENING_HOUR]
    reminders = Reminder.objects.filter(mailed_at=None, property__in=places)
    asked = Alert.objects.undecided().filter(asked_at__isnull=False, mailed_at=None, property__in=places)
    lines = Counter(reminders.values_list("person", flat=True))
    questions = Counter(asked.values_list("actor", flat=True))
    waiting = Person.objects.filter(pk__in=lines.keys() | questions.keys(), is_active=True).exclude(email="")
    told = [
        person
        for person in waiting.exclude(pk__in=_told_today(at))
        if mail_questions(person, lines=lines[person.pk], questions=questions[person.pk])
    ]
    for person in told:
        _note(person, reminders, asked, at)
    return len(told)


def _told_today(at: datetime) -> set[int | None]:
    since = at - ONCE_IN
    reminded = {reminder.person_id for reminder in Reminder.objects.filter(mailed_at__gt=since)}
    return {*reminded, *(alert.actor_id for alert in Alert.objects.filter(mailed_at__gt=since))}


@transaction.atomic
def _note(person: Person, reminders: QuerySet[Reminder], asked: AlertQuerySet, at: datetime) -> None:
    lines = reminders.filter(person=person).update(mailed_at=at)
    questions = asked.filter(actor=person).update(mailed_at=at)
    audit.record(
        REMINDERS_MAILED,
        who=audit.SYSTEM,
        object_type="person",
        object_ref=person.staff_number,
        detail={"count": lines, "questions": questions},
    )
