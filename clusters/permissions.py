"""May this person make instruments? The gate of pages asks, and every service asks again."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import PermissionDenied


def require_site_admin(by: AbstractBaseUser) -> None:
    """Raises PermissionDenied unless `by` is a site administrator with an open account."""
    if not (isinstance(by, PermissionsMixin) and by.is_superuser and by.is_active):
        raise PermissionDenied
