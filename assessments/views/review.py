"""Going through the documents that wait for a decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices import Verdict
from assessments.dashboards import concerns, previous_version, uses
from assessments.forms import ReviewForm
from assessments.models import Assessment, Evidence
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.views.found import found_assessment, found_evidence
from cities.access import city_view, person
from cities.models import Membership
from cities.roles import Permission

PAGE = 25


@require_safe
@city_view(Permission.REVIEW_EVIDENCE)
def review_queue(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """The documents waiting, those with the most points at stake first."""
    assessment = found_assessment(member, year)
    waiting = queue(member, assessment).select_related(
        "document__uploaded_by", "document__opd", "kind", "answer__question__indicator"
    )
    context = {
        "member": member,
        "assessment": assessment,
        "page": "review",
        "page_obj": Paginator(waiting, PAGE).get_page(request.GET.get("halaman")),
    }
    return render(request, "assessments/review_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_EVIDENCE)
def evidence_review(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """One document beside its question; a decision leads on to the next in the queue."""
    assessment = found_assessment(member, year)
    evidence = found_evidence(member, assessment, pk)
    form = ReviewForm(request.POST or None, answer=evidence.answer)
    if request.method == "POST" and form.is_valid():
        following = _following(member, assessment, evidence)
        try:
            sentence = _decide(request, evidence, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            evidence = found_evidence(member, assessment, pk)  # somebody may have been faster
        else:
            messages.success(request, sentence)
            return _onwards(member, assessment, following)
    return _review_page(request, member, assessment, evidence, form)


@require_POST
@city_view(Permission.REVIEW_EVIDENCE)
def verdict_undo(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = found_assessment(member, year)
    evidence = found_evidence(member, assessment, pk)
    try:
        undo_verdict(evidence_id=evidence.pk, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Keputusan dibatalkan; dokumen kembali menunggu."))
    return redirect("assessments:evidence_review", member.city.slug, year, pk)


def queue(member: Membership, assessment: Assessment) -> QuerySet[Evidence]:
    """Undecided documents that the member may decide on, by points at stake, then by age.

    Better versions of what the member has returned come first.
    """
    is_mine = Case(When(reviewer=member.user, then=0), default=1)
    return (
        Evidence.objects.visible_to(member)
        .waiting()
        .filter(answer__assessment=assessment)
        .exclude(document__uploaded_by=member.user)
        .exclude(offered_by=member.user)
        .order_by(is_mine, F("answer__question__max_points").desc(), "offered_at", "pk")
    )


def _decide(request: HttpRequest, evidence: Evidence, data: dict[str, Any]) -> str:
    by, at = person(request), timezone.now()
    if data["verdict"] == Verdict.ACCEPTED:
        accept_evidence(
            evidence_id=evidence.pk, granted_points=data["granted_points"], by=by, at=at
        )
        sentence = _("“%(title)s” diterima.")
    else:
        return_evidence(evidence_id=evidence.pk, reason=data["reason"], by=by, at=at)
        sentence = _("“%(title)s” dikembalikan.")
    return sentence % {"title": evidence.document.title}


def _following(member: Membership, assessment: Assessment, evidence: Evidence) -> int | None:
    """The document after this one in the queue, else the first of those left."""
    keys = list(queue(member, assessment).values_list("pk", flat=True))
    if evidence.pk in keys:
        place = keys.index(evidence.pk)
        keys = keys[place + 1 :] + keys[:place]
    return keys[0] if keys else None


def _onwards(member: Membership, assessment: Assessment, following: int | None) -> HttpResponse:
    where = [member.city.slug, assessment.year]
    if following is None:
        return redirect("assessments:review_queue", *where)
    return redirect("assessments:evidence_review", *where, following)


def _review_page(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    evidence: Evidence,
    form: ReviewForm,
) -> HttpResponse:
    keys = list(queue(member, assessment).values_list("pk", flat=True))
    place = keys.index(evidence.pk) if evidence.pk in keys else None
    document = evidence.document
    others = (
        evidence.answer.evidence.exclude(pk=evidence.pk)
        .select_related("document__city", "kind")
        .order_by("-offered_at", "-pk")
    )
    is_own = member.user_id in (document.uploaded_by_id, evidence.offered_by_id)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "review",
        "evidence": evidence,
        "document": document,
        "answer": evidence.answer,
        "question": evidence.answer.question,
        "form": form if evidence.is_waiting and assessment.is_open and not is_own else None,
        "refusals": form.non_field_errors() if form.is_bound else [],
        "is_own": is_own,
        "others": others,
        "uses": uses(evidence),
        "concerns": concerns(evidence, assessment, today=timezone.localdate()),
        "previous_version": previous_version(evidence) if document.revision > 1 else None,
        "newer": evidence.superseded_by if evidence.is_revised else None,
        "view_url": reverse("assessments:document_view", args=[member.city.slug, document.pk]),
        "previous": keys[place - 1] if place else None,
        "following": keys[place + 1] if place is not None and place + 1 < len(keys) else None,
        "place": None if place is None else place + 1,
        "queue_length": len(keys),
    }
    return render(request, "assessments/evidence_review.html", context)
