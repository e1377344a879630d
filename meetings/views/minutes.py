"""A meeting while it runs and afterwards: attendance, minutes, photos, closing, the paper."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.views.deeds import done, tried
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_moment
from meetings.attendance_address import AttendanceAddress, new_token, qr_picture, read_token
from meetings.forms import AddendumForm, AttendanceForm, FilingForm, MinutesForm, PhotoForm
from meetings.models import Attendance, Meeting, Photo
from meetings.papers import minutes_paper
from meetings.pictures import small_photo
from meetings.queries.papers import minutes_content
from meetings.services.attendances import (
    record_attendance,
    renew_attendance_address,
    sign_attendance,
    strike_attendance,
)
from meetings.services.meetings import (
    StaleMinutesError,
    add_photo,
    amend_minutes,
    close_meeting,
    remove_photo,
    save_minutes,
)
from meetings.services.minutes_filing import hand_in_minutes
from meetings.views.base import meeting_or_404
from taskforce.views.base import context_of, form_page
from texts.languages import in_indonesian
from workbooks.downloads import download_file

JSON = "application/json"


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def meeting_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    return _detail(request, member, meeting_or_404(member, pk))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def minutes_edit(request: HttpRequest, member: Membership, pk: int, revision: int) -> HttpResponse:
    """Write the minutes from the revision in the address.

    The revision is part of the address, so that a draft that the browser keeps for an older one is
    shown beside newer words and never put over them. A script saves every few seconds and asks
    for JSON.
    """
    meeting = meeting_or_404(member, pk)
    wants_json = request.headers.get("Accept", "") == JSON
    if meeting.is_closed and request.method != "POST":
        return redirect(meeting)
    if request.method == "POST":
        return _save_minutes(request, member, meeting, revision, wants_json=wants_json)
    if revision != meeting.revision:
        return redirect(meeting.minutes_url)
    form = MinutesForm(initial={"minutes": meeting.minutes})
    context = context_of(member, meeting=meeting, form=form)
    return render(request, "meetings/minutes.html", context)


def _save_minutes(
    request: HttpRequest, member: Membership, meeting: Meeting, seen: int, *, wants_json: bool
) -> HttpResponse:
    form = MinutesForm(request.POST)
    stored = meeting
    try:
        if form.is_valid():
            text = form.cleaned_data["minutes"]
            saved = save_minutes(
                meeting=meeting, text=text, seen=seen, by=member.user, at=timezone.now()
            )
            if wants_json:
                local = timezone.localtime(saved.minutes_at or timezone.now())
                said = _("Tersimpan %(moment)s") % {"moment": format_moment(local)}
                return JsonResponse({"url": saved.minutes_url, "sentence": said})
            messages.success(request, _("Notula tersimpan."))
            return redirect(saved)
    except ValidationError as error:
        if isinstance(error, StaleMinutesError):
            stored = error.stored
        form.add_error(None, ValidationError(error.messages))
    if wants_json:
        said = " ".join(str(one) for found in form.errors.values() for one in found)
        return JsonResponse({"sentence": said}, status=409)
    is_conflict = stored.revision != seen
    context = context_of(member, meeting=stored, form=form, is_conflict=is_conflict)
    return render(request, "meetings/minutes.html", context, status=409)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def meeting_close(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting = meeting_or_404(member, pk)
    sent = request.POST.get("revisi", "")
    seen = int(sent) if sent.isdecimal() else -1
    tried(
        request,
        lambda: close_meeting(meeting=meeting, seen=seen, by=member.user, at=timezone.now()),
        _("Notula ditutup. Koreksi ditulis sebagai tambahan."),
    )
    return redirect(meeting)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def addendum_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting, form = meeting_or_404(member, pk), AddendumForm(request.POST)
    if done(
        form,
        lambda: amend_minutes(
            meeting=meeting, text=form.cleaned_data["text"], by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Tambahan tersimpan."))
        return redirect(meeting)
    return _detail(request, member, meeting, addendum_form=form)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def photo_add(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting, form = meeting_or_404(member, pk), PhotoForm(request.POST, request.FILES)
    if done(
        form,
        lambda: add_photo(
            meeting=meeting,
            photo=small_photo(form.cleaned_data["file"]),
            caption=form.cleaned_data["caption"],
            by=member.user,
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("Foto tersimpan."))
        return redirect(meeting)
    return _detail(request, member, meeting, photo_form=form)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def photo_view(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    photo = _photo_or_404(member, pk)
    return HttpResponse(photo.jpeg, content_type="image/jpeg")


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def photo_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    photo = _photo_or_404(member, pk)
    tried(
        request,
        lambda: remove_photo(photo=photo, by=member.user, at=timezone.now()),
        _("Foto dihapus."),
    )
    return redirect(photo.meeting)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
@in_indonesian
def minutes_pdf(request: HttpRequest, member: Membership, pk: int) -> HttpResponseBase:
    """The minutes on paper; until they are closed only for whoever writes them."""
    meeting = meeting_or_404(member, pk)
    if not meeting.is_closed and not member.may(Permission.MANAGE_TASKFORCE):
        return redirect(meeting)
    paper = minutes_paper(minutes_content(meeting), city=member.city.name)
    return download_file(paper, f"notula-rapat-{meeting.pk}.pdf")


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def minutes_hand_in(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Closed minutes, attendance and photos as one document of a question."""
    meeting = meeting_or_404(member, pk)
    year = Assessment.objects.current(member.city)
    form = FilingForm(request.POST or None, year=year)

    def deed() -> object:
        with minutes_paper(minutes_content(meeting), city=member.city.name) as paper:
            answer = form.cleaned_data["answer"]
            return hand_in_minutes(
                meeting=meeting, paper=paper, answer=answer, by=member.user, at=timezone.now()
            )

    if done(form, deed):
        answer = form.cleaned_data["answer"]
        answer.assessment = year
        messages.success(request, _("Notula diajukan sebagai dokumen; rekan Anda memeriksanya."))
        return redirect(answer.get_absolute_url())
    back, title = meeting.get_absolute_url(), _("Ajukan notula sebagai dokumen")
    lead = _("Notula, daftar hadir, dan foto menjadi satu berkas PDF.")
    page = {"title": title, "lead": lead, "back": back, "back_to": meeting.title}
    return form_page(request, member, form, **page)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def attendance_board(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """The QR code on the screen of the room, who is there, and a form for who has no phone."""
    meeting = meeting_or_404(member, pk)
    form = AttendanceForm(request.POST or None)
    if done(
        form,
        lambda: record_attendance(
            meeting=meeting, facts=form.facts, by=member.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Kehadiran tercatat."))
        return redirect("meetings:attendance_board", member.city.slug, meeting.pk)
    token = new_token(AttendanceAddress(meeting.pk, meeting.attendance_round))
    address = f"{settings.KLA_BASE_URL}{reverse('meetings:attendance_sign', args=[token])}"
    context = context_of(
        member,
        meeting=meeting,
        form=form,
        attendances=meeting.attendances.all(),
        address="" if meeting.is_closed else address,
        qr="" if meeting.is_closed else qr_picture(address),
    )
    return render(request, "meetings/attendance_board.html", context)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def attendance_renew(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    meeting = meeting_or_404(member, pk)
    tried(
        request,
        lambda: renew_attendance_address(meeting=meeting, by=member.user, at=timezone.now()),
        _("Kode QR diganti; yang lama tidak berlaku lagi."),
    )
    return redirect("meetings:attendance_board", member.city.slug, meeting.pk)


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def attendance_strike(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    of_city = Attendance.objects.filter(meeting__city=member.city)
    attendance = get_object_or_404(of_city.select_related("meeting__city"), pk=pk)
    tried(
        request,
        lambda: strike_attendance(attendance=attendance, by=member.user, at=timezone.now()),
        _("Kehadiran dihapus."),
    )
    return redirect("meetings:attendance_board", member.city.slug, attendance.meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def attendance_sign(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code: for whoever is in the room, without an account.

    Shows the meeting and a form, never who else signed.
    """
    address = read_token(token)
    meetings = Meeting.objects.select_related("city")
    meeting = meetings.filter(pk=address.meeting_id).first() if address else None
    if address is None or meeting is None or meeting.attendance_round != address.round_:
        return render(request, "meetings/attendance_over.html", {}, status=404)
    if meeting.is_closed:
        return render(request, "meetings/attendance_over.html", {}, status=410)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="sign_attendance")
        if limited is not None:
            return limited
    with timezone.override(meeting.city.zone):
        return _sign_page(request, meeting, address)


def _sign_page(request: HttpRequest, meeting: Meeting, address: AttendanceAddress) -> HttpResponse:
    form = AttendanceForm(request.POST or None)
    signed = done(
        form,
        lambda: (
            sign_attendance(
                meeting_id=address.meeting_id,
                round_=address.round_,
                facts=form.facts,
                at=timezone.now(),
            ),
        ),
    )
    context = {"meeting": meeting, "form": form, "is_signed": signed is not None}
    return render(request, "meetings/attendance_sign.html", context)


def _photo_or_404(member: Membership, pk: int) -> Photo:
    """Of a closed meeting, or for whoever writes its minutes."""
    photos = Photo.objects.filter(meeting__city=member.city).select_related("meeting__city")
    if not member.may(Permission.MANAGE_TASKFORCE):
        photos = photos.filter(meeting__closed_at__isnull=False)
    return get_object_or_404(photos, pk=pk)


def _detail(
    request: HttpRequest,
    member: Membership,
    meeting: Meeting,
    photo_form: PhotoForm | None = None,
    addendum_form: AddendumForm | None = None,
) -> HttpResponse:
    may_manage = member.may(Permission.MANAGE_TASKFORCE)
    context = context_of(
        member,
        meeting=meeting,
        content=minutes_content(meeting, member) if may_manage or meeting.is_closed else None,
        photo_form=photo_form or PhotoForm(),
        addendum_form=addendum_form or AddendumForm(),
        may_hand_in=may_manage and member.may(Permission.ANSWER_QUESTIONS),
        has_begun=meeting.starts_at <= timezone.now(),
    )
    return render(request, "meetings/meeting_detail.html", context)
