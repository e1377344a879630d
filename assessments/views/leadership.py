"""The year on one sheet, for whoever decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.choices import AnswerState
from assessments.models import Assessment
from assessments.queries.history import years_chart, years_of
from assessments.queries.leadership import AWARDS, Decision, Matter, decisions
from assessments.queries.record import record_of
from assessments.queries.year import ladder_chart, year_board
from assessments.queries.years_picture import years_picture
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with the page where its facts are, if the member may open one."""

    title: str
    fact: str
    url: str


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def city_leadership(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """Where the city stands, what is missing and what to decide: one sheet of A4."""
    assessment = Assessment.objects.current(member.city)
    context: dict[str, object] = {"member": member, "assessment": assessment, "page": "leadership"}
    if assessment is None:
        return render(request, "assessments/city_leadership.html", context)
    today = timezone.localdate()
    record = record_of(member.city)
    dashboard = year_board(assessment, record, today=today)
    years = years_of(record)
    charts = [ladder_chart(dashboard), years_chart(years)]
    file = chart_file(request, charts, f"{member.city.slug}-pimpinan")
    if file is not None:
        return file
    trend, trend_lines, trend_sentence = years_picture(
        assessment, years, [band.predikat for band in dashboard.ladder.bands]
    )
    context |= {
        "dashboard": dashboard,
        "days_left": assessment.days_left(today),
        "decisions": [
            Decided(one.title, one.fact, _url(one, member, assessment))
            for one in decisions(assessment, dashboard, today=today)
        ],
        "trend": trend,
        "trend_lines": trend_lines,
        "trend_sentence": trend_sentence,
        "awards": [one.award for one in reversed(years) if one.award][:AWARDS],
    }
    return render(request, "assessments/city_leadership.html", context)


def _url(decision: Decision, member: Membership, assessment: Assessment) -> str:
    """Where the facts of a decision stand; nothing where the member may not open it."""
    year = [member.city.slug, assessment.year]
    questions = reverse("assessments:question_list", args=year)
    pages = {
        Matter.PACE: reverse("assessments:year_pace", args=year),
        Matter.LEAD: f"{questions}?keadaan=tanpa-penanggung-jawab",
        Matter.REVIEW: f"{questions}?keadaan={AnswerState.WAITING}",
        Matter.RETURNED: f"{questions}?keadaan={AnswerState.RETURNED}",
        Matter.CLUSTER: f"{questions}?klaster={decision.subject}",
    }
    if decision.matter == Matter.OPD:
        return reverse("assessments:opd_detail", args=[*year, decision.subject])
    if decision.matter in pages:
        return pages[decision.matter]
    may_change = member.may(Permission.MANAGE_ASSESSMENT)
    return reverse("assessments:assessment_edit", args=year) if may_change else ""
