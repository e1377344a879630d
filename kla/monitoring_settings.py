"""What is told to whoever watches this installation, read and checked at the start."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from kla.engine_settings import require_client

LEAST_TOKEN = 24  # characters
LINE = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}


def read_formatter(env: environ.Env) -> dict[str, Any]:
    """How a line of the log is written: `KLA_LOG_FORMAT` is line or json."""
    wanted = env.str("KLA_LOG_FORMAT", default="line")
    if wanted == "line":
        return LINE
    if wanted != "json":
        raise ImproperlyConfigured("KLA_LOG_FORMAT must be line or json.")
    require_client("KLA_LOG_FORMAT=json", "pythonjsonlogger")
    return {"()": "kla.json_logs.JsonLines"}


def read_networks(env: environ.Env) -> list[IPv4Network | IPv6Network]:
    """Whoever may read the figures without a token: `KLA_METRICS_NETWORKS`, as 10.0.0.0/8."""
    named = [one.strip() for one in env.list("KLA_METRICS_NETWORKS", default=[])]
    try:
        networks = [ip_network(one) for one in named if one]
    except ValueError as error:
        raise ImproperlyConfigured(f"KLA_METRICS_NETWORKS names no network: {error}.") from error
    if networks:
        require_client("KLA_METRICS_NETWORKS", "prometheus_client")
    return networks


def read_token(env: environ.Env) -> str:
    """Whoever has `KLA_METRICS_TOKEN` may read the figures from anywhere."""
    token = str(env.str("KLA_METRICS_TOKEN", default=""))
    if token and len(token) < LEAST_TOKEN:
        raise ImproperlyConfigured(
            f"KLA_METRICS_TOKEN is shorter than {LEAST_TOKEN} characters. Make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`."
        )
    if token:
        require_client("KLA_METRICS_TOKEN", "prometheus_client")
    return token


def read_collector(env: environ.Env) -> str:
    """Where errors are sent: `SENTRY_DSN`; empty for nowhere."""
    address = str(env.str("SENTRY_DSN", default=""))
    if address:
        require_client("SENTRY_DSN", "sentry_sdk")
    return address
