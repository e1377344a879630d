"""Last year's documents, proposed for this year."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.dashboards import CarryOver, carry_over_proposals
from assessments.forms.documents import CarryOverForm
from assessments.models import Answer, SupportingDocument
from assessments.services.carry_over import Pick, carry_over
from assessments.views.found import found_assessment
from cities.access import city_view, person
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def documents_carry_over(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Everything that the earlier year has for the member's questions, to be ticked."""
    assessment = found_assessment(member, year)
    answers = Answer.objects.visible_to(member).filter(assessment=assessment)
    proposed = carry_over_proposals(assessment, answers, today=timezone.localdate())
    picks = _picks(proposed)
    form = CarryOverForm(request.POST or None, choices=list(picks))
    if form.is_valid():
        try:
            carried = carry_over(
                assessment_id=assessment.pk,
                picks=[picks[pk] for pk in form.cleaned_data["picks"]],
                opd=member.opd,
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("%(count)d dokumen diajukan, menunggu pemeriksaan.")
            messages.success(request, sentence % {"count": len(carried)})
            return redirect("assessments:documents_carry_over", member.city.slug, year)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "proposed": proposed,
        "form": form,
        "readable": _readable(member, proposed),
        "ticked": set(request.POST.getlist("picks")),
    }
    return render(request, "assessments/documents_carry_over.html", context)


def _readable(member: Membership, proposed: CarryOver) -> set[UUID]:
    """The proposed documents that the member may open; others were another OPD's last year."""
    proposals = [row for question in proposed.questions for row in question.proposals]
    documents = SupportingDocument.objects.visible_to(member)
    keys = documents.filter(pk__in=[row.document.pk for row in proposals])
    return set(keys.values_list("pk", flat=True))


def _picks(proposed: CarryOver) -> dict[int, Pick]:
    """What each proposal offers, by the primary key of the earlier offer."""
    return {
        proposal.before.pk: Pick(question.answer.pk, proposal.document.pk, proposal.kind)
        for question in proposed.questions
        for proposal in question.proposals
        if proposal.kind is not None
    }
