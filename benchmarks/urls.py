"""The site's own addresses and the yardstick: session, person, one query, a few words."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cities.models import City
from kla.urls import urlpatterns as site


def yardstick(request: HttpRequest) -> HttpResponse:
    city = City.objects.get(slug="kota-contoh")
    return HttpResponse(f"<p>{request.user}: {city}</p>")


urlpatterns = [path("yardstick/", yardstick), *site]
