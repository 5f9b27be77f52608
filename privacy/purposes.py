"""Why the office opens a guest's stay: for a verified request of that guest, which names its number (M05)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.models import Request
from privacy.services.requests import PURPOSE, explain
from stays.purposes import OFFICE, Look, Purpose, add_purpose
from stays.refusals import PurposeRefused


def serve_request(look: Look, number: str) -> str:
    """The open, verified request of this number, of the property and about the guest looked at; E3 where it is the
    actor's own, E7 where it is theirs to approve. Raises ``PurposeRefused``.
    """
    request = Request.objects.filter(property=look.house, number=number).first()
    if request is None:
        raise _refused(_("There is no request of this number at this property."))
    if not request.is_open:
        raise _refused(_("This request is closed. Name an open one."))
    if not request.is_verified:
        raise _refused(_("Make sure first who asks: until then nothing is opened for this request."))
    if not _is_about(request, look):
        raise _refused(_("This request is about one guest only: open what is theirs."))
    return explain(look.actor, request)


def _is_about(request: Request, look: Look) -> bool:
    if look.revealed is not None:
        return look.revealed == request.guest_id
    if look.guest is not None:
        return look.guest == request.guest_id
    return look.stay is not None and look.stay.occupants.filter(subject=request.guest_id).exists()


def _refused(reason: Promise) -> PurposeRefused:
    return PurposeRefused(reason, field="purpose_ref")


REQUEST = add_purpose(
    Purpose(PURPOSE, _("guest request"), OFFICE, serves=serve_request, opens_restricted=True),
)
