"""What lies below a city: its kecamatan, kelurahan and desa."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.access import city_view
from cities.forms.filters import RegionFilterForm
from cities.models import District, Membership, Village, VillageKind
from cities.roles import Permission
from cities.services.regions import is_official, load_own_regions

PAGE = 20


@require_safe
@city_view(Permission.VIEW_CITY)
def region_list(request: HttpRequest, member: Membership) -> HttpResponse:
    city = member.city
    form = RegionFilterForm(request.GET)
    villages = Prefetch("villages", form.villages(city), to_attr="shown")
    districts = form.districts(city).prefetch_related(villages)
    context = {
        "member": member,
        "page": "regions",
        "form": form,
        "page_obj": Paginator(districts, PAGE).get_page(request.GET.get("halaman")),
        "district_count": District.objects.filter(city=city, is_listed=True).count(),
        "village_counts": Village.objects.filter(district__city=city, is_listed=True).aggregate(
            **{kind.value: Count("pk", filter=Q(kind=kind)) for kind in VillageKind}
        ),
        "may_load": member.may(Permission.MANAGE_MEMBERS) and is_official(city),
        "is_official": is_official(city),
    }
    return render(request, "cities/region_list.html", context)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def region_load(request: HttpRequest, member: Membership) -> HttpResponse:
    try:
        districts, villages = load_own_regions(city=member.city, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        facts = {"districts": districts.added, "villages": villages.added}
        messages.success(
            request,
            _(
                "Daftar wilayah termuat: %(districts)d kecamatan dan %(villages)d kelurahan/desa baru."
            )
            % facts,
        )
    return redirect("cities:region_list", member.city.slug)
