"""A security key in software: what a browser would post for it."""

import json
from hashlib import sha256

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from staff.models import Person

RP = sha256(b"testserver").digest()
FLAG = AuthenticatorData.FLAG


class SoftKey:
    """A key registered to a person; it says whether its holder gave a PIN or a finger."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = person.staff_number.encode().ljust(16, b"-")
        public = ES256.from_cryptography_key(self.secret.public_key())
        data = AuthenticatorData.create(
            RP, FLAG.UP | FLAG.AT, 0, AttestedCredentialData.create(bytes(16), self.id, public)
        )
        made = {
            "clientDataJSON": self._client_data("webauthn.create", ""),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        }
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": self._posted(made)}
        )

    def answer(self, challenge: str, *, is_verified: bool) -> str:
        """The answer to a challenge, as the form's field holds it."""
        data = bytes(AuthenticatorData.create(RP, FLAG.UP | FLAG.UV if is_verified else FLAG.UP, 1))
        told = self._client_data("webauthn.get", challenge)
        signed = data + sha256(self._raw(told)).digest()
        said = {
            "clientDataJSON": told,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.secret.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(user_pk_to_url_str(self.person).encode()),
        }
        return json.dumps(self._posted(said))

    def _posted(self, response: dict[str, str]) -> dict[str, object]:
        own = websafe_encode(self.id)
        return {"id": own, "rawId": own, "type": "public-key", "clientExtensionResults": {}, "response": response}

    def _client_data(self, kind: str, challenge: str) -> str:
        told = {"type": kind, "challenge": challenge, "origin": "https://testserver", "crossOrigin": False}
        return websafe_encode(json.dumps(told).encode())

    def _raw(self, text: str) -> bytes:
        decoded: bytes = websafe_decode(text)
        return decoded
