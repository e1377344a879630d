"""What is recorded at a facility: papers, photos, users, checklists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import SupportingDocument
from assessments.views.documents import preview_response
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.facilities import CredentialForm, UseForm
from facilities.forms.visits import FindingForm, PhotoForm, VisitForm
from facilities.models import Credential, Facility
from facilities.services.facilities import (
    change_credential,
    record_credential,
    record_use,
    remove_credential,
)
from facilities.services.photos import add_photo, file_credential, remove_photo
from facilities.services.visits import record_visit
from facilities.views.facilities import detail_page, facility_or_404, page_context


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def credential_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    return _credential_page(request, member, facility_or_404(member, pk), None, request.FILES)


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def credential_edit(
    request: HttpRequest, member: Membership, pk: int, paper_pk: int
) -> HttpResponse:
    facility = facility_or_404(member, pk)
    paper = get_object_or_404(facility.credentials.select_related("document"), pk=paper_pk)
    return _credential_page(request, member, facility, paper, request.FILES)


def _credential_page(
    request: HttpRequest,
    member: Membership,
    facility: Facility,
    paper: Credential | None,
    files: MultiValueDict[str, UploadedFile],
) -> HttpResponse:
    """A paper with its file: the words are kept even where the file is refused, and say so."""
    form = CredentialForm(
        request.POST or None,
        files or None,
        sort=facility.sort,
        initial=CredentialForm.initial_of(paper) if paper else None,
    )
    if form.is_valid():
        try:
            paper = _keep_paper(form, facility, paper, member)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("%(paper)s tersimpan.") % {"paper": paper})
            return redirect(facility)
    context = page_context(member) | {
        "facility": facility,
        "paper": paper,
        "form": form,
        "cancel_url": facility.get_absolute_url(),
    }
    return render(request, "facilities/credential_form.html", context)


def _keep_paper(
    form: CredentialForm, facility: Facility, paper: Credential | None, member: Membership
) -> Credential:
    by, at = member.user, timezone.now()
    if paper is None:
        kept = record_credential(facility_id=facility.pk, facts=form.facts, by=by, at=at)
    else:
        kept = change_credential(credential_id=paper.pk, facts=form.facts, by=by, at=at)
    for file in form.cleaned_data["file"]:
        file_credential(credential_id=kept.pk, file=file, by=by, at=at)
    return kept


@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def credential_remove(
    request: HttpRequest, member: Membership, pk: int, paper_pk: int
) -> HttpResponse:
    facility = facility_or_404(member, pk)
    paper = get_object_or_404(facility.credentials, pk=paper_pk)
    name = str(paper)
    remove_credential(credential_id=paper.pk, by=member.user, at=timezone.now())
    messages.success(request, _("%(paper)s dihapus.") % {"paper": name})
    return redirect(facility)


@own_transactions
@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def photo_add(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    facility = facility_or_404(member, pk)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_photo(
                facility_id=facility.pk,
                file=form.cleaned_data["file"][0],
                caption=form.cleaned_data["caption"],
                key=form.cleaned_data["kunci"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("file", ValidationError(error.messages))
        else:
            messages.success(request, _("Foto tersimpan; pratinjaunya sedang dibuat."))
            return redirect(facility)
    return detail_page(request, member, facility, photo_form=form)


@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def photo_remove(request: HttpRequest, member: Membership, pk: int, photo_pk: int) -> HttpResponse:
    facility = facility_or_404(member, pk)
    photo = get_object_or_404(facility.photos, pk=photo_pk)
    remove_photo(photo_id=photo.pk, by=member.user, at=timezone.now())
    messages.success(request, _("Foto dihapus."))
    return redirect(facility)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def document_view(
    request: HttpRequest, member: Membership, pk: int, document_pk: UUID
) -> HttpResponseBase:
    """The rendition of a photo or of a paper of this facility; an original never goes out here."""
    facility = facility_or_404(member, pk)
    photos = facility.photos.filter(document=document_pk)
    if not photos.exists() and not facility.credentials.filter(document=document_pk).exists():
        raise Http404
    documents = SupportingDocument.objects.select_related("rendition", "city")
    document = get_object_or_404(documents, pk=document_pk)
    return preview_response(request, member, document)


@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def use_save(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    facility = facility_or_404(member, pk)
    form = UseForm(request.POST)
    if form.is_valid():
        record_use(facility_id=facility.pk, **form.cleaned_data, by=member.user, at=timezone.now())
        messages.success(request, _("Jumlah pengguna tersimpan."))
        return redirect(facility)
    return detail_page(request, member, facility, use_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def visit_create(request: HttpRequest, member: Membership, pk: int, checklist: str) -> HttpResponse:
    facility = facility_or_404(member, pk)
    asked = facility.sort.checklist(checklist)
    if asked is None or asked not in facility.sort.checklists_of(facility.kind):
        raise Http404
    form = VisitForm(
        request.POST or None, checklist=asked, initial=_visit_initial(facility, checklist)
    )
    if form.is_valid():
        try:
            visit = record_visit(
                facility_id=facility.pk,
                checklist=asked.code,
                on=form.cleaned_data["on"],
                found=form.findings,
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                position=form.position,
                key=form.cleaned_data["kunci"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
            form.show_newest(_visit_initial(facility, checklist)["seen"])
        else:
            sentence = _("Hasil tersimpan; %(missing)d butir wajib belum terpenuhi.")
            messages.success(request, sentence % {"missing": visit.missing})
            return redirect(facility)
    visit_key = form["kunci"].value()
    context = page_context(member) | {
        "facility": facility,
        "checklist": asked,
        "form": form,
        "finding_form": FindingForm(facility=facility, member=member, visit_key=visit_key),
        "cancel_url": facility.get_absolute_url(),
    }
    return render(request, "facilities/visit_form.html", context)


def _visit_initial(facility: Facility, checklist: str) -> dict[str, Any]:
    """Today, and the newest visit that whoever fills the form can know of (0: none)."""
    newest = facility.visits.filter(checklist=checklist).aggregate(newest=Max("pk"))["newest"]
    return {"on": timezone.localdate(), "seen": newest or 0}
