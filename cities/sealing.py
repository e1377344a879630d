"""Secrets of people as they lie in the database: readable with the site's own key alone.

Fernet (AES-128-CBC with HMAC-SHA-256) under a key made of SECRET_KEY by HKDF; after a change of
that key SECRET_KEY_FALLBACKS still opens what was sealed before.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "fernet:"  # what lies there without it was stored before secrets were sealed
PURPOSE = b"kla.second-factor"


class SealedElsewhereError(Exception):
    """Sealed under a key that this site does not have."""


def seal(secret: str, purpose: bytes = PURPOSE) -> str:
    """What was sealed for one purpose opens for no other."""
    return MARK + _keys(purpose).encrypt(secret.encode()).decode()


def unseal(stored: str, purpose: bytes = PURPOSE) -> str:
    """Raises SealedElsewhereError."""
    if not stored.startswith(MARK):
        return stored
    try:
        return _keys(purpose).decrypt(stored.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise SealedElsewhereError from error


def is_sealed(stored: str) -> bool:
    return stored.startswith(MARK)


def _keys(purpose: bytes) -> MultiFernet:
    """The first seals, all open."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(Fernet(_derived(key, purpose)) for key in keys)


def _derived(key: str, purpose: bytes) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
    return base64.urlsafe_b64encode(made)
