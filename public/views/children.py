"""The pages that a child reads, and the form on which anybody says what is missing."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments.views.deeds import done
from cities.models import City
from public.forms import PublicMessageForm
from public.queries.pages import CityPage, units_to_choose
from public.sections import Section
from public.services.messages import send_message
from public.views.pages import absolute, context_of, page_or_404, public_page


@public_page
def child_page(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    page = page_or_404(city_slug, year)
    facilities = page.part(Section.FACILITIES)
    places = [(name, count) for name, count, _certified in facilities.types] if facilities else []
    context = context_of(page) | {
        "places": places,
        "address": absolute("public:child_page", page.slug, page.year),
    }
    return render(request, "public/child_page.html", context)


@public_page
def message_sent(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    page = page_or_404(city_slug, year)
    address = absolute("public:message_sent", page.slug, page.year)
    return render(request, "public/message_sent.html", {"page": page, "address": address})


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@login_not_required
def message_send(request: HttpRequest, city_slug: str, year: int) -> HttpResponseBase:
    """The form, and what it sends.

    A token against forged forms needs a cookie, and there is nobody here in whose name something
    could be forged. That the form stood on our own page is told by the browser. Of the sender's
    network only a hash is counted, for an hour and in the cache (`ACCOUNT_RATE_LIMITS`).
    """
    if request.method != "POST":
        return _blank_form(request, city_slug=city_slug, year=year)
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        raise PermissionDenied
    page = page_or_404(city_slug, year)
    limited = ratelimit.consume_or_429(request, action="public_message")
    if limited is not None:
        return limited
    city: City = page.releases[0].assessment.city
    today = timezone.localdate(timezone=city.zone)
    form = PublicMessageForm(request.POST, units=units_to_choose(city.pk, today))
    sent = done(
        form,
        lambda: send_message(
            city_id=city.pk,
            unit=form.cleaned_data["unit"],
            text=form.cleaned_data["text"],
            on=today,
        ),
    )
    if sent is not None:
        return redirect("public:message_sent", city_slug, year)
    return _form_page(request, page, form)


@public_page
def _blank_form(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    page = page_or_404(city_slug, year)
    city: City = page.releases[0].assessment.city
    units = units_to_choose(city.pk, timezone.localdate(timezone=city.zone))
    return _form_page(request, page, PublicMessageForm(units=units))


def _form_page(request: HttpRequest, page: CityPage, form: PublicMessageForm) -> HttpResponse:
    address = absolute("public:message_send", page.slug, page.year)
    context = {"page": page, "form": form, "address": address}
    return render(request, "public/message_send.html", context)
