"""Deeds that came second: refused, and in the trail all the same.

Where a deed finds under its lock that somebody else was faster, it raises `Overtaken`. The attempt is
written once the deed itself has been undone, so that a dispute finds both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.choices import TrailEvent
from assessments.models import Answer, Assessment
from assessments.services.activity import record
from cities.models import User
from texts.languages import deed, in_indonesian

P = ParamSpec("P")
R = TypeVar("R")


class Overtaken(ValidationError):
    """Somebody else was faster; `about` says in a word what both of them wanted to change."""

    def __init__(
        self,
        message: Any,
        *,
        code: str,
        assessment: Assessment,
        answer: Answer | None = None,
        about: str = "",
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, code=code, params=dict(params or {}))
        self.assessment, self.answer, self.about = assessment, answer, about


def one_wins(attempted: TrailEvent) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The deed in a transaction of its own; who is overtaken in it stands in the trail.

    Raises whatever the deed raises.
    """

    def around(deed: Callable[P, R]) -> Callable[P, R]:
        @in_indonesian
        @wraps(deed)
        def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return deed(*args, **kwargs)
            except Overtaken as error:
                by, at = cast(User, kwargs["by"]), cast(datetime, kwargs["at"])
                _record(attempted, error, by=by, at=at)
                raise

        return attempt

    return around


@deed
def _record(attempted: TrailEvent, error: Overtaken, *, by: User, at: datetime) -> None:
    wanted = str(attempted.label)
    record(
        TrailEvent.ATTEMPT_OVERTAKEN,
        assessment=error.assessment,
        answer=error.answer,
        by=by,
        at=at,
        detail=f"{wanted}: {error.about}" if error.about else wanted,
    )
