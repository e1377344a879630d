"""The language of the pages: chosen in the browser, Indonesian until then."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

# As scripts/messages.py finds them; a literal in double quotes reads the same as JSON.
IN_SCRIPT = re.compile(r'\b_\(("(?:[^"\\\n]|\\.)*")')


def in_chosen_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer in the language that was chosen in this browser.

    What a browser wishes for by itself is offered, not taken (`offered_to`): much of Windows in
    Indonesian offices is English, and its people are not.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = chosen_in(request) or settings.LANGUAGE_CODE
        with override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def chosen_in(request: HttpRequest) -> str | None:
    """The code of a language that the site speaks; None where nothing of the kind was chosen."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else None


def offered_to(request: HttpRequest) -> str | None:
    """The language of ours that the browser wishes for first, while nobody has chosen one."""
    if chosen_in(request):
        return None
    wishes = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    ours = dict(settings.LANGUAGES)
    found = next(
        (code for wish, _weight in wishes if (code := wish.partition("-")[0]) in ours), None
    )
    return None if found == settings.LANGUAGE_CODE else found


@cache
def words_of_scripts() -> tuple[str, ...]:
    """Everything that static/js says to people, in Indonesian."""
    scripts = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
    found = [IN_SCRIPT.findall(path.read_text()) for path in scripts]
    return tuple(sorted({json.loads(literal) for literals in found for literal in literals}))
