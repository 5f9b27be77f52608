"""Certificates of erasure: what they say, and what later searches found. Nothing personal stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit import services as audit
from audit.notes import Proof
from privacy import actions, permissions
from privacy.models import Certificate, Recheck
from privacy.services import certificates
from staff import permissions as rights
from staff.models import Person


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate as its page shows it. ``searches``: those made, the newest first; ``public_key``: in hex;
    ``proof``: that the log says it was made, None until that is sealed.
    """

    certificate: Certificate
    is_genuine: bool
    public_key: str
    searches: Sequence[Recheck]
    next_search_on: date | None
    proof: Proof | None

    @property
    def parts(self) -> int:
        """How many parts of a record it certifies."""
        return len(self.certificate.payload["envelopes"])

    @property
    def key_number(self) -> int:
        """The number under which its key is published."""
        return certificates.number_of(self.certificate.key_id)


def open_certificate(*, certificate: Certificate, actor: Person) -> CertificateView:
    """Look at a certificate and at what was found when it was searched again. Raises ``NotAllowed``."""
    _look(actions.CERTIFICATE_VIEWED, certificate, actor)
    searches = list(certificate.rechecks.order_by("-at", "-pk"))
    waiting = [each.due_on for each in searches if each.at is None]
    return CertificateView(
        certificate=certificate,
        is_genuine=certificates.is_genuine(certificate),
        public_key=certificates.public_key_hex(certificate.key_id),
        searches=[each for each in searches if each.at is not None],
        next_search_on=min(waiting, default=None),
        proof=certificates.log_proof(certificate),
    )


def take_certificate(*, certificate: Certificate, actor: Person) -> bytes:
    """The certificate as a file, to hand over. Raises ``NotAllowed``."""
    _look(actions.CERTIFICATE_TAKEN, certificate, actor)
    return certificates.certificate_file(certificate)


def _look(action: str, certificate: Certificate, actor: Person) -> None:
    permissions.require_decide(actor, certificate.property)
    who = rights.who(actor, certificate.property)
    audit.record_look(action, who=who, object_type="certificate", object_ref=certificate.number)
