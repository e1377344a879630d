"""Changing one's own e-mail address."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access import asks_again, person, signed_in_view
from cities.forms.accounts import NewEmailForm
from cities.models import EmailChange
from cities.services.email_changes import (
    change_of_link,
    confirm_email_change,
    order_email_change,
)
from outbox.sending import is_set_up
from trail.address import coming_from


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for another address; the answer is the same whosever it is."""
    user, at = person(request), timezone.now()
    form = NewEmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not ratelimit.consume(request, action="change_email", user=user):
        sentence = _("Paling banyak 5 permintaan dalam satu jam. Tunggu sebentar.")
        form.add_error("email", ValidationError(sentence, code="too_many"))
    if form.is_valid():
        try:
            change = order_email_change(email=form.cleaned_data["email"], by=user, at=at)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            sentence = _(
                "Bila %(email)s dapat dipakai, tautan konfirmasi dikirim ke sana. Sampai dibuka, "
                "tidak ada yang berubah."
            )
            messages.success(request, sentence % {"email": change.after})
            return redirect("cities:email_change")
    asked = EmailChange.objects.open_at(at).filter(user=user).first()
    context = {"form": form, "asked": asked, "has_mail": is_set_up()}
    return render(request, "cities/email_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of the letter leads: opened by the account that asked, and by nobody else."""
    by, at = person(request), timezone.now()
    try:
        change = change_of_link(token, by, at=at)
        if request.method == "POST":
            with coming_from(request):
                user = confirm_email_change(token=token, by=by, at=at)
            update_session_auth_hash(request, user)
            sentence = _("Mulai sekarang Anda masuk dengan %(email)s. Semua sesi lain diakhiri.")
            messages.success(request, sentence % {"email": user.email})
            return redirect("cities:email_change")
    except ValidationError as error:
        context = {"sentence": error.messages[0]}
        return render(request, "cities/email_dead.html", context, status=404)
    return render(request, "cities/email_confirm.html", {"change": change})
