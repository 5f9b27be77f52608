"""Unfinished forms: sealed, one's own, gone after a day."""

from datetime import timedelta

import pytest

from audit.models import Event
from staff.permissions import NotAllowed
from stays import services
from stays.models import Draft
from stays.tests.factories import AT, make_person
from vault.models import Envelope

pytestmark = pytest.mark.django_db

TYPED = {"name": "欧阳海棠", "people": ["1", "2"]}


def save(actor, content=None, at=AT, about=""):
    return services.save_draft(
        actor=actor, property=actor.kept_at, form="check-in", about=about, content=content or TYPED, at=at
    )


def read(actor, at=AT, about=""):
    return services.read_draft(actor=actor, property=actor.kept_at, form="check-in", about=about, at=at)


def test_draft_comes_back_as_typed(clerk):
    save(clerk)
    save(clerk, {**TYPED, "name": "欧阳"})
    assert (read(clerk), Draft.objects.count()) == ({**TYPED, "name": "欧阳"}, 1)
    rows = Event.objects.filter(object_type="draft").order_by("id").values_list("action", flat=True)
    assert list(rows) == ["draft.saved", "draft.read"]


def test_draft_is_ones_own_and_of_its_form(clerk, house):
    save(clerk)
    colleague = make_person(house, "front_desk")
    assert (read(colleague), read(clerk, about="2026-000001")) == (None, None)


def test_discarding_erases(clerk, house):
    draft = save(clerk)
    assert services.discard_draft(actor=clerk, property=house, form="check-in") is True
    assert services.discard_draft(actor=clerk, property=house, form="check-in") is False
    assert (read(clerk), Envelope.objects.get(pk=draft.envelope_id).erased_at is None) == (None, False)


def test_old_drafts_are_forgotten_and_younger_ones_kept(clerk):
    old = save(clerk, at=AT - timedelta(hours=25))
    save(clerk, about="2026-000001", at=AT - timedelta(hours=1))
    assert read(clerk, at=AT) is None
    assert [services.forget_old_drafts(at=AT) for _time in range(2)] == [1, 0]
    assert Envelope.objects.get(pk=old.envelope_id).erased_at is not None
    assert list(Draft.objects.values_list("about", flat=True)) == ["2026-000001"]


def test_drafts_are_for_the_desk(house):
    with pytest.raises(NotAllowed):
        save(make_person(house, "finance"))
