"""Which kinds of documents a city treats as sensitive."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.sensitive_kinds import SensitiveKindsForm
from assessments.services.sensitivity import set_sensitive_kinds
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MARK_SENSITIVE)
def sensitive_kinds_edit(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = SensitiveKindsForm(request.POST or None, assessment=assessment)
    if form.is_valid():
        try:
            marked = set_sensitive_kinds(
                assessment_id=assessment.pk,
                chosen=form.chosen(),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Jenis dokumen sensitif tersimpan; %(count)d dokumen ikut ditandai.")
            messages.success(request, sentence % {"count": marked})
            return redirect("assessments:sensitive_kinds_edit", member.city.slug, year)
    context = {"member": member, "assessment": assessment, "page": "assessments", "form": form}
    return render(request, "assessments/sensitive_kinds_edit.html", context)
