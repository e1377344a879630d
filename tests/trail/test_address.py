"""From where a request came, as a trail keeps it."""

import pytest
from django.test import RequestFactory

from trail.address import coming_from, current_address, plain_address


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.1"), (1, "198.51.100.2"), (2, "203.0.113.9")]
)
def test_forwarded_addresses_count_only_as_far_as_our_own_proxies(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    forwarded = "192.0.2.66, 203.0.113.9, 198.51.100.2"  # the first one anybody can send
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    with coming_from(request):
        assert current_address() == address

    assert current_address() is None


def test_a_server_that_does_not_say_the_address_stops_no_deed():
    with coming_from(RequestFactory().get("/", REMOTE_ADDR="")):
        assert current_address() is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("nowhere", None),
    ],
)
def test_an_address_has_one_spelling(written, kept):
    assert plain_address(written) == kept
