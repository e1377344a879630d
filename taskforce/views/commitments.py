"""Pages of the commitments of the six parties."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from taskforce.forms import CommitmentForm
from taskforce.models import Commitment
from taskforce.queries.commitments import commitment_board
from taskforce.queries.documents import matching_documents
from taskforce.services.commitments import change_commitment, record_commitment
from taskforce.views.base import context_of, form_page
from taskforce.views.decrees import save_paper


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def commitment_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """Party by party what was promised and what came of it: one page to show at the next meeting."""
    visible = Commitment.objects.visible_to(member)
    board = commitment_board(visible, today=timezone.localdate())
    return render(request, "taskforce/commitment_list.html", context_of(member, board=board))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def commitment_create(request: HttpRequest, member: Membership) -> HttpResponse:
    initial = {"sector": request.GET.get("pihak", "")}
    form = CommitmentForm(request.POST or None, initial=initial)
    back = reverse("taskforce:commitment_list", args=[member.city.slug])
    if done(
        form,
        lambda: record_commitment(
            city=member.city, facts=form.facts, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Komitmen tersimpan."))
        return redirect(back)
    title, back_to = _("Catat komitmen"), _("Komitmen")
    return form_page(request, member, form, title=title, back=back, back_to=back_to)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def commitment_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Correct it, say what came of it, and name its signed paper."""
    commitment = _commitment_or_404(member, pk)
    initial = CommitmentForm.initial_of(commitment)
    form = CommitmentForm(request.POST or None, initial=initial)
    if done(
        form,
        lambda: change_commitment(
            commitment=commitment, facts=form.facts, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Komitmen tersimpan."))
        return redirect("taskforce:commitment_list", member.city.slug)
    words = request.GET.get("cari", "")
    context = context_of(
        member,
        form=form,
        commitment=commitment,
        words=words,
        found=matching_documents(member, words),
        cancel_url=reverse("taskforce:commitment_list", args=[member.city.slug]),
        file_url=reverse("taskforce:commitment_file", args=[member.city.slug, commitment.pk]),
    )
    return render(request, "taskforce/commitment_edit.html", context)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def commitment_file(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    commitment = _commitment_or_404(member, pk)
    save_paper(request, member, commitment)
    return redirect("taskforce:commitment_edit", member.city.slug, commitment.pk)


def _commitment_or_404(member: Membership, pk: int) -> Commitment:
    visible = Commitment.objects.visible_to(member).select_related("city", "document")
    return get_object_or_404(visible, pk=pk)
