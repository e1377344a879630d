"""What units are asked: sets to choose from, and the city's own versions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.views.deeds import done, tried
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.criteria import Criterion
from territories.forms.criteria import CopyForm, CriterionForm
from territories.models import CityCriteriaSet
from territories.queries.boards import reporting_year
from territories.queries.criteria import KnownSet, known_set, known_sets
from territories.services.criteria import (
    choose_set,
    copy_set,
    discard_set,
    publish_set,
    remove_criterion,
    save_criterion,
)


def set_or_404(member: Membership, assessment: Assessment, code: str) -> KnownSet:
    found = known_set(member.city, code, reporting_year(assessment).criteria)
    if found is None:
        raise Http404
    return found


def _draft_or_404(member: Membership, code: str) -> CityCriteriaSet:
    found = CityCriteriaSet.objects.filter(city=member.city, code=code, published_at=None).first()
    if found is None:
        raise Http404
    return found


def _criterion_or_404(draft: CityCriteriaSet, code: str) -> Criterion:
    found = draft.as_set().get(code)
    if found is None:
        raise Http404
    return found


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def criteria_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting,
        "sets": known_sets(member.city, reporting.criteria),
    }
    return render(request, "territories/criteria_list.html", context)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def criteria_detail(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    """A set with its findings; a draft is edited from here."""
    assessment = get_assessment_or_404(member, year)
    known = set_or_404(member, assessment, set_code)
    return _detail(request, member, assessment, known)


def _detail(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    known: KnownSet,
    **refused: Any,
) -> HttpResponse:
    may_change = member.may(Permission.MANAGE_CRITERIA)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting_year(assessment),
        "known": known,
        "may_change": may_change,
        "copy_form": CopyForm(initial={"title": known.criteria.title}) if may_change else None,
        **refused,
    }
    return render(request, "territories/criteria_detail.html", context)


@require_POST
@city_view(Permission.MANAGE_CRITERIA)
def criteria_copy(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    """Begin an own version with what this one asks."""
    assessment = get_assessment_or_404(member, year)
    known = set_or_404(member, assessment, set_code)
    form = CopyForm(request.POST)
    if form.is_valid():
        draft = copy_set(
            city=member.city,
            code=known.criteria.code,
            title=form.cleaned_data["title"],
            by=member.user,
            at=timezone.now(),
        )
        messages.success(request, _("Rancangan %(title)s dibuat.") % {"title": draft.title})
        return redirect("territories:criteria_detail", member.city.slug, year, draft.code)
    return _detail(request, member, assessment, known, copy_form=form)


@require_POST
@city_view(Permission.MANAGE_CRITERIA)
def criteria_choose(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    known, data_year = set_or_404(member, assessment, set_code), reporting_year(assessment).year
    done = _("Data tahun %(year)d dilaporkan menurut %(title)s.")
    said = done % {"year": data_year, "title": known.criteria.title}
    code, by, at = known.criteria.code, member.user, timezone.now()
    deed = lambda: choose_set(city=member.city, year=data_year, code=code, by=by, at=at)  # noqa: E731
    return _back_after(request, deed, said, member, year, set_code)


@require_POST
@city_view(Permission.MANAGE_CRITERIA)
def criteria_publish(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    get_assessment_or_404(member, year)
    draft = _draft_or_404(member, set_code)
    deed = lambda: publish_set(set_id=draft.pk, by=member.user, at=timezone.now())  # noqa: E731
    return _back_after(request, deed, _("Set kriteria terbit."), member, year, set_code)


@require_POST
@city_view(Permission.MANAGE_CRITERIA)
def criteria_discard(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    get_assessment_or_404(member, year)
    draft = _draft_or_404(member, set_code)
    deed = lambda: discard_set(set_id=draft.pk, by=member.user, at=timezone.now())  # noqa: E731
    return _back_after(request, deed, _("Rancangan dihapus."), member, year)


@require_POST
@city_view(Permission.MANAGE_CRITERIA)
def criterion_remove(
    request: HttpRequest, member: Membership, year: int, set_code: str, criterion_code: str
) -> HttpResponse:
    get_assessment_or_404(member, year)
    draft = _draft_or_404(member, set_code)
    code = _criterion_or_404(draft, criterion_code).code
    deed = lambda: remove_criterion(  # noqa: E731
        set_id=draft.pk, code=code, by=member.user, at=timezone.now()
    )
    return _back_after(request, deed, _("Kriteria dihapus."), member, year, set_code)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CRITERIA)
def criterion_add(
    request: HttpRequest, member: Membership, year: int, set_code: str
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    return _criterion_page(request, member, assessment, _draft_or_404(member, set_code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CRITERIA)
def criterion_edit(
    request: HttpRequest, member: Membership, year: int, set_code: str, criterion_code: str
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    draft = _draft_or_404(member, set_code)
    criterion = _criterion_or_404(draft, criterion_code)
    return _criterion_page(request, member, assessment, draft, criterion)


def _criterion_page(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    draft: CityCriteriaSet,
    criterion: Criterion | None,
) -> HttpResponse:
    initial = CriterionForm.initial_of(criterion) if criterion else None
    form = CriterionForm(request.POST or None, initial=initial)
    here = [member.city.slug, assessment.year, draft.code]
    deed = lambda: save_criterion(  # noqa: E731
        set_id=draft.pk,
        criterion=form.criterion,
        was=criterion.code if criterion else "",
        by=member.user,
        at=timezone.now(),
    )
    if done(form, deed) is not None:
        messages.success(request, _("Kriteria %(code)s tersimpan.") % form.cleaned_data)
        return redirect("territories:criteria_detail", *here)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "draft": draft,
        "criterion": criterion,
        "form": form,
        "cancel_url": reverse("territories:criteria_detail", args=here),
    }
    return render(request, "territories/criterion_form.html", context)


def _back_after(
    request: HttpRequest,
    deed: Callable[[], object],
    said: str,
    member: Membership,
    year: int,
    set_code: str = "",
) -> HttpResponse:
    """Do it and go back: to the set, else to the list. A refusal is told there."""
    tried(request, deed, said)
    if set_code:
        return redirect("territories:criteria_detail", member.city.slug, year, set_code)
    return redirect("territories:criteria_list", member.city.slug, year)
