"""Last year's documents and answers as proposals for this year.

Within one instrument a question is itself. Between two, the proposals follow the confirmed
lines of their mapping, and what could not be followed is said with its reason.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import Verdict
from assessments.freshness import Concern, flags
from assessments.models import Answer, AnswerQuerySet, Assessment, Evidence, SupportingDocument
from assessments.queries.carried_claims import CarriedClaim, carried_claim
from clusters.choices import MatchKind
from clusters.mappings import Pair, Ways, ways
from clusters.models import Cluster, EvidenceKind, Indicator, Question


class QuestionChange(StrEnum):
    """How this year's question differs from that of the earlier year."""

    QUESTION_CHANGED = "question_changed"
    SPLIT = "split"
    MERGED = "merged"
    KIND_NOT_ASKED = "kind_not_asked"

    @property
    def sentence(self) -> str:
        return str(_SENTENCES[self])


_SENTENCES = {
    QuestionChange.QUESTION_CHANGED: _("Bunyi atau poin pertanyaan berubah sejak tahun itu."),
    QuestionChange.SPLIT: _("Pertanyaan lama dipecah; diusulkan untuk setiap bagiannya."),
    QuestionChange.MERGED: _("Beberapa pertanyaan lama digabung menjadi pertanyaan ini."),
    QuestionChange.KIND_NOT_ASKED: _("Jenis dokumen ini tidak lagi diminta."),
}


class Reason(StrEnum):
    """Why something of the earlier year is not proposed."""

    NO_MAPPING = "no_mapping"
    NOT_CONFIRMED = "not_confirmed"
    GONE = "gone"
    KIND_NOT_ASKED = "kind_not_asked"
    NOT_COMPARABLE = "not_comparable"

    @property
    def sentence(self) -> str:
        return str(_REASONS[self])


