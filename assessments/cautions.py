"""What registers above this package know against a document.

The setting CAUTION_SOURCES names them. A source says which kinds of document concern it, gets the year
and what was offered of these kinds, and tells by primary key of the offer why one may not count. It
makes a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Caution:
    """A doubt that a register has. A verdict is still a person's."""

    sentence: str


class Offered(NamedTuple):  # made by the thousand, which a dataclass is slow at
    """A document that was offered for an answer, as sources look at it.

    `answer` and `document` are primary keys as `pk` is that of the offer, `kind` is the code of the
    kind of document, and `number` what was written as the number of the document.
    """

    pk: int
    answer: int
    document: UUID
    kind: str
    number: str

    @classmethod
    def of(cls, evidence: Any) -> Self:
        """From a row that has its kind and its document."""
        of_document = evidence.kind.code, evidence.document.number
        return cls(evidence.pk, evidence.answer_id, evidence.document_id, *of_document)


@dataclass(frozen=True, slots=True)
class Source:
    """`find` takes the year and what was offered in it of the `kinds` (by code)."""

    kinds: frozenset[str]
    find: Callable[[Any, Sequence[Offered]], Mapping[int, Sequence[Caution]]]


def offered_in(evidence: Any) -> list[Offered]:
    """Of a queryset of evidence, in its order, without a model of each row; one query."""
    columns = ("pk", "answer", "document", "kind__code", "document__number")
    return [Offered(*row) for row in evidence.values_list(*columns)]


def concerned_kinds() -> frozenset[str]:
    """The codes of the kinds of document of which any source has something to say."""
    return frozenset().union(*(one.kinds for one in _sources()))


def cautions_of(assessment: Any, offers: Sequence[Offered]) -> defaultdict[int, list[Caution]]:
    """What every source has against these offers, by primary key; nothing for most."""
    told: defaultdict[int, list[Caution]] = defaultdict(list)
    for source in _sources():
        asked = [one for one in offers if one.kind in source.kinds]
        for pk, cautions in source.find(assessment, asked).items() if asked else ():
            told[pk].extend(cautions)
    return told


def _sources() -> list[Source]:
    return [import_string(name) for name in settings.CAUTION_SOURCES]
