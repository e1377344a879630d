"""What the official stages gave, entered by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.forms.official import OfficialForm, OfficialTableForm
from assessments.queries.official import official_rows, official_totals
from assessments.queries.points import points_history
from assessments.services.official import enter_official, enter_official_indicators
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ENTER_OFFICIAL)
def official_edit(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """What an official stage gave one question."""
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    form = OfficialForm(request.POST or None, answer=answer)
    if form.is_valid():
        data = form.cleaned_data
        try:
            enter_official(
                answer_id=answer.pk,
                kind=ScoreKind(data["kind"]),
                points=data["points"],
                why=data["why"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Nilai %(kind)s untuk %(code)s tersimpan.")
            messages.success(request, sentence % {"kind": data["kind"], "code": code})
            return redirect("assessments:question_detail", member.city.slug, year, code)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "questions",
        "answer": answer,
        "question": answer.question,
        "history": points_history(answer),
        "form": form,
    }
    return render(request, "assessments/official_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ENTER_OFFICIAL)
def official_indicators(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """A table of indicators and official stages, to be filled where questions say nothing."""
    assessment = get_assessment_or_404(member, year)
    form = OfficialTableForm(request.POST or None, rows=official_rows(assessment))
    if form.is_valid():
        try:
            count = enter_official_indicators(
                assessment_id=assessment.pk,
                entries=form.entries(),
                why=form.cleaned_data["why"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = ngettext(
                "%(count)d nilai resmi tersimpan.", "%(count)d nilai resmi tersimpan.", count
            )
            messages.success(request, sentence % {"count": count})
            return redirect("assessments:official_indicators", member.city.slug, year)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "kinds": OFFICIAL_KINDS,
        "totals": official_totals(assessment),
        "form": form,
    }
    return render(request, "assessments/official_indicators.html", context)
