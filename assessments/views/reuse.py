"""Offering a document that is stored already."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.documents import OfferForm
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.queries import concerns
from assessments.services.offers import offer_document
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from assessments.views.places import after_handing_in
from cities.access import city_view
from cities.models import Membership, User
from cities.roles import Permission
from clusters.models import EvidenceKind

SALT = "assessments.stored-document"
PROOF_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """A document that somebody just tried to upload again, to be used with one click."""

    label: str
    proof: str


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def document_offer(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    if request.method != "POST":
        return redirect(answer)
    proof = _read_proof(request.POST.get("proof", ""), answer, member.user)
    form = OfferForm(proof or request.POST, answer=answer)
    known = SupportingDocument.objects.filter(city=member.city)
    if proof is None:
        known = SupportingDocument.objects.offerable_by(member)
    if not form.is_valid():
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        messages.error(request, " ".join(map(str, sentences)))
    elif not known.filter(pk=form.cleaned_data["document"]).exists():
        messages.error(request, _("Dokumen itu tidak ada dalam daftar Anda. Pilih yang lain."))
    else:
        try:
            evidence = offer_document(
                answer_id=answer.pk,
                document_id=form.cleaned_data["document"],
                kind=form.cleaned_data["kind"],
                opd=member.opd,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            sentence = _("“%(title)s” diajukan tanpa mengunggah lagi, menunggu pemeriksaan.")
            messages.success(request, sentence % {"title": evidence.document.title})
            warn_of_age(request, [evidence], answer)
            return redirect(after_handing_in(answer))
    return redirect(f"{answer.get_absolute_url()}#dokumen")


def warn_of_age(request: HttpRequest, offered: list[Evidence], answer: Answer) -> None:
    """Tell at once which of these documents may not speak of the evaluated years."""
    today = timezone.localdate()
    for evidence in offered:
        for concern in concerns(evidence, answer.assessment, today=today):
            messages.warning(request, f"{evidence.document.title}: {concern.sentence}")


def stored_offers(
    error: ValidationError, member: Membership, answer: Answer, kind: EvidenceKind, by: User
) -> list[StoredOffer]:
    """One-click offers for the refused files that the city has already.

    Whoever holds a file may use the stored one, even if another OPD brought it. Its title is
    told only to those who may see it; the proof binds the document to this person.
    """
    found: list[StoredOffer] = []
    for one in error.error_list:
        if one.code != "already_stored" or not one.params:
            continue
        document = SupportingDocument.objects.get(pk=one.params["document"])
        newest = document.family[0]
        visible = SupportingDocument.objects.offerable_by(member).filter(pk=newest.pk).exists()
        if not visible and newest != document:
            continue  # a newer revision is not the file that this person has
        title = newest.title if visible else str(one.params["name"])
        proof = signing.dumps(
            {
                "document": str(newest.pk),
                "kind": kind.code,
                "answer": answer.pk,
                "by": by.pk,
            },
            salt=SALT,
        )
        label = _("Pakai dokumen tersimpan “%(title)s”") % {"title": title}
        found.append(StoredOffer(label, proof))
    return found


def _read_proof(proof: str, answer: Answer, by: User) -> dict[str, str] | None:
    if not proof:
        return None
    try:
        said = signing.loads(proof, salt=SALT, max_age=PROOF_SECONDS)
    except signing.BadSignature:
        return None
    if (said["answer"], said["by"]) != (answer.pk, by.pk):
        return None
    return {"document": said["document"], "kind": said["kind"]}
