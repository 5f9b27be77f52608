"""Staff's second-factor secrets, sealed so that a copy of the database does not hold them.

They are few, belong to no guest and end with the account, so they are wrapped by the key-encryption key itself and
carry its epoch; whoever destroys an epoch seals them anew first. AES-256-GCM as in NIST SP 800-38D.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag

from vault import keys
from vault.models import KeyEpoch
from vault.sealing import NONCE_BYTES, SealBroken, prefixed

LABEL = b"hotelrecords/credential/1"


def seal_credential(plain: str) -> str:
    """The sealed form of a secret, as text: epoch of the key, a dot, nonce and ciphertext in base64."""
    epoch = keys.active_epoch(KeyEpoch.Purpose.KEK)
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + keys.kek_cipher(epoch).encrypt(nonce, plain.encode(), _bound_to(epoch))
    return f"{epoch}.{base64.b64encode(sealed).decode()}"


def open_credential(sealed: str) -> str:
    """The secret. Raises SealBroken when it was changed, KeyUnknown when the key of its epoch is gone."""
    epoch_text, _dot, text = sealed.partition(".")
    try:
        epoch, data = int(epoch_text), base64.b64decode(text, validate=True)
        return keys.kek_cipher(epoch).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound_to(epoch)).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise SealBroken("a credential is not what was sealed") from None


def is_sealed_before(sealed: object) -> bool:
    """Whether this is a sealed secret of an earlier key than the one that writes now."""
    epoch = sealed.partition(".")[0] if isinstance(sealed, str) else ""
    return epoch.isdecimal() and int(epoch) != keys.active_epoch(KeyEpoch.Purpose.KEK)


def _bound_to(epoch: int) -> bytes:
    return prefixed(LABEL, epoch.to_bytes(4, "big"))
