"""What holds for every page that the application makes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

COMPRESSED_TYPES = frozenset(
    {"text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"}
)


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
