"""Notes of the session that a request belongs to: at sign-in, and at most every five minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from cities.models import User
from cities.services.sessions import Seen, note_session
from trail.address import address_of

NOTED = "noted_session"  # key and second of the last note, in the session itself
EVERY = 5 * 60  # seconds


def note(request: HttpRequest) -> None:
    """Keep that this session is used now."""
    key = request.session.session_key or ""
    was, _moment = request.session.get(NOTED, (None, 0))
    seen = Seen(
        session_key=key,
        auth_hash=request.session[HASH_SESSION_KEY],
        user_agent=request.headers.get("User-Agent", ""),
        network=address_of(request),
    )
    note_session(user=cast(User, request.user), seen=seen, was=was, at=timezone.now())
    request.session[NOTED] = [key, int(time.time())]


def noted_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Note a session again when five minutes have passed or its key is another one.

    What was noted stands in the session, which is read anyway: no query most of the time.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        noted = request.session.get(NOTED)
        if noted and request.user.is_authenticated:
            key, moment = noted
            if key != request.session.session_key or time.time() - moment > EVERY:
                note(request)
        return get_response(request)

    return middleware
