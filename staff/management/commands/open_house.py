"""``manage.py open_house``: the first property, its first administrator and the link with which they enrol."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from audit.services import Refused
from staff.models import Person, Property
from staff.services.opening import open_house


class Command(BaseCommand):
    """Opens a new installation; refuses where a property exists."""

    help = "Found the first property and its first administrator, and print the enrolment link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the first property and the first person are called."""
        parser.add_argument("--code", required=True, help="code of the property, such as harbour")
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--name-zh", required=True)
        parser.add_argument("--time-zone", default="Asia/Shanghai")
        parser.add_argument("--jurisdiction", default="CN")
        parser.add_argument("--staff-number", required=True, help="what the administrator types to sign in")
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument("--address", default="http://localhost:8000", help="where the site is opened")

    def handle(self, *args: Any, **given: Any) -> None:
        """Check what was given, open the house, print the link."""
        property = {name: given[name] for name in ("code", "name_en", "name_zh", "time_zone", "jurisdiction")}
        person = {"staff_number": given["staff_number"].lower(), "name": given["name"]}
        try:
            Property(**property).full_clean(validate_unique=False)
            Person(**person).full_clean(exclude=["password", "kept_at"], validate_unique=False)
            token = open_house(property=property, person=person, at=timezone.now())
        except ValidationError as wrong:
            raise CommandError("; ".join(wrong.messages)) from wrong
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{given['address'].rstrip('/')}{reverse('enrol', kwargs={'token': token})}")
        self.stdout.write("The link works once, and for 72 hours.")
