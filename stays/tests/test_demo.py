"""The demonstration: what it holds, that it loads once, and that nothing personal stands outside the vault."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from audit.services import Why
from staff.models import Person, Property
from stays import documents, services
from stays.demo import plans
from stays.models import DeskCase, Notice, ReviewRule, Room, Stay
from vault.models import Subject

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    call_command("load_demo", stdout=StringIO())


def test_it_holds_what_the_readme_says(demo):
    assert (Property.objects.count(), Room.objects.count(), Person.objects.count()) == (3, 120, 19)
    assert Subject.objects.filter(kind="guest").count() == 407
    assert set(Stay.objects.values_list("status", flat=True)) == set(Stay.Status.values)
    assert (Notice.objects.count(), ReviewRule.objects.count(), DeskCase.objects.count()) == (1, 12, 18)


def test_who_is_expected_has_booked(demo):
    expected = Stay.objects.filter(status="expected").order_by()
    assert set(expected.values_list("origin", flat=True)) == {"direct", "agency", "corporate"}


def test_second_run_changes_nothing(demo):
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert ("already" in said.getvalue(), Property.objects.count()) == (True, 3)


def test_it_is_refused_where_demo_is_off(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo")


def test_each_desk_has_work_today(demo):
    for code in ("harbour", "lake", "station"):
        clerk, house = Person.objects.get(staff_number=f"{code}-desk"), Property.objects.get(code=code)
        lists = services.list_stays(actor=clerk, property=house, why=WHY, at=timezone.now())
        assert min(lists.arrivals, lists.in_house, lists.departures) > 0
        assert [each.title for each in lists.rows if not each.title] == []


def test_guests_are_the_same_each_time_and_their_documents_right():
    today = timezone.now().date()
    guests = plans.make_guests(today)
    assert guests == plans.make_guests(today)
    wrong = [
        each.document
        for each in guests
        if documents.read_document(each.document.document_type, each.document.document_number, today).warnings
    ]
    assert wrong == []
    numbers = [each.document.document_number for each in guests]
    assert len(set(numbers)) == len(numbers)


def test_nothing_of_any_guest_stands_outside_the_vault(demo):
    clerk, house = Person.objects.get(staff_number="harbour-desk"), Property.objects.get(code="harbour")
    at = timezone.now()
    services.find_stays(actor=clerk, property=house, term_text="13900001234", why=WHY, at=at + timedelta(seconds=1))
    guests = plans.make_guests(at.date())
    values = {value for each in guests for value in (*each.guest.names.values(), *each.guest.contact.values()) if value}
    values |= {each.document.document_number for each in guests}
    written = "\n".join(text for table in _tables() for text in _rows(table))
    assert sorted(value for value in values if value in written) == []


def _tables():
    """Every table of the database but the staff's names, which are not guests'."""
    return sorted({model._meta.db_table for model in apps.get_models() if model is not Person})


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", ['"' + table + '"'])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(f'SELECT t::text FROM "{table}" t')
        return [found[0] for found in cursor.fetchall()]
