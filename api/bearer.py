"""Where tokens are taken, what they look like, and what is kept of them; knows no Django."""

from __future__ import annotations

import hashlib
import re
import secrets

ROOT = "/api/v1/"  # below which a token alone says who asks
PREFIX = "kla_"  # by which people, and programs that look for lost secrets, know it
SHAPE = re.compile(PREFIX + r"[0-9A-Za-z_-]{43}")
SHOWN = 4  # its last characters, by which its owner tells it from another


def new_secret() -> str:
    """A token as it is shown once: 256 random bits behind the prefix."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """The SHA-256 in hexadecimal digits. Nobody guesses 256 bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer_of(header: str) -> str | None:
    """The token of an `Authorization` header; None where it holds none of our shape."""
    scheme, _space, secret = header.partition(" ")
    secret = secret.strip()
    return secret if scheme.casefold() == "bearer" and SHAPE.fullmatch(secret) else None
