"""Taking a register's value on the page of a question."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_zoned_moment
from registers.matrix import Matrix, matrix_file
from registers.services.taking import take_value
from texts.languages import in_indonesian
from workbooks.downloads import download_file


@require_POST
@city_view(Permission.ANSWER_QUESTIONS)
def value_take(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """Take what the person saw; where it cannot be taken, say why on the page of the question."""
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    try:
        taken = take_value(
            answer_id=answer.pk,
            seen=request.POST.get("seen", ""),
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request, _("Nilai dari register diambil: %(told)s.") % {"told": taken.told}
        )
    return redirect(f"{answer.get_absolute_url()}#register")


@require_safe
@city_view(Permission.VIEW_QUESTION)
@in_indonesian
def taken_book(
    request: HttpRequest, member: Membership, year: int, code: str, pk: int
) -> FileResponse:
    """What was taken, with its rows as they were then, for who wants to reckon with it."""
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    taken = get_object_or_404(answer.taken_values.select_related("answer__question"), pk=pk)
    matrix = Matrix(
        answer=taken.as_answer,
        question=f"{answer.question.code} {answer.question.text}",
        city=member.city.name,
        moment=format_zoned_moment(taken.at),
    )
    name = f"matriks-{answer.question.code}-{taken.as_of.year}.xlsx"
    return download_file(matrix_file(matrix), name)
