"""Questions: an OPD's tasks, the whole list, and one question with everything about it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.choices import AnswerState, TrailEvent
from assessments.forms.answers import ClaimForm, CommentForm
from assessments.forms.documents import WaiverForm
from assessments.forms.filters import QuestionFilterForm
from assessments.forms.links import LinkForm
from assessments.forms.review import GrantForm
from assessments.forms.uploads import UploadForm
from assessments.models import (
    Answer,
    AnswerQuerySet,
    Assessment,
    Assignment,
    Comment,
    is_late,
)
from assessments.queries import (
    asked_kinds,
    offered_documents,
    reusable_documents,
    task_list,
)
from assessments.queries.points import points_history
from assessments.queries.rescue import open_boards, rescue_of
from assessments.services.answers import save_claim
from assessments.services.comments import add_comment
from assessments.services.documents import upload_documents
from assessments.services.links import offer_link
from assessments.services.review import grant_points
from assessments.services.uploads import discard
from assessments.services.years import actions_now
from assessments.stages import StageAction
from assessments.views.drafts import last_sent
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from assessments.views.reuse import StoredOffer, stored_offers, warn_of_age
from cities.access import city_view, person
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_ungrouped
from texts.searching import found

PAGE = 50


@require_safe
@city_view(Permission.OWN_TASKS)
def my_tasks(request: HttpRequest, member: Membership) -> HttpResponse:
    """What the member's OPD has to hand in for the city's current year."""
    assessment = Assessment.objects.current(member.city)
    context: dict[str, Any] = {"member": member, "assessment": assessment, "page": "tasks"}
    if assessment is not None and member.opd is not None:
        answers = Answer.objects.visible_to(member).filter(assessment=assessment)
        today = timezone.localdate()
        context["tasks"] = task_list(answers, member.opd, today=today)
        context["days_left"] = assessment.days_left(today)
    everything = Answer.objects.visible_to(member)
    context["rescues"] = open_boards(member.city, everything, at=timezone.now())
    return render(request, "assessments/task_list.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def question_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Every question of a year, narrowed by what stands in the address."""
    assessment = get_assessment_or_404(member, year)
    form = QuestionFilterForm(request.GET, assessment=assessment)
    today = timezone.localdate()
    answers = _filtered(
        Answer.objects.visible_to(member)
        .filter(assessment=assessment)
        .with_state()
        .with_due_on()
        .select_related("question__indicator__cluster")
        .prefetch_related("assignments__opd")
        .in_order(),
        form,
        today,
    )
    page = Paginator(answers, PAGE).get_page(request.GET.get("halaman"))
    for answer in page:
        answer.late = is_late(answer.state, answer.due_on, today)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "questions",
        "form": form,
        "page_obj": page,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "assessments/question_list.html", context)


def _filtered(answers: AnswerQuerySet, form: QuestionFilterForm, today: date) -> AnswerQuerySet:
    form.is_valid()  # an unknown value in the address narrows nothing
    wanted = form.cleaned_data
    answers = form.narrowed(answers)
    if wanted.get("q"):
        term = wanted["q"]
        answers = answers.filter(
            found(term, "question__text") | Q(question__code__istartswith=term)
        )
    state = wanted.get("keadaan")
    if state == "terlambat":
        done = [AnswerState.ACCEPTED, AnswerState.WAITING]
        answers = answers.filter(~Q(state__in=done), Q(due_on__lt=today))
    elif state == "tanpa-penanggung-jawab":
        led = Assignment.objects.filter(is_lead=True).values("answer")
        answers = answers.exclude(pk__in=led)
    elif state == "pesan-belum-dijawab":
        answers = answers.filter(pk__in=Comment.objects.unanswered().values("answer"))
    elif state == "tanpa-klaim":
        answers = answers.filter(claimed_points=None)
    elif state == "klaim-tanpa-dokumen":
        answers = answers.filter(Q(state=AnswerState.ANSWERED), claimed_points__gt=0)
    elif state:
        answers = answers.filter(Q(state=state))
    return answers


