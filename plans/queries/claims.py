"""Claims with the condition of their documents, and the verified outcomes of finished years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from assessments.choices import AnswerState, ScoreKind, Stage, Verdict
from assessments.freshness import Concern, flags
from assessments.models import (
    Answer,
    Assessment,
    Evidence,
    OfficialIndicatorScore,
    StageScore,
    TotalScore,
)
from assessments.queries.documents import MANY_USES
from cities.models import City
from clusters.models import EvidenceKind
from plans.effort import KIND_EFFORTS, OTHER_KIND
from plans.experience import Claim, Condition, Outcome
from plans.queries.register_gaps import with_last_taken

VERIFIED = (ScoreKind.VF, ScoreKind.VL, ScoreKind.VA)  # the furthest counts
WITH_DOCUMENTS = (AnswerState.RETURNED, AnswerState.WAITING, AnswerState.ACCEPTED)
LEAST_VERIFIED = 0.9  # of the claimed points need an outcome for a year to count as finished


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """An answer with the points that it claims, and the claim above zero that is at stake."""

    answer: Answer
    points: Decimal | None
    kind_name: str
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class YearClaims:
    """The claims of a year in the instrument's order; `outcomes` where verification is over.

    `verified` is the official total of `stage`, the furthest there is.
    """

    assessment: Assessment
    facts: Sequence[ClaimFacts]
    outcomes: Sequence[Outcome] = ()
    stage: ScoreKind | None = None
    verified: Decimal | None = None

    @property
    def claims(self) -> list[Claim]:
        return [facts.claim for facts in self.facts if facts.claim is not None]

    @property
    def points(self) -> dict[str, Decimal | None]:
        return {facts.answer.question.code: facts.points for facts in self.facts}

    @property
    def is_finished(self) -> bool:
        """Whether nearly every claim has its outcome; a few alone would speak for the others."""
        verified = sum(outcome.claimed for outcome in self.outcomes)
        claimed = sum(claim.points for claim in self.claims)
        return bool(claimed) and verified >= LEAST_VERIFIED * claimed


def year_claims(assessment: Assessment, *, today: date) -> tuple[YearClaims, list[YearClaims]]:
    """The claims of a year, and the finished years before it, the oldest first; seven queries."""
    earlier = Assessment.objects.filter(city=assessment.city_id, year__lt=assessment.year)
    years = [*earlier.select_related("instrument").order_by("year"), assessment]
    *before, now = _read(years, today)
    return now, [year for year in before if year.is_finished]


def finished_years(city: City, *, today: date) -> list[YearClaims]:
    """The years of a city whose verification is over, the oldest first."""
    years = Assessment.objects.filter(city=city).select_related("instrument").order_by("year")
    return [year for year in _read(list(years), today) if year.is_finished]


def _read(years: Sequence[Assessment], today: date) -> list[YearClaims]:
    by_key = {year.pk: year for year in years}
    official = _Official(by_key)
    judged = {year.pk for year in years if official.stage(year) is not None}
    facts = _facts(by_key, judged, official.questions, today)
    found = []
    for year in years:
        stage = official.stage(year)
        outcomes = [] if stage is None else official.outcomes(facts[year.pk], stage)
        verified = None if stage is None else official.totals[year.pk, stage]
        found.append(YearClaims(year, facts[year.pk], outcomes, stage, verified))
    return found


class _Official:
    """What the official stages gave in some years."""

    def __init__(self, years: Collection[int]) -> None:
        scores = StageScore.objects.filter(answer__assessment__in=years)
        totals = OfficialIndicatorScore.objects.filter(assessment__in=years, kind__in=VERIFIED)
        self.questions: dict[tuple[int, str], Decimal] = {}
        self.indicators: dict[tuple[int, int, str], Decimal] = {}
        self.kinds: defaultdict[int, set[str]] = defaultdict(set)
        for year, answer, kind, points in scores.values_list(
            "answer__assessment", "answer", "kind", "points"
        ):
            self.questions[answer, kind] = points
            self.kinds[year].add(kind)
        for year, indicator, kind, points in totals.values_list(
            "assessment", "indicator", "kind", "points"
        ):
            self.indicators[year, indicator, kind] = points
            self.kinds[year].add(kind)
        rows = TotalScore.objects.filter(assessment__in=years, kind__in=VERIFIED)
        self.totals = {(row.assessment_id, row.kind): row.points for row in rows}

    def stage(self, year: Assessment) -> ScoreKind | None:
        """The stage whose points are the last word; None while there may be another."""
        found = next((kind for kind in VERIFIED if kind in self.kinds[year.pk]), None)
        return found if found == ScoreKind.VF or year.stage == Stage.CLOSED else None

    def outcomes(self, facts: Iterable[ClaimFacts], stage: ScoreKind) -> list[Outcome]:
        """Question by question where these have points, else by indicator."""
        found: list[Outcome] = []
        others: defaultdict[tuple[int, int, str], list[Claim]] = defaultdict(list)
        by_question: set[int] = set()  # indicators whose questions have points of their own
        for one in facts:
            indicator = one.answer.question.indicator_id
            points = self.questions.get((one.answer.pk, stage))
            if points is not None:
                by_question.add(indicator)
            if one.claim is None:
                continue
            if points is not None:
                found.append(Outcome((one.claim,), float(points)))
            else:
                others[one.answer.assessment_id, indicator, stage].append(one.claim)
        for key, claims in others.items():
            if key in self.indicators and key[1] not in by_question:
                found.append(Outcome(tuple(claims), float(self.indicators[key])))
        return found


def _facts(
    years: Mapping[int, Assessment],
    judged: Collection[int],
    official: Mapping[tuple[int, str], Decimal],
    today: date,
) -> defaultdict[int, list[ClaimFacts]]:
    """Facts by year; a `judged` year without documents has Condition.UNRECORDED throughout."""
    answers = list(
        with_last_taken(Answer.objects.filter(assessment__in=years))
        .with_state()
        .select_related("question__changed_source")
        .defer("note", "question__note", "question__text_en")
        .in_order()
    )
    kinds = _hardest_kinds(years.values())
    recorded = {answer.assessment_id for answer in answers if answer.state in WITH_DOCUMENTS}
    claimed = {
        answer.pk: official.get((answer.pk, ScoreKind.EM))
        if answer.claimed_points is None
        else answer.claimed_points
        for answer in answers
    }
    conditions = _conditions(answers, claimed, years, today)
    found: defaultdict[int, list[ClaimFacts]] = defaultdict(list)
    for answer in answers:
        points = claimed[answer.pk]
        code, name = kinds.get(answer.question_id, ("", ""))
        kind = f"{answer.question.answer_type} {code}"
        claim = None
        if points:
            condition = conditions[answer.pk]
            if answer.assessment_id in judged and answer.assessment_id not in recorded:
                condition = Condition.UNRECORDED
            claim = Claim(answer.question.code, float(points), kind, condition)
        found[answer.assessment_id].append(ClaimFacts(answer, points, name, claim))
    return found


def _hardest_kinds(years: Iterable[Assessment]) -> dict[int, tuple[str, str]]:
    """Of what each question asks for, the kind that takes the most effort: its code and name."""
    instruments = {year.instrument_id for year in years}
    rows = EvidenceKind.objects.filter(instrument__in=instruments, questions__isnull=False)
    found: dict[int, tuple[int, str, str]] = {}
    for question, code, name in rows.values_list("questions", "code", "name").order_by("position"):
        effort = KIND_EFFORTS.get(code, OTHER_KIND)[0]
        if question not in found or effort > found[question][0]:
            found[question] = effort, code, name
    return {question: (code, name) for question, (_effort, code, name) in found.items()}


def _conditions(
    answers: Iterable[Answer],
    claimed: Mapping[int, Decimal | None],
    years: Mapping[int, Assessment],
    today: date,
) -> dict[int, Condition]:
    """By answer that claims something. Documents are read only of those that ask for a look at them."""
    found: dict[int, Condition] = {}
    doubtful: list[Answer] = []
    for answer in answers:
        points = claimed[answer.pk]
        condition = _evident(answer, points) if points else None
        if condition is not None:
            found[answer.pk] = condition
        elif points:
            doubtful.append(answer)
    papers = _papers([answer.pk for answer in doubtful], years, today)
    for answer in doubtful:
        found[answer.pk] = papers[answer.pk].condition(answer)
    return found


def _evident(answer: Answer, claimed: Decimal) -> Condition | None:
    """What its state and its points say; None where its documents have to be looked at."""
    if answer.state not in WITH_DOCUMENTS:
        return Condition.MISSING
    if answer.state == AnswerState.RETURNED:
        return Condition.RETURNED
    granted = answer.proven_points
    return Condition.LOWERED if granted is not None and granted < claimed else None


class _Papers:
    """Concerns of one answer's documents in force, and whether any was returned before."""

    def __init__(self) -> None:
        self.was_returned = False
        self.is_stale: list[bool] = []
        self.is_reused: list[bool] = []
        self.is_link_only: list[bool] = []

    def condition(self, answer: Answer) -> Condition:
        found = {
            Condition.STALE: all(self.is_stale),
            Condition.REUSED: all(self.is_reused),
            Condition.LINK_ONLY: all(self.is_link_only),
            Condition.RETURNED_BEFORE: self.was_returned,
            Condition.WAITING: not answer.is_proven,
        }
        return next((one for one, holds in found.items() if holds), Condition.ACCEPTED)


