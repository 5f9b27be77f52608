"""What is due about requests, found in the database each minute: the broker is only a bell."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from privacy import actions
from privacy.models import Check, Letter, Request, Step
from privacy.models.requests import NEEDS_NO_IDENTITY

AT_ONCE: Final = 200
REMINDED_BEFORE: Final = timedelta(days=3)
SOON, OVERDUE = "soon", "overdue"
CODE_STEPS: Final = (actions.CODE_ASKED, actions.CODE_SENT, actions.CODE_NOT_SENT)


def submissions_to_match(at: datetime) -> list[UUID]:
    """Requests from the public page whose stated facts nobody has compared yet."""
    checked = Check.objects.filter(request=OuterRef("pk"))
    found = Request.objects.open().filter(
        ~Exists(checked), channel=Request.Channel.WEB, state=Request.State.RECEIVED, verified_at__isnull=True
    )
    return _ids(found.exclude(kind__in=NEEDS_NO_IDENTITY))


def codes_to_send(at: datetime) -> list[UUID]:
    """Requests for which a code was asked and has neither gone out nor been found impossible."""
    last = Step.objects.filter(request=OuterRef("pk"), code__in=CODE_STEPS).order_by("-at", "-pk").values("code")[:1]
    open_ones = Request.objects.open().annotate(last_code_step=Subquery(last, output_field=CharField()))
    return _ids(open_ones.filter(last_code_step=actions.CODE_ASKED))


def acknowledgements_due(at: datetime) -> list[UUID]:
    """Open requests whose receipt was not acknowledged yet: at once, long before the working day is over."""
    return _ids(Request.objects.open().filter(acknowledged_at__isnull=True))


def extensions_to_tell(at: datetime) -> list[UUID]:
    """Open requests that were extended and whose letter about it does not exist yet."""
    told = Letter.objects.filter(request=OuterRef("pk"), kind=Letter.Kind.EXTENDED)
    return _ids(Request.objects.open().filter(~Exists(told), extended_at__isnull=False))


def reminders_due(at: datetime) -> list[tuple[UUID, str]]:
    """Requests whose day is near or past, and of which their officer was not reminded yet: id and stage."""
    today = timezone.localdate(at)
    near = Request.objects.due(at + REMINDED_BEFORE).select_related("property").order_by("due_on", "number")
    past = near.filter(~_reminded(OVERDUE), due_on__lt=today)[:AT_ONCE]
    # A business day goes on after midnight: the property's own calendar says which stage it is.
    ahead = near.filter(~_reminded(SOON), due_on__gte=today - timedelta(days=1))[:AT_ONCE]
    late = [(request.pk, OVERDUE) for request in past if _is_late(request, at)]
    return late + [(request.pk, SOON) for request in ahead if not _is_late(request, at)]


def _is_late(request: Request, at: datetime) -> bool:
    return request.is_overdue(request.property.today(at))


def _reminded(stage: str) -> Q:
    steps = Step.objects.filter(request=OuterRef("pk"), code=actions.REQUEST_REMINDED, detail__stage=stage)
    return Q(Exists(steps))


def _ids(found: QuerySet[Request]) -> list[UUID]:
    return list(found.order_by("received_at").values_list("pk", flat=True)[:AT_ONCE])