@require_safe
@city_view(Permission.VIEW_QUESTION)
def question_detail(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    return question_page(request, member, get_answer_or_404(member, assessment, code), assessment)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def claim_save(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    form = ClaimForm(request.POST, answer=answer)
    if form.is_valid():
        try:
            save_claim(answer_id=answer.pk, **form.cleaned(), by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            answer = get_answer_or_404(member, assessment, code)
            form.look_again(answer)
        else:
            messages.success(request, _("Jawaban %(code)s tersimpan.") % {"code": code})
            return redirect(answer)
    return question_page(request, member, answer, assessment, claim_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def document_upload(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    at = timezone.now()  # the request has arrived whole; looking into its files may take a while
    offers: list[StoredOffer] = []
    with closing(
        UploadForm(request.POST, request.FILES, answer=answer, by=person(request))
    ) as form:
        if form.is_valid():
            try:
                _store_documents(request, member, form, at=at)
            except ValidationError as error:
                form.add_error("file", error)
                offers = stored_offers(
                    error, member, answer, form.cleaned_data["kind"], person(request)
                )
            else:
                return redirect(answer)
    for upload in form.refused:
        discard(upload_id=upload.pk)
    return question_page(
        request, member, answer, assessment, upload_form=form, stored_offers=offers
    )


def _store_documents(
    request: HttpRequest, member: Membership, form: UploadForm, *, at: datetime
) -> None:
    evidence = upload_documents(
        answer_id=form.answer.pk,
        files=form.cleaned_data["file"],
        kind=form.cleaned_data["kind"],
        said=form.said(),
        opd=member.opd,
        by=person(request),
        at=at,
    )
    sentence = _("%(count)d dokumen tersimpan, menunggu pemeriksaan.")
    messages.success(request, sentence % {"count": len(evidence)})
    warn_of_age(request, evidence, form.answer)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def link_offer(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    with closing(LinkForm(request.POST, request.FILES, answer=answer, by=person(request))) as form:
        if form.is_valid():
            try:
                evidence = offer_link(
                    answer_id=answer.pk,
                    link=form.link,
                    copy=form.copy,
                    kind=form.cleaned_data["kind"],
                    said=form.said(),
                    opd=member.opd,
                    by=person(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.refuse(error)
            else:
                sentence = _("Tautan “%(title)s” diajukan, menunggu pemeriksaan.")
                messages.success(request, sentence % {"title": evidence.document.title})
                warn_of_age(request, [evidence], answer)
                return redirect(f"{answer.get_absolute_url()}#dokumen")
    for upload in form.refused:
        discard(upload_id=upload.pk)
    return question_page(request, member, answer, assessment, link_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_EVIDENCE)
def points_grant(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    form = GrantForm(request.POST, answer=answer)
    if form.is_valid():
        try:
            grant_points(
                answer_id=answer.pk, **form.cleaned_data, by=person(request), at=timezone.now()
            )
        except ValidationError as error:
            form.add_error("granted_points", error)
        else:
            messages.success(request, _("Nilai %(code)s ditetapkan.") % {"code": code})
            return redirect(answer)
    return question_page(request, member, answer, assessment, grant_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.COMMENT)
def comment_add(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            add_comment(answer=answer, **form.cleaned_data, by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error("text", error)
        else:
            return redirect(f"{answer.get_absolute_url()}#percakapan")
    return question_page(request, member, answer, assessment, comment_form=form)


@dataclass(frozen=True, slots=True)
class Fraction:
    """A usual part of a question's points, offered as a button."""

    value: str
    label: str


def question_page(
    request: HttpRequest,
    member: Membership,
    answer: Answer,
    assessment: Assessment,
    **forms: Any,
) -> HttpResponse:
    """The question with its claim, documents, conversation and history.

    `forms` holds the one form that was sent and refused, so that nothing typed is lost.
    """
    answer.assessment = assessment
    question = answer.question
    now = timezone.now()
    actions = actions_now(assessment, at=now, answer_id=answer.pk)
    may_answer = member.may(Permission.ANSWER_QUESTIONS)
    may_hand_in = may_answer and StageAction.UPLOAD in actions
    may_review = member.may(Permission.REVIEW_EVIDENCE)
    previous, following = _neighbours(member, answer)
    evidence = answer.evidence.select_related(
        "document__uploaded_by",
        "document__opd",
        "document__city",
        "document__rendition",
        "kind",
        "decided_by",
    )
    asked = asked_kinds(
        question.evidence_kinds.all(), evidence, answer.waivers.select_related("by")
    )
    term = request.GET.get("cari")
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "answer": answer,
        "question": question,
        "sent": last_sent(answer, person(request)),
        "late": is_late(answer.state, answer.due_on, timezone.localdate()),
        "assignments": answer.assignments.select_related("opd"),
        "asked": asked,
        "settled": sum(kind.is_settled for kind in asked),
        "documents": offered_documents(
            evidence, assessment, member, may_change=may_hand_in, today=timezone.localdate()
        ),
        "term": term,
        "reusable": reusable_documents(member, answer, term)
        if may_hand_in and term is not None
        else None,
        "waiver_form": WaiverForm(answer=answer)
        if may_review and StageAction.REVIEW in actions
        else None,
        "fractions": _fractions(answer),
        "claim_form": ClaimForm(answer=answer)
        if may_answer and StageAction.CLAIM in actions
        else None,
        "upload_form": UploadForm(answer=answer, by=person(request)) if may_hand_in else None,
        "link_form": LinkForm(answer=answer, by=person(request)) if may_hand_in else None,
        "grant_form": GrantForm(answer=answer)
        if may_review and StageAction.GRANT in actions and answer.is_proven
        else None,
        "rescue": rescue_of(answer, at=now),
        "comment_form": CommentForm() if member.may(Permission.COMMENT) else None,
        "comments": answer.comments.select_related("by").prefetch_related("mentions__opd"),
        # What people wrote stands in the conversation beside it.
        "activities": answer.activities.exclude(deed=TrailEvent.COMMENT_ADDED).select_related("by"),
        "points_history": points_history(answer),
        "previous": previous,
        "following": following,
        **forms,
    }
    return render(request, "assessments/question_detail.html", context)


def _fractions(answer: Answer) -> list[Fraction]:
    """The instrument's usual fractions of the maximum, as points."""
    maximum = answer.question.max_points
    parts = [Decimal(fraction) * maximum for fraction in answer.question.usual_fractions]
    return [Fraction(format_ungrouped(points), format_ungrouped(points)) for points in parts]


def _neighbours(member: Membership, answer: Answer) -> tuple[str | None, str | None]:
    """The codes of the questions before and after this one, among those the member sees."""
    seen = Answer.objects.visible_to(member).filter(assessment=answer.assessment_id)
    position = answer.question.position
    before = seen.filter(question__position__lt=position).order_by("-question__position")
    after = seen.filter(question__position__gt=position).order_by("question__position")
    return (
        before.values_list("question__code", flat=True).first(),
        after.values_list("question__code", flat=True).first(),
    )
