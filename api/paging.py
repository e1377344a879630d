"""Long lists, a page at a time: a cursor names the last row that was given, so that rows which come
or go meanwhile neither repeat nor hide others."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.problems import Problem

Row = TypeVar("Row")
Item = TypeVar("Item")

MOST = 100
USUAL = 50
FURTHEST = 1_000_000  # rows that a cursor counts


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """`next` is the cursor of the following page; null on the last."""

    items: list[Item]
    next: str | None


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    key: str,
    shown: Callable[[Sequence[Any]], list[Item]],
) -> Page[Item]:
    """The page that the address asks for, in the order of `key`, a unique field of whole numbers."""
    after, limit = _after(request), _limit(request)
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    found = list(rows.order_by(key)[: limit + 1])
    kept = found[:limit]
    following = _cursor(_value(kept[-1], key)) if len(found) > limit else None
    return Page(shown(kept), following)


def ranked_page_of(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    shown: Callable[[Sequence[Any]], list[Item]],
) -> Page[Item]:
    """The same of rows that are in an order of their own: the cursor counts how many went before."""
    begin, limit = _after(request) or 0, _limit(request)
    if begin > FURTHEST:
        raise _strange()
    found = list(rows[begin : begin + limit + 1])
    following = _cursor(begin + limit) if len(found) > limit else None
    return Page(shown(found[:limit]), following)


def _value(row: Any, key: str) -> int:
    for name in key.split("__"):
        row = getattr(row, name)
    return int(row)


def _limit(request: HttpRequest) -> int:
    told = request.GET.get("limit", str(USUAL))
    if not (told.isascii() and told.isdigit() and len(told) < 4 and 1 <= int(told) <= MOST):
        sentence = _("limit adalah bilangan dari 1 sampai %(most)d.") % {"most": MOST}
        raise Problem(400, "limit", sentence)
    return int(told)


def _cursor(value: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _after(request: HttpRequest) -> int | None:
    told = request.GET.get("cursor", "")
    if not told:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise _strange() from error
    if type(value) is not int or not 0 <= value < 2**63:
        raise _strange()
    return value


def _strange() -> Problem:
    return Problem(400, "cursor", _("cursor tidak dikenal. Mulailah dari halaman pertama."))
