"""Going through the documents that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices import Verdict
from assessments.forms.review import ReviewForm
from assessments.forms.review_queue import QueueFilterForm
from assessments.models import Assessment, Evidence, SupportingDocument
from assessments.queries import concerns, previous_version, uses
from assessments.queries.review_queue import review_queue_of
from assessments.services.marked_copies import mark_of
from assessments.services.renditions import preview_text
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.sensitivity import PREVIEW, note_opened
from assessments.services.years import actions_now
from assessments.stages import StageAction
from assessments.views.lookups import get_assessment_or_404, get_evidence_or_404
from cities.access import city_view
from cities.models import Membership, User
from cities.roles import Permission

PAGE = 25


@require_safe
@city_view(Permission.REVIEW_EVIDENCE)
def review_queue(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """The documents waiting, those with the most points at stake first unless asked otherwise."""
    assessment = get_assessment_or_404(member, year)
    form = QueueFilterForm(request.GET, assessment=assessment)
    waiting = _queue(member, assessment, form).select_related(
        "document__uploaded_by", "document__opd", "kind", "answer__question__indicator"
    )
    context = {
        "member": member,
        "assessment": assessment,
        "page": "review",
        "form": form,
        "page_obj": Paginator(waiting, PAGE).get_page(request.GET.get("halaman")),
    }
    return render(request, "assessments/review_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_EVIDENCE)
def evidence_review(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """One document beside its question; a decision leads on to the next in the same queue."""
    assessment = get_assessment_or_404(member, year)
    evidence = get_evidence_or_404(member, assessment, pk)
    wanted = QueueFilterForm(request.GET, assessment=assessment)
    form = ReviewForm(request.POST or None, answer=evidence.answer)
    if request.method == "POST" and form.is_valid():
        position = _position(member, assessment, wanted, evidence)
        try:
            sentence = _decide(evidence, form.cleaned_data, by=member.user)
        except ValidationError as error:
            form.add_error(None, error)
            evidence = get_evidence_or_404(member, assessment, pk)  # somebody may have been faster
        else:
            messages.success(request, sentence)
            return _onwards(member, assessment, wanted, position)
    return _review_page(request, member, assessment, evidence, form, wanted)


@require_POST
@city_view(Permission.REVIEW_EVIDENCE)
def verdict_undo(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    evidence = get_evidence_or_404(member, assessment, pk)
    try:
        undo_verdict(evidence_id=evidence.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Keputusan dibatalkan; dokumen kembali menunggu."))
    wanted = QueueFilterForm(request.GET, assessment=assessment)
    return redirect(_review_url(member, assessment, pk) + wanted.query)


def _shown_text(document: SupportingDocument, member: Membership) -> str:
    """The beginning of a text; of a sensitive one with who reads it and when on top."""
    at = timezone.now()
    text = preview_text(document, at=at)
    if not text or not document.is_sensitive:
        return text
    note_opened([document], member, way=PREVIEW, at=at)
    return f"{mark_of(member, at=at)}\n\n{text}"


def _unsent(form: ReviewForm) -> str:
    """What the reviewer has typed in a form that was refused, as the OPD would read it."""
    if not form.errors:
        return ""
    return str(form.cleaned_data.get("reason") or form.data.get("reason", ""))


def _decide(evidence: Evidence, data: dict[str, Any], *, by: User) -> str:
    at = timezone.now()
    if data["verdict"] == Verdict.ACCEPTED:
        accept_evidence(
            evidence_id=evidence.pk, granted_points=data["granted_points"], by=by, at=at
        )
        sentence = _("“%(title)s” diterima.")
    else:
        return_evidence(evidence_id=evidence.pk, reason=data["reason"], by=by, at=at)
        sentence = _("“%(title)s” dikembalikan.")
    return sentence % {"title": evidence.document.title}


def _queue(
    member: Membership,
    assessment: Assessment,
    form: QueueFilterForm,
    *,
    beside: Evidence | None = None,
) -> QuerySet[Evidence]:
    return review_queue_of(
        member,
        assessment,
        condition=form.condition(timezone.now()),
        order=form.order_for(member.user),
        beside=beside,
    )


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where a document stands in the queue that the reviewer goes through, counted from 1."""

    number: int
    length: int
    previous: int | None
    following: int | None
    first_left: int | None  # where to begin anew once the end is reached


def _position(
    member: Membership, assessment: Assessment, wanted: QueueFilterForm, evidence: Evidence
) -> QueuePosition:
    queue = _queue(member, assessment, wanted, beside=evidence)
    keys = list(queue.values_list("pk", flat=True))
    if evidence.pk not in keys:
        raise Http404  # taken back a moment ago
    index = keys.index(evidence.pk)
    others = keys[:index] + keys[index + 1 :]
    return QueuePosition(
        number=index + 1,
        length=len(keys),
        previous=keys[index - 1] if index else None,
        following=keys[index + 1] if index + 1 < len(keys) else None,
        first_left=others[0] if others else None,
    )


def _onwards(
    member: Membership, assessment: Assessment, wanted: QueueFilterForm, position: QueuePosition
) -> HttpResponse:
    """To the next document; from the last one to the first that is left."""
    following = position.following or position.first_left
    if following is None:
        queue_url = reverse("assessments:review_queue", args=[member.city.slug, assessment.year])
        return redirect(queue_url + wanted.query)
    return redirect(_review_url(member, assessment, following) + wanted.query)


def _review_url(member: Membership, assessment: Assessment, pk: int) -> str:
    return reverse("assessments:evidence_review", args=[member.city.slug, assessment.year, pk])


def _review_page(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    evidence: Evidence,
    form: ReviewForm,
    wanted: QueueFilterForm,
) -> HttpResponse:
    evidence.answer.assessment = assessment  # which the parts of the page read
    document = evidence.document
    others = (
        evidence.answer.evidence.exclude(pk=evidence.pk)
        .select_related("document__city", "kind")
        .order_by("-offered_at", "-pk")
    )
    is_readable = bool(SupportingDocument.objects.openable_keys([document], member))
    is_own = evidence.belongs_to(member.user)
    actions = actions_now(assessment, at=timezone.now(), answer_id=evidence.answer_id)
    may_decide = StageAction.REVIEW in actions and not is_own
    context = {
        "member": member,
        "assessment": assessment,
        "page": "review",
        "evidence": evidence,
        "document": document,
        "answer": evidence.answer,
        "question": evidence.answer.question,
        "form": form if evidence.is_waiting and may_decide else None,
        "unsent": _unsent(form),
        "refusals": form.non_field_errors() if form.is_bound else [],
        "is_own": is_own,
        "may_decide": may_decide,
        "others": others,
        "uses": uses(evidence),
        "concerns": concerns(evidence, assessment, today=timezone.localdate()),
        "previous_version": previous_version(evidence) if document.revision > 1 else None,
        "newer": evidence.superseded_by if evidence.is_revised else None,
        "is_readable": is_readable,
        "preview_text": _shown_text(document, member) if is_readable else "",
        "view_url": reverse("assessments:document_view", args=[member.city.slug, document.pk]),
        "place": _position(member, assessment, wanted, evidence),
        "query": wanted.query,
    }
    return render(request, "assessments/evidence_review.html", context)
