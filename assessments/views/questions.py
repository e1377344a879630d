"""Lists of questions: an OPD's tasks, and all questions of a year."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.forms.filters import QuestionFilterForm, TaskListForm
from assessments.models import Answer, Assessment
from assessments.queries import task_board, task_list
from assessments.queries.rescue import open_notices
from assessments.task_notes import task_notes
from assessments.views.lookups import get_assessment_or_404
from assessments.views.places import remember_tasks
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

PAGE = 25
TASKS = 25  # of one step or one indicator; two lines each, three screens of a phone


@require_safe
@city_view(Permission.OWN_TASKS)
def my_tasks(request: HttpRequest, member: Membership) -> HttpResponse:
    """What the member's OPD has to hand in for the city's current year."""
    assessment = Assessment.objects.current(member.city)
    context: dict[str, Any] = {"member": member, "assessment": assessment, "page": "tasks"}
    if assessment is not None and member.opd is not None:
        answers = Answer.objects.visible_to(member).filter(assessment=assessment)
        today = timezone.localdate()
        tasks = task_list(answers, member.opd, today=today)
        form = TaskListForm(request.GET)
        rows = form.shown(tasks.rows)
        remember_tasks(request, member)
        context |= {
            "tasks": tasks,
            "days_left": assessment.days_left(today),
            "form": form,
            "chips": form.chips(tasks.rows),
            "is_filtered": form.is_filtered,
            "found": len(rows),
            "page_obj": None,
            "board": None,
        }
        if form.is_one_list:
            context["page_obj"] = Paginator(rows, TASKS).get_page(request.GET.get("halaman"))
        else:
            context["board"] = task_board(rows, with_first=not form.is_filtered)
    everything = Answer.objects.visible_to(member)
    context["rescues"] = open_notices(member.city, everything, at=timezone.now())
    context["notes"] = task_notes(member)
    return render(request, "assessments/task_list.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def question_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Every question of a year, narrowed by what stands in the address."""
    assessment = get_assessment_or_404(member, year)
    form = QuestionFilterForm(request.GET, assessment=assessment)
    today = timezone.localdate()
    answers = (
        Answer.objects.visible_to(member)
        .filter(assessment=assessment)
        .with_state()
        .with_due_on()
        .select_related("question__indicator__cluster")
        .prefetch_related("assignments__opd")
        .in_order()
    )
    page = Paginator(form.shown(answers, today=today), PAGE).get_page(request.GET.get("halaman"))
    for answer in page:
        answer.late = answer.is_late(today)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "questions",
        "form": form,
        "page_obj": page,
        "is_filtered": form.is_filtered,
    }
    return render(request, "assessments/question_list.html", context)
