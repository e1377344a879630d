"""Topic by topic: the strongest regulation in force, what it may bring, and who should act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Assignment, Evidence, SupportingDocument
from assessments.scoring import ZERO
from assessments.stages import StageAction
from cities.models import Membership, Opd
from cities.roles import Permission
from clusters.models import EvidenceKind
from figures.numbers import format_points
from figures.values import Chart, ChartColumn, Unit
from regulations.choices import Force, RegulationKind
from regulations.matching import evidence_of_kind
from regulations.models import Coverage, Regulation
from regulations.topics import topics_of


@dataclass(frozen=True, slots=True)
class HeldRegulation:
    """A regulation about a topic, and whether it holds for the years that are evaluated.

    `has_text_to_offer`: its text is stored, the question asks for one of its kind and does not
    have it yet, and the reader may open it.
    """

    regulation: Regulation
    force: Force
    has_text_to_offer: bool


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A question; `strongest` is the strongest regulation in force, None where there is none.

    `others` are about it too; among them those that no longer hold, or not yet. `lead` and the
    OPDs `beside` it hold the question: they should draft what is missing. `may_offer` the text of
    the strongest for the question.
    """

    answer: Answer
    strongest: Regulation | None
    may_offer: bool
    others: Sequence[HeldRegulation]
    lead: Opd | None
    beside: Sequence[Opd]

    @property
    def draft(self) -> Regulation | None:
        """What is being drafted about it."""
        return next((one.regulation for one in self.others if one.force == Force.DRAFT), None)

    @property
    def left(self) -> Decimal:
        """Points that are not proven yet."""
        return self.answer.question.max_points - (self.answer.proven_points or ZERO)


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
    """`is_whole` unless only the topics of an OPD are on it."""

    policy: Sequence[TopicRow]
    budget: Sequence[TopicRow]
    is_whole: bool

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
    def has_text_to_offer(self) -> bool:
        return any(row.may_offer for row in self.policy)

    @property
    def missing(self) -> list[TopicRow]:
        return [row for row in self.policy if row.strongest is None]

    @property
    def covered(self) -> list[TopicRow]:
        return [row for row in self.policy if row.strongest is not None]


def coverage_board(assessment: Assessment, member: Membership) -> CoverageBoard:
    """The topics that the instrument asks for, in its order; for an OPD those with it.

    Four queries, whatever the size.
    """
    topics = topics_of(*assessment.instrument.codes)
    wanted = {*topics.policy, *topics.budget}
    answers = (
        Answer.objects.visible_to(member)
        .filter(assessment=assessment, question__code__in=wanted)
        .with_state()
        .select_related("question", "assessment__city")
        .in_order()
    )
    by_code = {answer.question.code: answer for answer in answers}
    holders = _holders(assessment, wanted)
    about = _about(assessment, wanted, member)
    may_offer = member.may(Permission.ANSWER_QUESTIONS) and StageAction.UPLOAD in assessment.actions

    def rows(codes: Iterable[str]) -> list[TopicRow]:
        known = (by_code[code] for code in codes if code in by_code)
        return [
            _row(one, about[one.question_id], holders[one.pk], may_offer=may_offer) for one in known
        ]

    return CoverageBoard(
        policy=rows(topics.policy),
        budget=rows(topics.budget),
        is_whole=member.may(Permission.VIEW_ASSESSMENT),
    )


def _row(
    answer: Answer,
    about: Sequence[HeldRegulation],
    holders: Sequence[Assignment],
    *,
    may_offer: bool,
) -> TopicRow:
    ranked = sorted(
        about, key=lambda one: (RegulationKind(one.regulation.kind).rank, -one.regulation.year)
    )
    holding = [one for one in ranked if one.force == Force.IN_FORCE]
    strongest = holding[0].regulation if holding else None
    others = [one for one in ranked if one.regulation is not strongest]
    lead = next((one.opd for one in holders if one.is_lead), None)
    return TopicRow(
        answer,
        strongest,
        may_offer=may_offer and bool(holding) and holding[0].has_text_to_offer,
        others=others,
        lead=lead,
        beside=[one.opd for one in holders if not one.is_lead],
    )


def _holders(assessment: Assessment, codes: Iterable[str]) -> defaultdict[int, list[Assignment]]:
    """By answer, whoever leads first."""
    found: defaultdict[int, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(
        answer__assessment=assessment, answer__question__code__in=codes
    )
    for one in rows.select_related("opd").order_by("-is_lead", "opd__name", "pk"):
        found[one.answer_id].append(one)
    return found


def _about(
    assessment: Assessment, codes: Iterable[str], member: Membership
) -> defaultdict[int, list[HeldRegulation]]:
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
    ).annotate(
        code=Case(
            *(
                When(regulation__kind=one, then=Value(evidence_of_kind(one)))
                for one in RegulationKind
            ),
            default=Value(""),
        ),
        has_text=_has_text_to_offer(assessment, member),
    )
    for question, pk, has_text in covered.order_by("pk").values_list(
        "question", "regulation", "has_text"
    ):
        one = regulations[pk]
        force = one.force_on(assessment.evidence_to)
        found[question].append(HeldRegulation(one, force, has_text))
    return found


def _has_text_to_offer(assessment: Assessment, member: Membership) -> Q:
    """Of a `Coverage` with the `code` of the kind of evidence: `HeldRegulation.has_text_to_offer`."""
    stored = SupportingDocument.objects.offerable_by(member)
    asked = EvidenceKind.objects.filter(questions=OuterRef("question"))
    offered = Evidence.objects.filter(
        answer__assessment=assessment,
        answer__question=OuterRef("question"),
        document=OuterRef("regulation__document"),
    )
    has_text = Exists(stored.filter(pk=OuterRef("regulation__document")))
    is_asked = Exists(asked.filter(code=OuterRef("code")))
    return Q(has_text) & Q(is_asked) & ~Q(Exists(offered))


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
    if not board.policy and not board.is_whole:
        return _("Tidak ada topik produk hukum pada pertanyaan OPD Anda.")
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
