"""Tables in by way of a preview, and out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionplan.choices import SheetKind
from actionplan.forms.sheets import NomenclatureForm, RealisationSheetForm, SheetForm
from actionplan.models import KeptSheet
from actionplan.queries.sheets import Standing, action_table, sheet_lines, vocabulary
from actionplan.services.sheets import keep_sheet, seen_of, take_sheet
from actionplan.sheets import columns_of
from actionplan.views.shared import context_of, plan_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from nomenclature.models import Nomenclature
from workbooks.downloads import download_file
from workbooks.writing import xlsx_file


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def sheet_upload(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    known = vocabulary(plan) if request.method == "POST" else None
    form = SheetForm(request.POST or None, request.FILES or None, known=known)
    return _upload(request, member, form, pk, _("Ambil aksi dari lembar"))


@require_http_methods(["GET", "POST"])
@city_view(Permission.REPORT_ACTIONS)
def realisation_upload(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    form = RealisationSheetForm(request.POST or None, request.FILES or None)
    return _upload(request, member, form, pk, _("Ambil realisasi dari lembar"))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def nomenclature(request: HttpRequest, member: Membership) -> HttpResponse:
    """The decrees that were loaded, and another one by way of a preview."""
    form = NomenclatureForm(request.POST or None, request.FILES or None)
    loaded = Nomenclature.objects.filter(city=member.city).with_counts()
    return _upload(request, member, form, None, _("Nomenklatur"), loaded=loaded)


def _upload(
    request: HttpRequest,
    member: Membership,
    form: SheetForm,
    pk: int | None,
    title: str,
    **more: object,
) -> HttpResponse:
    plan = plan_or_404(member, pk) if pk is not None else None
    if form.is_valid():
        kept = keep_sheet(
            city=member.city,
            plan=plan,
            kind=form.kind,
            reading=form.reading,
            name=form.cleaned_data["file"].name,
            about=getattr(form, "about", None),
            by=member.user,
            at=timezone.now(),
        )
        return redirect("actionplan:sheet_review", member.city.slug, kept.pk)
    back = reverse("actionplan:plan_list", args=[member.city.slug])
    context = context_of(
        member,
        plan,
        form=form,
        title=title,
        columns=columns_of(form.kind),
        cancel_url=plan.get_absolute_url() if plan else back,
        **more,
    )
    return render(request, "actionplan/sheet_upload.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.VIEW_ACTIONS)
def sheet_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What the person's own table would change; only sending the form does it."""
    own = KeptSheet.objects.filter(city=member.city, by=member.user)
    kept = get_object_or_404(own.select_related("plan__city", "plan__instrument"), pk=pk)
    refusals: list[str] = []
    if request.method == "POST":
        ticked = {int(place) for place in request.POST.getlist("baris") if place.isdecimal()}
        try:
            outcome = take_sheet(
                kept_id=kept.pk,
                city=member.city,
                ticked=ticked,
                seen=request.POST.get("seen", ""),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            refusals = error.messages
        else:
            facts = {"added": outcome.added, "changed": outcome.changed}
            words = _("%(added)d baris ditambahkan, %(changed)d diperbarui.")
            messages.success(request, words % facts)
            return redirect(_back(kept, member))
    lines = sheet_lines(kept, member)
    context = context_of(
        member,
        kept.plan,
        kept=kept,
        seen=seen_of(lines),
        groups={one.value: [line for line in lines if line.standing == one] for one in Standing},
        refusals=refusals,
        cancel_url=_back(kept, member),
    )
    return render(request, "actionplan/sheet_review.html", context)


def _back(kept: KeptSheet, member: Membership) -> str:
    if kept.kind == SheetKind.NOMENCLATURE or kept.plan is None:
        return reverse("actionplan:nomenclature", args=[member.city.slug])
    return kept.plan.get_absolute_url()


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def sheet_export(request: HttpRequest, member: Membership, pk: int) -> HttpResponseBase:
    """Every action with its years, as the import reads it."""
    plan = plan_or_404(member, pk)
    header, rows = action_table(plan)
    return download_file(xlsx_file("RAD", header, rows), f"{member.city.slug}-rad.xlsx")
