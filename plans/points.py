"""The instrument of a year as plain values, and the points that planning starts from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from assessments.models import Answer, Assessment
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.spec import InstrumentSpec
from plans.choices import Basis


def counted_points(answer: Answer, basis: Basis) -> Decimal | None:
    """The points of an answer `with_state` that count: those claimed, or those proven."""
    if basis == Basis.CLAIMED:
        return answer.claimed_points
    return answer.proven_points


def points_by_code(assessment: Assessment, basis: Basis) -> Mapping[str, Decimal | None]:
    """The points of every question of a year, in one query."""
    answers = Answer.objects.filter(assessment=assessment).with_state().select_related("question")
    return {answer.question.code: counted_points(answer, basis) for answer in answers}


def spec_in_force(assessment: Assessment) -> InstrumentSpec:
    """The instrument of the year as plain values; a published one is read once a process.

    Its checksum is that of its content, so what is kept can never be out of date.
    """
    instrument = assessment.instrument
    if not instrument.checksum:
        return spec_of(instrument)
    return _published(instrument.checksum, instrument.pk)


@lru_cache(maxsize=8)
def _published(checksum: str, instrument_id: int) -> InstrumentSpec:
    return spec_of(Instrument.objects.get(pk=instrument_id))
