"""The 2 x 24 hours: what is asked of whom, opening a window, ending it early."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices import AnswerState
from assessments.forms.stages import RescueForm
from assessments.models import Answer, RescueWindow
from assessments.queries.rescue import RescueRow, candidates, needs_rescue, rescue_boards
from assessments.services.rescue import cancel_rescue_window, open_rescue_window
from assessments.stages import RESCUE_STAGE
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

# What the list of questions is narrowed to, by the value in the address.
FILTERS: dict[str, tuple[Promise, Callable[[RescueRow], bool]]] = {
    "": (gettext_lazy("Dikembalikan atau belum terbukti"), needs_rescue),
    "dikembalikan": (
        gettext_lazy("Dikembalikan"),
        lambda row: row.state == AnswerState.RETURNED,
    ),
    "semua": (gettext_lazy("Semua pertanyaan"), lambda _row: True),
}


@require_safe
@city_view(Permission.VIEW_QUESTION)
def rescue_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """What was asked, who owes it and how long there is left; an OPD sees its own questions."""
    assessment = get_assessment_or_404(member, year)
    answers = Answer.objects.visible_to(member).filter(assessment=assessment)
    is_in_field = assessment.stage == RESCUE_STAGE
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "assessments",
        "boards": rescue_boards(assessment, answers, at=timezone.now()),
        "may_manage": member.may(Permission.MANAGE_RESCUE) and is_in_field,
        "is_in_field": is_in_field,
    }
    return render(request, "assessments/rescue_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_RESCUE)
def rescue_open(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = RescueForm(request.POST or None, assessment=assessment, now=timezone.now())
    if form.is_valid():
        try:
            window = open_rescue_window(
                assessment_id=assessment.pk,
                answer_ids=form.answer_ids(),
                closes_at=form.cleaned_data["closes_at"],
                note=form.cleaned_data["note"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Masa melengkapi dokumen dibuka untuk %(count)d pertanyaan.")
            messages.success(request, sentence % {"count": window.answers.count()})
            return redirect("assessments:rescue_list", member.city.slug, year)
    chosen = request.GET.get("filter", "")
    chosen = chosen if chosen in FILTERS else ""
    rows = candidates(Answer.objects.visible_to(member).filter(assessment=assessment))
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "form": form,
        "is_in_field": assessment.stage == RESCUE_STAGE,
        "filters": [(value, label) for value, (label, _shows) in FILTERS.items()],
        "chosen": chosen,
        "rows": [row for row in rows if FILTERS[chosen][1](row)],
        "ticked": {int(pk) for pk in request.POST.getlist("answers") if pk.isdigit()},
    }
    return render(request, "assessments/rescue_open.html", context)


@require_POST
@city_view(Permission.MANAGE_RESCUE)
def rescue_cancel(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    window = get_object_or_404(RescueWindow, pk=pk, assessment=assessment)
    try:
        cancel_rescue_window(window_id=window.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Masa melengkapi dokumen diakhiri; pertanyaannya terkunci kembali.")
        )
    return redirect("assessments:rescue_list", member.city.slug, year)
