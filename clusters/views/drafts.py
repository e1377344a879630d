"""The pages on which a draft is made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters import edits
from clusters.access import draft_view, person
from clusters.editing import find
from clusters.forms.base import DraftForm
from clusters.forms.lists import LISTS, kept
from clusters.forms.tree import ClusterForm, HeadForm, IndicatorForm, QuestionForm
from clusters.linter import lint
from clusters.models import Instrument
from clusters.outline import outline
from clusters.services import spec_of
from clusters.services.drafting import edit_draft
from clusters.spec import InstrumentSpec
from clusters.views.findings import grouped

STEPS = {"naik": -1, "turun": 1}


@require_safe
@draft_view
def draft_detail(request: HttpRequest, draft: Instrument) -> HttpResponse:
    """The whole draft, or with ?klaster=<code> one section of it."""
    spec = spec_of(draft)
    sections = outline(spec)
    chosen = request.GET.get("klaster", "")
    shown = [section for section in sections if chosen in ("", section.spec.code)]
    if chosen and not shown:
        raise Http404
    context = {
        "instrument": draft,
        "spec": spec,
        "total": sum(section.spec.max_points for section in sections),
        "clusters": spec.clusters,
        "chosen": chosen,
        "sections": shown,
        "lists": [(one, one.entries(spec)) for one in LISTS.values()],
        "findings": grouped(lint(spec)),
    }
    return render(request, "clusters/draft_detail.html", context)


# --- Parts ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_head(request: HttpRequest, draft: Instrument) -> HttpResponse:
    form = HeadForm(request.POST or None, spec=spec_of(draft))
    return _edit_page(request, draft, form, title=_("Keterangan umum"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_cluster_add(request: HttpRequest, draft: Instrument) -> HttpResponse:
    form = ClusterForm(request.POST or None, spec=spec_of(draft))
    return _edit_page(request, draft, form, title=_("Klaster baru"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_cluster_edit(request: HttpRequest, draft: Instrument, row: str) -> HttpResponse:
    return _row_page(request, draft, ClusterForm, "klaster", row, title=_("Klaster %(code)s"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_indicator_add(request: HttpRequest, draft: Instrument, row: str) -> HttpResponse:
    spec = _spec_with(draft, edits.LEVELS["klaster"], row)
    form = IndicatorForm(request.POST or None, spec=spec, initial={"cluster": row})
    return _edit_page(request, draft, form, title=_("Indikator baru"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_indicator_edit(request: HttpRequest, draft: Instrument, row: str) -> HttpResponse:
    return _row_page(request, draft, IndicatorForm, "indikator", row, title=_("Indikator %(code)s"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_question_add(request: HttpRequest, draft: Instrument, row: str) -> HttpResponse:
    spec = _spec_with(draft, edits.LEVELS["indikator"], row)
    form = QuestionForm(request.POST or None, spec=spec, initial={"indicator": row})
    return _edit_page(request, draft, form, title=_("Pertanyaan baru"))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_question_edit(request: HttpRequest, draft: Instrument, row: str) -> HttpResponse:
    return _row_page(
        request, draft, QuestionForm, "pertanyaan", row, title=_("Pertanyaan %(code)s")
    )


def _row_page(
    request: HttpRequest,
    draft: Instrument,
    form_class: type[DraftForm],
    level: str,
    row: str,
    *,
    title: str,
) -> HttpResponse:
    """The page of a row that is there already; `title` has a place for its code."""
    spec = _spec_with(draft, edits.LEVELS[level], row)
    form = form_class(request.POST or None, spec=spec, was=row)
    return _edit_page(request, draft, form, title=title % {"code": row}, level=level)


def _spec_with(draft: Instrument, level: edits.Level, code: str) -> InstrumentSpec:
    """The draft, or 404 where it has no row of that code."""
    spec = spec_of(draft)
    try:
        find(level.rows(spec), code)
    except LookupError as error:
        raise Http404 from error
    return spec


def _edit_page(
    request: HttpRequest, draft: Instrument, form: DraftForm, *, title: str, level: str = ""
) -> HttpResponse:
    """One part of a draft in its form; a refused save keeps what was typed."""
    is_stale = False
    if form.is_valid():
        try:
            edit_draft(
                instrument=draft,
                edit=form.edit(),
                seen=request.POST.get("seen", ""),
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            is_stale = error.code == "stale"
            form.add_error("code" if error.code in {"taken", "reserved"} else None, error)
        else:
            messages.success(request, _("%(part)s tersimpan.") % {"part": title})
            return redirect(_back(form.cleaned_data.get("code", ""), draft, form))
    context = {
        "instrument": draft,
        "form": form,
        "title": title,
        "seen": form.fingerprint,
        "newer": form.newer() if is_stale else (),
        "level": level,
        "row": form.was,
        "cancel_url": _back(form.was, draft, form),
    }
    return render(request, "clusters/draft_form.html", context)


def _back(code: str, draft: Instrument, form: DraftForm) -> str:
    """The draft's page, at the row that was worked on."""
    if isinstance(form, HeadForm):
        return reverse("clusters:draft_detail", args=[code or draft.code])
    url = reverse("clusters:draft_detail", args=[draft.code])
    level = {ClusterForm: "klaster", IndicatorForm: "indikator", QuestionForm: "pertanyaan"}
    return f"{url}#{level[type(form)]}-{code}" if code else url


