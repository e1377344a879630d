"""Last year's documents and answers, proposed for this year."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.documents import CarryOverForm
from assessments.models import Answer, SupportingDocument
from assessments.queries import CarryOver, carry_over_proposals
from assessments.services.carry_over import Carried, ClaimPick, Pick, carry_over
from assessments.views.lookups import get_assessment_and_earlier_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

FEW = 5  # questions that are shown without folds


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def documents_carry_over(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Everything that the earlier year has for the member's questions, to be ticked."""
    assessment, source = get_assessment_and_earlier_or_404(member, year)
    visible = Answer.objects.visible_to(member)
    proposed = carry_over_proposals(assessment, source, visible, today=timezone.localdate())
    documents = [row.document for row in proposed.proposals]
    openable = SupportingDocument.objects.openable_keys(documents, member)
    picks, claims = _picks(proposed, openable), _claims(proposed)
    form = CarryOverForm(request.POST or None, picks=picks, claims=claims)
    if form.is_valid():
        try:
            carried = carry_over(
                assessment_id=assessment.pk,
                picks=[picks[key] for key in form.cleaned_data["picks"]],
                claims=[claims[key] for key in form.cleaned_data["claims"]],
                opd=member.opd,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _told(carried))
            return redirect(request.get_full_path())
    clusters = proposed.clusters
    wanted = request.GET.get("klaster")
    cluster = next((one for one in clusters if one.code == wanted), None)
    indicators = proposed.indicators(cluster)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "proposed": proposed,
        "clusters": clusters,
        "cluster": cluster,
        "indicators": indicators,
        "form": form,
        "shown": {  # what every part needs
            "member": member,
            "assessment": assessment,
            "source": proposed.source,
            "is_short": sum(len(row.questions) for row in indicators) <= FEW,
            "readable": _readable(member, proposed),
            "kept": {document.pk for document in documents} - openable,
            "ticked": {*request.POST.getlist("picks"), *request.POST.getlist("claims")},
        },
    }
    return render(request, "assessments/documents_carry_over.html", context)


def _told(carried: Carried) -> str:
    """What is now true, documents and answers each only where there are any."""
    documents, answers = len(carried.documents), len(carried.claims)
    sentences = []
    if documents or not answers:
        sentence = _("%(count)d dokumen diajukan, menunggu pemeriksaan.")
        sentences.append(sentence % {"count": documents})
    if answers:
        sentence = _("%(count)d jawaban tersimpan sebagai klaim.")
        sentences.append(sentence % {"count": answers})
    return " ".join(sentences)


def _readable(member: Membership, proposed: CarryOver) -> set[UUID]:
    """The proposed documents that the member may open; others were another OPD's last year."""
    documents = SupportingDocument.objects.readable_by(member)
    keys = documents.filter(pk__in=[row.document.pk for row in proposed.proposals])
    return set(keys.values_list("pk", flat=True))


def _picks(proposed: CarryOver, openable: set[UUID]) -> dict[str, Pick]:
    """What each proposed document offers.

    One whose kind is not asked for offers nothing, and neither does what is sensitive and another
    OPD's.
    """
    return {
        row.key: Pick(row.answer.pk, row.document.pk, row.kind)
        for row in proposed.proposals
        if row.kind is not None and row.document.pk in openable
    }


def _claims(proposed: CarryOver) -> dict[str, ClaimPick]:
    source = proposed.source
    return {
        row.key: ClaimPick(
            answer_id=row.answer.pk,
            points=row.points,
            value=row.value,
            choice=row.choice,
            note=row.note,
            source=f"{source.year} {row.before.question.code}" if source else "",
        )
        for row in proposed.claims
    }
