"""A line of the log as JSON, without personal data. Needs the optional group `observability`.

What people typed reaches the log by three ways: in an address, in the words of an exception and in
whatever a record carries along. So an address is told by its pattern, an exception by its kind
and place alone, and only the fields named here leave. E-mail addresses in a message are blotted
out; that our own messages name rows instead of people is a habit (CONTRIBUTING.md).
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from kla.request_ids import route_of

# By what an address is known wherever it stands; shorter than what is allowed, on the safe side.
EMAIL = re.compile(r"[^\s@<>\"'(),:;=]+@[^\s@<>\"'(),:;=]+")
BLOTTED = "[e-mail]"
EXTRA = ("milliseconds", "statement", "status_code")


class JsonLines(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        """Without what another handler may have written of the exception before us."""
        error = record.exc_info[1] if record.exc_info else None
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": EMAIL.sub(BLOTTED, _message(record)),
            "request_id": getattr(record, "request_id", None),
            "job_id": getattr(record, "job_id", None),
            **{name: getattr(record, name) for name in EXTRA if hasattr(record, name)},
            **({"error": told(error)} if error else {}),
        }
        return self.serialize_log_record(fields)


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.args, tuple) or not record.args:
        return record.getMessage()
    request = getattr(record, "request", None)
    about = request if isinstance(request, HttpRequest) else None
    return str(record.msg) % tuple(_plain(one, about) for one in record.args)


def _plain(argument: Any, request: HttpRequest | None) -> Any:
    """An exception by its kind, the address that was asked for by its pattern."""
    if isinstance(argument, BaseException):
        return type(argument).__name__
    return route_of(request) if request and argument == request.path else argument


def told(error: BaseException) -> list[dict[str, Any]]:
    """The exception and those behind it, newest first: kind and places, never its words.

    A database says which rule was broken (`sqlstate`, `constraint`), a system call why (`errno`).
    """
    found, seen = [], set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        frames = traceback.extract_tb(one.__traceback__)
        found.append(
            {
                "kind": f"{type(one).__module__}.{type(one).__qualname__}",
                **_facts(one),
                "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def _facts(error: BaseException) -> dict[str, Any]:
    facts = {
        "errno": getattr(error, "errno", None),
        "sqlstate": getattr(error, "pgcode", None),
        "constraint": getattr(getattr(error, "diag", None), "constraint_name", None),
        "code": getattr(error, "code", None),
    }
    plain = {name: value for name, value in facts.items() if isinstance(value, int | str)}
    return {name: value for name, value in plain.items() if value != ""}
