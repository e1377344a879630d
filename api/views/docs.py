"""The description of the interface: for programs, and as a page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.choices import WebhookEvent
from api.documented import entries, shapes
from api.openapi import document
from api.paging import MOST
from api.problems import TITLES
from api.services.deliveries import TRIES
from api.services.events import DAYS_BEFORE
from api.services.kept import KEPT_FOR
from cities.access import signed_in_view


@require_safe
@login_not_required
def openapi(request: HttpRequest) -> HttpResponse:
    """For programs that make a client of it; nothing in it is anybody's."""
    options = {"ensure_ascii": False}
    return JsonResponse(document(), json_dumps_params=options)


@require_safe
@signed_in_view
def docs(request: HttpRequest) -> HttpResponse:
    context = {
        "base_url": settings.KLA_BASE_URL,
        "groups": entries(),
        "shapes": shapes(),
        "rate": settings.KLA_API_RATE,
        "most": MOST,
        "hours": int(KEPT_FOR.total_seconds() // 3600),
        "webhook_events": WebhookEvent.choices,
        "webhook_days": ", ".join(map(str, reversed(DAYS_BEFORE))),
        "webhook_tries": TRIES,
        "statuses": [(status, title) for status, title in TITLES.items()],
    }
    return render(request, "api/docs.html", context)
