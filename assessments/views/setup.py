"""From an empty city to a year that everybody works in, step by step.

Each step is a page of its own that shows where the whole stands. What has been done is read
from what there is, so the way can be left and taken up again, by somebody else too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.choices import Stage
from assessments.forms.setup import AgenciesForm, FirstAdminForm, LeadsForm, SetupYearForm
from assessments.models import Answer, Assessment
from assessments.queries.setup import (
    Setup,
    agency_lines,
    cluster_loads,
    opd_loads,
    setup_of,
)
from assessments.services.agencies import settle_agencies_of
from assessments.services.assignment import assign_defaults, assign_leads
from assessments.services.creation import open_assessment
from assessments.services.quotas import city_quota
from assessments.services.transitions import advance_stage
from cities.access import city_view, person, site_admin_view
from cities.forms.cities import CityEditForm
from cities.forms.invitations import InvitationForm
from cities.models import Membership, User
from cities.roles import Permission
from cities.services.cities import edit_city
from cities.services.invitations import Guest, invite
from cities.services.mailing import with_letters
from cities.views.invitations import send_guests, tell_sent
from clusters.models import QuestionAgency

PAGE = 25
INVITATIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step of the way; `url` is empty for whom the page is not open."""

    number: int
    name: str
    label: str
    url: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class StepKind:
    name: str
    label: Promise
    permission: Permission
    is_done: Callable[[Setup], bool]


STEPS = (
    StepKind(
        "setup_city",
        gettext_lazy("Kota"),
        Permission.MANAGE_MEMBERS,
        lambda setup: setup.is_city_checked,
    ),
    StepKind(
        "setup_opds",
        gettext_lazy("OPD"),
        Permission.MANAGE_MEMBERS,
        lambda setup: setup.has_opds,
    ),
    StepKind(
        "setup_members",
        gettext_lazy("Anggota"),
        Permission.MANAGE_MEMBERS,
        lambda setup: setup.has_people,
    ),
    StepKind(
        "setup_year",
        gettext_lazy("Tahun"),
        Permission.MANAGE_ASSESSMENT,
        lambda setup: setup.assessment is not None,
    ),
    StepKind(
        "setup_assignments",
        gettext_lazy("Penugasan"),
        Permission.ASSIGN_QUESTIONS,
        lambda setup: setup.is_assigned,
    ),
    StepKind(
        "setup_start",
        gettext_lazy("Mulai"),
        Permission.SUBMIT_ASSESSMENT,
        lambda setup: setup.is_started,
    ),
)


def steps_of(setup: Setup, member: Membership, current: str = "") -> list[SetupStep]:
    return [
        SetupStep(
            number=number,
            name=kind.name,
            label=str(kind.label),
            url=_url(kind.name, member) if member.may(kind.permission) else "",
            is_done=kind.is_done(setup),
            is_current=kind.name == current,
        )
        for number, kind in enumerate(STEPS, 1)
    ]


def _url(name: str, member: Membership) -> str:
    return reverse(f"assessments:{name}", args=[member.city.slug])


