"""A name for each request, in every line of the log that is written while it is answered."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs.current import job_id

logger = logging.getLogger("kla.requests")

HEADER = "X-Request-ID"
FROM_A_PROXY = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_ids(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Name the request, tell the name in the answer, and log one line about it.

    A proxy of ours may have named it already. The line has the pattern of the address in place of
    the address, which may hold the secret of an invitation, and nothing about who asked.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(_name_of(request))
        begun = time.perf_counter()
        try:
            response = get_response(request)
            response[HEADER] = request_id.get() or ""
            logger.info(
                "%s %s %s",
                request.method,
                route_of(request),
                response.status_code,
                extra={"milliseconds": round((time.perf_counter() - begun) * 1000)},
            )
            return response
        finally:
            request_id.reset(token)

    return middleware


def _name_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.PROXIES else ""
    return given if FROM_A_PROXY.fullmatch(given) else uuid.uuid4().hex


def route_of(request: HttpRequest) -> str:
    """The pattern that the address fits, `-` where there is none."""
    match = request.resolver_match
    return f"/{match.route}" if match else "-"


class Ids(logging.Filter):
    """Puts both names on a record; None where no request is answered and no job is done."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.job_id = job_id.get()
        return True
