"""One question: its page, and what its forms do.

The way of an uploaded file, from its address to its place on disk:

1. `document_upload` here, which the address names;
2. `forms/uploads.py`, which takes the files of the form and the pieces that arrived before;
3. `validators.inspect_file`, which judges each by its content;
4. `services/documents.py`, which refuses what the city has already and stores row and file;
5. `models/document.py`, which names the place (`stored_name`).

A large file comes in pieces before the form is sent (`views/uploads.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.answers import ClaimForm, CommentForm
from assessments.forms.documents import WaiverForm
from assessments.forms.links import LinkForm
from assessments.forms.review import GrantForm
from assessments.forms.uploads import UploadForm
from assessments.models import Answer, Evidence, RescueWindow
from assessments.queries.after_upload import after_upload
from assessments.queries.question import question_page_of
from assessments.question_parts import question_parts
from assessments.services.answers import save_claim
from assessments.services.comments import add_comment
from assessments.services.documents import upload_documents
from assessments.services.links import offer_link
from assessments.services.quotas import quotas_of
from assessments.services.review import grant_points
from assessments.services.uploads import discard
from assessments.services.years import actions_within, rescues_of
from assessments.stages import StageAction
from assessments.titles import distinct, title_for
from assessments.views.lookups import get_question_or_404
from assessments.views.places import HANDED_IN, after_handing_in, way_to_tasks
from assessments.views.refusals import with_status
from assessments.views.reuse import StoredOffer, stored_offers, warn_of_age
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_ungrouped


@require_safe
@city_view(Permission.VIEW_QUESTION)
def question_detail(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    return question_page(request, member, get_question_or_404(member, year, code))


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def claim_save(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    form = ClaimForm(request.POST, answer=answer)
    if form.is_valid():
        try:
            save_claim(answer_id=answer.pk, **form.cleaned(), by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            answer = get_question_or_404(member, year, code)
            form.look_again(answer)
        else:
            messages.success(request, _("Jawaban %(code)s tersimpan.") % {"code": code})
            return redirect(answer)
    page = question_page(request, member, answer, claim_form=form)
    return with_status(page, form)


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def document_upload(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    at = timezone.now()  # the request has arrived whole; looking into its files may take a while
    offers: list[StoredOffer] = []
    with closing(UploadForm(request.POST, request.FILES, answer=answer, by=member.user)) as form:
        if form.is_valid():
            offers = _store_documents(request, member, form, at=at)
            form.show_faults()
            if not form.errors:
                return redirect(after_handing_in(answer))
    for upload in form.refused:
        discard(upload_id=upload.pk)
    page = question_page(request, member, answer, upload_form=form, stored_offers=offers)
    return with_status(page, form)


def _store_documents(
    request: HttpRequest, member: Membership, form: UploadForm, *, at: datetime
) -> list[StoredOffer]:
    """Each file by itself: one that is refused keeps no other from being stored.

    The form is told which places are stored and what is wrong with the others. Returns offers for
    those that the city has already.
    """
    code = form.answer.question.code
    proposed = [title_for(one.name, one.kind.name, code) for one in form.handed_in]
    stored: list[Evidence] = []
    offers: list[StoredOffer] = []
    for one, title in zip(form.handed_in, distinct(proposed), strict=True):
        try:
            stored += upload_documents(
                answer_id=form.answer.pk,
                files=[one.file],
                kind=one.kind,
                said=replace(one.said, title=one.said.title or title),
                opd=member.opd,
                by=member.user,
                at=at,
            )
            form.stored.append(one.file.place)
        except ValidationError as error:
            form.faults.append(error)
            offers += stored_offers(error, member, form.answer, one.kind, member.user)
    if stored:
        sentence = (
            _("%(count)d dokumen tersimpan, menunggu pemindaian virus, lalu pemeriksaan.")
            if any(one.document.is_quarantined for one in stored)
            else _("%(count)d dokumen tersimpan, menunggu pemeriksaan.")
        )
        messages.success(request, sentence % {"count": len(stored)})
        warn_of_age(request, stored, form.answer)
    return offers


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def link_offer(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    with closing(LinkForm(request.POST, request.FILES, answer=answer, by=member.user)) as form:
        if form.is_valid():
            try:
                evidence = offer_link(
                    answer_id=answer.pk,
                    link=form.link,
                    copy=form.copy,
                    kind=form.cleaned_data["kind"],
                    said=form.said(),
                    opd=member.opd,
                    by=member.user,
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.refuse(error)
            else:
                sentence = _("Tautan “%(title)s” diajukan, menunggu pemeriksaan.")
                messages.success(request, sentence % {"title": evidence.document.title})
                warn_of_age(request, [evidence], answer)
                return redirect(after_handing_in(answer))
    for upload in form.refused:
        discard(upload_id=upload.pk)
    return with_status(question_page(request, member, answer, link_form=form), form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_EVIDENCE)
def points_grant(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    form = GrantForm(request.POST, answer=answer)
    if form.is_valid():
        try:
            grant_points(
                answer_id=answer.pk, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error("granted_points", error)
        else:
            messages.success(request, _("Nilai %(code)s ditetapkan.") % {"code": code})
            return redirect(answer)
    return question_page(request, member, answer, grant_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.COMMENT)
def comment_add(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            add_comment(answer=answer, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error("text", error)
        else:
            return redirect(f"{answer.get_absolute_url()}#percakapan")
    return question_page(request, member, answer, comment_form=form)


@dataclass(frozen=True, slots=True)
class Fraction:
    """A usual part of a question's points, offered as a button."""

    value: str
    label: str


