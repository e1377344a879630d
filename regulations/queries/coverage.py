"""Topic by topic: the strongest regulation in force, what it may bring, and who should act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Assignment
from assessments.scoring import ZERO
from cities.models import Opd
from figures.numbers import format_points
from figures.values import Chart, ChartColumn, Unit
from regulations.choices import Force, RegulationKind
from regulations.models import Coverage, Regulation
from regulations.topics import topics_of


@dataclass(frozen=True, slots=True)
class HeldRegulation:
    """A regulation about a topic, and whether it holds for the years that are evaluated."""

    regulation: Regulation
    force: Force


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A question; `strongest` is the strongest regulation in force, None where there is none.

    `others` are about it too; among them those that no longer hold, or not yet.
    """

    answer: Answer
    strongest: Regulation | None
    others: Sequence[HeldRegulation]
    lead: Opd | None

    @property
    def proven(self) -> Decimal:
        return self.answer.proven_points or ZERO

    @property
    def left(self) -> Decimal:
        """Points that are not proven yet."""
        return self.answer.question.max_points - self.proven


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """Topics that stand together; `is_policy` where a regulation is asked for."""

    title: str
    rows: Sequence[TopicRow]
    is_policy: bool

    @property
    def left(self) -> Decimal:
        return sum((row.left for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class CoverageBoard:
    policy: Sequence[TopicRow]
    budget: Sequence[TopicRow]

    @property
    def groups(self) -> list[TopicGroup]:
        """What needs a rule first; empty ones are left out."""
        groups = [
            TopicGroup(_("Topik tanpa produk hukum yang berlaku"), self.missing, is_policy=True),
            TopicGroup(_("Topik dengan produk hukum yang berlaku"), self.covered, is_policy=True),
            TopicGroup(_("Topik anggaran"), self.budget, is_policy=False),
        ]
        return [group for group in groups if group.rows]

    @property
    def missing(self) -> list[TopicRow]:
        return [row for row in self.policy if row.strongest is None]

    @property
    def covered(self) -> list[TopicRow]:
        return [row for row in self.policy if row.strongest is not None]


def coverage_board(assessment: Assessment) -> CoverageBoard:
    """The topics that the instrument asks for, in its order. Three queries, whatever the size."""
    topics = topics_of(assessment.instrument.code)
    wanted = {*topics.policy, *topics.budget}
    answers = (
        Answer.objects.filter(assessment=assessment, question__code__in=wanted)
        .with_state()
        .select_related("question", "assessment__city")
        .in_order()
    )
    by_code = {answer.question.code: answer for answer in answers}
    leads = _leads(assessment, wanted)
    about = _about(assessment, wanted)

    def rows(codes: Iterable[str]) -> list[TopicRow]:
        known = (by_code[code] for code in codes if code in by_code)
        return [_row(one, about[one.question_id], leads.get(one.pk)) for one in known]

    return CoverageBoard(policy=rows(topics.policy), budget=rows(topics.budget))


def _row(answer: Answer, about: Sequence[HeldRegulation], lead: Opd | None) -> TopicRow:
    ranked = sorted(
        about, key=lambda one: (RegulationKind(one.regulation.kind).rank, -one.regulation.year)
    )
    holding = [one for one in ranked if one.force == Force.IN_FORCE]
    strongest = holding[0].regulation if holding else None
    others = [one for one in ranked if one.regulation is not strongest]
    return TopicRow(answer, strongest, others, lead)


def _leads(assessment: Assessment, codes: Iterable[str]) -> dict[int, Opd]:
    led = Assignment.objects.filter(
        answer__assessment=assessment, answer__question__code__in=codes, is_lead=True
    )
    return {one.answer_id: one.opd for one in led.select_related("opd")}


def _about(assessment: Assessment, codes: Iterable[str]) -> defaultdict[int, list[HeldRegulation]]:
    """By question. The topics of another instrument's question are those of its own year."""
    regulations = {
        one.pk: one
        for one in Regulation.objects.filter(city=assessment.city_id)
        .with_revocation()
        .select_related("city")
    }
    found: defaultdict[int, list[HeldRegulation]] = defaultdict(list)
    covered = Coverage.objects.filter(
        regulation__city=assessment.city_id,
        question__indicator__cluster__instrument=assessment.instrument_id,
        question__code__in=codes,
    )
    for question, pk in covered.order_by("pk").values_list("question", "regulation"):
        one = regulations[pk]
        found[question].append(HeldRegulation(one, one.force_on(assessment.evidence_to)))
    return found


def coverage_chart(board: CoverageBoard) -> Chart:
    """Every topic as one table."""
    words = _("%(covered)d dari %(topics)d topik punya produk hukum yang berlaku.")
    return Chart(
        key="produk-hukum",
        title=_("Cakupan produk hukum"),
        sentence=words % {"covered": len(board.covered), "topics": len(board.policy)},
        columns=(
            ChartColumn(_("Pertanyaan")),
            ChartColumn(_("Topik")),
            ChartColumn(_("Produk hukum terkuat yang berlaku")),
            ChartColumn(_("Poin belum terbukti"), Unit.POINTS),
            ChartColumn(_("Penanggung jawab")),
        ),
        rows=[
            (
                row.answer.question.code,
                row.answer.question.text,
                str(row.strongest or ""),
                row.left,
                str(row.lead or ""),
            )
            for row in (*board.policy, *board.budget)
        ],
    )


def gap_sentence(board: CoverageBoard) -> str:
    """What is missing, for the head of the page."""
    missing = board.missing
    if not board.policy:
        return _("Instrumen penilaian ini tidak memiliki daftar topik produk hukum.")
    if not missing:
        return _("Setiap topik punya produk hukum yang berlaku.")
    words = _(
        "%(missing)d dari %(topics)d topik belum punya produk hukum yang berlaku; padanya %(left)s poin belum terbukti."
    )
    return words % {
        "missing": len(missing),
        "topics": len(board.policy),
        "left": format_points(sum((row.left for row in missing), ZERO)),
    }
