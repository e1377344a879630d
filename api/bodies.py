"""What came with a request, as the forms of the site take it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.problems import Fault, Problem
from texts.folding import visible

Body = dict[str, Any]


def body_of(request: HttpRequest, known: Iterable[str]) -> Body:
    """The object in the body, each value as a form field would send it; lists only of text.

    Raises Problem: 400 (`json`), 413 (`too_large`), 415 (`media_type`), 422 (`unknown`).
    """
    if request.content_type != "application/json":
        raise Problem(415, "media_type", _("Isi dikirim sebagai application/json."))
    try:
        told = json.loads(
            request.body.decode(), parse_float=Decimal, parse_constant=_refuse_constant
        )
    except RequestDataTooBig as error:
        raise Problem(413, "too_large", _("Isi JSON terlalu panjang.")) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(told, dict):
        raise _unreadable()
    require_known(told, known)
    return {name: _as_sent(value) for name, value in told.items()}


def require_known(told: Iterable[str], known: Iterable[str]) -> None:
    """A field that nobody reads is a mistake of the sender. Raises Problem (422, `unknown`)."""
    strange = sorted(set(told) - set(known))
    if strange:
        sentence = _("Isian ini tidak dikenal.")
        faults = tuple(Fault(name, "unknown", sentence) for name in strange)
        raise Problem(422, "unknown", sentence, faults)


def _as_sent(value: object) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _readable(value)
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [_readable(one) for one in value]
    raise _unreadable()


def _readable(text: str) -> str:
    """As a form's text is read. A half of a pair of signs alone is no text."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _unreadable() from error
    return visible(text)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _unreadable() -> Problem:
    return Problem(
        400,
        "json",
        _("Isinya harus satu objek JSON dengan teks, angka, true, false, atau null sebagai nilai."),
    )
