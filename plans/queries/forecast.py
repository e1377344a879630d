"""The forecast of a year's verification: its range, the riskiest questions, its record so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import scoring
from assessments.models import Answer, Assessment
from assessments.scoring import ZERO
from cities.models import City
from clusters.spec import ClusterSpec
from figures.numbers import format_number, percent
from figures.values import Chart, ChartColumn, Unit
from plans.experience import Claim, Condition, Experience, Ratio, learn
from plans.forecast import Forecast, Range, bounds, forecast
from plans.points import spec_in_force
from plans.queries.claims import YearClaims, finished_years, year_claims
from plans.queries.register_gaps import WORDS, gaps_of, gaps_told
from plans.register_checks import Gap
from registers.registry import source_for

TENTH = Decimal("0.1")

CONDITIONS = {
    Condition.MISSING: gettext_lazy("Belum ada dokumen"),
    Condition.RETURNED: gettext_lazy("Ada dokumen yang dikembalikan"),
    Condition.LOWERED: gettext_lazy("Nilai ditetapkan di bawah klaim"),
    Condition.STALE: gettext_lazy("Dokumen di luar masa penilaian"),
    Condition.REUSED: gettext_lazy("Dokumen dipakai untuk banyak pertanyaan"),
    Condition.LINK_ONLY: gettext_lazy("Hanya tautan tanpa salinan, halamannya dapat hilang"),
    Condition.RETURNED_BEFORE: gettext_lazy("Pernah dikembalikan, sudah diperbaiki"),
    Condition.WAITING: gettext_lazy("Menunggu pemeriksaan"),
    Condition.ACCEPTED: gettext_lazy("Dokumen diterima"),
    Condition.UNRECORDED: gettext_lazy("Dokumen tidak tersimpan di sini"),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A total of the range in whole points, for nobody can say more, and its predikat."""

    total: Decimal
    predikat: str


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A claim, what it is expected to keep, and why."""

    answer: Answer
    claimed: Decimal
    expected: Decimal
    condition: Condition
    kind_name: str
    kind: Ratio
    gaps: frozenset[Gap] = frozenset()  # to the register that could answer the question

    @property
    def loss(self) -> Decimal:
        return self.claimed - self.expected

    @property
    def why(self) -> str:
        """The condition of its documents, and what its register says to it."""
        said = [str(WORDS[gap]) for gap in Gap if gap in self.gaps]
        return "; ".join([str(CONDITIONS[self.condition]), *said])

    @property
    def seen(self) -> str:
        """What became of questions of the same kind, where there were any."""
        if not self.kind.claimed:
            return ""
        words = _("pada tahun-tahun lalu jenis ini mempertahankan %(kept)s%% dari %(claimed)s poin")
        kept = percent(_tenth(self.kind.verified), _tenth(self.kind.claimed))
        return words % {
            "kept": format_number(kept or ZERO),
            "claimed": format_number(_tenth(self.kind.claimed)),
        }


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """What the claims of one condition are expected to lose together.

    `kept` is their ratio to accepted ones; `seen` are the points of finished years from which it
    was estimated, 0 where it is the prior.
    """

    condition: Condition
    count: int
    claimed: Decimal
    loss: Decimal
    kept: Decimal
    seen: Decimal

    @property
    def label(self) -> str:
        return str(CONDITIONS[self.condition])

    @property
    def is_measure(self) -> bool:
        """Whether it is the reference of the other ratios."""
        return self.condition == Condition.ACCEPTED


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """A cluster, or the whole: what is claimed and what may be left of it."""

    label: str
    name: str
    maximum: Decimal
    claimed: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Replay:
    """A finished year as it would have been forecast from the years before it."""

    year: YearClaims
    claimed: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal

    @property
    def verified(self) -> Decimal:
        return self.year.verified or ZERO

    @property
    def holds(self) -> bool:
        return self.low <= self.verified <= self.high


@dataclass(frozen=True, slots=True)
class ForecastBoard:
    """`low`, `expected` and `high` are None where nothing is claimed and so nothing known."""

    claimed: Decimal
    maximum: Decimal
    low: Bound | None
    expected: Bound | None
    high: Bound | None
    clusters: Sequence[SpreadRow]
    risks: Sequence[RiskRow]  # the largest loss first
    conditions: Sequence[ConditionRow]
    unclaimed: int
    unclaimed_points: Decimal
    years: int  # finished ones that were learned from
    replays: Sequence[Replay]

    @property
    def spreads(self) -> list[SpreadRow]:
        """The whole, then each cluster."""
        if self.low is None or self.expected is None or self.high is None:
            return []
        whole = SpreadRow(
            label=_("Total"),
            name=_("Total"),
            maximum=self.maximum,
            claimed=self.claimed,
            low=self.low.total,
            expected=self.expected.total,
            high=self.high.total,
        )
        return [whole, *self.clusters]

    @property
    def held(self) -> int:
        return sum(replay.holds for replay in self.replays)

    @property
    def register_sentence(self) -> str:
        """How many claims do not stand on a register, and of how many points; empty without any."""
        rows = [row for row in self.risks if row.gaps]
        if not rows:
            return ""
        words = _(
            "Verifikator dapat mencocokkan angka dengan register: %(gaps)s. Klaimnya "
            "%(points)s poin; perkiraan di atas belum memperhitungkannya."
        )
        facts = {
            "gaps": gaps_told(row.gaps for row in rows),
            "points": format_number(sum((row.claimed for row in rows), ZERO)),
        }
        return words % facts


def forecast_board(assessment: Assessment, *, today: date) -> ForecastBoard:
    """In a fixed number of queries, once the instruments have been read."""
    now, past = year_claims(assessment, today=today)
    experience = learn([year.outcomes for year in past])
    spec = spec_in_force(assessment)
    claims = now.claims
    found = forecast(claims, experience)
    spread = bounds(found, now.points, spec)
    bands = assessment.bands()
    ends = [_bound(score, bands) for score in (spread.low, spread.expected, spread.high)]
    low, expected, high = ends if claims else (None, None, None)
    claimed = scoring.score(spec, now.points)
    open_ones = [one.answer.question for one in now.facts if one.points is None]
    return ForecastBoard(
        claimed=claimed.total,
        maximum=claimed.maximum,
        low=low,
        expected=expected,
        high=high,
        clusters=_clusters(claimed, spread, spec.clusters),
        risks=_risks(now, found, experience),
        conditions=_conditions(claims, found, experience),
        unclaimed=len(open_ones),
        unclaimed_points=sum((question.max_points for question in open_ones), ZERO),
        years=experience.years,
        replays=replays(past),
    )


def finished_replays(city: City, *, today: date) -> list[Replay]:
    return replays(finished_years(city, today=today))


def replays(past: Sequence[YearClaims]) -> list[Replay]:
    """Finished years, oldest first, each with the forecast from the years before it."""
    return [_replay(year, past[:index]) for index, year in enumerate(past)]


def _replay(year: YearClaims, before: Sequence[YearClaims]) -> Replay:
    spec = spec_in_force(year.assessment)
    found = forecast(year.claims, learn([one.outcomes for one in before]))
    spread = bounds(found, year.points, spec)
    return Replay(
        year=year,
        claimed=scoring.score(spec, year.points).total,
        low=_whole(spread.low.total),
        expected=_whole(spread.expected.total),
        high=_whole(spread.high.total),
    )


def _bound(score: scoring.Score, bands: Sequence[scoring.PublishedBand]) -> Bound:
    return Bound(_whole(score.total), scoring.standing(score.total, bands).predikat or "")


def _clusters(
    claimed: scoring.Score, spread: Range, clusters: Sequence[ClusterSpec]
) -> list[SpreadRow]:
    scores = (claimed, spread.low, spread.expected, spread.high)
    lines = zip(*(score.clusters for score in scores), strict=True)
    return [
        SpreadRow(
            label=cluster.label,
            name=cluster.name,
            maximum=cluster.max_points,
            claimed=own.points,
            low=_whole(low.points),
            expected=_whole(expected.points),
            high=_whole(high.points),
        )
        for cluster, (own, low, expected, high) in zip(clusters, lines, strict=True)
    ]


def _risks(now: YearClaims, found: Forecast, experience: Experience) -> list[RiskRow]:
    rows = [
        RiskRow(
            answer=one.answer,
            claimed=one.points or ZERO,
            expected=_tenth(found.expected[one.claim.code]),
            condition=one.claim.condition,
            kind_name=one.kind_name,
            kind=experience.kind(one.claim.kind),
            gaps=gaps_of(one.answer) if source_for(one.answer, now.assessment) else frozenset(),
        )
        for one in now.facts
        if one.claim is not None
    ]
    return sorted(rows, key=lambda row: row.loss, reverse=True)


def _conditions(
    claims: Sequence[Claim], found: Forecast, experience: Experience
) -> list[ConditionRow]:
    rows = []
    for condition in Condition:
        mine = [claim for claim in claims if claim.condition == condition]
        ratio = experience.conditions[condition]
        claimed = sum(claim.points for claim in mine)
        left = sum(found.expected[claim.code] for claim in mine)
        if mine:
            rows.append(
                ConditionRow(
                    condition=condition,
                    count=len(mine),
                    claimed=_tenth(claimed),
                    loss=_tenth(claimed - left),
                    kept=Decimal(ratio.value),
                    seen=_tenth(ratio.claimed),
                )
            )
    return sorted(rows, key=lambda row: row.loss, reverse=True)


def forecast_sentence(board: ForecastBoard) -> str:
    """The range in words, or that there is no forecast."""
    if board.low is None or board.expected is None or board.high is None:
        return _("Belum diketahui: belum ada klaim yang dapat diverifikasi.")
    words = _(
        "Seandainya diverifikasi hari ini, dari klaim %(claimed)s diperkirakan tersisa %(expected)s; "
        "kemungkinan 80%% antara %(low)s dan %(high)s."
    )
    return words % {
        "claimed": format_number(board.claimed),
        "expected": format_number(board.expected.total),
        "low": format_number(board.low.total),
        "high": format_number(board.high.total),
    }


def charts(board: ForecastBoard) -> list[Chart]:
    """The figures of the page: by cluster, by question, and the finished years."""
    return [_cluster_chart(board), _risk_chart(board), _replay_chart(board)]


def _cluster_chart(board: ForecastBoard) -> Chart:
    rows = [
        (row.label, row.name, row.low, row.expected, row.high, row.claimed, row.maximum)
        for row in board.spreads
    ]
    return Chart(
        key="perkiraan",
        title=_("Perkiraan per klaster"),
        sentence=forecast_sentence(board),
        columns=(
            ChartColumn(_("Klaster")),
            ChartColumn(_("Nama")),
            ChartColumn(_("Batas bawah"), Unit.POINTS),
            ChartColumn(_("Perkiraan"), Unit.POINTS),
            ChartColumn(_("Batas atas"), Unit.POINTS),
            ChartColumn(_("Diklaim"), Unit.POINTS),
            ChartColumn(_("Maksimum"), Unit.POINTS),
        ),
        rows=rows,
    )


def _risk_chart(board: ForecastBoard) -> Chart:
    return Chart(
        key="risiko",
        title=_("Pertanyaan yang berisiko"),
        sentence=_("Poin yang diperkirakan hilang, terbesar dahulu."),
        columns=(
            ChartColumn(_("Kode")),
            ChartColumn(_("Pertanyaan")),
            ChartColumn(_("Diklaim"), Unit.POINTS),
            ChartColumn(_("Perkiraan"), Unit.POINTS),
            ChartColumn(_("Diperkirakan hilang"), Unit.POINTS),
            ChartColumn(_("Sebab")),
            ChartColumn(_("Pengalaman")),
        ),
        rows=[
            (
                row.answer.question.code,
                row.answer.question.text,
                row.claimed,
                row.expected,
                row.loss,
                row.why,
                row.seen,
            )
            for row in board.risks
        ],
    )


def _replay_chart(board: ForecastBoard) -> Chart:
    return Chart(
        key="uji",
        title=_("Diuji pada tahun lalu"),
        sentence=_("%(held)d dari %(total)d tahun berada di dalam rentangnya.")
        % {"held": board.held, "total": len(board.replays)},
        columns=(
            ChartColumn(_("Tahun"), Unit.YEAR),
            ChartColumn(_("Diklaim"), Unit.POINTS),
            ChartColumn(_("Batas bawah"), Unit.POINTS),
            ChartColumn(_("Perkiraan"), Unit.POINTS),
            ChartColumn(_("Batas atas"), Unit.POINTS),
            ChartColumn(_("Terverifikasi"), Unit.POINTS),
            ChartColumn(_("Di dalam rentang")),
        ),
        rows=[
            (
                replay.year.assessment.year,
                replay.claimed,
                replay.low,
                replay.expected,
                replay.high,
                replay.verified,
                _("ya") if replay.holds else _("tidak"),
            )
            for replay in board.replays
        ],
    )


def _whole(points: Decimal) -> Decimal:
    return points.quantize(Decimal(1), ROUND_HALF_UP)


def _tenth(points: float) -> Decimal:
    return Decimal(points).quantize(TENTH, ROUND_HALF_UP)
