"""The last line of the trail that a person left by each form, which ends the drafts of a browser.

A page puts the number into `data-saved-at` of the form (static/js/unsaved.js). It changes when
what was typed has been stored, even where the answer to the sending never arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.choices import TrailEvent
from assessments.models import Activity, Evidence
from cities.models import User

DECISIONS = (TrailEvent.EVIDENCE_ACCEPTED, TrailEvent.EVIDENCE_RETURNED)


@dataclass(frozen=True, slots=True)
class LastSent:
    """The last line of the trail by each form of a question's page; empty where there is none."""

    comment: int | str
    waiver: int | str
    grant: int | str


def last_sent(activities: Iterable[Activity], by: User) -> LastSent:
    """Of the trail of one question, which the page has read anyway."""
    deeds = (TrailEvent.COMMENT_ADDED, TrailEvent.KIND_WAIVED, TrailEvent.POINTS_GRANTED)
    last: dict[str, int] = {}
    for line in activities:
        if line.by_id == by.pk:
            last[line.deed] = max(line.pk, last.get(line.deed, 0))
    return LastSent(*(last.get(deed, "") for deed in deeds))


def last_decision(evidence: Evidence, by: User) -> int | str:
    """The line of the trail with this person's last decision on the document, undone or not."""
    rows = evidence.answer.activities.filter(
        by=by, deed__in=DECISIONS, detail__startswith=evidence.document.title
    )
    return rows.order_by("-pk").values_list("pk", flat=True).first() or ""
