"""What the database holds of a second factor."""

import json

import pytest
from allauth.mfa.models import Authenticator

from staff.tests.factories import SECRET, PersonFactory
from vault import services as vault

pytestmark = pytest.mark.django_db


def test_the_secret_of_an_app_is_stored_sealed() -> None:
    person = PersonFactory()
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data
    assert vault.open_credential(kept["secret"]) == SECRET
    assert json.dumps(kept).count(SECRET) == 0
