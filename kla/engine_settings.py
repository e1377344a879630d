"""Addresses of engines that one machine does without, read and checked at the start."""

from __future__ import annotations

from importlib.util import find_spec

import environ
from django.core.exceptions import ImproperlyConfigured


def engine_address(env: environ.Env, name: str, *, client: str, schemes: tuple[str, ...]) -> str:
    """The address in that variable; empty where it is not set, which keeps the embedded default.

    Raises ImproperlyConfigured for one of another engine, and where its client is not installed.
    """
    address = str(env.str(name, default=""))
    if not address:
        return ""
    if address.partition("://")[0] not in schemes:
        allowed = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must begin with {allowed}.")
    require_client(name, client)
    return address


def require_client(name: str, client: str) -> None:
    """Raises ImproperlyConfigured where the package that the setting needs is not installed."""
    if find_spec(client) is None:
        raise ImproperlyConfigured(
            f"{name} is set, but the Python package {client} is not installed. Install "
            "requirements/engines.txt instead of requirements/base.txt."
        )
