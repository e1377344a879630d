"""Figures for Prometheus, for whoever is allowed to read them."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from trail.address import address_of

# By name, for its client is installed only where figures are read.
EXPOSITION = "kla.metrics.exposition"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody without the token (`KLA_METRICS_TOKEN`) and outside of the networks."""
    if not (_has_token(request) or _is_near(request)):
        raise Http404
    return HttpResponse(import_string(EXPOSITION)(), content_type=MEDIA_TYPE)


def _has_token(request: HttpRequest) -> bool:
    expected = settings.KLA_METRICS_TOKEN
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    return bool(expected) and scheme == "Bearer" and constant_time_compare(given, expected)


def _is_near(request: HttpRequest) -> bool:
    address = address_of(request) if settings.KLA_METRICS_NETWORKS else None
    if address is None:
        return False
    return any(ip_address(address) in network for network in settings.KLA_METRICS_NETWORKS)
