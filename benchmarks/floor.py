"""The site beside the least that each of its pages could cost, served by one process.

A request that names itself in `X-Benchmark` is answered by the site and kept: its queries and its
bytes. `/floor/<name>` then runs the same queries through the bare driver and sends the same bytes
from memory: what the page would cost if our code took no time. `/floor/` alone sends one word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

site = get_wsgi_application()

FLOOR = "/floor/"
NAME = "HTTP_X_BENCHMARK"
Start = Callable[..., Any]


@dataclass(slots=True)
class Kept:
    """One answer of the site: its head, its bytes as they went out, and the queries behind them."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    queries: list[tuple[str, Any]] = field(default_factory=list)

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """An execute_wrapper of Django; what is written is not repeated."""
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT"):
            self.queries.append((sql, params))
        return found

    def start(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        self.status, self.headers = status, headers


KEPT = {"": Kept("200 OK", [("Content-Type", "text/plain")], b"bare")}


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith(FLOOR):
        return replayed(KEPT[path.removeprefix(FLOOR)], start_response)
    if name := environ.get(NAME):
        return recorded(name, environ, start_response)
    answer: Iterable[bytes] = site(environ, start_response)
    return answer


def recorded(name: str, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    kept = Kept()
    with connection.execute_wrapper(kept.note):
        answer = site(environ, kept.start)
        kept.body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
    kept.queries = [(for_driver(sql), params) for sql, params in kept.queries]
    KEPT[name] = kept
    counted = [*kept.headers, ("X-Queries", str(len(kept.queries)))]
    start_response(kept.status, counted)
    return [kept.body]


def replayed(kept: Kept, start_response: Start) -> Iterable[bytes]:
    if kept.queries:
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        for sql, params in kept.queries:
            cursor.execute(sql, params or ())
            cursor.fetchall()
        cursor.close()
    start_response(kept.status, kept.headers)
    return [kept.body]


def for_driver(sql: str) -> str:
    """The placeholders that the driver itself understands."""
    if connection.vendor == "sqlite":
        return sql.replace("%s", "?").replace("%%", "%")
    return sql
