"""Beginning, publishing, retiring and deleting instruments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.access import draft_view, person, site_admin_view
from clusters.forms.life import CloneForm, CorrectionForm, NewDraftForm
from clusters.library import checksum
from clusters.linter import lint
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.services.life import (
    clone_instrument,
    create_draft,
    delete_draft,
    publish_draft,
    retire_instrument,
    start_correction,
)
from clusters.views.findings import grouped


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def instrument_create(request: HttpRequest) -> HttpResponse:
    form = NewDraftForm(request.POST or None)

    def begin() -> Instrument:
        return create_draft(spec=form.spec(), by=person(request), at=timezone.now())

    context = {
        "title": _("Instrumen baru"),
        "lead": _("Sebuah rancangan kosong. Untuk instrumen yang mirip, salin yang sudah ada."),
        "cancel_url": reverse("clusters:instrument_list"),
        "save": _("Buat rancangan"),
    }
    return _begin(request, form, begin, context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def instrument_clone(request: HttpRequest, code: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument, code=code)
    form = CloneForm(request.POST or None, initial={"title": instrument.title})

    def begin() -> Instrument:
        return clone_instrument(
            instrument=instrument, **form.cleaned_data, by=person(request), at=timezone.now()
        )

    context = {
        "title": _("Salin %(code)s") % {"code": code},
        "lead": _("Semua isinya menjadi rancangan baru dengan kode lain. Aslinya tidak berubah."),
        "cancel_url": reverse("clusters:instrument_detail", args=[code]),
        "save": _("Salin menjadi rancangan"),
    }
    return _begin(request, form, begin, context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def instrument_correct(request: HttpRequest, code: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.frozen(), code=code)
    form = CorrectionForm(request.POST or None)

    def begin() -> Instrument:
        return start_correction(
            instrument=instrument, **form.cleaned_data, by=person(request), at=timezone.now()
        )

    context = {
        "title": _("Betulkan %(code)s") % {"code": code},
        "lead": _(
            "Yang terbit tidak pernah diubah. Pembetulan adalah versi baru yang menyebutnya."
        ),
        "cancel_url": reverse("clusters:instrument_detail", args=[code]),
        "save": _("Buat rancangan pembetulan"),
    }
    return _begin(request, form, begin, context)


def _begin(
    request: HttpRequest,
    form: forms.Form,
    begin: Callable[[], Instrument],
    context: dict[str, Any],
) -> HttpResponse:
    """The form with which a draft begins, or the draft."""
    if form.is_valid():
        try:
            draft = begin()
        except ValidationError as error:
            form.add_error("code", error)
        else:
            messages.success(request, _("Rancangan %(code)s dibuat.") % {"code": draft.code})
            return redirect("clusters:draft_detail", draft.code)
    return render(request, "clusters/instrument_begin.html", {**context, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_publish(request: HttpRequest, draft: Instrument) -> HttpResponse:
    error = ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            publish_draft(instrument=draft, seen=seen, by=person(request), at=timezone.now())
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            messages.success(
                request, _("%(code)s terbit. Tahun penilaian dapat dibuka.") % {"code": draft.code}
            )
            return redirect("clusters:instrument_detail", draft.code)
    spec = spec_of(draft)
    context = {
        "instrument": draft,
        "findings": grouped(lint(spec)),
        "seen": checksum(spec),
        "error": error,
    }
    return render(request, "clusters/draft_publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def draft_delete(request: HttpRequest, draft: Instrument) -> HttpResponse:
    if request.method == "POST":
        try:
            delete_draft(instrument=draft, by=person(request), at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("Rancangan %(code)s dihapus.") % {"code": draft.code})
        return redirect("clusters:instrument_list")
    context = {
        "title": _("Hapus rancangan %(code)s?") % {"code": draft.code},
        "text": _("Semua isinya hilang dan tidak dapat dikembalikan. Salinan lain tetap ada."),
        "cancel_url": reverse("clusters:draft_detail", args=[draft.code]),
        "save": _("Hapus rancangan"),
    }
    return render(request, "clusters/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def instrument_retire(request: HttpRequest, code: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.frozen(), code=code)
    detail = reverse("clusters:instrument_detail", args=[code])
    if request.method == "POST":
        try:
            retire_instrument(instrument=instrument, by=person(request), at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("%(code)s ditarik.") % {"code": code})
        return redirect(detail)
    context = {
        "title": _("Tarik %(code)s?") % {"code": code},
        "text": _(
            "Tahun baru tidak lagi dapat dibuka dengan instrumen ini. Tahun yang memakainya tetap "
            "memakainya, dan semua orang tetap dapat membacanya."
        ),
        "cancel_url": detail,
        "save": _("Tarik instrumen"),
    }
    return render(request, "clusters/confirm.html", context)
