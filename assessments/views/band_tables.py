"""The bands by which the totals of a year are called."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.years import BandTableForm
from assessments.services.band_tables import choose_band_table
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from clusters.models import BandTable


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def band_table_choose(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = BandTableForm(request.POST or None, initial={"table": assessment.band_table})
    if form.is_valid():
        try:
            choose_band_table(
                assessment_id=assessment.pk,
                table=form.cleaned_data["table"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Tabel predikat tersimpan, predikat dihitung ulang."))
            return redirect("assessments:assessment_edit", member.city.slug, year)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "form": form,
        "tables": BandTable.objects.prefetch_related("bands"),
    }
    return render(request, "assessments/band_table_choose.html", context)
