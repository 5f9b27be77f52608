#!/usr/bin/env python3
"""Checks an erasure certificate offline: python3 verify_certificate.py CERTIFICATE.json [PUBLIC_KEY_IN_HEX]

Needs Python 3.11 or newer and one library beside the standard one, `cryptography`, for Ed25519 (RFC 8032).

The public key is what the house publishes, in its privacy notice or on paper. Without it the certificate is checked
with the key it brings along: that shows only that nothing was changed since, not who signed it.
Ends with 0 when the signature holds, 1 when it does not, 2 when the file is not a certificate.
"""

import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENUINE, FORGED, UNREADABLE = 0, 1, 2


def canonical(payload: dict[str, object]) -> bytes:
    """The bytes that were signed: JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object in which no name stands twice: of two, readers would not agree which was signed. ValueError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def verify(content: bytes, public_key: str | None = None) -> tuple[int, list[str]]:
    """The exit code and the lines to print for the content of a certificate file."""
    try:
        certificate = json.loads(content, object_pairs_hook=each_once)
        payload, brought = certificate["payload"], certificate["public_key"]
        signature, signed = bytes.fromhex(certificate["signature"]), canonical(payload)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(brought if public_key is None else public_key))
        told = told_by(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as trouble:
        return UNREADABLE, [f"This is not an erasure certificate ({type(trouble).__name__})."]
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return FORGED, ["NOT GENUINE: the signature does not belong to this content and key."]
    in_file = "the key in the file; compare it with the one the house publishes"
    source = in_file if public_key is None else "the key you named"
    return GENUINE, [f"GENUINE, checked with {source}.", *told]


def told_by(payload: dict[str, object]) -> list[str]:
    """What the certificate says."""
    erased, restricted = payload["erased"], payload["restricted"]
    if not isinstance(erased, dict) or not isinstance(restricted, dict):
        raise TypeError("counts are missing")
    return [
        f"Certificate {payload['number']} of {payload['property']}, request {payload['request'] or '-'}",
        f"Made at {payload['made_at']}, reason {payload['reason']}",
        f"Erased: {listed(erased)}",
        f"Locked away instead: {listed(restricted)}",
    ]


def listed(counts: dict[str, int]) -> str:
    """Categories and how many of each."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"


def main(arguments: list[str]) -> int:
    """Read the file, check it, say what it is."""
    if len(arguments) not in (1, 2):
        sys.stdout.write(__doc__)
        return UNREADABLE
    try:
        content = Path(arguments[0]).read_bytes()
    except OSError as trouble:
        sys.stdout.write(f"The file cannot be read: {trouble.strerror}.\n")
        return UNREADABLE
    code, lines = verify(content, *arguments[1:])
    sys.stdout.write("\n".join([*lines, ""]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
