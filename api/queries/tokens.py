"""The tokens that pages list."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from api.models import ApiToken
from cities.models import City, Membership, User


def tokens_of(user: User, *, at: datetime) -> QuerySet[ApiToken]:
    """Those of the person that open something, the newest first."""
    return ApiToken.objects.alive_at(at).filter(user=user).order_by("-created_at", "-pk")


def service_accounts(city: City, *, at: datetime) -> QuerySet[Membership]:
    """The accounts of other systems by name, each with its living tokens; two queries."""
    tokens = ApiToken.objects.alive_at(at).select_related("made_by").order_by("-created_at", "-pk")
    return (
        city.memberships.filter(user__service_since__isnull=False)
        .select_related("user", "opd")
        .prefetch_related(Prefetch("user__api_tokens", tokens))
        .order_by("user__name", "pk")
    )
