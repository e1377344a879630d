"""Pages that every package with tables shows alike; the package's own view stands at the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Membership
from imports.forms import TableForm
from imports.lines import Standing, by_standing, seen_of
from imports.models import StagedImport
from imports.services.staged import ImportKind, confirm, gone, keep, standing_lines


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages of a kind stand.

    `context` is what the package's pages need, `back` and `back_url` where the way ends; `review`
    gives the address of a preview, `buttons` are pairs of an option and its label, the usual one first,
    `saved` is said with the counts `added` and `changed`.
    """

    context: Mapping[str, Any]
    title: str
    back: str
    back_url: str
    upload_url: str
    review: Callable[[int], str]
    discard: Callable[[int], str] | None = None
    buttons: Sequence[tuple[str, str]] = field(default_factory=lambda: [("", _("Simpan"))])
    saved: str = field(
        default_factory=lambda: _("%(added)d baris ditambahkan, %(changed)d diperbarui.")
    )


def upload(
    request: HttpRequest,
    member: Membership,
    form: TableForm,
    kind: ImportKind,
    place: Place,
    *,
    template: str = "imports/upload.html",
) -> HttpResponse:
    """Read a table and keep it for its preview, at `place.review` of its number."""
    if form.is_valid():
        staged = keep(
            city=member.city,
            kind=kind,
            reading=form.reading,
            name=form.cleaned_data["file"].name,
            about=form.about,
            by=member.user,
            at=timezone.now(),
        )
        return redirect(place.review(staged.pk))
    context = {**place.context, "place": place, "form": form, "cancel_url": place.back_url}
    return render(request, template, context)


def waiting(member: Membership, kind: ImportKind, pk: int | UUID) -> StagedImport | None:
    """The person's own table; a UUID is of the release before, whose tables are uploaded again."""
    if isinstance(pk, UUID):
        return None
    own = StagedImport.objects.of(member.user, member.city, at=timezone.now())
    return own.filter(kind=kind.code, pk=pk).first()


def review(
    request: HttpRequest,
    member: Membership,
    staged: StagedImport | None,
    kind: ImportKind,
    place: Place,
    *,
    template: str = "imports/review.html",
) -> HttpResponse:
    """What the person's own table (`waiting`) would change; only sending the form does it."""
    if staged is None:
        return unavailable(request, place)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            outcome = confirm(
                staged_id=staged.pk,
                city=member.city,
                kind=kind,
                ticked=set(request.POST.getlist("baris")),
                seen=request.POST.get("seen", ""),
                option=request.POST.get("simpan", ""),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            if getattr(error, "code", "") == "gone":
                return unavailable(request, place)
            refusals = error.messages
        else:
            facts = {"added": outcome.added, "changed": outcome.changed}
            messages.success(request, place.saved % facts)
            return redirect(place.back_url)
    lines = standing_lines(kind, staged, member)
    groups = by_standing(lines)
    context = {
        **place.context,
        "place": place,
        "staged": staged,
        "groups": {standing.value: found for standing, found in groups.items()},
        "skipped": len(staged.faults) + len(groups[Standing.REFUSED]),
        "seen": seen_of(lines),
        "refusals": refusals,
        "discard_url": place.discard(staged.pk) if place.discard else "",
    }
    return render(request, template, context)


def unavailable(request: HttpRequest, place: Place) -> HttpResponse:
    """404 with what to do, for it may have been somebody's own until just now."""
    context = {**place.context, "place": place, "sentence": gone().messages[0]}
    return render(request, "imports/gone.html", context, status=404)
