"""A person's own inbox: what they were told, and what they want to be told."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices import NotificationKind
from assessments.forms.consent import ConsentForm
from assessments.forms.preferences import PreferencesForm
from assessments.models import Notification, WhatsappConsent
from assessments.services.consent import agree_to_whatsapp, withdraw_from_whatsapp
from assessments.services.inbox import mark_all_read, mark_read, set_preferences
from assessments.services.notifications import channels_of
from cities.access import person, signed_in_view
from outbox.gateways import configured

PAGE = 20  # some six screens of a phone


@require_safe
@signed_in_view
def inbox(request: HttpRequest) -> HttpResponse:
    """What the person was told in all their cities: unread first, then the newest."""
    told = (
        Notification.objects.of(person(request))
        .select_related("assessment__city")
        .order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")
    )
    page = Paginator(told, PAGE).get_page(request.GET.get("halaman"))
    has_unread = any(notification.read_at is None for notification in page)
    context = {"page_obj": page, "has_unread": has_unread}
    zone = page[0].assessment.city.zone if page.object_list else timezone.get_default_timezone()
    with timezone.override(zone):
        return render(request, "assessments/inbox.html", context)


@require_POST
@signed_in_view
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go to the page that it speaks of."""
    notification = get_object_or_404(Notification.objects.of(person(request)), pk=pk)
    mark_read(notification=notification, at=timezone.now())
    return redirect(notification.url)


@require_POST
@signed_in_view
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    notification = get_object_or_404(Notification.objects.of(person(request)), pk=pk)
    mark_read(notification=notification, at=timezone.now())
    return redirect("assessments:inbox")


@require_POST
@signed_in_view
def notifications_read(request: HttpRequest) -> HttpResponse:
    count = mark_all_read(by=person(request), at=timezone.now())
    sentence = ngettext(
        "%(count)d pemberitahuan ditandai dibaca.",
        "%(count)d pemberitahuan ditandai dibaca.",
        count,
    )
    messages.success(request, sentence % {"count": count})
    return redirect("assessments:inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def notification_preferences(request: HttpRequest) -> HttpResponse:
    user = person(request)
    channels = channels_of([user.pk])
    held = {kind: channels[user.pk, kind] for kind in NotificationKind}
    form = PreferencesForm(request.POST or None, held=held)
    if form.is_valid():
        set_preferences(chosen=form.chosen(), by=user)
        messages.success(request, _("Pilihan pemberitahuan tersimpan."))
        return redirect("assessments:notification_preferences")
    return render(request, "assessments/notification_preferences.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def whatsapp_consent(request: HttpRequest) -> HttpResponse:
    """The person's own number for reminders: given, changed, taken back."""
    user = person(request)
    consent = WhatsappConsent.objects.filter(user=user).first()
    is_set_up = configured() is not None
    if "cabut" in request.POST:
        withdraw_from_whatsapp(by=user)
        messages.success(request, _("Persetujuan dicabut dan nomor Anda dihapus."))
        return redirect("assessments:whatsapp_consent")
    initial = {"number": consent.number, "most_a_day": consent.most_a_day} if consent else {}
    form = ConsentForm(request.POST or None, initial=initial)
    if is_set_up and form.is_valid():
        said = form.cleaned_data
        agree_to_whatsapp(
            number=said["number"], most_a_day=said["most_a_day"], by=user, at=timezone.now()
        )
        messages.success(request, _("Nomor WhatsApp Anda tersimpan."))
        return redirect("assessments:whatsapp_consent")
    context = {"form": form, "consent": consent, "is_set_up": is_set_up}
    return render(request, "assessments/whatsapp_consent.html", context)
