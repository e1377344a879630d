"""In which language a person reads, and in which the city's papers are written.

Pages follow the person. Whatever is kept or handed out – the trail, notices, letters, files, the
interface, pages for the public – is Indonesian whoever does the deed, as official documents are
by UU 24/2009, article 27 (docs/decisions/0077).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise, lazy
from django.utils.translation import override

P = ParamSpec("P")
T = TypeVar("T")


def in_indonesian(function: Callable[P, T]) -> Callable[P, T]:
    """What it writes is Indonesian, whatever whoever called it reads.

    A sentence for that person, such as an error, must therefore be lazy.
    """

    @wraps(function)
    def writing(*args: P.args, **kwargs: P.kwargs) -> T:
        # A new one for each call: Django's keeps what was before in itself.
        with override(settings.LANGUAGE_CODE):
            return function(*args, **kwargs)

    return writing


def deed(function: Callable[P, T]) -> Callable[P, T]:
    """What a service does: all of it or nothing, and what it keeps is Indonesian."""
    return transaction.atomic(in_indonesian(function))


def filled(words: str | Promise, **facts: object) -> str:
    """A sentence of a form or a module with its facts in it, put together only where it is shown."""
    return _filled(words, facts)


_filled = lazy(lambda words, facts: words % facts, str)
