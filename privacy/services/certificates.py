"""Erasure certificates: what was erased as keyed hashes and counts, signed so that anybody can check it offline.

Ed25519 (RFC 8032) over canonical JSON: keys sorted, no spaces, UTF-8, integers and texts only. One secret in the key
folder gives two keys by HKDF-SHA256 (RFC 5869): one signs, the other marks envelopes (HMAC-SHA256, RFC 2104), so that
a certificate leads nobody to an envelope who has no access to the key.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection

from audit import services as audit
from audit.models import Statement
from audit.notes import Proof
from audit.proving import proof_of
from privacy import actions
from privacy.models import Certificate, Purge, Request
from privacy.policy.rules import Record
from staff.models import Property
from vault import keys

VERSION: Final = 1
MOST_KEYS: Final = 999_999  # a name has six digits
PURGE: Final = "purge"  # the reason of a receipt: the house's own rules, nobody's request
_LABEL: Final = "hotelrecords/certificate/1/"
_RESTRICTED: Final = (Record.REGISTER_COPY,)
_REDUCED: Final = (Record.BILL,)


def sign_certificate(
    *,
    property: Property,
    request: Request | None,
    reason: str,
    erased: Mapping[UUID, str],
    restricted: Iterable[str] = (),
    who: audit.Who,
    at: datetime,
) -> Certificate:
    """Certify an erasure in the transaction that carries it out. ``erased``: category by envelope; ``restricted``:
    the categories of what was locked instead; ``reason``: a code.

    Raises ``vault.keys.KeyUnknown`` where the house has no key for it: then nothing is erased either.
    """
    reference = require_key()
    facts = {
        "erased": dict(Counter(map(str, erased.values()))),
        "restricted": dict(Counter(map(str, restricted))),
        "envelopes": sorted(marks(erased, reference)),
    }
    certificate = _sign(property, request, reason, facts, who, at)
    _record(certificate, who, len(erased))
    return certificate


def sign_receipt(*, purge: Purge, done: Mapping[str, int], who: audit.Who, at: datetime) -> Certificate:
    """Certify a run of the purge in the transaction that closes it: counts by record, and a mark of each batch.

    ``done``: how many rows of each record. Raises ``vault.keys.KeyUnknown``.
    """
    ended = {record: count for record, count in done.items() if record not in (*_RESTRICTED, *_REDUCED)}
    facts = {
        "purge": purge.number,
        "night": purge.night.isoformat(),
        "erased": ended,
        "restricted": {record: done[record] for record in _RESTRICTED if record in done},
        "reduced": {record: done[record] for record in _REDUCED if record in done},
        "batches": list(purge.batches.exclude(mark="").values_list("mark", flat=True)),
    }
    certificate = _sign(purge.property, None, PURGE, facts, who, at)
    _record(certificate, who, sum(done.values()))
    return certificate


def require_key() -> str:
    """The key certificates are signed with now. Raises ``vault.keys.KeyUnknown`` where the house has none."""
    reference, _secret = keys.certificate_secret()
    return reference


def mark_of(envelopes: Iterable[UUID]) -> str:
    """One mark of many envelopes, whatever their order: HMAC-SHA256 of their sorted ids in hex."""
    ids = b"".join(sorted(envelope.bytes for envelope in envelopes))
    return hmac.digest(_derived(require_key(), "mark"), ids, "sha256").hex()


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def marks(envelopes: Iterable[UUID], key_id: str) -> dict[str, UUID]:
    """Envelopes by what a certificate names them: HMAC-SHA256 of the id in hex, under the key of marks."""
    key = _derived(key_id, "mark")
    return {hmac.digest(key, envelope.bytes, "sha256").hex(): envelope for envelope in envelopes}


def public_key_hex(key_id: str) -> str:
    """The public key certificates of this key are checked with; the house publishes it."""
    return _signing_key(key_id).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def published_key(number: int) -> str:
    """The public key of this number, for everybody. Raises ``vault.keys.KeyUnknown``."""
    if number > MOST_KEYS:
        raise keys.KeyUnknown("no house has had so many keys of certificates")
    return public_key_hex(f"{keys.CERTIFICATE}-{number:06d}.key")


def number_of(key_id: str) -> int:
    """The number under which a key is published."""
    return int(key_id.removeprefix(f"{keys.CERTIFICATE}-").removesuffix(".key"))


def is_genuine(certificate: Certificate) -> bool:
    """Whether the certificate is what this house signed."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex(certificate.key_id)))
    try:
        public.verify(bytes(certificate.signature), canonical(certificate.payload))
    except InvalidSignature:
        return False
    return True


def log_proof(certificate: Certificate) -> Proof | None:
    """The proof that the log says it was made; None until that is sealed, and for certificates of earlier times."""
    stated = Statement.objects.filter(ref=certificate.payload.get("leaf")).first()
    return proof_of(connection, stated) if stated else None


def certificate_file(certificate: Certificate) -> bytes:
    """The certificate as a file for the guest: ``docs/verify_certificate.py`` checks it offline, and
    ``docs/verify_log.py`` its ``log_proof``, null until the log is sealed over it.
    """
    proof = log_proof(certificate)
    content = {
        "payload": certificate.payload,
        "signature": bytes(certificate.signature).hex(),
        "public_key": public_key_hex(certificate.key_id),
        "log_proof": str(proof) if proof else None,
    }
    return json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False).encode() + b"\n"


def _sign(
    house: Property, request: Request | None, reason: str, facts: Mapping[str, Any], who: audit.Who, at: datetime
) -> Certificate:
    reference, number = require_key(), _next_number(house, at)
    payload = _payload(house, request, number, reason, at) | dict(facts) | {"key": reference}
    payload["leaf"] = _state(payload, request, who)
    return Certificate.objects.create(
        number=number,
        property=house,
        request=request,
        reason=reason,
        made_at=at,
        payload=payload,
        signature=_signing_key(reference).sign(canonical(payload)),
        key_id=reference,
    )


def _state(payload: Mapping[str, Any], request: Request | None, who: audit.Who) -> str:
    """State in the log that this was certified; the statement becomes a leaf, which the certificate names."""
    said = {"certificate": payload["number"], "digest": hashlib.sha256(canonical(payload)).hexdigest()}
    guest = [request.guest_id] if request and request.guest_id else []
    return str(audit.add_leaf("erasure", who=who, said=said, subjects=guest))


def _payload(house: Property, request: Request | None, number: str, reason: str, at: datetime) -> dict[str, Any]:
    made = at.astimezone(UTC).replace(microsecond=0)
    return {
        "v": VERSION,
        "number": number,
        "property": house.code,
        "request": request.number if request else "",
        "reason": reason,
        "made_at": made.isoformat().replace("+00:00", "Z"),
    }


def _next_number(house: Property, at: datetime) -> str:
    """Such as ``E-2026-000042``: the year of the business day and a number never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('privacy_certificate_number')")
        return f"E-{house.today(at).year}-{cursor.fetchone()[0]:06d}"


def _signing_key(key_id: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived(key_id, "sign"))


def _derived(key_id: str, use: str) -> bytes:
    _reference, secret = keys.certificate_secret(key_id)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{_LABEL}{use}".encode()).derive(secret)


def _record(certificate: Certificate, who: audit.Who, count: int) -> None:
    audit.record(
        actions.CERTIFICATE_SIGNED,
        who=who,
        object_type="certificate",
        object_ref=certificate.number,
        detail={"count": count, "reason": certificate.reason},
    )
