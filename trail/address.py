"""From where the request that is being answered came; the history of a year keeps it.

A deed several calls below the page cannot be handed the request without every service
knowing of pages, so the gate leaves the address here. Each request has its own context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

_token: ContextVar[str] = ContextVar("kla_token", default="")
_address: ContextVar[str | None] = ContextVar("kla_address", default=None)


@contextmanager
def coming_from(request: HttpRequest) -> Iterator[None]:
    """Whatever is done inside is done from the address of this request."""
    token = _address.set(address_of(request))
    try:
        yield
    finally:
        _address.reset(token)


@contextmanager
def by_token(name: str) -> Iterator[None]:
    """Whatever is done inside is done by another system, with the token of this name."""
    token = _token.set(name)
    try:
        yield
    finally:
        _token.reset(token)


def current_token() -> str:
    """The name of the token with which the request came; empty for pages, commands and jobs."""
    return _token.get()


def current_address() -> str | None:
    """The address of the request being answered; None for commands and jobs."""
    return _address.get()


def address_of(request: HttpRequest) -> str | None:
    """The client's address, by the same rule that the throttle on sign-in follows.

    X-Forwarded-For counts only as far as our own proxies wrote it (setting KLA_PROXIES).
    None where the server does not say, as behind a socket without a proxy that is trusted.
    """
    try:
        given = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None
    return plain_address(given)


def plain_address(text: str) -> str | None:
    """One spelling for each address, whichever database it comes back from."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)
