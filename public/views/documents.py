"""Documents that are let out one by one: the office's pages, and the file that everybody fetches."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, SupportingDocument
from assessments.services.integrity import Damage
from assessments.views.deeds import done, tried
from assessments.views.documents import original_response
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission
from public.forms import DocumentFilterForm, ReleasedDocumentForm
from public.models import MOST_TITLE, Release, ReleasedDocument
from public.queries.contents import frozen_year
from public.queries.documents import (
    Refusal,
    documents_to_release,
    question_of,
    read_document,
    refusal_of,
    released_document,
    rows_of,
)
from public.services.documents import release_document, withdraw_document
from public.views.office import PAGE_SIZE
from public.views.pages import KEPT_SECONDS
from texts.searching import found


@require_safe
@city_view(Permission.RELEASE_PUBLIC)
def document_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Documents of the year that may be released, and what is released of them."""
    assessment = get_assessment_or_404(member, year)
    form = DocumentFilterForm(request.GET)
    documents = documents_to_release(member, assessment, frozen_year(member, assessment))
    if wanted := form.wanted.get("q"):
        documents = documents.filter(found(wanted, "title", "number"))
    page = Paginator(documents, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "member": member,
        "page": "public",
        "assessment": assessment,
        "form": form,
        "page_obj": page,
        "rows": rows_of(assessment, page.object_list),
        "has_page": Release.objects.standing().filter(assessment=assessment).exists(),
    }
    return render(request, "public/document_list.html", context)


@require_safe
@city_view(Permission.RELEASE_PUBLIC)
def document_preview(
    request: HttpRequest, member: Membership, year: int, document_pk: UUID
) -> HttpResponse:
    """What would go out, and what the machine found in it or could not read."""
    assessment, document = _place(member, year, document_pk)
    form = ReleasedDocumentForm(initial={"title": document.title[:MOST_TITLE]})
    return _preview(request, member, assessment, document, form)


@require_POST
@own_transactions
@city_view(Permission.RELEASE_PUBLIC)
def document_release(
    request: HttpRequest, member: Membership, year: int, document_pk: UUID
) -> HttpResponse:
    assessment, document = _place(member, year, document_pk)
    form = ReleasedDocumentForm(request.POST)
    released = done(
        form,
        lambda: release_document(
            assessment=assessment,
            document=document,
            title=form.cleaned_data["title"],
            is_read=form.cleaned_data["is_read"],
            by=member.user,
            at=timezone.now(),
        ),
    )
    if released is None:
        return _preview(request, member, assessment, document, form)
    messages.success(request, _("Dokumen ini dirilis; semua orang kini dapat mengunduhnya."))
    return redirect("public:document_preview", member.city.slug, year, document_pk)


@require_POST
@city_view(Permission.RELEASE_PUBLIC)
def document_withdraw(
    request: HttpRequest, member: Membership, year: int, document_pk: UUID
) -> HttpResponse:
    assessment, document = _place(member, year, document_pk)
    tried(
        request,
        lambda: withdraw_document(
            assessment=assessment, document=document, by=member.user, at=timezone.now()
        ),
        _("Dokumen ini ditarik. Salinan di perantara hilang dalam lima menit."),
    )
    return redirect("public:document_preview", member.city.slug, year, document_pk)


@require_safe
@login_not_required
def document_file(request: HttpRequest, city_slug: str, year: int, pk: int) -> HttpResponseBase:
    """The file to everybody, under its public title; 404 as soon as it is withdrawn."""
    release = released_document(city_slug, year, pk)
    if release is None:
        raise Http404
    etag = f'"{release.sha256}"'
    kept = get_conditional_response(request, etag=etag)
    if kept is not None and kept.status_code == HTTPStatus.PRECONDITION_FAILED:
        return kept  # to this request alone
    response = kept or original_response(
        release.document, name=release.file_name, at=timezone.now()
    )
    if isinstance(response, Damage):
        raise Http404
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


def _place(
    member: Membership, year: int, document_pk: UUID
) -> tuple[Assessment, SupportingDocument]:
    """Any document of the city: one that is offered nowhere any more may still be out."""
    documents = SupportingDocument.objects.filter(city=member.city_id).select_related("city")
    return get_assessment_or_404(member, year), get_object_or_404(documents, pk=document_pk)


def _preview(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    document: SupportingDocument,
    form: ReleasedDocumentForm,
) -> HttpResponse:
    standing = ReleasedDocument.objects.standing().select_related("by")
    release = standing.filter(assessment=assessment, document=document).first()
    context = {
        "member": member,
        "page": "public",
        "assessment": assessment,
        "document": document,
        "form": form,
        "release": release,
    }
    year = None if release else frozen_year(member, assessment)
    if year is not None:
        told = refusal_of(document, year) or read_document(document, at=timezone.now())
        if isinstance(told, Refusal):
            context["refusal"] = told.sentence
        else:
            context |= {"reading": told, "question": question_of(document, year)}
    elif release is None:
        context["refusal"] = _("Penilaian ini belum diajukan, jadi belum dapat dirilis.")
    return render(request, "public/document_preview.html", context)
