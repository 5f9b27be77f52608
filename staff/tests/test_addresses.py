"""Where a request comes from, and whose word on it counts."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from staff.addresses import client_address


@pytest.mark.parametrize(
    ("hops", "forwarded", "remote", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1", None),
        (1, "", "192.0.2.1", None),
        (1, "<script>", "192.0.2.1", None),
        (0, "", "", None),
        (0, "", "::ffff:192.0.2.7", "192.0.2.7"),
        (0, "", "2001:DB8::1", "2001:db8::1"),
        (0, "", "fe80::1%eth0", None),
    ],
)
def test_address(settings: Settings, hops: int, forwarded: str, remote: str, address: str | None) -> None:
    settings.TRUSTED_PROXY_HOPS = hops
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=remote)
    assert client_address(request) == address
