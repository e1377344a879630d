"""What registers above this package know against a document.

The setting CAUTION_SOURCES names them. A source gets the year and documents offered in it, and tells
by primary key of the offer why one may not count. It makes a fixed number of queries, and none where
no document concerns it.
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


# The year and the offers in it, models of this package, to the cautions by primary key.
Source = Callable[[Any, Sequence[Any]], Mapping[int, Sequence[Caution]]]


def cautions_of(assessment: Any, offers: Sequence[Any]) -> defaultdict[int, list[Caution]]:
    """What every source has against these offers, by primary key; nothing for most."""
    told: defaultdict[int, list[Caution]] = defaultdict(list)
    if not offers:
        return told
    sources: list[Source] = [import_string(name) for name in settings.CAUTION_SOURCES]
    for source in sources:
        for pk, cautions in source(assessment, offers).items():
            told[pk].extend(cautions)
    return told
