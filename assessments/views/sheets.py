"""Taking over a filled sheet of points."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.choices import ScoreKind
from assessments.forms.sheets import SheetForm
from assessments.services.answers import ImportResult, import_points
from assessments.views.found import found_assessment
from cities.access import city_view, person
from cities.models import Membership
from cities.roles import Permission
from clusters.services import spec_of


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_SHEET)
def sheet_import(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = found_assessment(member, year)
    spec = spec_of(assessment.instrument)
    form = SheetForm(request.POST or None, request.FILES or None, spec=spec)
    if form.is_valid():
        try:
            result = import_points(
                assessment=assessment,
                kind=ScoreKind(form.cleaned_data["kind"]),
                points=form.cleaned_data["file"],
                overwrite=form.cleaned_data["overwrite"],
                source=form.cleaned_data["source"],
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _tell(request, result)
            return redirect(assessment)
    context = {"member": member, "assessment": assessment, "page": "assessments", "form": form}
    return render(request, "assessments/sheet_import.html", context)


def _tell(request: HttpRequest, result: ImportResult) -> None:
    sentence = _("%(changed)d pertanyaan diisi dari lembar, %(unchanged)d sudah sama.")
    facts: dict[str, object] = {"changed": result.changed, "unchanged": result.unchanged}
    messages.success(request, sentence % facts)
    if result.kept:
        sentence = _(
            "%(count)d pertanyaan sudah berisi nilai lain dan dibiarkan: %(codes)s. "
            "Impor lagi dengan “Ganti nilai yang sudah terisi” untuk menggantinya."
        )
        facts = {"count": len(result.kept), "codes": ", ".join(result.kept)}
        messages.warning(request, sentence % facts)
