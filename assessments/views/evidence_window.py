"""The years that the documents of an evaluation have to cover."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.documents import EvidenceWindowForm
from assessments.services.evidence_window import change_evidence_window
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def evidence_window_edit(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = EvidenceWindowForm(request.POST or None, assessment=assessment)
    if form.is_valid():
        try:
            change_evidence_window(
                assessment_id=assessment.pk,
                **form.cleaned_data,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Masa dokumen tersimpan."))
            return redirect("assessments:assessment_edit", member.city.slug, year)
    context = {"member": member, "assessment": assessment, "page": "assessments", "form": form}
    return render(request, "assessments/evidence_window_edit.html", context)
