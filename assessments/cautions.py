"""What registers above this package know against a document.

The setting CAUTION_SOURCES names them. A source says which kinds of document concern it, and reads for
a year what judges them: why one that was offered may not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self
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


class Judge(Protocol):
    """What a register holds that may speak against documents of a year, read once."""

    def cautions(self, offer: Offered) -> Sequence[Caution]: ...

    def doubted(self, documents: Any) -> set[UUID]:
        """At least those of a queryset of documents that get a caution, whatever they are offered
        as; in one query at most.
        """


@dataclass(frozen=True, slots=True)
class Source:
    """`judge` reads the register for a year, with a fixed number of queries.

    It has something to say of the `kinds` of document alone, by their codes.
    """

    kinds: frozenset[str]
    judge: Callable[[Any], Judge]


def offered_in(evidence: Any) -> list[Offered]:
    """Of a queryset of evidence, in its order, without a model of each row; one query."""
    columns = ("pk", "answer", "document", "kind__code", "document__number")
    return [Offered(*row) for row in evidence.values_list(*columns)]


def judges_of(assessment: Any) -> list[Judge]:
    """Every source, as it stands for the year."""
    return [source.judge(assessment) for source in _sources()]


def cautions_of(assessment: Any, offers: Sequence[Offered]) -> defaultdict[int, list[Caution]]:
    """What every source has against these offers, by primary key; most have none."""
    told: defaultdict[int, list[Caution]] = defaultdict(list)
    for source in _sources():
        if asked := [one for one in offers if one.kind in source.kinds]:
            judge = source.judge(assessment)
            for one in asked:
                if cautions := judge.cautions(one):
                    told[one.pk].extend(cautions)
    return told


def _sources() -> list[Source]:
    return [import_string(name) for name in settings.CAUTION_SOURCES]
