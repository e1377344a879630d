"""Browsers in which somebody has signed in before: their wrong passwords are counted apart.

Without that, a stranger who types wrong passwords at an account shuts its owner out.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cities.emails import comparable

COOKIE = "perangkat"
SALT = "kla.devices"
MAX_AGE = 180 * 24 * 60 * 60  # seconds
MOST = 5  # people who share one browser


def token_for(request: HttpRequest, email: str) -> str | None:
    """What this browser got when the account last signed in here; None if it never did."""
    return _known(request).get(_name_of(email))


def remember(request: HttpRequest, response: HttpResponseBase, email: str, *, secure: bool) -> None:
    """Let the browser keep that the account has signed in here; the newest accounts stay."""
    known = _known(request)
    token = known.pop(_name_of(email), None) or secrets.token_urlsafe(12)
    kept = [*known.items()][-(MOST - 1) :]
    response.set_cookie(
        COOKIE,
        signing.dumps([*kept, (_name_of(email), token)], salt=SALT),
        max_age=MAX_AGE,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        return {}


def _name_of(email: str) -> str:
    """Not the address itself: whoever reads the cookie learns nothing of who signs in here."""
    return sha256(comparable(email).encode()).hexdigest()[:16]
