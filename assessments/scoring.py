"""From points to predikat, exactly as the instrument says and nothing more.

An indicator is worth the sum of its questions, at most its own maximum; a cluster the sum
of its indicators, at most its own; the total likewise. Unanswered questions count nothing
and the maxima never shrink. Nothing here rounds: a sum that would have to be rounded raises.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from typing import Protocol, TypeVar

from clusters.spec import ClusterSpec, IndicatorSpec, InstrumentSpec

ZERO = Decimal(0)
Granted = TypeVar("Granted")  # points, or the text of points in a frozen record


class PointsError(ValueError):
    """Points that no question of the instrument can have.

    `code` is `unknown_question`, `not_a_number`, `negative` or `over_maximum`.
    """

    def __init__(self, code: str, question: str, points: object) -> None:
        super().__init__(f"{code}: {question} = {points}")
        self.code = code
        self.question = question
        self.points = points


class PublishedBand(Protocol):
    """A predikat with the totals it is published for; of the file or of the database."""

    @property
    def predikat(self) -> str: ...
    @property
    def minimum(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A sum held to its maximum; `is_capped` says that points were lost by it."""

    points: Decimal
    maximum: Decimal
    is_capped: bool


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The subtotal of one indicator or one cluster."""

    code: str
    points: Decimal
    maximum: Decimal
    is_capped: bool


@dataclass(frozen=True, slots=True)
class NextBand:
    predikat: str
    minimum: Decimal
    points_needed: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What a total is called.

    `in_gap`: the total lies above the published end of its band and below the start of the
    next, where no rule says which of the two it is; the lower one is given.
    """

    predikat: str | None
    in_gap: bool
    next: NextBand | None


@dataclass(frozen=True, slots=True)
class Score:
    total: Decimal
    maximum: Decimal
    predikat: str | None
    in_gap: bool
    next: NextBand | None
    answered: int
    unanswered: int
    clusters: tuple[SectionScore, ...]
    indicators: tuple[SectionScore, ...]


def proven(granted: Granted | None, *, is_proven: bool) -> Granted | None:
    """Granted points count only while an accepted document proves them, else nothing does."""
    return granted if is_proven else None


def exactly() -> AbstractContextManager[Context]:
    """Arithmetic that raises where it would have to round."""
    return localcontext(Context(prec=100, traps=[Inexact, InvalidOperation]))


def capped(points: Iterable[Decimal], maximum: Decimal) -> Subtotal:
    """The sum of the points, at most the maximum."""
    with exactly():
        total = sum(points, ZERO)
    return Subtotal(points=min(total, maximum), maximum=maximum, is_capped=total > maximum)


def standing(total: Decimal, bands: Iterable[PublishedBand]) -> Standing:
    """The last band whose published minimum the total reaches, and the one after it."""
    ladder = sorted(bands, key=lambda band: band.minimum)
    reached = [band for band in ladder if total >= band.minimum]
    above = ladder[len(reached) :]
    return Standing(
        predikat=reached[-1].predikat if reached else None,
        in_gap=bool(reached and above and total > reached[-1].maximum),
        next=_distance(total, above[0]) if above else None,
    )


def _distance(total: Decimal, band: PublishedBand) -> NextBand:
    with exactly():
        return NextBand(band.predikat, band.minimum, band.minimum - total)


def score(spec: InstrumentSpec, points: Mapping[str, Decimal | None]) -> Score:
    """The score of a whole instrument; None and questions left out are unanswered.

    Raises PointsError for a question that the instrument does not have and for points
    below zero, above the question's maximum, or that are no finite Decimal.
    """
    check_points(spec, points)
    clusters = [_cluster(cluster, points) for cluster in spec.clusters]
    total = capped((line.points for line, _rows in clusters), spec.max_points)
    reached = standing(total.points, spec.bands)
    questions = sum(1 for _question in spec.questions())
    answered = sum(1 for value in points.values() if value is not None)
    return Score(
        total=total.points,
        maximum=total.maximum,
        predikat=reached.predikat,
        in_gap=reached.in_gap,
        next=reached.next,
        answered=answered,
        unanswered=questions - answered,
        clusters=tuple(line for line, _rows in clusters),
        indicators=tuple(row for _line, rows in clusters for row in rows),
    )


def check_points(spec: InstrumentSpec, points: Mapping[str, Decimal | None]) -> None:
    maxima = {question.code: question.max_points for question in spec.questions()}
    for question, value in points.items():
        if question not in maxima:
            raise PointsError("unknown_question", question, value)
        if value is None:
            continue
        if not isinstance(value, Decimal) or not value.is_finite():
            raise PointsError("not_a_number", question, value)
        if value < 0:
            raise PointsError("negative", question, value)
        if value > maxima[question]:
            raise PointsError("over_maximum", question, value)


def _cluster(
    cluster: ClusterSpec, points: Mapping[str, Decimal | None]
) -> tuple[SectionScore, Sequence[SectionScore]]:
    rows = [_indicator(indicator, points) for indicator in cluster.indicators]
    return _line(cluster.code, [row.points for row in rows], cluster.max_points), rows


def _indicator(indicator: IndicatorSpec, points: Mapping[str, Decimal | None]) -> SectionScore:
    given = [points.get(question.code) or ZERO for question in indicator.questions]
    return _line(indicator.code, given, indicator.max_points)


def _line(code: str, points: Iterable[Decimal], maximum: Decimal) -> SectionScore:
    subtotal = capped(points, maximum)
    return SectionScore(code, subtotal.points, subtotal.maximum, subtotal.is_capped)
