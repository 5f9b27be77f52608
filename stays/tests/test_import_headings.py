"""Which column of a file holds what, by its heading."""

from typing import Any

import pytest
from django.utils.translation import override

from stays.forms.imported import BookingRow, GuestRow, RoomRow
from stays.services.importing.columns import FIELDS, guess_columns


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("kind", "form"), [("bookings", BookingRow), ("guests", GuestRow), ("rooms", RoomRow)])
def test_what_our_own_pages_call_a_column_is_known_as_its_heading(kind: str, form: Any, language: str) -> None:
    names = FIELDS[kind]
    with override(language):
        headings = [str(form.base_fields[name].label) for name in names]
    assert guess_columns(kind, headings) == {name: place for place, name in enumerate(names)}