def question_page(
    request: HttpRequest,
    member: Membership,
    answer: Answer,
    **refused: Any,
) -> HttpResponse:
    """The question with its claim, documents and conversation; `answer` as `get_question_or_404`
    has it.

    `refused` holds the one form that was sent and refused, so that nothing typed is lost.
    """
    assessment, at = answer.assessment, timezone.now()
    windows = rescues_of(assessment, answer.pk, at=at)
    actions = actions_within(assessment, windows, at=at)
    may_hand_in = member.may(Permission.ANSWER_QUESTIONS) and StageAction.UPLOAD in actions
    term = request.GET.get("cari")
    today = timezone.localdate()
    page = question_page_of(answer, member, may_hand_in=may_hand_in, term=term, today=today)
    is_after_upload = may_hand_in and HANDED_IN in request.GET
    quotas = quotas_of(member.user, member.city, at=at) if may_hand_in else None
    shown: dict[str, Any] = {**_forms(answer, member, actions), **refused}
    if shown["waiver_form"] is not None:
        shown["waiver_form"].offer(page["owed"].asked)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "answer": answer,
        "question": answer.question,
        "term": term,
        "rescue": longest(window for window in windows if window.is_open_at(at)),
        "fractions": _fractions(answer),
        "tasks_url": way_to_tasks(request, member, answer.question.code),
        **page,
        "quotas": quotas,
        "unfinished": shown["upload_form"].unfinished if quotas and quotas.on_the_way else None,
        "after": after_upload(answer, member, page["owed"].asked, today=today)
        if is_after_upload
        else None,
        "parts": question_parts(
            answer,
            may_claim=member.may(Permission.ANSWER_QUESTIONS) and StageAction.CLAIM in actions,
        ),
        **shown,
    }
    return render(request, "assessments/question_detail.html", context)


def longest(windows: Iterable[RescueWindow]) -> RescueWindow | None:
    return max(windows, key=lambda window: (window.closes_at, window.pk), default=None)


def _forms(
    answer: Answer, member: Membership, actions: Collection[StageAction]
) -> dict[str, forms.Form | None]:
    """The forms of the page by their names in it; None for what is not to be done now."""
    answers, reviews = Permission.ANSWER_QUESTIONS, Permission.REVIEW_EVIDENCE

    def may(permission: Permission, action: StageAction) -> bool:
        return member.may(permission) and action in actions

    may_hand_in = may(answers, StageAction.UPLOAD)
    may_grant = may(reviews, StageAction.GRANT) and answer.is_proven
    return {
        "claim_form": ClaimForm(answer=answer) if may(answers, StageAction.CLAIM) else None,
        "upload_form": UploadForm(answer=answer, by=member.user) if may_hand_in else None,
        "link_form": LinkForm(answer=answer, by=member.user) if may_hand_in else None,
        "waiver_form": WaiverForm(answer=answer) if may(reviews, StageAction.REVIEW) else None,
        "grant_form": GrantForm(answer=answer) if may_grant else None,
        "comment_form": CommentForm() if member.may(Permission.COMMENT) else None,
    }


def _fractions(answer: Answer) -> list[Fraction]:
    """The instrument's usual fractions of the maximum, as points."""
    maximum = answer.question.max_points
    parts = [Decimal(fraction) * maximum for fraction in answer.question.usual_fractions]
    return [Fraction(format_ungrouped(points), format_ungrouped(points)) for points in parts]
