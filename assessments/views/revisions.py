"""Handing in a better version of a document."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.documents import RevisionForm
from assessments.models import Assessment, Evidence
from assessments.queries import concerns
from assessments.services.quotas import quotas_of
from assessments.services.revisions import Revised, revise_document
from assessments.views.lookups import get_assessment_or_404
from assessments.views.places import after_handing_in
from assessments.views.reuse import StoredOffer, stored_offers
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def document_revise(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """A page of its own: what was returned and why, and the form for the better file."""
    assessment = get_assessment_or_404(member, year)
    evidence = _get_own_or_404(member, assessment, pk)
    if not Evidence.objects.revisable_by(member).filter(pk=pk).exists():
        messages.error(request, _why_not(evidence))
        return redirect(evidence.answer)
    at = timezone.now()  # the request has arrived whole; looking into its file may take a while
    form = RevisionForm(request.POST or None, request.FILES or None, document=evidence.document)
    offers: list[StoredOffer] = []
    if form.is_valid():
        try:
            revised = revise_document(
                evidence_id=pk,
                file=form.checked_file,
                link=form.link,
                said=form.said(),
                changes=form.cleaned_data["changes"],
                by=member.user,
                at=at,
            )
        except ValidationError as error:
            form.refuse(error)
            offers = stored_offers(error, member, evidence.answer, evidence.kind, member.user)
        else:
            _tell(request, revised, assessment)
            return redirect(after_handing_in(evidence.answer))
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "questions",
        "evidence": evidence,
        "document": evidence.document,
        "question": evidence.answer.question,
        "form": form,
        "stored_offers": offers,
        "quotas": quotas_of(member.user, member.city, at=at),
    }
    return render(request, "assessments/document_revise.html", context)


def _get_own_or_404(member: Membership, assessment: Assessment, pk: int) -> Evidence:
    return get_object_or_404(
        Evidence.objects.visible_to(member).select_related(
            "answer__question__indicator",
            "answer__assessment__city",
            "document__city",
            "decided_by",
            "kind",
        ),
        pk=pk,
        answer__assessment=assessment,
    )


def _why_not(evidence: Evidence) -> str:
    return _(
        "Dokumen “%(title)s” sudah diterima, sudah diganti, atau diserahkan oleh OPD lain, jadi "
        "tidak dapat Anda ganti. Unggah dokumen tambahan bila ada yang lebih baik."
    ) % {"title": evidence.document.title}


def _tell(request: HttpRequest, revised: Revised, assessment: Assessment) -> None:
    title = revised.evidence.document.title
    messages.success(
        request, _("Perbaikan “%(title)s” tersimpan, menunggu pemeriksaan.") % {"title": title}
    )
    if revised.also:
        codes = ", ".join(offer.answer.question.code for offer in revised.also)
        sentence = _("Perbaikan ini juga menggantikan versi lama pada pertanyaan %(codes)s.")
        messages.info(request, sentence % {"codes": codes})
    if revised.kept:
        codes = ", ".join(offer.answer.question.code for offer in revised.kept)
        sentence = _("Pada pertanyaan %(codes)s versi lama sudah diterima dan tetap berlaku.")
        messages.info(request, sentence % {"codes": codes})
    for concern in concerns(revised.evidence, assessment, today=timezone.localdate()):
        messages.warning(request, f"{title}: {concern.sentence}")
