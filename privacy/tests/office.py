"""What tests of the office's pages share: somebody's browser, in English."""

from django.test import Client

from staff.models import Person, Property
from staff.tests.signing_in import sign_in


def on_duty(person: Person, house: Property) -> Client:
    """A browser of its own with the person on duty."""
    person.language = "en"
    person.save(update_fields=["language"])
    return sign_in(Client(), person, house)


def answers(path: str, house: Property, *people: Person, method: str = "get") -> list[int]:
    """What each of these people, on duty at the property they belong to, is answered."""
    return [getattr(on_duty(person, person.kept_at or house), method)(path).status_code for person in people]
