"""Mappings between instruments: read by anybody signed in, made by site administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import is_site_admin, person, site_admin_view
from clusters.choices import MatchKind
from clusters.forms.mappings import MappingForm, MatchFilterForm, MatchForm
from clusters.mappings import (
    COLUMNS,
    Compared,
    Group,
    compared,
    counts_of,
    exported,
    groups_of,
    nearest,
)
from clusters.models import Cluster, Instrument, Mapping, Question
from clusters.services.mappings import (
    Wanted,
    confirm_all_same,
    confirm_matches,
    delete_mapping,
    set_match,
    suggest_mapping,
    unconfirm_match,
)
from texts.folding import folded
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file

PAGE_SIZE = 50
OFFERED = 8  # questions proposed as partners before anybody searches
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A group on the page, its texts in pieces."""

    group: Group
    before: list[Compared]
    after: list[Compared]

    @property
    def cluster(self) -> Cluster:
        """Of the earlier instrument; of the later one where the question is new."""
        return (self.before or self.after)[0].question.indicator.cluster


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: MatchKind
    count: int


# --- Reading ----------------------------------------------------------------------------------


@require_safe
def mapping_list(request: HttpRequest) -> HttpResponse:
    context = {"mappings": _counted(), "is_site_admin": is_site_admin(request)}
    return render(request, "clusters/mapping_list.html", context)


@require_safe
def mapping_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question of both instruments, each exactly once."""
    mapping = _found(pk)
    groups = groups_of(mapping)
    context = {
        "mapping": mapping,
        "rows": [Shown(group, *compared(group)) for group in groups],
        "counts": _kind_counts(groups),
        "confirmed": sum(group.is_confirmed for group in groups),
        "total": len(groups),
        "is_site_admin": is_site_admin(request),
    }
    return render(request, "clusters/mapping_report.html", context)


@require_safe
@in_indonesian
def mapping_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    mapping = _found(pk)
    lines = csv_lines([str(name) for name in COLUMNS], exported(groups_of(mapping)))
    return download_stream(lines, f"{_file_name(mapping)}.csv")


@require_safe
@in_indonesian
def mapping_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    mapping = _found(pk)
    rows = exported(groups_of(mapping))
    file = xlsx_file(_("Pemetaan"), [str(name) for name in COLUMNS], rows)
    return download_file(file, f"{_file_name(mapping)}.xlsx")


def _file_name(mapping: Mapping) -> str:
    return f"pemetaan-{mapping.before.code}-{mapping.after.code}"


def _found(pk: int) -> Mapping:
    return get_object_or_404(Mapping.objects.select_related("before", "after"), pk=pk)


def _counted() -> QuerySet[Mapping]:
    return (
        Mapping.objects.select_related("before", "after")
        .annotate(
            total=Count("matches"),
            confirmed=Count("matches", filter=Q(matches__confirmed_at__isnull=False)),
        )
        .order_by("before__code", "after__code")
    )


def _kind_counts(groups: list[Group]) -> list[KindCount]:
    return [KindCount(kind, count) for kind, count in counts_of(groups).items()]


# --- Making -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def mapping_create(request: HttpRequest) -> HttpResponse:
    form = MappingForm(request.POST or None)
    if form.is_valid():
        try:
            mapping = suggest_mapping(**form.cleaned_data, by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Setiap pertanyaan mendapat usulan pasangan. Belum ada yang dipastikan.")
            )
            return redirect("clusters:mapping_review", mapping.pk)
    context = {"form": form, "can_map": Instrument.objects.frozen().count() > 1}
    return render(request, "clusters/mapping_create.html", context)


@require_safe
@site_admin_view
def mapping_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The work on a mapping: which suggestions hold, narrowed by filters in the address."""
    mapping = _found(pk)
    groups = groups_of(mapping)
    clusters = Cluster.objects.filter(instrument__in=[mapping.before, mapping.after])
    form = MatchFilterForm(request.GET, clusters=clusters)
    page = Paginator(form.chosen(groups), PAGE_SIZE).get_page(request.GET.get("halaman"))
    waiting = [group for group in groups if not group.is_confirmed]
    context = {
        "mapping": mapping,
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "page_obj": page,
        "rows": [Shown(group, *compared(group)) for group in page],
        "counts": _kind_counts(groups),
        "total": len(groups),
        "confirmed": len(groups) - len(waiting),
        "same_waiting": sum(group.kind == MatchKind.SAME for group in waiting),
    }
    return render(request, "clusters/mapping_review.html", context)


