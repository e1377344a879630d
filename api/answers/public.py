"""What a city has released to everybody, and what the public wrote to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from public.choices import MessageState
from public.sections import Section


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A part of the public page; null where the public does not read it.

    `checksum` is the SHA-256 of what is read, as its canonical JSON.
    """

    section: Section
    section_name: str
    released_at: datetime | None
    released_by: str | None
    checksum: str | None


@dataclass(frozen=True, slots=True)
class ReleasedYear:
    """A submitted year with the parts of its page, and how many documents are released beside it.

    `url` is that of the page; null while nothing is released.
    """

    year: int
    url: str | None
    sections: list[ReleaseEntry]
    documents: int


@dataclass(frozen=True, slots=True)
class ReleasedDocumentEntry:
    """A document that was let out, under its public title; `url` is where everybody fetches it.

    It is not `is_readable` while no part of the year is released, or where it became sensitive or
    was refused by the virus scanner since.
    """

    id: int
    document: UUID
    title: str
    question: str
    media_type: str
    size: int
    sha256: str
    released_at: datetime
    released_by: str
    is_readable: bool
    url: str


@dataclass(frozen=True, slots=True)
class PublicMessageEntry:
    """What somebody says is missing, and what became of it. Of the sender nothing is known."""

    id: int
    text: str
    unit: str | None
    unit_name: str | None
    on: date
    state: MessageState


@dataclass(frozen=True, slots=True)
class PassedMessage:
    """A message that was read and passed on to the Forum Anak."""

    id: int
    text: str
    unit: str | None
    unit_name: str | None
    on: date
