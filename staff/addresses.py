"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address as the outermost trusted proxy saw it; None where it is missing or malformed.

    ``TRUSTED_PROXY_HOPS`` counts the proxies of our own in front of the application; what stands further left in
    ``X-Forwarded-For`` is the client's word and is not believed.
    """
    hops = settings.TRUSTED_PROXY_HOPS
    if not hops:
        return _parsed(request.META.get("REMOTE_ADDR", ""))
    given = request.headers.get("X-Forwarded-For", "").split(",")
    return _parsed(given[-hops].strip()) if len(given) >= hops else None


def _parsed(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return None
        return str(address.ipv4_mapped or address)
    return str(address)
