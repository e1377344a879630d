"""Pages that belong to no application: home, health and what is shown when something is wrong."""

import json
import sys
from functools import wraps

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from assessments.services.upload_storage import is_full
from assessments.views.cities import start_of
from cities.access import person, signed_in_view
from kla.glossary import CHAPTERS
from kla.own_data import counted, own_data
from kla.unsent import came_from_us, form_again
from texts.languages import in_indonesian
from workbooks.downloads import download

RETRY_AFTER_SECONDS = "30"
OUR_FAULT = {
    "heading": _lazy("Belum dapat disimpan"),
    "sentence": _lazy("Ada kesalahan di pihak kami, dan kesalahan itu sudah dicatat."),
}
FULL = {
    "heading": _lazy("Tempat penyimpanan penuh"),
    "sentence": _lazy(
        "Server tidak punya tempat lagi, sehingga kiriman Anda belum tersimpan. Beri tahu "
        "administrator situs."
    ),
}
# As PostgreSQL and SQLite say it.
NO_ROOM = ("no space left on device", "database or disk is full")
WAITED_TOO_LONG = ("lock timeout", "database is locked", "database table is locked")


@require_safe
@signed_in_view
def home(request: HttpRequest) -> HttpResponse:
    """Lead each person to what concerns them: where their role begins, or to their cities."""
    user = person(request)
    memberships = list(user.memberships.select_related("city")[:2])
    if user.is_superuser or len(memberships) != 1:
        return redirect("assessments:city_list")
    return redirect(start_of(memberships[0]))


@require_safe
@login_not_required
def glossary(request: HttpRequest) -> HttpResponse:
    """What the terms mean, for whoever reads them first."""
    return render(request, "glossary.html", {"chapters": CHAPTERS})


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """What people of any ability may expect of these pages, and what is known to be missing."""
    return render(request, "accessibility.html")


@require_safe
@signed_in_view
def own_data_page(request: HttpRequest) -> HttpResponse:
    """What the site stores about whoever is signed in."""
    return render(request, "own_data.html", {"sections": counted(person(request))})


@require_safe
@signed_in_view
@in_indonesian
def own_data_download(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    content = json.dumps(
        own_data(person(request), at=at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1
    )
    return download(content, f"data-saya-{at:%Y-%m-%d}.json")


def error_page(status: int) -> HttpResponse:
    """An error page made of nothing but its file.

    No request goes in, so no user, session or message comes out of a database
    that may be the very thing that failed.
    """
    return HttpResponse(render_to_string(f"errors/{status}.html"), status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(404)


@login_not_required
def too_many_requests(request: HttpRequest) -> HttpResponse:
    return error_page(429)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere: tell how to send it again.

    A form that stood on a page of ours comes back filled in; one of another site never does, or
    it would be sent after all with one press.
    """
    why = {
        "heading": _("Formulir ini perlu dikirim sekali lagi"),
        "sentence": _("Formulirnya terlalu lama terbuka, atau Anda masuk kembali di jendela lain."),
    }
    page = form_again(request, **why) if came_from_us(request) else None
    return HttpResponse(page or render_to_string("errors/csrf.html"), status=403)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """507 when the disk is full, 503 to come back when the database is away, else 500.

    What was typed comes back, as a form that can be sent again.
    """
    error = sys.exc_info()[1]
    if _is_full(error):
        page = form_again(request, **FULL)
        return HttpResponse(page, status=507) if page else error_page(507)
    is_away = isinstance(error, (OperationalError, InterfaceError))
    status = 503 if is_away else 500
    page = form_again(request, **_why(error) if is_away else OUR_FAULT)
    response = HttpResponse(page, status=status) if page else error_page(status)
    if is_away:
        response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _is_full(error: BaseException | None) -> bool:
    """Of documents and temporary files, or of the database."""
    if isinstance(error, DatabaseError):
        return any(words in str(error).casefold() for words in NO_ROOM)
    return is_full(error)


def _why(error: BaseException | None) -> dict[str, str]:
    """Of a fault of the database: somebody else holds the data, or it does not answer."""
    if any(words in str(error) for words in WAITED_TOO_LONG):
        return {
            "heading": _("Belum tersimpan: data ini sedang diubah orang lain"),
            "sentence": _(
                "Server menunggu beberapa detik, lalu berhenti. Coba lagi sebentar lagi."
            ),
        }
    return {
        "heading": _("Belum dapat disimpan"),
        "sentence": _("Basis data tidak menjawab. Coba lagi dalam setengah menit."),
    }


@wraps(account.logout)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and leave nothing on the phone: pages, queues and drafts that the browser keeps."""
    response = account.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response
