"""What holds for every page that the application makes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from django.utils.cache import patch_cache_control

from api.bearer import ROOT
from cities.access import person
from cities.replica import note_deed
from texts.folding import composed, visible

COMPRESSED_TYPES = frozenset(
    {"text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"}
)
# A password is hashed as it was typed, or those of before would no longer open.
PASSWORDS = ("password", "again")
# Whoever checks an address names what nobody sees in it.
ADDRESS = "email"
WITHOUT_COOKIES = ("/publik/", ROOT)  # pages for everybody, and the interface


def private_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """No browser or proxy keeps a page: the next person at this desk may be somebody else.

    A view that says itself how long its answer may be kept is believed.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


def without_cookies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Below some addresses no cookie is read and none is given.

    On pages for everybody nobody is followed, and whatever stands between may keep one copy for
    all. At the interface a token alone says who asks, so that a page somewhere else can do nothing
    with a browser's cookies.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(WITHOUT_COOKIES):
            return get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = get_response(request)
        response.cookies.clear()
        vary = [one.strip() for one in response.get("Vary", "").split(",")]
        kept = [one for one in vary if one and one.lower() != "cookie"]
        if kept:
            response["Vary"] = ", ".join(kept)
        else:
            del response["Vary"]
        return response

    return middleware


def noted_deeds(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Remember who has just changed something, so that they read it nowhere as it was before."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            note_deed(person(request), at=timezone.now())
        return response

    return middleware


class CompressedPages(GZipMiddleware):
    """Pages and tables go out compressed, a sixth to a tenth of their bytes on a bad line.

    The framework pads each answer by a random length, so that nobody guesses a secret on the
    page from how well it packs. Documents, packages and whatever is streamed stay as they are:
    most of it is packed already, and a download keeps its length for the browser to show.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        media_type = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or media_type not in COMPRESSED_TYPES:
            return response
        return super().process_response(request, response)


class ComposedText:
    """Whatever people type or name a file is in NFC before any form sees it.

    Signs that are never seen go too. Decided once here, so that no form can forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """After the check against forged forms, which reads the form itself."""
        request.GET = _composed(request.GET)  # type: ignore[assignment]
        if request.method != "POST":
            return
        request.POST = _composed(request.POST)  # type: ignore[assignment]
        for files in request.FILES.lists():
            for file in files[1]:
                if file.name:
                    file.name = composed(file.name)


def _composed(sent: QueryDict) -> QueryDict:
    """The same values in NFC; the very same where nothing changes, which is nearly always."""
    values = {name: [_value(name, one) for one in many] for name, many in sent.lists()}
    if all(values[name] == many for name, many in sent.lists()):
        return sent
    tidy = sent.copy()
    for name, many in values.items():
        tidy.setlist(name, many)
    return tidy


def _value(name: str, text: str) -> str:
    field = name.rpartition("-")[2].casefold()
    if any(word in field for word in PASSWORDS):
        return text
    return composed(text) if ADDRESS in field else visible(text)
