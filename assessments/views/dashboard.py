"""Where a city stands: the first page of its year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from assessments.choices import AnswerState
from assessments.models import Assessment
from assessments.queries.leadership import Matter, about_goal
from assessments.queries.overview import OpenKind, YearOverview, year_overview
from assessments.queries.weekly_activity import week_chart
from assessments.queries.year import ladder_chart
from assessments.stages import StageAction
from assessments.views.lookups import get_assessment_or_404
from assessments.views.year_tabs import TAB_OF_CHART
from assessments.year_notes import year_notes
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import Pictures, chart_file, with_pictures
from figures.layout.ladder_drawing import ladder_drawing


@dataclass(frozen=True, slots=True)
class Action:
    """Something open: how many, what, with whom, and the button that leads there."""

    label: str
    fact: str
    count: int | None = None
    url: str = ""
    button: str = ""


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def city_dashboard(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """The city's current year; without one, what to do to get one."""
    assessment = Assessment.objects.current(member.city)
    if assessment is None:
        context = {
            "member": member,
            "assessment": None,
            "page": "dashboard",
            "awards": member.city.awards.all(),
            "may_open": member.may(Permission.MANAGE_ASSESSMENT),
        }
        return render(request, "assessments/city_without_year.html", context)
    return _overview(request, member, assessment)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def assessment_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    return _overview(request, member, get_assessment_or_404(member, year))


def _overview(request: HttpRequest, member: Membership, assessment: Assessment) -> HttpResponseBase:
    tab = TAB_OF_CHART.get(request.GET.get("data", ""))
    if tab:  # a file that was offered here before its chart had a page of its own
        url = reverse(f"assessments:{tab}", args=[member.city.slug, assessment.year])
        return redirect(f"{url}?{request.GET.urlencode()}")
    today = timezone.localdate()
    overview = year_overview(assessment, today=today)
    pictures: Pictures = {"tangga": partial(ladder_drawing, overview.standing.ladder)}
    charts = with_pictures([ladder_chart(overview.standing), week_chart(overview.week)], pictures)
    file = chart_file(request, charts.values(), f"{member.city.slug}-{assessment.year}", pictures)
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": assessment,
        "page": "dashboard",
        "overview": overview,
        "charts": charts,
        "days_left": assessment.days_left(today),
        "states": [(state, overview.states[state]) for state in AnswerState],
        "actions": [
            *_goal_actions(member, assessment, overview),
            *_actions(member, assessment, overview),
            *year_notes(member, assessment),
        ],
        "questions_url": _questions_url(assessment),
    }
    return render(request, "assessments/year_dashboard.html", context)


def _questions_url(assessment: Assessment) -> str:
    return reverse("assessments:question_list", args=[assessment.city.slug, assessment.year])


def _goal_actions(
    member: Membership, assessment: Assessment, overview: YearOverview
) -> Iterator[Action]:
    """What to decide on the year itself; a way there only for whoever may."""
    year = [member.city.slug, assessment.year]
    pages = {
        Matter.TARGET: ("assessment_edit", _("Tetapkan target")),
        Matter.DEADLINE: ("assessment_edit", _("Tetapkan tenggat")),
    }
    for one in about_goal(assessment, overview.standing, today=timezone.localdate()):
        view, button = pages[one.matter]
        if member.may(Permission.MANAGE_ASSESSMENT):
            url = reverse(f"assessments:{view}", args=year)
            yield Action(one.title, one.fact, url=url, button=button)
        else:
            yield Action(one.title, one.fact)


def _actions(
    member: Membership, assessment: Assessment, overview: YearOverview
) -> Iterator[Action]:
    """What needs somebody now, each with the page where it is done."""
    labels = {
        OpenKind.WAITING: ngettext_lazy(
            "dokumen menunggu pemeriksaan", "dokumen menunggu pemeriksaan", "count"
        ),
        OpenKind.RETURNED: ngettext_lazy(
            "pertanyaan dengan dokumen dikembalikan",
            "pertanyaan dengan dokumen dikembalikan",
            "count",
        ),
        OpenKind.UNANSWERED: ngettext_lazy(
            "pertanyaan dengan pesan OPD belum dijawab",
            "pertanyaan dengan pesan OPD belum dijawab",
            "count",
        ),
        OpenKind.LATE: ngettext_lazy(
            "pertanyaan melewati tenggat", "pertanyaan melewati tenggat", "count"
        ),
        OpenKind.UNLED: ngettext_lazy(
            "pertanyaan tanpa penanggung jawab", "pertanyaan tanpa penanggung jawab", "count"
        ),
    }
    for one in overview.matters:
        url, button = _way(one.kind, member, assessment)
        yield Action(labels[one.kind] % {"count": one.count}, one.fact, one.count, url, button)


def _way(kind: OpenKind, member: Membership, assessment: Assessment) -> tuple[str, str]:
    """Where something is done and what the button says; where it cannot be, where it is seen."""
    year = [member.city.slug, assessment.year]
    actions = assessment.actions
    if kind == OpenKind.WAITING and member.may(Permission.REVIEW_EVIDENCE):
        button = _("Periksa") if StageAction.REVIEW in actions else _("Lihat")
        return reverse("assessments:review_queue", args=year), button
    asked = {
        OpenKind.WAITING: AnswerState.WAITING,
        OpenKind.RETURNED: AnswerState.RETURNED,
        OpenKind.UNANSWERED: "pesan-belum-dijawab",
        OpenKind.LATE: "terlambat",
        OpenKind.UNLED: "tanpa-penanggung-jawab",
    }
    button = _("Lihat")
    if kind == OpenKind.UNANSWERED and member.may(Permission.COMMENT):
        button = _("Jawab")
    if kind == OpenKind.UNLED and member.may(Permission.ASSIGN_QUESTIONS):
        button = _("Tunjuk") if StageAction.ASSIGN in actions else button
    return f"{_questions_url(assessment)}?keadaan={asked[kind]}", button
