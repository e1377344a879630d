"""The last line of the trail that a person left by each form, which ends the drafts of a browser.

A page puts the number into `data-saved-at` of the form (static/js/unsaved.js). It changes when
what was typed has been stored, even where the answer to the sending never arrived.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from assessments.choices import TrailEvent
from assessments.models import Answer, Evidence
from cities.models import User

DECISIONS = (TrailEvent.EVIDENCE_ACCEPTED, TrailEvent.EVIDENCE_RETURNED)


@dataclass(frozen=True, slots=True)
class LastSent:
    """The last line of the trail by each form of a question's page; empty where there is none."""

    comment: int | str
    waiver: int | str
    grant: int | str


def last_sent(answer: Answer, by: User) -> LastSent:
    """One query."""
    deeds = (TrailEvent.COMMENT_ADDED, TrailEvent.KIND_WAIVED, TrailEvent.POINTS_GRANTED)
    rows = answer.activities.filter(by=by, deed__in=deeds).order_by().values_list("deed")
    last = dict(rows.annotate(Max("pk")))
    return LastSent(*(last.get(deed, "") for deed in deeds))


def last_decision(evidence: Evidence, by: User) -> int | str:
    """The line of the trail with this person's last decision on the document, undone or not."""
    rows = evidence.answer.activities.filter(
        by=by, deed__in=DECISIONS, detail__startswith=evidence.document.title
    )
    return rows.order_by("-pk").values_list("pk", flat=True).first() or ""
