"""A city's years: the list, opening one, its target and deadline."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.choices import ScoreKind
from assessments.forms.filters import YearFilterForm
from assessments.forms.years import AssessmentForm, ClusterDeadlinesForm, OpenAssessmentForm
from assessments.models import Assessment
from assessments.services.creation import change_assessment, open_assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

PAGE = 15


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def assessment_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = YearFilterForm(request.GET)
    years = form.narrowed(
        Assessment.objects.filter(city=member.city)
        .select_related("city", "instrument", "target")
        .prefetch_related("totals")
    )
    page = Paginator(years, PAGE).get_page(request.GET.get("halaman"))
    rows = [(year, {total.kind: total for total in year.totals.all()}) for year in page]
    context = {
        "member": member,
        "assessment": Assessment.objects.current(member.city),
        "page": "assessments",
        "form": form,
        "page_obj": page,
        "rows": [
            (year, totals[ScoreKind.CLAIMED], totals[ScoreKind.EVIDENCED]) for year, totals in rows
        ],
        "awards": member.city.awards.all(),
        "may_open": member.may(Permission.MANAGE_ASSESSMENT),
    }
    return render(request, "assessments/assessment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def assessment_open(request: HttpRequest, member: Membership) -> HttpResponse:
    initial = {"year": timezone.localdate().year}
    form = OpenAssessmentForm(request.POST or None, city=member.city, initial=initial)
    if form.is_valid():
        try:
            assessment = open_assessment(
                city=member.city,
                **form.facts,
                prepare_first=form.cleaned_data["prepare_first"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Penilaian tahun %(year)d dibuka. Periksa penugasannya.")
            messages.success(request, sentence % {"year": assessment.year})
            return redirect("assessments:assignment_list", member.city.slug, assessment.year)
    context = {
        "member": member,
        "assessment": Assessment.objects.current(member.city),
        "page": "assessments",
        "form": form,
        "opd_count": member.city.opds.active().count(),
    }
    return render(request, "assessments/assessment_open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def assessment_edit(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = _assessment_form(assessment, request.POST or None)
    if form.is_valid():
        try:
            change_assessment(
                assessment_id=assessment.pk,
                **form.cleaned_data,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Target dan tenggat tersimpan."))
            return redirect(assessment)
    return edit_page(request, member, assessment, form=form)


def edit_page(
    request: HttpRequest, member: Membership, assessment: Assessment, **forms: Form
) -> HttpResponse:
    """The settings of a year; `forms` holds the one form that was sent and refused."""
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "form": forms.get("form") or _assessment_form(assessment),
        "cluster_form": ClusterDeadlinesForm(assessment=assessment),
        **forms,
    }
    return render(request, "assessments/assessment_edit.html", context)


def _assessment_form(assessment: Assessment, data: QueryDict | None = None) -> AssessmentForm:
    return AssessmentForm(
        data,
        assessment=assessment,
        initial={"target": assessment.target, "deadline": assessment.deadline},
    )
