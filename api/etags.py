"""Which state of a thing somebody has seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.problems import Problem


def etag_of(body: str) -> str:
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def require_seen(request: HttpRequest, now: Callable[[], str], *, required: bool) -> None:
    """Refuse who has not seen the state as it is now (`now` gives its ETag).

    A compressed answer carries its ETag as a weak one; both name the same state here.
    Raises Problem: 428 (`if_match`) where it must be told and is not, 412 (`changed`).
    """
    told = request.headers.get("If-Match", "").strip()
    if not told:
        if required:
            sentence = _("Kirim ETag dari jawaban yang Anda baca sebagai kepala If-Match.")
            raise Problem(428, "if_match", sentence)
        return
    if told == "*":
        return
    seen = {one.strip().removeprefix("W/") for one in told.split(",")}
    if now() not in seen:
        sentence = _("Isinya sudah berubah sejak Anda baca. Baca lagi, lalu kirim bila perlu.")
        raise Problem(412, "changed", sentence)
