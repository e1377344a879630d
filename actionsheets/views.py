"""Tables of the RAD in by way of a preview, and out."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionplan.models import ActionPlan
from actionplan.views.shared import context_of, plan_or_404
from actionsheets.columns import (
    ACTION_COLUMNS,
    REALISATION_COLUMNS,
    read_actions,
    read_realisations,
)
from actionsheets.forms import CodesForm
from actionsheets.lines import reading_of
from actionsheets.queries import action_table, vocabulary
from actionsheets.services.actions import ACTIONS
from actionsheets.services.codes import CODES
from actionsheets.services.realisations import REALISATIONS
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from imports.forms import TableForm
from imports.services.staged import Reading
from imports.views import Place, review, upload, waiting
from nomenclature.models import Nomenclature
from nomenclature.sheets import NOMENCLATURE_COLUMNS, read_nomenclature
from texts.languages import in_indonesian
from workbooks.downloads import download_file
from workbooks.records import RecordColumn
from workbooks.writing import xlsx_file


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def sheet_upload(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)

    def read(content: bytes, name: str) -> Reading:
        return reading_of(read_actions(content, name, vocabulary(plan)))

    about = {"plan": plan.pk}
    form = TableForm(request.POST or None, request.FILES or None, read=read, about=about)
    return upload(request, member, form, ACTIONS, _of_actions(member, plan))


@require_http_methods(["GET", "POST"])
@city_view(Permission.REPORT_ACTIONS)
def realisation_upload(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)

    def read(content: bytes, name: str) -> Reading:
        return reading_of(read_realisations(content, name))

    about = {"plan": plan.pk}
    form = TableForm(request.POST or None, request.FILES or None, read=read, about=about)
    return upload(request, member, form, REALISATIONS, _of_realisations(member, plan))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def nomenclature(request: HttpRequest, member: Membership) -> HttpResponse:
    """The decrees that were loaded, and another one by way of a preview."""

    def read(content: bytes, name: str) -> Reading:
        return reading_of(read_nomenclature(content, name))

    form = CodesForm(request.POST or None, request.FILES or None, read=read)
    template = "actionsheets/nomenclature.html"
    return upload(request, member, form, CODES, _of_codes(member), template=template)


@require_http_methods(["GET", "POST"])
@city_view(Permission.VIEW_ACTIONS)
def sheet_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What the person's own table would change; only sending the form does it."""
    for kind, place_of in ((ACTIONS, _of_actions), (REALISATIONS, _of_realisations)):
        staged = waiting(member, kind, pk)
        if staged is not None:
            plan = plan_or_404(member, staged.about["plan"])
            return review(request, member, staged, kind, place_of(member, plan))
    return review(request, member, waiting(member, CODES, pk), CODES, _of_codes(member))


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
@in_indonesian
def sheet_export(request: HttpRequest, member: Membership, pk: int) -> HttpResponseBase:
    """Every action with its years, as the import reads it."""
    plan = plan_or_404(member, pk)
    header, rows = action_table(plan)
    return download_file(xlsx_file("RAD", header, rows), f"{member.city.slug}-rad.xlsx")


def _place(
    member: Membership,
    title: str,
    upload_name: str,
    columns: Sequence[RecordColumn],
    plan: ActionPlan | None = None,
) -> Place:
    slug = member.city.slug
    here = [slug, plan.pk] if plan else [slug]
    back_url = plan.get_absolute_url() if plan else reverse("actionplan:plan_list", args=[slug])
    loaded = None if plan else Nomenclature.objects.filter(city=member.city).with_counts()
    return Place(
        context=context_of(member, plan, eyebrow=plan, columns=columns, loaded=loaded),
        title=title,
        back=_("Kembali"),
        back_url=back_url,
        upload_url=reverse(f"actionplan:{upload_name}", args=here),
        review=lambda pk: reverse("actionplan:sheet_review", args=[slug, pk]),
    )


def _of_actions(member: Membership, plan: ActionPlan) -> Place:
    return _place(member, _("Ambil aksi dari lembar"), "sheet_upload", ACTION_COLUMNS, plan)


def _of_realisations(member: Membership, plan: ActionPlan) -> Place:
    title = _("Ambil realisasi dari lembar")
    return _place(member, title, "realisation_upload", REALISATION_COLUMNS, plan)


def _of_codes(member: Membership) -> Place:
    return _place(member, _("Nomenklatur"), "nomenclature", NOMENCLATURE_COLUMNS)
