"""What registers above this package know against a document.

The setting CAUTION_SOURCES names them. A source says which kinds of document concern it, gets the year
and the documents of these kinds, and tells by primary key of the offer why one may not count. It makes
a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Caution:
    """A doubt that a register has. A verdict is still a person's."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Source:
    """`find` takes the year and offers in it, models of this package, of the `kinds` (by code)."""

    kinds: frozenset[str]
    find: Callable[[Any, Sequence[Any]], Mapping[int, Sequence[Caution]]]


def concerned_kinds() -> frozenset[str]:
    """The codes of the kinds of document of which any source has something to say."""
    return frozenset().union(*(one.kinds for one in _sources()))


def cautions_of(assessment: Any, offers: Sequence[Any]) -> defaultdict[int, list[Caution]]:
    """What every source has against these offers, by primary key; nothing for most."""
    told: defaultdict[int, list[Caution]] = defaultdict(list)
    for source in _sources():
        asked = [one for one in offers if one.kind.code in source.kinds]
        for pk, cautions in source.find(assessment, asked).items() if asked else ():
            told[pk].extend(cautions)
    return told


def _sources() -> list[Source]:
    return [import_string(name) for name in settings.CAUTION_SOURCES]