# --- Moving and deleting ------------------------------------------------------------------------


@require_POST
@draft_view
def draft_move(request: HttpRequest, draft: Instrument) -> HttpResponse:
    """One row one place up or down; the button's value says which: "pertanyaan/1.1/naik"."""
    slug, _slash, rest = request.POST.get("row", "").partition("/")
    code, _slash, way = rest.rpartition("/")
    if slug not in edits.LEVELS or way not in STEPS:
        return redirect("clusters:draft_detail", draft.code)
    edit = edits.move(edits.LEVELS[slug], code, STEPS[way])
    try:
        edit_draft(instrument=draft, edit=edit, seen=None, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    url = reverse("clusters:draft_detail", args=[draft.code])
    query = QueryDict(mutable=True)
    if request.POST.get("klaster"):
        query["klaster"] = request.POST["klaster"]
    return redirect(f"{url}?{query.urlencode()}#{slug}-{code}" if query else f"{url}#{slug}-{code}")


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_row_delete(request: HttpRequest, draft: Instrument, level: str, row: str) -> HttpResponse:
    if level not in edits.LEVELS:
        raise Http404
    spec = _spec_with(draft, edits.LEVELS[level], row)
    edit = edits.removal(edits.LEVELS[level], row)
    url = reverse("clusters:draft_detail", args=[draft.code])
    error = ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            edit_draft(
                instrument=draft, edit=edit, seen=seen, by=person(request), at=timezone.now()
            )
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            messages.success(
                request, _("%(level)s %(code)s dihapus.") % {"level": level.title(), "code": row}
            )
            return redirect(url)
    context = {
        "title": _("Hapus %(level)s %(code)s?") % {"level": level, "code": row},
        "text": _("Semua yang ada di dalamnya ikut terhapus dari rancangan ini."),
        "error": error,
        "seen": edits.fingerprint(edit.part, spec),
        "cancel_url": f"{url}#{level}-{row}",
        "save": _("Hapus"),
    }
    return render(request, "clusters/confirm.html", context)


# --- Lists --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_list_edit(request: HttpRequest, draft: Instrument, name: str) -> HttpResponse:
    if name not in LISTS:
        raise Http404
    chosen = LISTS[name]
    spec = spec_of(draft)
    rows = chosen.rows(request.POST or None, initial=chosen.shown(spec))
    errors: list[str] = []
    if rows.is_valid():
        try:
            edit_draft(
                instrument=draft,
                edit=chosen.edit(kept(rows)),
                seen=request.POST.get("seen", ""),
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, _("%(list)s tersimpan.") % {"list": chosen.title})
            return redirect("clusters:draft_detail", draft.code)
    context: dict[str, Any] = {
        "instrument": draft,
        "list": chosen,
        "rows": rows,
        "errors": errors,
        "seen": edits.fingerprint(chosen.part, spec),
    }
    return render(request, "clusters/draft_list.html", context)
