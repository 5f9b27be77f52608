"""The demonstration loads, loads once, and is what the README says."""

from io import StringIO

import pytest
from django.core.management import call_command

from staff.models import Person, Property
from stays.models import Room, Stay
from vault.models import Subject


@pytest.mark.django_db
def test_demo_loads_once(settings):
    settings.DEMO = True
    said = StringIO()
    call_command("load_demo", stdout=said)
    print(said.getvalue())
    call_command("load_demo", stdout=StringIO())
    assert (Property.objects.count(), Room.objects.count()) == (3, 120)
    assert Subject.objects.filter(kind="guest").count() == 407
    print(Stay.objects.values_list("status").order_by().distinct().count(), Person.objects.count())
