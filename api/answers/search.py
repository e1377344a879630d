"""What is found in a city."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something that was found, and the page of it. `closeness`: 0 by its very code, 1 as it was
    typed, 2 by its words.

    A question names itself and its year; a document those for which it was offered last; an OPD its
    code. A person is named by the text alone.
    """

    title: str
    detail: str
    url: str
    closeness: int
    year: int | None
    question: str | None
    document: UUID | None
    opd: str | None


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The closest of one kind; where there are more, `search/{kind}/` tells all of them."""

    kind: str
    name: str
    has_more: bool
    hits: list[SearchHit]