@require_POST
@site_admin_view
def mapping_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what is ticked, the one group whose button was pressed, or all that is the same."""
    mapping = _found(pk)
    by, at = person(request), timezone.now()
    chosen = request.POST.getlist("only") or request.POST.getlist("picks")
    ids = [int(value) for value in chosen if value.isdecimal()]
    try:
        if "same" in request.POST:
            count = confirm_all_same(mapping_id=mapping.pk, by=by, at=at)
        else:
            count = confirm_matches(mapping_id=mapping.pk, match_ids=ids, by=by, at=at)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(count)d kelompok dipastikan.") % {"count": count})
    return _back(request, mapping)


@require_POST
@site_admin_view
def mapping_delete(request: HttpRequest, pk: int) -> HttpResponse:
    mapping = _found(pk)
    try:
        delete_mapping(mapping_id=mapping.pk, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("clusters:mapping_review", mapping.pk)
    messages.success(request, _("Pemetaan dihapus."))
    return redirect("clusters:mapping_list")


@require_POST
@site_admin_view
def match_unconfirm(request: HttpRequest, pk: int, match_id: int) -> HttpResponse:
    mapping = _found(pk)
    by, at = person(request), timezone.now()
    try:
        unconfirm_match(mapping_id=mapping.pk, match_id=match_id, by=by, at=at)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Kembali menjadi usulan; tidak diikuti sampai dipastikan."))
    return _back(request, mapping)


# --- One group --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that can be ticked as a partner, and where it stands now."""

    question: Question
    standing: Group
    is_ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def match_edit(request: HttpRequest, pk: int, match_id: int) -> HttpResponse:
    """Another relation or other partners for a group; a search keeps what is ticked."""
    mapping = _found(pk)
    groups = groups_of(mapping)
    group = next((one for one in groups if match_id in {line.pk for line in one.lines}), None)
    if group is None:
        messages.error(request, _("Pasangan ini sudah diubah. Pilih kembali dari daftar."))
        return _back(request, mapping)
    form = MatchForm(request.POST or None, mapping=mapping, initial=_initial(group))
    if "search" not in request.POST and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(data["kind"], list(data["before"]), list(data["after"]))
        by, at = person(request), timezone.now()
        try:
            set_match(mapping_id=mapping.pk, match_id=match_id, wanted=wanted, by=by, at=at)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Pasangan tersimpan dan dipastikan."))
            return _back(request, mapping)
    context = {
        "mapping": mapping,
        "row": Shown(group, *compared(group)),
        "form": form,
        "shows_errors": "search" not in request.POST,
        "old": _offers(form, "before", groups, like=group.after or group.before),
        "new": _offers(form, "after", groups, like=group.before or group.after),
        "back_url": _review_url(request, mapping),
    }
    return render(request, "clusters/match_edit.html", context)


def _initial(group: Group) -> dict[str, object]:
    return {
        "before": [question.pk for question in group.before],
        "after": [question.pk for question in group.after],
        "is_same": group.kind == MatchKind.SAME,
    }


def _offers(
    form: MatchForm, side: str, groups: Sequence[Group], *, like: Sequence[Question]
) -> list[Offer]:
    """What is ticked, then what the search finds, or else what reads the most like `like`."""
    standing = {row.pk: group for group in groups for row in getattr(group, side)}
    questions = [row for group in groups for row in getattr(group, side)]
    ticked = {str(value) for value in form[side].value() or []}
    word = str(form["cari"].value() or "").strip()
    if word:
        found = [row for row in questions if folded(word) in folded(str(row))][:MOST_FOUND]
    else:
        found = nearest(" ".join(row.text for row in like), questions, count=OFFERED)
    own = [row for row in questions if str(row.pk) in ticked]
    rows = [*own, *(row for row in found if str(row.pk) not in ticked)]
    return [Offer(row, standing[row.pk], str(row.pk) in ticked) for row in rows]


# --- Shared -----------------------------------------------------------------------------------


def _review_url(request: HttpRequest, mapping: Mapping) -> str:
    """The list with the filters that stand in this address too."""
    asked = request.GET.urlencode()
    url = reverse("clusters:mapping_review", args=[mapping.pk])
    return f"{url}?{asked}" if asked else url


def _back(request: HttpRequest, mapping: Mapping) -> HttpResponse:
    return redirect(_review_url(request, mapping))
