"""Whether a document speaks of the years that are evaluated. Pure; knows no database."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

# Figures, budgets, reports and photos speak of a time; a regulation holds until it is replaced.
TIMED_KINDS = frozenset({"data_2_tahun", "matriks", "laporan", "foto"})
TIMED_PREFIX = "dpa"
WHOLE_WINDOW_KINDS = frozenset({"data_2_tahun", "matriks"})  # both years, not one of them
DAY_KINDS = frozenset({"foto"})  # taken on a day, which is its period


class Dated(Protocol):
    """What is known of a document's time; each date may be missing."""

    issued_on: date | None
    period_start: date | None
    period_end: date | None
    valid_until: date | None
    seen_on: date | None  # of a link: the day on which somebody saw the page


class Window(Protocol):
    """The first and the last day that an evaluation looks at."""

    evidence_from: date
    evidence_to: date


class Concern(StrEnum):
    """Why a document may not count this year. A verdict is still a person's."""

    BEFORE = "before"
    AFTER = "after"
    OUT_OF_PERIOD = "out_of_period"
    EXPIRED = "expired"
    NO_PERIOD = "no_period"

    @property
    def sentence(self) -> str:
        return str(_SENTENCES[self])


_SENTENCES = {
    Concern.BEFORE: _("Isi dokumen berasal dari masa sebelum tahun yang dinilai."),
    Concern.AFTER: _("Isi dokumen berasal dari masa sesudah tahun yang dinilai."),
    Concern.OUT_OF_PERIOD: _("Dokumen hanya mencakup sebagian dari tahun yang dinilai."),
    Concern.EXPIRED: _("Masa berlaku dokumen sudah lewat."),
    Concern.NO_PERIOD: _("Masa yang dicakup dokumen belum diisi."),
}


def flags(document: Dated, window: Window, kind: str, *, today: date) -> tuple[Concern, ...]:
    """What is doubtful about a document of this kind (its code), most important first."""
    found = [_of_period(document, window, kind)]
    if document.valid_until is not None and document.valid_until < today:
        found.append(Concern.EXPIRED)
    return tuple(concern for concern in found if concern is not None)


def is_timed(kind: str) -> bool:
    """Whether documents of this kind speak of a certain time."""
    return kind in TIMED_KINDS or kind.startswith(TIMED_PREFIX)


def _of_period(document: Dated, window: Window, kind: str) -> Concern | None:
    start, end = _period(document, kind)
    if is_timed(kind) and start is None and end is None:
        return Concern.NO_PERIOD
    if end is not None and end < window.evidence_from:
        return Concern.BEFORE
    if start is not None and start > window.evidence_to:
        return Concern.AFTER
    if kind in WHOLE_WINDOW_KINDS and not _covers(start, end, window):
        return Concern.OUT_OF_PERIOD
    return None


def _period(document: Dated, kind: str) -> tuple[date | None, date | None]:
    """The time it speaks of: as said, else what its date of issue tells, else the day a link was seen."""
    start, end = document.period_start, document.period_end
    if start is not None or end is not None:
        return start, end
    if document.issued_on is None:
        return None, document.seen_on  # a page seen on a day may say what was long before
    if kind in DAY_KINDS:
        return document.issued_on, document.issued_on
    if is_timed(kind):
        return None, None  # figures of one year are signed in the next
    return document.issued_on, None  # a decree holds from its date on


def _covers(start: date | None, end: date | None, window: Window) -> bool:
    """A side left open reaches as far as need be."""
    return (start is None or start <= window.evidence_from) and (
        end is None or end >= window.evidence_to
    )
