"""Pages of meetings: the list, one meeting, its invitation and its decisions."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.reminder_text import whatsapp_url
from assessments.views.deeds import done, tried
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from meetings.forms import DecisionFilterForm, DecisionForm, MeetingForm, SettleForm
from meetings.invitation import calendar_file, invitation_text
from meetings.models import Decision, Meeting
from meetings.papers import invitation_letter
from meetings.queries.agenda import proposed_agenda
from meetings.queries.followup import follow_up_board
from meetings.services.decisions import (
    add_decision,
    change_decision,
    remove_decision,
    settle_decision,
)
from meetings.services.meetings import change_meeting, record_meeting
from meetings.views.base import meeting_or_404
from taskforce.queries.composition import composition_on
from taskforce.views.base import context_of, form_page
from texts.languages import in_indonesian
from workbooks.downloads import download, download_file

PAGE_SIZE = 25


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def meeting_list(request: HttpRequest, member: Membership) -> HttpResponse:
    meetings = Meeting.objects.visible_to(member).select_related("city")
    page = Paginator(meetings, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "meetings/meeting_list.html", context_of(member, page_obj=page))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def meeting_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """A new meeting, with an agenda from what is open and the present members invited."""
    year = Assessment.objects.current(member.city)
    initial = None if request.method == "POST" else _proposed(member, year)
    form = MeetingForm(request.POST or None, initial=initial)
    meeting = done(
        form,
        lambda: record_meeting(
            city=member.city, facts=form.facts, by=member.user, at=timezone.now()
        ),
    )
    if meeting is not None:
        messages.success(request, _("Rapat tercatat. Bagikan undangannya."))
        return redirect(meeting)
    back = reverse("meetings:meeting_list", args=[member.city.slug])
    page = {"title": _("Rencanakan rapat"), "back": back, "back_to": _("Rapat")}
    return form_page(request, member, form, **page, working_year=year)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def meeting_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting = meeting_or_404(member, pk)
    form = MeetingForm(request.POST or None, initial=MeetingForm.initial_of(meeting))
    if done(
        form,
        lambda: change_meeting(
            meeting=meeting, facts=form.facts, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Data rapat tersimpan."))
        return redirect(meeting)
    back = meeting.get_absolute_url()
    return form_page(request, member, form, title=meeting.title, back=back, back_to=_("Rapat ini"))


@require_safe
@city_view(Permission.MANAGE_TASKFORCE)
def meeting_invitation(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """The invitation as a message to share, a letter and a calendar file."""
    meeting = meeting_or_404(member, pk)
    url = f"{settings.KLA_BASE_URL}{meeting.get_absolute_url()}"
    text = invitation_text(meeting, city=member.city.name, url=url)
    context = context_of(member, meeting=meeting, text=text, whatsapp=whatsapp_url(text))
    return render(request, "meetings/invitation.html", context)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
@in_indonesian
def meeting_letter(request: HttpRequest, member: Membership, pk: int) -> HttpResponseBase:
    meeting = meeting_or_404(member, pk)
    letter = invitation_letter(meeting, city=member.city.name)
    return download_file(letter, f"undangan-rapat-{meeting.pk}.pdf")


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
@in_indonesian
def meeting_calendar(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting = meeting_or_404(member, pk)
    content = calendar_file(
        meeting,
        city=member.city.name,
        host=request.get_host(),
        url=f"{settings.KLA_BASE_URL}{meeting.get_absolute_url()}",
        at=timezone.now(),
    )
    return download(content, f"rapat-{meeting.pk}.ics")


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def decision_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting = meeting_or_404(member, pk)
    form = _decision_form(request, member, meeting)
    if done(
        form,
        lambda: add_decision(meeting=meeting, facts=form.facts, by=member.user, at=timezone.now()),
    ):
        messages.success(request, _("Keputusan tersimpan."))
        return redirect(meeting.get_absolute_url() + "#keputusan")
    back, title = meeting.get_absolute_url(), _("Catat keputusan")
    return form_page(request, member, form, title=title, back=back, back_to=meeting.title)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def decision_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    decision = _decision_or_404(member, pk)
    form = _decision_form(request, member, decision.meeting, decision)
    if done(
        form,
        lambda: change_decision(
            decision=decision, facts=form.facts, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Keputusan tersimpan."))
        return redirect(decision.meeting.get_absolute_url() + "#keputusan")
    back, title = decision.meeting.get_absolute_url(), _("Ubah keputusan")
    back_to = decision.meeting.title
    return form_page(request, member, form, title=title, back=back, back_to=back_to)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def decision_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    decision = _decision_or_404(member, pk)
    tried(
        request,
        lambda: remove_decision(decision=decision, by=member.user, at=timezone.now()),
        _("Keputusan dihapus."),
    )
    return redirect(decision.meeting)


@require_http_methods(["GET", "POST"])
@city_view(Permission.SETTLE_DECISIONS)
def decision_settle(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Say that a decision was done; an OPD only its own."""
    decision = _decision_or_404(member, pk, is_own=not member.may(Permission.MANAGE_TASKFORCE))
    form = SettleForm(request.POST or None)
    back = reverse("meetings:decision_list", args=[member.city.slug])
    if done(
        form,
        lambda: settle_decision(
            decision=decision, **form.cleaned_data, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Tindak lanjut selesai."))
        return redirect(back)
    title, back_to = _("Selesaikan tindak lanjut"), _("Tindak lanjut")
    page = {"title": title, "lead": decision.text, "back": back, "back_to": back_to}
    return form_page(request, member, form, **page)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def decision_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """Every decision across meetings, late ones first; `opd` narrows it to one owner."""
    form = DecisionFilterForm(request.GET, city=member.city)
    decisions = Decision.objects.visible_to(member)
    if opd := form.wanted.get("opd"):
        decisions = decisions.of_opd(opd)
    board = follow_up_board(decisions, member, today=timezone.localdate())
    page = Paginator(board.waiting, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = context_of(member, board=board, page_obj=page, form=form)
    return render(request, "meetings/decision_list.html", context)


def _proposed(member: Membership, year: Assessment | None) -> dict[str, str]:
    today = timezone.localdate()
    composition = composition_on(member.city, today)
    agenda = proposed_agenda(member.city, year, composition, today=today, at=timezone.now())
    invited = [f"{seat.post}, {seat.institution}" for seat in composition.members]
    return {"agenda": "\n".join(agenda), "invited": "\n".join(invited)}


def _decision_form(
    request: HttpRequest, member: Membership, meeting: Meeting, decision: Decision | None = None
) -> DecisionForm:
    return DecisionForm(
        request.POST or None,
        city=member.city,
        meeting=meeting,
        year=Assessment.objects.current(member.city),
        initial=DecisionForm.initial_of(decision) if decision else None,
    )


def _decision_or_404(member: Membership, pk: int, *, is_own: bool = False) -> Decision:
    """`is_own`: only one of the member's own OPD."""
    visible = Decision.objects.visible_to(member).with_progress()
    if is_own:
        visible = visible.of_opd(member.opd) if member.opd is not None else visible.none()
    rows = visible.select_related("meeting__city", "owner_opd", "owner_member", "answer__question")
    return get_object_or_404(rows, pk=pk)
