"""Who acts, and rows of the log that need no database."""

from datetime import UTC, datetime
from uuid import UUID

import factory
from django.contrib.contenttypes.models import ContentType

from audit.models import Change, Event
from audit.services import Who, Why

SUBJECT = UUID("11111111-1111-4111-8111-111111111111")
COMPANION = UUID("22222222-2222-4222-8222-222222222222")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class WhoFactory(factory.Factory):
    """A clerk at the front desk of property 3."""

    class Meta:
        model = Who

    actor = 7
    role = "front_desk"
    property = 3


class WhyFactory(factory.Factory):
    """Guest service for one stay, the guest being in house."""

    class Meta:
        model = Why

    purpose = "guest_service"
    ref = "2026-000042"
    explained_by = "E1"


class EventFactory(factory.Factory):
    """A row as it would be read."""

    class Meta:
        model = Event

    at = NOON
    actor = 7
    actor_role = "front_desk"
    property = 3
    action = "log.read"
    outcome = "ok"
    purpose = ""
    purpose_ref = ""
    object_type = ""
    object_ref = ""
    subjects = factory.List([])
    fields = factory.List([])
    detail = factory.Dict({})


class ChangeFactory(factory.Factory):
    """A change to a group, as it would be read."""

    class Meta:
        model = Change

    actor_id = 7
    property = 3
    action = Change.Action.UPDATE
    content_type = factory.LazyFunction(lambda: ContentType(app_label="auth", model="group"))
    object_pk = "5"
    object_repr = "harbour:front_desk"
    changes = factory.Dict({"name": ["old", "new"]})
