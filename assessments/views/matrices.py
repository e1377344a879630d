"""The ministry's tables, empty."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.matrices.empty import empty_matrix
from assessments.matrices.specs import MATRIX_KIND, evaluated_years, matrix_for
from assessments.packaging.names import safe_part
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from workbooks.downloads import download


@require_safe
@city_view(Permission.VIEW_QUESTION)
@in_indonesian
def matrix_template(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    question = get_answer_or_404(member, assessment, code).question
    if not question.evidence_kinds.filter(code=MATRIX_KIND).exists():
        raise Http404
    heading = _("Pertanyaan %(code)s: %(text)s") % {"code": code, "text": question.text}
    content = empty_matrix(
        matrix_for(question=question.text, indicator=question.indicator.name),
        evaluated_years(assessment.year),
        heading=heading,
        assessment=str(assessment),
    )
    name = safe_part(_("Matriks %(code)s %(year)s") % {"code": code, "year": assessment})
    return download(content, f"{name}.xlsx")
