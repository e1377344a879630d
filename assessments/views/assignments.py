"""Who answers which question."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.assignments import AssignmentForm, BulkAssignmentForm
from assessments.models import Answer, Assessment
from assessments.queries.assignments import assigned_indicators, has_lead
from assessments.services.assignment import (
    assign_defaults,
    assign_in_bulk,
    assign_question,
    missing_agencies,
    take_over_agencies,
)
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership, User
from cities.roles import Permission

VACANT = "tanpa-penanggung-jawab"  # what the address calls questions that nobody leads


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ASSIGN_QUESTIONS)
def assignment_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """All questions with their OPDs, one cluster at a time, and a form for many at once.

    Only what the page lists can be assigned; a question that the filter leaves out is refused.
    """
    assessment = get_assessment_or_404(member, year)
    clusters = list(assessment.instrument.clusters.all())
    wanted = request.GET.get("klaster")
    cluster = next((c for c in clusters if c.code == wanted), clusters[0])
    answers = list(
        Answer.objects.visible_to(member)
        .filter(assessment=assessment, question__indicator__cluster=cluster)
        .select_related("question__indicator")
        .prefetch_related("assignments__opd")
        .in_order()
    )
    vacant = [answer for answer in answers if not has_lead(answer)]
    is_vacant_only = request.GET.get("hanya") == VACANT
    if is_vacant_only:
        answers = vacant
    form = BulkAssignmentForm(
        request.POST or None, city=member.city, answers=[answer.pk for answer in answers]
    )
    if form.is_valid():
        try:
            count = _assign(assessment, form, by=member.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = ngettext(
                "%(count)d pertanyaan ditugaskan kepada %(opd)s.",
                "%(count)d pertanyaan ditugaskan kepada %(opd)s.",
                count,
            )
            messages.success(request, sentence % {"count": count, "opd": form.cleaned_data["opd"]})
            return redirect(request.get_full_path())
    ticked = {a.pk for a in answers if str(a.pk) in request.POST.getlist("answers")}
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assignments",
        "clusters": clusters,
        "cluster": cluster,
        "indicators": assigned_indicators(answers, ticked=ticked),
        "ticked": ticked,
        "vacant": len(vacant),
        "is_vacant_only": is_vacant_only,
        "form": form,
        "missing": missing_agencies(assessment),
        "may_create_opds": member.may(Permission.MANAGE_MEMBERS),
    }
    return render(request, "assessments/assignment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ASSIGN_QUESTIONS)
def assignment_edit(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    held = list(answer.assignments.select_related("opd"))
    form = AssignmentForm(
        request.POST or None,
        city=member.city,
        initial={
            "lead": next((a.opd_id for a in held if a.is_lead), None),
            "contributors": [a.opd_id for a in held if not a.is_lead],
            "due_on": next((a.due_on for a in held if a.due_on), None),
        },
    )
    if form.is_valid():
        try:
            assign_question(
                answer_id=answer.pk, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Penugasan %(code)s tersimpan.") % {"code": code})
            return redirect("assessments:question_detail", member.city.slug, year, code)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assignments",
        "answer": answer,
        "question": answer.question,
        "form": form,
    }
    return render(request, "assessments/assignment_edit.html", context)


@require_POST
@city_view(Permission.ASSIGN_QUESTIONS)
def assignment_defaults(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    try:
        result = assign_defaults(assessment_id=assessment.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("Penugasan bawaan diterapkan pada %(count)d pertanyaan.")
        messages.success(request, sentence % {"count": result.questions})
    return redirect("assessments:assignment_list", member.city.slug, year)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def opds_take_over(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Name the instrument's default agencies as OPDs of the city and hand out the questions."""
    assessment = get_assessment_or_404(member, year)
    try:
        created = take_over_agencies(assessment_id=assessment.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("%(count)d OPD ditambahkan. Sesuaikan namanya di halaman OPD.")
        messages.success(request, sentence % {"count": len(created)})
    return redirect("assessments:assignment_list", member.city.slug, year)


def _assign(assessment: Assessment, form: BulkAssignmentForm, *, by: User) -> int:
    data = form.cleaned_data
    return assign_in_bulk(
        assessment=assessment,
        answer_ids=data["answers"],
        opd=data["opd"],
        is_lead=data["part"] == BulkAssignmentForm.AS_LEAD,
        due_on=data["due_on"],
        by=by,
        at=timezone.now(),
    )
