"""Where one is signed in, and the end of that."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.access import person, signed_in_view
from cities.models import UserSession
from cities.services.sessions import end_all_sessions, end_session


@require_safe
@signed_in_view
def session_list(request: HttpRequest) -> HttpResponse:
    rows = UserSession.objects.alive_of(person(request), timezone.now())
    context = {"sessions": [*rows], "current": request.session.session_key}
    return render(request, "cities/session_list.html", context)


@require_POST
@signed_in_view
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(person(request).sessions, pk=pk)
    try:
        end_session(session=session, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Sesi di %(device)s diakhiri.") % {"device": session.device})
    return redirect("cities:session_list")


@require_POST
@signed_in_view
def session_end_others(request: HttpRequest) -> HttpResponse:
    user = end_all_sessions(by=person(request), at=timezone.now())
    update_session_auth_hash(request, user)
    messages.success(request, _("Semua sesi lain diakhiri."))
    return redirect("cities:session_list")
