"""Boundaries of units from a GeoJSON file, always by way of a preview."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from imports.views import Place, review, upload, waiting
from territories.forms.boundaries import BoundariesForm
from territories.services.boundaries import BOUNDARIES, read_boundaries, still_bare


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CRITERIA)
def boundaries_import(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    place = _place(member, get_assessment_or_404(member, year))
    form = BoundariesForm(request.POST or None, request.FILES or None, read=read_boundaries)
    return upload(request, member, form, BOUNDARIES, place)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CRITERIA)
def boundaries_review(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """Which feature is which unit, and which units stay without; only sending the form keeps it."""
    place = _place(member, get_assessment_or_404(member, year))
    staged = waiting(member, BOUNDARIES, pk)
    if staged is not None:
        place = replace(place, context={**place.context, "bare": still_bare(staged, member)})
    return review(
        request, member, staged, BOUNDARIES, place, template="territories/boundaries_review.html"
    )


def _place(member: Membership, assessment: Assessment) -> Place:
    here = [member.city.slug, assessment.year]
    return Place(
        context={
            "member": member,
            "assessment": assessment,
            "page": "units",
            "eyebrow": assessment,
            "lead": _("Peta wilayah digambar dari batas ini. Isi berkas ditampilkan lebih dahulu."),
        },
        title=_("Batas wilayah"),
        back=_("Peringkat wilayah"),
        back_url=reverse("territories:rating_overview", args=here),
        upload_url=reverse("territories:boundaries_import", args=here),
        review=lambda pk: reverse("territories:boundaries_review", args=[*here, pk]),
        saved=_("%(added)d batas wilayah ditambahkan, %(changed)d diperbarui."),
    )
