"""A small world for whole-system tests, made once for each module that asks for it.

It is looked up when a fixture runs: pytest may read this file before Django is set up.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from hotelrecords.embedded.testing import TestBed

if TYPE_CHECKING:
    from hotelrecords.tests.world import World


@pytest.fixture(scope="module")
def settled_world(test_bed: TestBed, django_db_setup: None, django_db_blocker: object) -> Iterator["World"]:
    """The world in a database of its own, to which Django is connected while the module lasts."""
    name = test_bed.fresh_copy()
    default = connections["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        default.close()
        usual, default.settings_dict["NAME"] = default.settings_dict["NAME"], name
        try:
            world = import_module("hotelrecords.tests.world").build()
            with test_bed.cluster.superuser(name) as session, session.cursor() as cursor:
                # Only the keeper opens lapses.
                cursor.execute(
                    "INSERT INTO staff_lapse (duty_id, kind, found_at, cause, measure, words)"
                    " VALUES (%s, 'late', now(), '', '', '')",
                    [world.duty.pk],
                )
            yield world
        finally:
            default.close()
            default.settings_dict["NAME"] = usual
            test_bed.drop(name)


@pytest.fixture
def world(settled_world: "World", db: None) -> "World":
    """The world; what a test changes in it is rolled back."""
    return settled_world
