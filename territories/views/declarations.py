"""Pages of declarations and decrees of units."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import SupportingDocument
from assessments.views.documents import preview_response
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission
from territories.forms.declarations import DeclarationFilterForm, DeclarationForm
from territories.models import Declaration, DeclarationFile
from territories.queries.boards import history_of, reference_date
from territories.queries.declarations import declarations_of, declared_units, in_state
from territories.services.declarations import (
    change_declaration,
    record_declaration,
    remove_declaration,
    remove_declaration_file,
)
from territories.views.units import unit_or_404, unit_then_or_404

LIST_PAGE = 25  # some five screens of a phone


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def declaration_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Which units were declared and decreed until the reference date, and which were not."""
    assessment = get_assessment_or_404(member, year)
    form = DeclarationFilterForm(request.GET)
    rows = declared_units(member, assessment)
    wanted = in_state(rows, form.wanted.get("keadaan", ""))
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "form": form,
        "as_of": reference_date(assessment),
        "total": len(rows),
        "declared": sum(row.is_declared for row in rows),
        "decreed": sum(row.is_decreed for row in rows),
        "page_obj": Paginator(wanted, LIST_PAGE).get_page(request.GET.get("halaman")),
    }
    return render(request, "territories/declaration_list.html", context)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def unit_history(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """What a unit declared, what it came from and what became of it."""
    assessment = get_assessment_or_404(member, year)
    unit = unit_then_or_404(member, code, assessment)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "unit": unit,
        "declarations": declarations_of(unit),
        "changes": history_of(unit),
        "may_declare": member.may(Permission.MANAGE_UNIT_PAPERS),
    }
    return render(request, "territories/unit_history.html", context)


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_UNIT_PAPERS)
def declaration_create(
    request: HttpRequest, member: Membership, year: int, code: str
) -> HttpResponse:
    return _declaration_page(request, member, year, code, None, request.FILES)


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_UNIT_PAPERS)
def declaration_edit(
    request: HttpRequest, member: Membership, year: int, code: str, pk: int
) -> HttpResponse:
    unit = unit_or_404(member, code)
    declaration = get_object_or_404(declarations_of(unit), pk=pk)
    return _declaration_page(request, member, year, code, declaration, request.FILES)


def _declaration_page(
    request: HttpRequest,
    member: Membership,
    year: int,
    code: str,
    declaration: Declaration | None,
    files: MultiValueDict[str, UploadedFile],
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    form = DeclarationForm(
        request.POST or None,
        files or None,
        initial=DeclarationForm.initial_of(declaration) if declaration else None,
    )
    back = reverse("territories:unit_history", args=[member.city.slug, year, code])
    if form.is_valid():
        said = {"facts": form.facts, "files": form.cleaned_data["papers"]}
        try:
            if declaration is None:
                kept = record_declaration(
                    unit_id=unit.pk, **said, by=member.user, at=timezone.now()
                )
            else:
                kept = change_declaration(
                    declaration_id=declaration.pk, **said, by=member.user, at=timezone.now()
                )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("%(what)s tersimpan.") % {"what": kept})
            return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "unit": unit,
        "declaration": declaration,
        "form": form,
        "cancel_url": back,
    }
    return render(request, "territories/declaration_form.html", context)


@require_POST
@city_view(Permission.MANAGE_UNIT_PAPERS)
def declaration_remove(
    request: HttpRequest, member: Membership, year: int, code: str, pk: int
) -> HttpResponse:
    get_assessment_or_404(member, year)
    declaration = get_object_or_404(unit_or_404(member, code).declarations, pk=pk)
    remove_declaration(declaration_id=declaration.pk, by=member.user, at=timezone.now())
    messages.success(request, _("%(what)s dihapus.") % {"what": declaration})
    return redirect("territories:unit_history", member.city.slug, year, code)


@require_POST
@city_view(Permission.MANAGE_UNIT_PAPERS)
def declaration_file_remove(
    request: HttpRequest, member: Membership, year: int, code: str, pk: int, file_pk: int
) -> HttpResponse:
    get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    file = get_object_or_404(DeclarationFile, pk=file_pk, declaration=pk, declaration__unit=unit)
    remove_declaration_file(file_id=file.pk, by=member.user, at=timezone.now())
    messages.success(request, _("Berkas dihapus."))
    return redirect("territories:declaration_edit", member.city.slug, year, code, pk)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def declaration_file(
    request: HttpRequest, member: Membership, year: int, code: str, document_pk: UUID
) -> HttpResponseBase:
    """The rendition of a file; an original never goes out here."""
    get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    get_object_or_404(DeclarationFile, document=document_pk, declaration__unit=unit)
    documents = SupportingDocument.objects.select_related("rendition", "city")
    return preview_response(request, member, get_object_or_404(documents, pk=document_pk))
