"""What was typed into a form that could not be stored, shown again so that it can be sent again.

For when the database is away, somebody else holds the year, or the session has ended. Passwords and
files never come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from cities.access import person, signed_in_view
from kla.form_tokens import CSRF_FIELD, FIELD, owner_of
from kla.once import is_account

KEPT = "unsent"  # in the session
MOST_SIGNS = 100_000  # of a form that waits for its owner to sign in again
# Fields that several forms have, or that a form makes as it goes.
LABELS = {
    "text": _lazy("Pesan atau teks"),
    "note": _lazy("Catatan"),
    "reason": _lazy("Alasan"),
    "why": _lazy("Alasan atau sumber"),
    "claimed_points": _lazy("Klaim nilai"),
    "granted_points": _lazy("Nilai yang ditetapkan"),
    "points": _lazy("Nilai"),
    "value": _lazy("Jumlah atau persentase"),
    "shows": _lazy("Yang ditunjukkan"),
    "address": _lazy("Alamat"),
}
LONG_LINE = 60  # signs; what is longer is shown over several lines
TYPED = (forms.TextInput, forms.Textarea, forms.NumberInput, forms.EmailInput, forms.URLInput)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as it was sent; a hidden one has no label."""

    name: str
    value: str
    label: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.value) > LONG_LINE or "\n" in self.value


def labels() -> dict[str, str]:
    """What the forms of the site call the fields that people type in, by the field's name.

    Which form was sent is not known here: where several call a field otherwise, the word for all.
    """
    found: dict[str, set[str]] = {}
    classes: list[type[forms.BaseForm]] = [forms.BaseForm]
    for form in classes:
        classes += form.__subclasses__()
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field.widget, TYPED):
                found.setdefault(name, set()).add(str(field.label or ""))
    own = {name: many.pop() if len(many) == 1 else _("Isian Anda") for name, many in found.items()}
    return own | {name: str(label) for name, label in LABELS.items()}


def is_secret(name: str) -> bool:
    """Whether a field holds a password, or what only this one sending may hold."""
    plain = name.rpartition("-")[2].casefold()
    return name == CSRF_FIELD or any(word in plain for word in ("password", "sandi", "again"))


def typed_fields(sent: QueryDict) -> list[Field]:
    """The fields of a form, those that people type in with their labels."""
    return list(_fields(sent, labels()))


def _fields(sent: QueryDict, known: dict[str, str]) -> Iterator[Field]:
    for name, many in sent.lists():
        if is_secret(name):
            continue
        label = known.get(name) or known.get(name.rpartition("-")[2]) or ""
        for value in many:
            text = str(value)
            # Fields that a form makes as it goes are known by no name: sentences show themselves.
            is_sentence = " " in text.strip() or "\n" in text
            shown = label or (_("Isian Anda") if is_sentence else "")
            yield Field(name, text, shown if text and name != FIELD else "")


def form_again(request: HttpRequest, **why: Any) -> str | None:
    """A page made of nothing but the request, with its form; None if no form of ours was sent."""
    try:
        if request.method != "POST" or not request.POST or is_account(resolve(request.path).func):
            return None
    except (RequestDataTooBig, Resolver404, TooManyFieldsSent, UnreadablePostError):
        return None
    facts = {
        "address": request.get_full_path(),
        "csrf": get_token(request),
        "fields": typed_fields(request.POST),
        "had_files": bool(request.FILES),
    }
    return render_to_string("errors/unsent.html", facts | why)


def came_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


class KeepUnsent:
    """Keeps the form of somebody whose session has ended until they have signed in again.

    Only a form from a page that was made for an account, and only for that account: its token
    tells. Stands between the middleware that knows the person and the one that turns them away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in (302, 303):
            _forget_sent(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated or request.FILES:
            return None
        if owner_of(request.POST.get(FIELD, "")) is None:
            return None
        kept = [(field.name, field.value) for field in typed_fields(request.POST)]
        if sum(len(name) + len(value) for name, value in kept) > MOST_SIGNS:
            return None
        request.session[KEPT] = {"address": request.get_full_path(), "fields": kept}
        return redirect_to_login(reverse("unsent"))


def _forget_sent(request: HttpRequest) -> None:
    kept = request.session.get(KEPT)
    if kept and request.user.is_authenticated and request.get_full_path() == kept["address"]:
        del request.session[KEPT]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def unsent(request: HttpRequest) -> HttpResponse:
    """The form that arrived after its session had ended, for its owner alone; thrown away by POST."""
    kept = request.session.get(KEPT) or {"address": "", "fields": []}
    sent = QueryDict(mutable=True)
    for name, value in kept["fields"]:
        sent.appendlist(name, value)
    if request.method == "POST" or owner_of(sent.get(FIELD, "")) != person(request).pk:
        request.session.pop(KEPT, None)
        return redirect("home")
    facts = {"address": kept["address"], "fields": typed_fields(sent)}
    return render(request, "unsent.html", facts)
