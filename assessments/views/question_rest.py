"""What the page of a question leaves out: all its documents, and its history."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Evidence
from assessments.queries.documents import offered_documents, page_of_documents
from assessments.queries.points import points_history
from assessments.queries.question import deeds_of
from assessments.services.years import actions_now
from assessments.stages import StageAction
from assessments.views.lookups import get_question_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

PAGE = 25


@require_safe
@city_view(Permission.VIEW_QUESTION)
def question_documents(
    request: HttpRequest, member: Membership, year: int, code: str
) -> HttpResponse:
    """Every document in force of a question, newest first, with those it took the place of."""
    answer = get_question_or_404(member, year, code)
    actions = actions_now(answer.assessment, at=timezone.now(), answer_id=answer.pk)
    may_hand_in = member.may(Permission.ANSWER_QUESTIONS) and StageAction.UPLOAD in actions
    in_force = Evidence.objects.current().filter(answer=answer).order_by("-offered_at", "-pk")
    paginator = Paginator(in_force.values_list("pk", flat=True), PAGE)
    paginator.count = answer.returned + answer.offered  # known already
    page = paginator.get_page(request.GET.get("halaman"))
    documents = offered_documents(
        page_of_documents(answer, page),
        answer.assessment,
        member,
        may_change=may_hand_in,
        today=timezone.localdate(),
    )
    context = {
        "member": member,
        "assessment": answer.assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "answer": answer,
        "documents": documents,
        "page_obj": page,
        "may_hand_in": may_hand_in,
    }
    return render(request, "assessments/question_documents.html", context)


@require_safe
@city_view(Permission.VIEW_QUESTION)
def question_history(
    request: HttpRequest, member: Membership, year: int, code: str
) -> HttpResponse:
    """What was done at a question, and what it has been worth."""
    answer = get_question_or_404(member, year, code)
    deeds = Paginator(deeds_of(answer, member), PAGE)
    context = {
        "member": member,
        "assessment": answer.assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "answer": answer,
        "page_obj": deeds.get_page(request.GET.get("halaman")),
        "points_history": points_history(answer),
    }
    return render(request, "assessments/question_history.html", context)
