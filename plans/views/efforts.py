"""What one question takes: the estimate with its reasons, and the city's own number."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from plans.forms import EffortForm
from plans.queries.questions import question_facts
from plans.services.efforts import set_effort


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_PLANS)
def effort_edit(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """The way back keeps the goal that the address carries."""
    assessment = get_assessment_or_404(member, year)
    facts = question_facts(assessment, code)
    if facts is None:
        raise Http404
    own = facts.own_effort
    back = reverse("plans:pathway_detail", args=[member.city.slug, year])
    if request.GET:
        back = f"{back}?{request.GET.urlencode()}"
    form = EffortForm(
        request.POST or None,
        initial={"value": own.value, "note": own.note} if own else None,
    )
    if form.is_valid():
        try:
            set_effort(
                answer_id=facts.answer.pk,
                **form.cleaned_data,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Upaya pertanyaan %(code)s tersimpan.") % {"code": code})
            return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "facts": facts,
        "form": form,
        "back": back,
    }
    return render(request, "plans/effort_edit.html", context)