_REASONS = {
    Reason.NO_MAPPING: _("Belum ada pemetaan dari instrumen tahun itu ke instrumen tahun ini."),
    Reason.NOT_CONFIRMED: _("Pasangan pertanyaannya belum dipastikan oleh pengelola situs."),
    Reason.GONE: _("Pertanyaannya tidak ada lagi."),
    Reason.KIND_NOT_ASKED: _("Jenis dokumennya tidak lagi diminta."),
    Reason.NOT_COMPARABLE: _(
        "Jawabannya tidak dapat diturunkan: satuan nilai atau bentuk jawabannya berbeda."
    ),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document of the earlier year for a question of this one. Nothing is accepted by it."""

    answer: Answer
    before: Evidence
    document: SupportingDocument  # its newest revision
    kind: EvidenceKind | None  # of this year's instrument; None where it is no longer asked
    changes: Sequence[QuestionChange]
    concerns: Sequence[Concern]

    @property
    def key(self) -> str:
        """What a form calls it by: the earlier offer, and the question that it is for."""
        return f"{self.before.pk}-{self.answer.pk}"

    @property
    def sentences(self) -> list[str]:
        changed = [change.sentence for change in self.changes]
        return changed + [concern.sentence for concern in self.concerns]


@dataclass(frozen=True, slots=True)
class QuestionProposals:
    answer: Answer
    before: Sequence[Question]  # the earlier questions that these proposals come from
    proposals: Sequence[Proposal]
    claims: Sequence[CarriedClaim]


@dataclass(frozen=True, slots=True)
class IndicatorProposals:
    """What is proposed for the questions of one indicator."""

    indicator: Indicator
    questions: Sequence[QuestionProposals]

    @property
    def documents(self) -> int:
        return sum(len(row.proposals) for row in self.questions)

    @property
    def claims(self) -> int:
        return sum(len(row.claims) for row in self.questions)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What an earlier question had that is not proposed anywhere."""

    question: Question
    documents: int
    has_claim: bool


@dataclass(frozen=True, slots=True)
class CarryOver:
    source: Assessment | None = None  # the year that the proposals come from
    questions: Sequence[QuestionProposals] = ()
    new_questions: Sequence[Answer] = ()
    left_out: Mapping[Reason, Sequence[LeftOut]] = field(default_factory=dict)

    @property
    def proposals(self) -> list[Proposal]:
        return [row for question in self.questions for row in question.proposals]

    @property
    def claims(self) -> list[CarriedClaim]:
        return [row for question in self.questions for row in question.claims]

    @property
    def clusters(self) -> Mapping[Cluster, int]:
        """Of each cluster that something is proposed for, how many of its questions it is."""
        return dict(Counter(row.answer.question.indicator.cluster for row in self.questions))

    def indicators(self, cluster: Cluster | None = None) -> list[IndicatorProposals]:
        """Those of one cluster, or all, in the order of the instrument."""
        rows = [
            row
            for row in self.questions
            if cluster in (None, row.answer.question.indicator.cluster)
        ]
        groups = groupby(rows, key=lambda row: row.answer.question.indicator)
        return [IndicatorProposals(indicator, list(found)) for indicator, found in groups]


def carry_over_proposals(
    assessment: Assessment, source: Assessment | None, visible: AnswerQuerySet, *, today: date
) -> CarryOver:
    """What the earlier year `source` of the city has for the visible questions.

    In seven queries. `visible` are the answers, of any year, that the reader may see: claims
    come only from those, while a document goes with its question whoever held it before.
    """
    if source is None:
        return CarryOver()
    return _Earlier(assessment, source, visible, today).carry_over()


class _Earlier:
    """The earlier year, read once, and what of it fits which question of this one."""

    def __init__(
        self, assessment: Assessment, source: Assessment, visible: AnswerQuerySet, today: date
    ) -> None:
        self.assessment, self.source, self.today = assessment, source, today
        self.ways: Ways = ways(source.instrument, assessment.instrument)
        answers = (
            Answer.objects.filter(assessment=source)
            .annotate(is_visible=Exists(visible.filter(pk=OuterRef("pk"))))
            .select_related("question")
            .in_order()
        )
        self.answers = {answer.question_id: answer for answer in answers}
        self.visible: AbstractSet[int] = {
            key for key, answer in self.answers.items() if answer.is_visible
        }
        self.decided = _decided(source)
        self.revisions = _revisions(assessment.city_id)
        self.offered = _offered(assessment, source)
        self.now = (
            visible.filter(assessment=assessment)
            .select_related("question__indicator__cluster")
            .prefetch_related("question__evidence_kinds")
            .in_order()
        )

    def carry_over(self) -> CarryOver:
        pairs: defaultdict[int, list[Pair]] = defaultdict(list)
        for pair in self.ways.pairs:
            if pair.before_id in self.answers:
                pairs[pair.after_id].append(pair)
        found = [self.proposals(answer, pairs[answer.question_id]) for answer in self.now]
        return CarryOver(
            source=self.source,
            questions=[row for row in found if row.proposals or row.claims],
            new_questions=[row for row in self.now if row.question_id in self.ways.new],
            left_out=self.left_out(found),
        )

    def proposals(self, answer: Answer, pairs: Sequence[Pair]) -> QuestionProposals:
        proposals: dict[uuid.UUID, Proposal] = {}
        for pair in pairs:
            changes = _changes(self.answers[pair.before_id].question, answer.question, pair)
            decided = _newest_once(self.decided[pair.before_id], self.revisions)
            for key, (before, document) in decided.items():
                if (answer.pk, key) not in self.offered:
                    proposals[key] = self.proposal(answer, before, document, changes)
        return QuestionProposals(
            answer,
            [self.answers[pair.before_id].question for pair in pairs],
            list(proposals.values()),
            list(self.claims(answer, pairs)),
        )

    def claims(self, answer: Answer, pairs: Sequence[Pair]) -> Iterator[CarriedClaim]:
        """Only for a question that nobody has answered yet, from answers the reader may see."""
        for pair in pairs:
            before = self.answers[pair.before_id]
            if answer.claimed_at is None and pair.before_id in self.visible:
                claim = carried_claim(before, answer, is_comparable=self.is_comparable)
                if claim is not None:
                    yield claim

    @property
    def is_comparable(self) -> bool:
        """Whether points of the two years are of one kind."""
        return self.source.instrument.measure == self.assessment.instrument.measure

    def proposal(
        self,
        answer: Answer,
        before: Evidence,
        document: SupportingDocument,
        changes: Sequence[QuestionChange],
    ) -> Proposal:
        kinds = {kind.code: kind for kind in answer.question.evidence_kinds.all()}
        kind = kinds.get(before.kind.code)
        if kind is None:
            changes = [*changes, QuestionChange.KIND_NOT_ASKED]
        doubts = flags(document, self.assessment, before.kind.code, today=self.today)
        return Proposal(answer, before, document, kind, changes, doubts)

    # --- What is left out ---------------------------------------------------------------------

    def left_out(self, found: Sequence[QuestionProposals]) -> Mapping[Reason, Sequence[LeftOut]]:
        """By reason, and within one in the order of the earlier instrument."""
        refused, silent = _refused(found), _silent(found)
        rows: defaultdict[Reason, list[LeftOut]] = defaultdict(list)
        for key, answer in self.answers.items():
            if key not in self.visible:
                continue
            has_claim, reason = answer.claimed_at is not None, self.reason(key)
            lost = [
                (Reason.KIND_NOT_ASKED, refused[key], False),
                (Reason.NOT_COMPARABLE, 0, has_claim and key in silent),
            ]
            if reason is not None:
                lost = [(reason, len(self.decided[key]), has_claim)]
            for why, documents, is_claim in lost:
                if documents or is_claim:
                    rows[why].append(LeftOut(answer.question, documents, is_claim))
        return {reason: rows[reason] for reason in Reason if rows[reason]}

    def reason(self, key: int) -> Reason | None:
        """Why nothing at all of an earlier question is proposed."""
        if not self.ways.is_mapped:
            return Reason.NO_MAPPING
        if key in self.ways.unsure:
            return Reason.NOT_CONFIRMED
        return Reason.GONE if key in self.ways.gone else None


def _refused(found: Sequence[QuestionProposals]) -> Counter[int]:
    """How many documents of each earlier question are of a kind that is asked nowhere now."""
    rows = [row for question in found for row in question.proposals]
    useful = {row.before.pk for row in rows if row.kind is not None}
    lost = {row.before.pk: row.before.answer.question_id for row in rows}
    return Counter(question for evidence, question in lost.items() if evidence not in useful)


def _silent(found: Sequence[QuestionProposals]) -> AbstractSet[int]:
    """Earlier questions whose answer says nothing to a question that waits for one."""
    waiting = [row for row in found if row.answer.claimed_at is None]
    asked = {question.pk for row in waiting for question in row.before}
    return asked - {claim.before.question_id for row in waiting for claim in row.claims}


def _decided(source: Assessment) -> Mapping[int, list[Evidence]]:
    """What was accepted, or returned and never replaced, by primary key of the question."""
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    for evidence in (
        Evidence.objects.current()
        .filter(answer__in=source.answers.values("pk"))
        .exclude(verdict=Verdict.WAITING)
        .select_related("answer", "document__city", "document__opd", "kind")
        .order_by("offered_at", "pk")
    ):
        found[evidence.answer.question_id].append(evidence)
    return found


def _offered(assessment: Assessment, source: Assessment) -> AbstractSet[tuple[int, uuid.UUID]]:
    """Which of the documents that may be proposed this year has already, for which answer.

    Of the many others that it has none is read.
    """
    earlier = Evidence.objects.filter(answer__assessment=source).values("document")
    documents = SupportingDocument.objects.filter(
        Q(pk__in=earlier) | Q(revision__gt=1), city=assessment.city_id
    )
    offers = Evidence.objects.filter(document__in=documents.values("pk"))
    return set(offers.filter(answer__assessment=assessment).values_list("answer", "document"))


def _revisions(city_id: int) -> Mapping[uuid.UUID, SupportingDocument]:
    """The next revision of each document of the city that has one."""
    later = SupportingDocument.objects.filter(city=city_id, revision__gt=1).select_related(
        "city", "opd"
    )
    return {row.revision_of_id: row for row in later if row.revision_of_id is not None}


def _newest_once(
    decided: Sequence[Evidence], revisions: Mapping[uuid.UUID, SupportingDocument]
) -> dict[uuid.UUID, tuple[Evidence, SupportingDocument]]:
    """Each document in its newest revision; several old offers of it make one proposal."""
    found: dict[uuid.UUID, tuple[Evidence, SupportingDocument]] = {}
    for before in decided:
        document = before.document
        while document.pk in revisions:
            document = revisions[document.pk]
        found[document.pk] = before, document
    return found


def _changes(old: Question, new: Question, pair: Pair) -> list[QuestionChange]:
    if pair.kind == MatchKind.SPLIT:
        return [QuestionChange.SPLIT]
    if pair.kind == MatchKind.MERGED:
        return [QuestionChange.MERGED]
    is_same = (old.text, old.max_points) == (new.text, new.max_points)
    return [] if is_same else [QuestionChange.QUESTION_CHANGED]
