"""Pages that everybody reads, without an account and without a cookie (`kla.middleware`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from figures.png import png_of
from public.queries.documents import released_documents
from public.queries.pages import CityPage, city_page, released_pages

KEPT_SECONDS = 300  # by browsers and by whatever stands between: so long a withdrawn part lasts
View = Callable[..., HttpResponse]


def public_page(view: View) -> Callable[..., HttpResponseBase]:
    """A page for everybody: kept by any proxy, and asked for again by its tag."""

    @require_safe
    @login_not_required
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    return page


def page_or_404(city_slug: str, year: int) -> CityPage:
    page = city_page(city_slug, year)
    if page is None:
        raise Http404
    return page


def absolute(name: str, *args: object) -> str:
    return f"{settings.KLA_BASE_URL}{reverse(name, args=args)}"


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Every city and year of which something is released."""
    context = {"pages": released_pages(), "address": absolute("public:index")}
    return render(request, "public/index.html", context)


@public_page
def city_detail(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    page = page_or_404(city_slug, year)
    context = context_of(page) | {"documents": released_documents(page)}
    return render(request, "public/city_page.html", context)


@public_page
def poster(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    """One sheet of A4 for a wall, with a code that leads to the page."""
    context = context_of(page_or_404(city_slug, year))
    code = segno.make(context["address"], error="m", micro=False)
    context["qr"] = code.svg_data_uri(scale=8, border=2, light="#fff")
    return render(request, "public/poster.html", context)


@public_page
def picture(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    """What chat groups show beside a link to the page."""
    page = page_or_404(city_slug, year)
    svg = render(request, "public/picture.svg", {"page": page}).content.decode()
    return HttpResponse(png_of(svg), content_type="image/png")


def context_of(page: CityPage) -> dict[str, Any]:
    place = (page.slug, page.year)
    return {
        "page": page,
        "address": absolute("public:city_page", *place),
        "picture": absolute("public:picture", *place),
    }
