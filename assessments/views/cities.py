"""The list of cities with where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Award
from assessments.queries.cities import CityStanding, city_standings
from backups.age import backup_age
from cities.access import person, signed_in_view
from cities.forms.filters import CityFilterForm
from cities.models import City, CityQuerySet, Membership, User
from cities.roles import Permission

PAGE = 25
# Where somebody begins who holds that right; all others where the city stands.
STARTS = (
    (Permission.OWN_TASKS, "assessments:task_list"),
    (Permission.FILL_UNIT_REPORTS, "territories:own_unit"),
    (Permission.READ_PASSED_MESSAGES, "public:passed_list"),
)


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city of the list; `standing` is None for whom its score is not shown."""

    city: City
    own: Membership | None
    url: str
    standing: CityStanding | None


@require_safe
@signed_in_view
def city_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = CityFilterForm(request.GET, is_site_admin=user.is_superuser)
    cities = City.objects.visible_to(user)
    if user.is_superuser and "semua" not in form.wanted:
        cities = _known(cities)
    cities = form.narrowed(cities.select_related("province").with_counts(user))
    page = Paginator(cities, PAGE).get_page(request.GET.get("halaman"))
    standings = city_standings(list(page))
    context = {
        "page_obj": page,
        "rows": [_row(city, user, standings[city.pk]) for city in page],
        "form": form,
        "is_site_admin": user.is_superuser,
        "backup": backup_age(timezone.now()) if user.is_superuser else None,
    }
    return render(request, "assessments/city_list.html", context)


def _known(cities: CityQuerySet) -> CityQuerySet:
    """Cities that have been set up here, or of which at least an award is known."""
    awarded = cities.filter(Exists(Award.objects.filter(city=OuterRef("pk"))))
    return cities.taking_part() | awarded


def _row(city: City, user: User, standing: CityStanding) -> CityRow:
    own = city.own_memberships[0] if city.own_memberships else None
    url = start_of(own) if own else reverse("assessments:city_dashboard", args=[city.slug])
    is_shown = user.is_superuser or (own and own.may(Permission.VIEW_ASSESSMENT))
    return CityRow(city, own, url, standing if is_shown else None)


def start_of(member: Membership) -> str:
    """The page of the city that somebody of this role begins on."""
    names = (name for permission, name in STARTS if member.may(permission))
    return reverse(next(names, "assessments:city_dashboard"), args=[member.city.slug])
