"""What the database holds of a second factor."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from staff.tests.factories import SECRET, PersonFactory
from staff.tests.signing_in import sign_in
from vault import services as vault

pytestmark = pytest.mark.django_db


def test_the_secret_of_an_app_is_stored_sealed() -> None:
    person = PersonFactory()
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data
    assert vault.open_credential(kept["secret"]) == SECRET
    assert json.dumps(kept).count(SECRET) == 0


def test_a_secret_that_is_only_shown_yet_waits_sealed_in_the_session(client: Client) -> None:
    person = PersonFactory(app=False)
    sign_in(client, person)
    secret = client.get("/me/second-factors/app/").context["secret"]
    assert json.dumps(dict(client.session)).count(secret) == 0
