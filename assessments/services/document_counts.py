"""The only writer of the kept counts of documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from assessments.choices import DocumentState, ScanState, Verdict
from assessments.models import Answer, DocumentCount, Evidence


class Alike(NamedTuple):
    """What documents that are counted together have in common, as primary keys and values."""

    answer: int
    kind: int
    opd: int | None
    state: str
    waiting_since: datetime | None


def refresh_counts(answers: Collection[int]) -> dict[Alike, tuple[int, int]]:
    """Count the documents in force of these answers (primary keys) anew.

    In the transaction of what changed, once it has changed; another count of the same answers
    waits for its end. Returns what was stored and what is correct where the two differed.
    """
    held = Answer.objects.select_for_update(no_key=True).filter(pk__in=answers).order_by("pk")
    list(held.values_list("pk"))
    correct, stored = _counted(answers), _stored(answers)
    wrong = {
        alike: (stored[alike], correct[alike])
        for alike in sorted(stored.keys() | correct.keys(), key=_place)
        if stored[alike] != correct[alike]
    }
    touched = {alike.answer for alike in wrong}
    DocumentCount.objects.filter(answer__in=touched).delete()
    DocumentCount.objects.bulk_create(
        DocumentCount(
            answer_id=alike.answer,
            kind_id=alike.kind,
            opd_id=alike.opd,
            state=alike.state,
            waiting_since=alike.waiting_since,
            number=number,
        )
        for alike, number in correct.items()
        if alike.answer in touched
    )
    return wrong


def _place(alike: Alike) -> tuple[int, int, str, int, str]:
    """Where it comes among others, those without an OPD or a moment first."""
    return alike.answer, alike.kind, alike.state, alike.opd or 0, str(alike.waiting_since or "")


def _stored(answers: Collection[int]) -> Counter[Alike]:
    rows = DocumentCount.objects.filter(answer__in=answers)
    counts: Counter[Alike] = Counter()
    for *alike, number in rows.values_list(*Alike._fields, "number"):
        counts[Alike(*alike)] += number
    return counts


def _counted(answers: Collection[int]) -> Counter[Alike]:
    rows = Evidence.objects.current().filter(answer__in=answers).order_by()
    columns = ("answer", "kind", "opd", "verdict", "document__scan_state", "offered_at")
    counts: Counter[Alike] = Counter()
    for answer, kind, opd, verdict, scanned, at in rows.values_list(*columns).iterator():
        state = _state(verdict, scanned)
        hour = at.replace(minute=0, second=0, microsecond=0)
        since = hour if state == DocumentState.WAITING else None
        counts[Alike(answer, kind, opd, state, since)] += 1
    return counts


def _state(verdict: str, scan_state: str) -> DocumentState:
    """A verdict stands whatever the scanner says later; the undecided are as it says."""
    if verdict != Verdict.WAITING:
        return DocumentState(verdict)
    if scan_state == ScanState.INFECTED:
        return DocumentState.REFUSED
    return DocumentState.UNSCANNED if scan_state == ScanState.WAITING else DocumentState.WAITING
