"""Whether a regulation holds for the years that are evaluated. Pure; knows no database.

The rule is ours: no text of the ministry says on which day a regulation must be in force. We look at
the last day of the years that are evaluated, as verifiers do who ask for the rule that holds now.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from regulations.choices import Force


class Dated(Protocol):
    """What is known of a regulation's life; each date may be missing."""

    is_draft: bool
    signed_on: date | None
    promulgated_on: date | None
    effective_on: date | None
    ends_on: date | None  # the last day on which it holds, where it says one itself


def starts_on(regulation: Dated) -> date | None:
    """The first day on which it holds: as it says, else its promulgation, else its signing."""
    return regulation.effective_on or regulation.promulgated_on or regulation.signed_on


def force_on(regulation: Dated, day: date, *, revoked_on: date | None) -> Force:
    """Whether it holds on `day`.

    `revoked_on` is the first day of the regulation that revokes it. A revoked one does not come
    back when the one that revoked it is revoked in turn.
    """
    if regulation.is_draft:
        return Force.DRAFT
    if revoked_on is not None and revoked_on <= day:
        return Force.REVOKED
    start = starts_on(regulation)
    if start is None:
        return Force.UNDATED
    if start > day:
        return Force.NOT_YET
    if regulation.ends_on is not None and regulation.ends_on < day:
        return Force.ENDED
    return Force.IN_FORCE
