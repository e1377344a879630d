"""One variable at one place: shown beside last year and the units below it, and filled in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from childdata.catalogue import catalogue
from childdata.forms import CountsForm
from childdata.queries.boards import PlaceBoard, cluster_name, place_board
from childdata.queries.observed import neighbours_of
from childdata.queries.producers import is_producer, producers_of
from childdata.services.observations import (
    OddError,
    Place,
    explain_difference,
    fingerprint_of,
    limits,
    record_counts,
)
from childdata.tables import findings
from childdata.views.shared import context_of, require_year
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.models import Unit


def board_or_404(request: HttpRequest, member: Membership, year: int, code: str) -> PlaceBoard:
    """The variable at the city, or at the unit that the address names (`?wilayah=`)."""
    return place_or_404(member, year, code, request.GET.get("wilayah"))


def place_or_404(member: Membership, year: int, code: str, wanted: str | None) -> PlaceBoard:
    """The variable at the unit with the code `wanted`, at the city itself without one.

    Raises Http404, also for an OPD that does not produce it.
    """
    variable = catalogue().variables.get(code)
    producers = producers_of(member.city)
    if variable is None or not is_producer(member, variable, producers):
        raise Http404
    unit = None
    if wanted is not None:
        units = Unit.objects.filter(city=member.city).select_related("parent")
        unit = get_object_or_404(units, code=wanted)
    opd = producers.get(variable.producer)
    return place_board(member.city, variable, require_year(year), unit, opd)


def address_of(member: Membership, board: PlaceBoard, name: str = "variable_detail") -> str:
    place = [member.city.slug, board.year, board.variable.code]
    url = reverse(f"childdata:{name}", args=place)
    return f"{url}?wilayah={board.unit.code}" if board.unit else url


def _odd(member: Membership, board: PlaceBoard) -> list[str]:
    """What is odd in the table as it is stored."""
    if board.now is None:
        return []
    near = neighbours_of(member.city, board.variable, board.year, board.unit)
    return findings(board.variable, board.now.counts, near, limits())


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
def variable_detail(
    request: HttpRequest, member: Membership, data_year: int, variable: str
) -> HttpResponse:
    board = board_or_404(request, member, data_year, variable)
    context = context_of(
        member,
        assessment=Assessment.objects.current(member.city),
        board=board,
        cluster=cluster_name(board.variable.cluster),
        odd=_odd(member, board),
        edit_url=address_of(member, board, "counts_edit"),
        explain_url=address_of(member, board, "difference_explain"),
        back=f"{reverse('childdata:overview', args=[member.city.slug])}?tahun={data_year}",
    )
    return render(request, "childdata/variable_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CHILD_DATA)
def counts_edit(
    request: HttpRequest, member: Membership, data_year: int, variable: str
) -> HttpResponse:
    board = board_or_404(request, member, data_year, variable)
    shown = fingerprint_of(_odd(member, board)) if request.method != "POST" else ""
    form = CountsForm(request.POST or None, board=board, shown=shown)
    if form.is_valid():
        try:
            record_counts(
                place=Place(member.city, variable, data_year, board.unit),
                told=form.told,
                seen=form.knew,
                shown=form.cleaned_data["shown"],
                by=member.user,
                at=timezone.now(),
            )
        except OddError as error:
            form.add_error(None, error)
            form.show_findings(fingerprint_of(error.found))
        except ValidationError as error:
            form.add_error(None, error)
            form.show_newest(board.now.version if board.now else 0)
        else:
            messages.success(request, _("%(title)s tersimpan.") % {"title": board.variable.title})
            return redirect(address_of(member, board))
    context = context_of(
        member,
        assessment=Assessment.objects.current(member.city),
        board=board,
        form=form,
        cluster=cluster_name(board.variable.cluster),
        cancel_url=address_of(member, board),
    )
    return render(request, "childdata/counts_form.html", context)


@require_POST
@city_view(Permission.MANAGE_CHILD_DATA)
def difference_explain(
    request: HttpRequest, member: Membership, data_year: int, variable: str
) -> HttpResponse:
    """Say why the units add up to another number; a refusal is said above the page."""
    board = board_or_404(request, member, data_year, variable)
    seen = request.POST.get("selisih", "")
    try:
        explain_difference(
            place=Place(member.city, variable, data_year, board.unit),
            why=request.POST.get("why", "")[:500],
            seen=int(seen) if seen.lstrip("-").isdecimal() and len(seen) < 12 else None,
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Penjelasan selisih tersimpan."))
    return redirect(address_of(member, board))
