"""The dates of the clusters of a year."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.years import ClusterDeadlinesForm
from assessments.services.deadlines import set_cluster_deadlines
from assessments.views.lookups import get_assessment_or_404
from assessments.views.years import edit_page
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def cluster_deadlines(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Store what the settings page of the year was sent for its clusters."""
    assessment = get_assessment_or_404(member, year)
    form = ClusterDeadlinesForm(request.POST or None, assessment=assessment)
    if form.is_valid():
        try:
            set_cluster_deadlines(
                assessment_id=assessment.pk,
                dates=form.dates(),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Tenggat klaster tersimpan."))
            return redirect("assessments:assessment_edit", member.city.slug, year)
    return edit_page(request, member, assessment, cluster_form=form)