def _step_page(
    request: HttpRequest, member: Membership, name: str, setup: Setup, **context: object
) -> HttpResponse:
    """A step with the way around it: all steps, and the next one."""
    steps = steps_of(setup, member, name)
    number = next(step.number for step in steps if step.is_current)
    following = steps[number] if number < len(steps) else None
    context |= {
        "member": member,
        "assessment": setup.assessment,
        "setup": setup,
        "steps": steps,
        "following": following,
        "here": _url(name, member),
    }
    return render(request, f"assessments/{name}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def setup_begin(request: HttpRequest) -> HttpResponse:
    """Choose the city and invite who will administer it."""
    form = FirstAdminForm(request.POST or None)
    if form.is_valid():
        city = form.cleaned_data["city"]
        guests = [Guest(**form.person)]
        try:
            invitations = invite(city=city, guests=guests, by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            tell_sent(request, invitations)
            return redirect("assessments:setup_overview", city.slug)
    return render(request, "assessments/setup_begin.html", {"form": form})


@require_safe
@city_view(Permission.MANAGE_ASSESSMENT)
def setup_overview(request: HttpRequest, member: Membership) -> HttpResponse:
    """All steps with what has been done of each."""
    setup = setup_of(member.city)
    steps = steps_of(setup, member)
    context = {
        "member": member,
        "assessment": setup.assessment,
        "setup": setup,
        "steps": steps,
        "following": next((step for step in steps if not step.is_done), None),
        "quota": city_quota(member.city),
    }
    return render(request, "assessments/setup_overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def setup_city(request: HttpRequest, member: Membership) -> HttpResponse:
    city = member.city
    form = CityEditForm(request.POST or None, initial={"name": city.name, "zone": city.timezone})
    if form.is_valid():
        try:
            edit_city(city=city, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Data kota tersimpan."))
            return redirect("assessments:setup_opds", city.slug)
    setup = setup_of(city)
    counts = {"districts": city.districts.count()}
    return _step_page(request, member, "setup_city", setup, form=form, **counts)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def setup_opds(request: HttpRequest, member: Membership) -> HttpResponse:
    """The instrument's agencies under the city's own names."""
    setup = setup_of(member.city)
    lines = agency_lines(setup.instrument) if setup.instrument else []
    form = AgenciesForm(request.POST or None, city=member.city, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            settle_agencies_of(
                city=member.city, choices=form.choices(), by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.refusals = error.messages
        else:
            count = member.city.opds.active().count()
            messages.success(request, _("%(count)d OPD tercatat.") % {"count": count})
            return redirect("assessments:setup_members", member.city.slug)
    return _step_page(request, member, "setup_opds", setup, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def setup_members(request: HttpRequest, member: Membership) -> HttpResponse:
    form = InvitationForm(request.POST or None, city=member.city)
    if form.is_valid() and send_guests(request, member, form):
        return redirect("assessments:setup_members", member.city.slug)
    now = timezone.now()
    invitations = member.city.invitations.open().select_related("opd", "invited_by")
    return _step_page(
        request,
        member,
        "setup_members",
        setup_of(member.city),
        form=form,
        invitations=with_letters(invitations[:INVITATIONS_SHOWN], at=now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_ASSESSMENT)
def setup_year(request: HttpRequest, member: Membership) -> HttpResponse:
    form = SetupYearForm(request.POST or None, city=member.city)
    if form.is_valid():
        try:
            assessment = open_assessment(
                city=member.city,
                **form.facts,
                prepare_first=True,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("Penilaian tahun %(year)d dibuka dalam tahap persiapan.")
            messages.success(request, sentence % {"year": assessment.year})
            return redirect("assessments:setup_assignments", member.city.slug)
    return _step_page(request, member, "setup_year", setup_of(member.city), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.ASSIGN_QUESTIONS)
def setup_assignments(request: HttpRequest, member: Membership) -> HttpResponse:
    """How the year is shared out, and the questions that nobody leads yet."""
    setup = setup_of(member.city)
    year = setup.assessment
    if year is None:
        return _step_page(request, member, "setup_assignments", setup)
    page = _unled_page(request, member, setup)
    is_defaults = "defaults" in request.POST
    data = request.POST if request.method == "POST" and not is_defaults else None
    form = LeadsForm(data, answers=list(page), opds=setup.opds)
    if is_defaults or form.is_valid():
        try:
            count = _share_out(year, None if is_defaults else form, by=member.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            sentence = _("%(count)d pertanyaan mendapat penanggung jawab.")
            messages.success(request, sentence % {"count": count})
        return redirect("assessments:setup_assignments", member.city.slug)
    return _step_page(
        request,
        member,
        "setup_assignments",
        setup,
        form=form,
        page_obj=page,
        clusters=cluster_loads(year),
        opds=opd_loads(year, without_people=setup.without_people),
    )


def _unled_page(request: HttpRequest, member: Membership, setup: Setup) -> Page[Answer]:
    answers = Answer.objects.visible_to(member).filter(assessment=setup.assessment)
    links = Prefetch("question__question_agencies", QuestionAgency.objects.select_related("agency"))
    wanted = (
        answers.without_lead()
        .select_related("question__indicator__cluster")
        .prefetch_related(links)
        .in_order()
    )
    paginator = Paginator(wanted, PAGE)
    paginator.count = setup.unled  # known already
    return paginator.get_page(request.GET.get("halaman"))


def _share_out(year: Assessment, form: LeadsForm | None, *, by: User) -> int:
    """Apply the defaults, or what the form chose; return how many questions got somebody."""
    at = timezone.now()
    if form is None:
        return assign_defaults(assessment_id=year.pk, by=by, at=at).questions
    return assign_leads(assessment=year, leads=form.leads, by=by, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.SUBMIT_ASSESSMENT)
def setup_start(request: HttpRequest, member: Membership) -> HttpResponse:
    """What is still missing, and beginning all the same."""
    setup = setup_of(member.city)
    year = setup.assessment
    if request.method == "POST" and year is not None:
        try:
            advance_stage(
                assessment_id=year.pk,
                seen=Stage.PREPARATION,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("assessments:setup_start", member.city.slug)
        sentence = _("Evaluasi mandiri tahun %(year)d dimulai. OPD kini dapat mengisi tugasnya.")
        messages.success(request, sentence % {"year": year.year})
        return redirect(year)
    return _step_page(request, member, "setup_start", setup)
