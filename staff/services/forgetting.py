"""Ending by itself what nobody ended: old sessions, shifts, links."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from staff.models import Enrolment, Shift
from staff.services.shifts import close_shift


def forget_what_ran_out(*, at: datetime) -> None:
    """Delete expired sessions, their list entries and links past their time; close shifts older than any session."""
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Enrolment.objects.filter(expires_at__lt=at).delete()
    left_open = Shift.objects.filter(closed_at=None, opened_at__lt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    for shift in left_open.select_related("person", "property"):
        close_shift(shift=shift, at=at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache_entry WHERE expires < %s", [at])