class _Time:
    """The dates of a document, as `flags` reads them."""

    def __init__(self, *dates: date | None) -> None:
        self.issued_on, self.period_start, self.period_end, self.valid_until, self.seen_on = dates


def _papers(
    answers: Collection[int], years: Mapping[int, Assessment], today: date
) -> defaultdict[int, _Papers]:
    """By answer, in one query; documents of one question that look alike are one row of it."""
    same = Evidence.objects.current().filter(
        document=OuterRef("document"), answer__assessment=OuterRef("answer__assessment")
    )
    rows = (
        Evidence.objects.filter(answer__in=answers)
        .annotate(
            is_superseded=Q(superseded_by__isnull=False),
            is_reused=Exists(same[MANY_USES - 1 : MANY_USES]),
            is_link_only=~Q(document__address="") & Q(document__file=""),
        )
        .values_list(
            "answer",
            "answer__assessment",
            "verdict",
            "is_superseded",
            "is_reused",
            "is_link_only",
            "kind__code",
            "document__issued_on",
            "document__period_start",
            "document__period_end",
            "document__valid_until",
            "document__seen_on",
        )
        .distinct()
    )
    found: defaultdict[int, _Papers] = defaultdict(_Papers)
    for answer, year, verdict, is_superseded, is_reused, is_link_only, kind, *dates in rows:
        papers = found[answer]
        if is_superseded:
            papers.was_returned |= verdict == Verdict.RETURNED
            continue
        window = years[year]
        seen = min(today, date(window.year, 12, 31))  # a finished year was judged in its time
        concerns = set(flags(_Time(*dates), window, kind, today=seen)) - {Concern.NO_PERIOD}
        papers.is_stale.append(bool(concerns))
        papers.is_reused.append(is_reused)
        papers.is_link_only.append(is_link_only)
    return found
