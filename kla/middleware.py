"""What holds for every page that the application makes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

from texts.folding import composed, visible

COMPRESSED_TYPES = frozenset(
    {"text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"}
)
# A password is hashed as it was typed, or those of before would no longer open.
PASSWORDS = ("password", "again")
# Whoever checks an address names what nobody sees in it.
ADDRESS = "email"


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
