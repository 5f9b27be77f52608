"""What django-auditlog notices stands in our own table, with our own actor, session and number."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from auditlog.registry import auditlog
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from audit import actions, trace
from audit import services as audit
from audit.changes import log_changes_of
from audit.middleware import ChangeLog
from audit.models import Change, Event
from audit.tests.factories import WhoFactory

pytestmark = pytest.mark.django_db


def notice(**facts: Any) -> Change:
    """What auditlog does when a group has changed."""
    change: Change = Change.objects.log_create(
        Group(pk=5, name="harbour:front_desk"),
        action=Change.Action.UPDATE,
        changes={"name": ["old", "new"]},
        **facts,
    )
    return change


def test_the_whole_change_is_what_was_noticed() -> None:
    session_ref, request_id = uuid4(), uuid4()
    current = trace.begin(session_ref, request_id)
    current.actor, current.property = 7, 3
    change = notice()
    values = Change.objects.filter(pk=change.pk).values().get()
    assert {name: value for name, value in values.items() if name not in ("id", "timestamp")} == {
        "v": 1,
        "content_type_id": ContentType.objects.get_for_model(Group).pk,
        "object_pk": "5",
        "object_id": 5,
        "object_repr": "harbour:front_desk",
        "serialized_data": None,
        "action": Change.Action.UPDATE,
        "changes_text": "",
        "changes": {"name": ["old", "new"]},
        "actor_id": 7,
        "property": 3,
        "session_ref": session_ref,
        "request_n": current.request_n,
        "cid": str(request_id),
        "remote_addr": None,
        "remote_port": None,
        "additional_data": None,
        "actor_email": None,
    }


def test_a_change_and_a_row_of_one_request_share_its_number() -> None:
    trace.begin()
    change = notice()
    ref = audit.record(actions.LOG_READ, who=WhoFactory())
    assert Event.objects.get(ref=ref).request_n == change.request_n


def test_a_change_belongs_to_the_property_of_the_thing() -> None:
    current = trace.begin()
    current.property = 3
    room = Group(pk=5, name="0812")
    room.property_id = 4  # type: ignore[attr-defined]
    change = Change.objects.log_create(room, action=Change.Action.UPDATE, changes={"name": ["old", "new"]})
    assert change.property == 4


def test_outside_of_requests_nobody_is_the_actor() -> None:
    change = notice()
    assert (change.actor_id, change.property, change.cid) == (None, None, None)


def test_nothing_else_writes_changes() -> None:
    change = Change(content_type_id=1, object_pk="1", object_repr="x", action=0, request_n=1)
    with pytest.raises(DatabaseError, match="permission denied"):
        change.save()


@pytest.fixture
def logged_groups() -> Iterator[None]:
    """Groups are registered for the length of a test."""
    log_changes_of(Group, "name")
    yield
    auditlog.unregister(Group)


@pytest.mark.usefixtures("logged_groups")
def test_auditlog_notices_what_is_created_and_changed_but_no_update_of_many() -> None:
    current = trace.begin()
    current.actor = 7
    group = Group.objects.create(name="night desk")
    group.name = "day desk"
    group.save()
    Group.objects.filter(pk=group.pk).update(name="desk")
    found = Change.objects.filter(object_pk=str(group.pk), actor=7).order_by("id")
    assert [(change.action, change.changes) for change in found] == [
        (Change.Action.CREATE, {"name": ["None", "night desk"]}),
        (Change.Action.UPDATE, {"name": ["night desk", "day desk"]}),
    ]


def answer(request: HttpRequest) -> HttpResponse:
    """A view that changes something."""
    change = notice()
    return HttpResponse(f"{change.actor_id} {change.property} {change.cid}")


def test_the_actor_is_the_signed_in_person_and_never_the_clients_word() -> None:
    request_id = uuid4()
    trace.begin(None, request_id)
    request = RequestFactory().post("/", headers={"X-Correlation-Id": "mine", "X-Forwarded-For": "192.0.2.7"})
    request.user = SimpleNamespace(is_authenticated=True, pk=7)  # type: ignore[assignment]
    assert ChangeLog(answer)(request).content.decode() == f"7 None {request_id}"
    assert notice().actor_id is None


def test_a_guest_on_a_public_page_is_nobody() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    begun = ChangeLog(answer)(request).content.decode()
    assert begun == f"None None {trace.request_id()}"
