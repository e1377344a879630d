"""The stages of a year: where it stands, submitting it, going on and back, what was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices import AnswerState, ScoreKind, Stage
from assessments.forms.stages import AdvanceForm, ReopenForm, SubmitForm
from assessments.models import Assessment, Snapshot
from assessments.queries.readiness import Lack, readiness
from assessments.reports.snapshot_pdf import snapshot_paper
from assessments.services.snapshots import checksum
from assessments.services.transitions import advance_stage, reopen_stage, submit_assessment
from assessments.stages import (
    ACTION_LABELS,
    RESCUE_STAGE,
    STAGE_ACTIONS,
    STAGE_DEEDS,
    StageAction,
    following,
)
from assessments.views.lookups import get_assessment_or_404
from cities.access import asks_again, city_view
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_moment
from texts.languages import in_indonesian
from workbooks.downloads import download

LACK_LABELS: dict[str, Promise] = {
    "tanpa-klaim": ngettext_lazy("pertanyaan tanpa klaim", "pertanyaan tanpa klaim", "count"),
    "klaim-tanpa-dokumen": ngettext_lazy("klaim tanpa dokumen", "klaim tanpa dokumen", "count"),
    AnswerState.WAITING: ngettext_lazy(
        "pertanyaan dengan dokumen yang belum diperiksa",
        "pertanyaan dengan dokumen yang belum diperiksa",
        "count",
    ),
    AnswerState.RETURNED: ngettext_lazy(
        "pertanyaan dengan dokumen dikembalikan", "pertanyaan dengan dokumen dikembalikan", "count"
    ),
    "tanpa-penanggung-jawab": ngettext_lazy(
        "pertanyaan tanpa penanggung jawab", "pertanyaan tanpa penanggung jawab", "count"
    ),
}


@dataclass(frozen=True, slots=True)
class LackLine:
    label: str
    count: int
    points: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class StageLine:
    """One rung of the ladder of stages."""

    stage: Stage
    is_current: bool
    is_past: bool
    actions: list[str]
    has_rescue: bool


@dataclass(frozen=True, slots=True)
class OfficialLine:
    """Points that an official stage gave, as they were frozen."""

    place: str
    kind: ScoreKind
    points: str
    why: str
    by: str


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.SUBMIT_ASSESSMENT)
def assessment_submit(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """What is still missing, and submitting all the same."""
    assessment = get_assessment_or_404(member, year)
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            snapshot = submit_assessment(
                assessment_id=assessment.pk, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
            assessment = get_assessment_or_404(member, year)
        else:
            sentence = _("Penilaian tahun %(year)d diajukan dan dikunci.")
            messages.success(request, sentence % {"year": year})
            return redirect(snapshot)
    ready = readiness(assessment)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "form": form if assessment.stage == Stage.SELF_ASSESSMENT else None,
        "refusals": form.non_field_errors() if form.is_bound else [],
        "ready": ready,
        "lacks": [_lack_line(member, assessment, lack) for lack in ready.lacks],
    }
    return render(request, "assessments/assessment_submit.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def stage_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    return _stage_page(request, member, assessment)


@require_POST
@city_view(Permission.SUBMIT_ASSESSMENT)
def stage_advance(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = AdvanceForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else assessment.stage
    try:
        assessment = advance_stage(
            assessment_id=assessment.pk, seen=Stage(seen), by=member.user, at=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("Tahap penilaian kini %(stage)s.")
        messages.success(request, sentence % {"stage": assessment.get_stage_display().lower()})
    return redirect("assessments:stage_list", member.city.slug, year)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REOPEN_ASSESSMENT)
def stage_reopen(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    if request.method != "POST":
        return redirect("assessments:stage_list", member.city.slug, year)
    form = ReopenForm(request.POST, assessment=assessment)
    if form.is_valid():
        try:
            assessment = reopen_stage(
                assessment_id=assessment.pk,
                seen=Stage(form.cleaned_data["seen"]),
                stage=Stage(form.cleaned_data["stage"]),
                reason=form.cleaned_data["reason"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Penilaian dibuka kembali ke tahap %(stage)s.")
            messages.success(request, sentence % {"stage": assessment.get_stage_display().lower()})
            return redirect("assessments:stage_list", member.city.slug, year)
    return _stage_page(request, member, get_assessment_or_404(member, year), reopen_form=form)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def snapshot_detail(
    request: HttpRequest, member: Membership, year: int, number: int
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    snapshot = get_snapshot_or_404(assessment, number)
    totals = snapshot.content["totals"]
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "snapshot": snapshot,
        "content": snapshot.content,
        "is_intact": checksum(snapshot.content) == snapshot.checksum,
        "totals": [(kind, totals[kind]) for kind in ScoreKind],
        "clusters": [
            (row, row["points"].get(ScoreKind.CLAIMED), row["points"].get(ScoreKind.EVIDENCED))
            for row in snapshot.content["clusters"]
        ],
        "official": _official_lines(snapshot.content),
    }
    return render(request, "assessments/snapshot_detail.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
@in_indonesian
def snapshot_pdf(request: HttpRequest, member: Membership, year: int, number: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    snapshot = get_snapshot_or_404(assessment, number)
    local = timezone.localtime(snapshot.at)
    moment = f"{format_moment(local)} {member.city.get_timezone_display()}"
    paper = snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment=moment)
    return download(paper, f"rekaman-kla-{member.city.slug}-{year}-{number}.pdf")


def _official_lines(content: dict[str, Any]) -> list[OfficialLine]:
    """Nothing for snapshots that were frozen before they told of it."""
    entries = [
        (_("Indikator %(code)s") % {"code": row["code"]}, row)
        for row in content.get("official_indicators", ())
    ]
    entries += [
        (_("Pertanyaan %(code)s") % {"code": answer["code"]}, row)
        for answer in content["answers"]
        for row in answer.get("official_entries", ())
    ]
    return [
        OfficialLine(place, ScoreKind(row["kind"]), row["points"], row["why"], row["by"])
        for place, row in entries
    ]


def get_snapshot_or_404(assessment: Assessment, number: int) -> Snapshot:
    rows = Snapshot.objects.select_related("by", "assessment__city")
    return get_object_or_404(rows, assessment=assessment, number=number)


def _stage_page(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    reopen_form: ReopenForm | None = None,
) -> HttpResponse:
    current = Stage(assessment.stage)
    snapshots = assessment.snapshots.select_related("by").defer("content").order_by("-number")
    in_rescue_stage = current == RESCUE_STAGE
    windows = assessment.rescue_windows.filter(stage_left_at=None) if in_rescue_stage else None
    may_reopen = member.may(Permission.REOPEN_ASSESSMENT) and current != Stage.PREPARATION
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "lines": _stage_lines(current),
        "next_stage": following(current) if member.may(Permission.SUBMIT_ASSESSMENT) else None,
        "is_submission": current == Stage.SELF_ASSESSMENT,
        "reopen_form": (reopen_form or ReopenForm(assessment=assessment)) if may_reopen else None,
        "in_rescue_stage": in_rescue_stage,
        "may_rescue": in_rescue_stage and member.may(Permission.MANAGE_RESCUE),
        "is_rescue_unused": windows is not None and not windows.exists(),
        "snapshots": snapshots,
        "activities": assessment.activities.filter(deed__in=STAGE_DEEDS).select_related("by"),
    }
    return render(request, "assessments/stage_list.html", context)


def _stage_lines(current: Stage) -> list[StageLine]:
    stages = list(Stage)
    reached = stages.index(current)
    return [
        StageLine(
            stage=stage,
            is_current=stage == current,
            is_past=index < reached,
            actions=[
                str(ACTION_LABELS[action])
                for action in StageAction
                if action in STAGE_ACTIONS[stage]
            ],
            has_rescue=stage == RESCUE_STAGE,
        )
        for index, stage in enumerate(stages)
    ]


def _lack_line(member: Membership, assessment: Assessment, lack: Lack) -> LackLine:
    questions = reverse("assessments:question_list", args=[member.city.slug, assessment.year])
    return LackLine(
        label=LACK_LABELS[lack.filter] % {"count": lack.count},
        count=lack.count,
        points=lack.points,
        url=f"{questions}?keadaan={lack.filter}",
    )
