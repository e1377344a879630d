"""Questions answered and accepted by day, and the forecast for the deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Min, OuterRef, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import AnswerState, ScoreKind, Verdict
from assessments.models import Answer, Assessment, Evidence, PointsRecord
from assessments.pace import Forecast, Unknown, forecast
from assessments.queries.answer_points import AnswerFacts
from figures.numbers import format_short_date
from figures.values import AxisMark, Chart, ChartColumn, Lines, LineSeries, Stroke, Unit


@dataclass(frozen=True, slots=True)
class Milestones:
    """The days on which the questions that are answered, or accepted, now first became so."""

    opened: date
    answered: Mapping[int, date]
    accepted: Mapping[int, date]


def milestones(assessment: Assessment, facts: Mapping[int, AnswerFacts]) -> Milestones:
    """By primary key of the answer, as days in the city's zone, in one query."""
    zone = assessment.city.zone
    opened = assessment.opened_at.astimezone(zone).date()
    claims = PointsRecord.objects.filter(
        answer__assessment=assessment, kind=ScoreKind.CLAIMED, points__isnull=False
    )
    claimed = claims.order_by().values("answer").annotate(first=Min("at"), mark=Value(0))
    # A look into an index for each question, however many documents were accepted for it.
    verdicts = Evidence.objects.filter(answer=OuterRef("pk"), verdict=Verdict.ACCEPTED)
    first = Subquery(verdicts.order_by("decided_at").values("decided_at")[:1])
    proven = Answer.objects.filter(assessment=assessment).annotate(first=first, mark=Value(1))
    answered: dict[int, date] = {}
    accepted: dict[int, date] = {}
    both = claimed.values_list("answer", "first", "mark").union(
        proven.values_list("pk", "first", "mark")
    )
    for pk, at, is_verdict in both:
        if at is not None:
            (accepted if is_verdict else answered)[pk] = at.astimezone(zone).date()
    return Milestones(
        opened=opened,
        answered={
            pk: answered.get(pk, opened) for pk, one in facts.items() if one.claimed is not None
        },
        accepted={
            pk: accepted[pk] for pk, one in facts.items() if one.state == AnswerState.ACCEPTED
        },
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """Questions answered and accepted by the end of each day since the year was opened."""

    days: Sequence[date]
    answered: Sequence[int]
    accepted: Sequence[int]
    total: int
    deadline: date | None
    forecast: Forecast | Unknown

    @property
    def known(self) -> Forecast | None:
        return self.forecast if isinstance(self.forecast, Forecast) else None


def pace(
    assessment: Assessment, reached: Milestones, keys: Collection[int], *, today: date
) -> Pace:
    """The pace of some questions of a year; a year that is no longer open ends with its work."""
    answered = [day for pk, day in reached.answered.items() if pk in keys]
    accepted = [day for pk, day in reached.accepted.items() if pk in keys]
    worked = [*answered, *accepted, reached.opened]
    first, last = min(worked), max([*worked, today] if assessment.is_open else worked)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    accepted_daily = _daily(accepted, days)
    return Pace(
        days=days,
        answered=list(accumulate(_daily(answered, days))),
        accepted=list(accumulate(accepted_daily)),
        total=len(keys),
        deadline=assessment.deadline,
        forecast=forecast(
            accepted_daily,
            done=len(accepted),
            total=len(keys),
            days_left=assessment.days_left(today) if assessment.is_open else 0,
        ),
    )


def _daily(reached: Sequence[date], days: Sequence[date]) -> list[int]:
    counts = Counter(reached)
    return [counts[day] for day in days]


_UNKNOWN = {
    Unknown.NO_DEADLINE: gettext_lazy("Tenggat belum ditetapkan, jadi tidak ada perkiraan."),
    Unknown.PAST: gettext_lazy("Waktu pengisian sudah berakhir."),
    Unknown.DONE: gettext_lazy("Semua pertanyaan sudah diterima."),
    Unknown.TOO_SHORT: gettext_lazy(
        "Belum cukup data untuk perkiraan: diperlukan sedikitnya 14 hari pengerjaan."
    ),
    Unknown.TOO_LITTLE: gettext_lazy(
        "Belum cukup data untuk perkiraan: penerimaan baru terjadi pada kurang dari 3 hari."
    ),
}


def forecast_sentence(shown: Pace) -> str:
    """Where the pace leads by the deadline, with its range, or why nobody can say."""
    found = shown.forecast
    if isinstance(found, Unknown):
        return str(_UNKNOWN[found])
    return _(
        "Dengan laju %(rate)s pertanyaan diterima sehari, pada tenggat diperkirakan "
        "%(expected)d dari %(total)d pertanyaan diterima; kemungkinan 80%% antara %(low)d "
        "dan %(high)d."
    ) % {
        "rate": f"{found.rate:.1f}".replace(".", ","),
        "expected": found.expected,
        "total": shown.total,
        "low": found.low,
        "high": found.high,
    }


def pace_chart(shown: Pace) -> Chart:
    sentence = _("Sampai kini %(answered)d dijawab dan %(accepted)d diterima dari %(total)d.") % {
        "answered": shown.answered[-1],
        "accepted": shown.accepted[-1],
        "total": shown.total,
    }
    return Chart(
        key="laju",
        title=_("Laju pengerjaan"),
        sentence=f"{sentence} {forecast_sentence(shown)}",
        columns=(
            ChartColumn(_("Sampai hari"), Unit.DATE),
            ChartColumn(_("Dijawab"), Unit.COUNT),
            ChartColumn(_("Diterima"), Unit.COUNT),
        ),
        rows=changed_days(shown),
    )


def changed_days(shown: Pace) -> list[tuple[date, int, int]]:
    """The days on which a count changed, the first and the last one, with both counts."""
    counts = list(zip(shown.days, shown.answered, shown.accepted, strict=True))
    return [
        entry
        for number, entry in enumerate(counts)
        if number in (0, len(counts) - 1) or entry[1:] != counts[number - 1][1:]
    ]


def pace_lines(shown: Pace) -> Lines:
    """The two counts as lines, and the forecast as a cone from today to the deadline."""
    first, today = shown.days[0].toordinal(), shown.days[-1].toordinal()
    known, done = shown.known, shown.accepted[-1]
    deadline = shown.deadline.toordinal() if shown.deadline else today
    end = max(today, deadline) if known else today
    series = [
        LineSeries(_("Dijawab"), Stroke.LIGHT, _points(shown.days, shown.answered)),
        LineSeries(_("Diterima"), Stroke.STRONG, _points(shown.days, shown.accepted)),
    ]
    if known:
        ahead = [(today, done), (deadline, known.expected)]
        series.append(LineSeries(_("Perkiraan diterima"), Stroke.DASHED, ahead))
    return Lines(
        start=first,
        end=max(end, first + 1),
        top=max(shown.total, 1),
        series=series,
        ticks=[_dated(day) for day in _ticks(first, today, end)],
        marks=[AxisMark(deadline, _("Tenggat"))] if first < deadline <= end else [],
        band=[(today, done, done), (deadline, known.low, known.high)] if known else [],
        band_label=_("Rentang 80%") if known else "",
    )


def _points(days: Sequence[date], counts: Sequence[int]) -> list[tuple[int, int]]:
    return [(day.toordinal(), count) for day, count in zip(days, counts, strict=True)]


def _ticks(first: int, today: int, end: int) -> list[int]:
    """Both ends, and today where its date does not run into theirs."""
    is_apart = min(today - first, end - today) * 4 >= end - first
    return [first, today, end] if is_apart and end > today else [first, end]


def _dated(ordinal: int) -> AxisMark:
    day = date.fromordinal(ordinal)
    return AxisMark(ordinal, format_short_date(day))
