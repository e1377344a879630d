"""The token that every form of a page carries: whose form it is, and which one.

It is signed, so that nobody makes one for somebody else, and stands beside the token against forged
forms wherever a template says `{% csrf_token %}` (templatetags/form_tokens.py).
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject

FIELD = "form_token"
SALT = "kla.form_tokens"
CSRF_FIELD = "csrfmiddlewaretoken"


class FormSecret(str):
    """The token against forged forms, which knows whose page it stands on."""

    __slots__ = ("person",)
    person: int | None


def form_secret(request: HttpRequest) -> dict[str, Any]:
    """`csrf_token` for templates. Parts get it handed on, so it carries the person along."""

    def secret() -> FormSecret:
        made = FormSecret(get_token(request))
        user = getattr(request, "user", None)  # missing on pages that middlewares make
        made.person = user.pk if user is not None and user.is_authenticated else None
        return made

    return {"csrf_token": SimpleLazyObject(secret)}


def new_token(person: int) -> str:
    """A token for one form of one page, for the account with this number."""
    return signing.Signer(salt=SALT).sign(f"{person}.{secrets.token_urlsafe(12)}")


def owner_of(token: str) -> int | None:
    """The number of the account whose page the form stood on; None for what is none of ours."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token).partition(".")[0])
    except (signing.BadSignature, ValueError):
        return None
