"""The questions of a year with claim, grant and assignments, and what follows from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments import scoring
from assessments.choices import HANDED_IN, OFFICIAL_KINDS, AnswerState, DocumentState, Verdict
from assessments.models.assessment import Assessment
from assessments.models.deadline import ClusterDeadline
from assessments.models.document_count import DocumentCount
from assessments.models.evidence import Evidence
from assessments.models.visibility import seen_by
from cities.models import Membership, Opd
from clusters.models import Question


def cluster_due_on(answer: str = "") -> models.Subquery:
    """The date of an answer's cluster; `answer` is the path to the answer ("answer__")."""
    dates = ClusterDeadline.objects.filter(
        assessment=OuterRef(f"{answer}assessment"),
        cluster=OuterRef(f"{answer}question__indicator__cluster"),
    )
    return models.Subquery(dates.values("due_on"))


def own_due_on(opd: Opd | None = None) -> models.Subquery:
    """The earliest date that assignments of an answer have of their own; with `opd` only its one."""
    dated = Assignment.objects.filter(answer=OuterRef("pk"), due_on__isnull=False)
    if opd is not None:
        dated = dated.filter(opd=opd)
    return models.Subquery(dated.order_by("due_on").values("due_on")[:1])


def has_accepted_document() -> Exists:
    """Whether a document proves the answer, so that its granted points count."""
    return Exists(Evidence.objects.filter(answer=OuterRef("pk"), verdict=Verdict.ACCEPTED))


def has_lead() -> Exists:
    """Whether an OPD is responsible for the answer."""
    return Exists(Assignment.objects.leading().filter(answer=OuterRef("pk")))


# The points that count of an answer `with_state`, as SQL; None where nothing is proven.
PROVEN_POINTS = Case(When(is_proven=True, then="granted_points"))


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, member: Membership) -> Self:
        """Every answer of the city; for an OPD, only those assigned to it."""
        return self.filter(seen_by(member))

    def with_state(self) -> Self:
        """Annotate `state`, an AnswerState: what the question needs next.

        And `is_proven`: whether an accepted document makes its granted points count.
        """
        of_answer = Evidence.objects.filter(answer=OuterRef("pk"))
        return self.annotate(is_proven=has_accepted_document()).annotate(
            # The first that holds: whatever was returned has to be put right, even where another
            # document was accepted, and whatever waits may still change what is proven.
            state=Case(
                When(
                    Exists(of_answer.filter(verdict=Verdict.RETURNED, superseded_by=None)),
                    then=Value(AnswerState.RETURNED),
                ),
                When(
                    Exists(of_answer.undecided().not_refused()),
                    then=Value(AnswerState.WAITING),
                ),
                When(is_proven=True, then=Value(AnswerState.ACCEPTED)),
                When(claimed_points__isnull=False, then=Value(AnswerState.ANSWERED)),
                default=Value(AnswerState.EMPTY),
                output_field=models.CharField(max_length=20),
            )
        )

    def proven(self) -> Self:
        """Those whose `granted_points` count: the twin of `Answer.proven_points`."""
        return self.filter(has_accepted_document())

    def late(self, today: date) -> Self:
        """Of rows `with_state` and `with_due_on`, those that `is_late` is true of."""
        return self.filter(~Q(state__in=HANDED_IN), Q(due_on__lt=today))

    def with_due_on(self, opd: Opd | None = None) -> Self:
        """Annotate `due_on`: the earliest date of its assignments, else the cluster's or the year's.

        With `opd`, only that OPD's own assignment counts.
        """
        return self.annotate(
            due_on=Coalesce(own_due_on(opd), cluster_due_on(), "assessment__deadline")
        )

    def with_assignments(self) -> Self:
        """Annotate `has_lead`, whether an OPD is responsible, and `own_due_on`."""
        return self.annotate(has_lead=has_lead(), own_due_on=own_due_on())

    def with_neighbours(self, member: Membership) -> Self:
        """Annotate `previous` and `following`: the codes before and after, of those seen."""
        seen = Answer.objects.visible_to(member).filter(assessment=OuterRef("assessment"))
        here = OuterRef("question__position")
        before = seen.filter(question__position__lt=here).order_by("-question__position")
        after = seen.filter(question__position__gt=here).order_by("question__position")
        return self.annotate(
            previous=models.Subquery(before.values("question__code")[:1]),
            following=models.Subquery(after.values("question__code")[:1]),
        )

    def with_document_counts(self) -> Self:
        """Annotate `returned` and `offered`: documents in force that were sent back, and others."""
        of_answer = DocumentCount.objects.filter(answer=OuterRef("pk")).order_by()
        total = of_answer.values("answer").annotate(total=models.Sum("number")).values("total")
        is_returned = Q(state=DocumentState.RETURNED)
        return self.annotate(
            returned=Coalesce(models.Subquery(total.filter(is_returned)), 0),
            offered=Coalesce(models.Subquery(total.exclude(is_returned)), 0),
        )

    def with_lead(self) -> Self:
        """Join the one assignment of the OPD that is responsible, as `led`."""
        leading = models.Q(assignments__is_lead=True)
        return self.annotate(led=models.FilteredRelation("assignments", condition=leading))

    def without_lead(self) -> Self:
        """Questions for which no OPD is responsible."""
        return self.filter(~has_lead())

    def in_order(self) -> Self:
        """As the instrument asks them."""
        return self.order_by("question__position", "pk")


class Answer(models.Model):
    """One question of one year: what the city claims and what the review granted.

    Points are on the instrument's scale (0 to the question's maximum), `value` is
    the percentage or count that the question asks for.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="answers", verbose_name=_("penilaian")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", verbose_name=_("pertanyaan")
    )
    claimed_points = models.DecimalField(
        _("klaim"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    value = models.DecimalField(
        _("angka jawaban"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    choice = models.CharField(_("pilihan jawaban"), max_length=200, blank=True)
    note = models.TextField(_("catatan"), blank=True)
    claimed_at = models.DateTimeField(_("diisi pada"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a claim keeps its author
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diisi oleh"),
    )
    granted_points = models.DecimalField(
        _("nilai ditetapkan"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    granted_at = models.DateTimeField(_("ditetapkan pada"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a decision keeps its author
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditetapkan oleh"),
    )

    objects = AnswerQuerySet.as_manager()

    # There only on rows that a queryset above has annotated, `late` where a page asked for it.
    state: str
    is_proven: bool
    due_on: date | None
    has_lead: bool
    own_due_on: date | None
    # Set by `with_neighbours` and by `with_document_counts`.
    previous: str | None
    following: str | None
    returned: int
    offered: int
    late: bool

    class Meta:
        verbose_name = _("jawaban")
        verbose_name_plural = _("jawaban")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="assessments_answer_once_per_question"
            ),
            models.CheckConstraint(
                name="assessments_answer_points_not_negative",
                condition=(Q(claimed_points=None) | Q(claimed_points__gte=0))
                & (Q(granted_points=None) | Q(granted_points__gte=0)),
                violation_error_message=_("Nilai tidak boleh kurang dari nol."),
            ),
            models.CheckConstraint(
                name="assessments_answer_claim_is_signed",
                condition=Q(claimed_at=None, claimed_by=None)
                | Q(claimed_at__isnull=False, claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="assessments_answer_grant_is_signed",
                condition=Q(granted_points=None, granted_at=None, granted_by=None)
                | Q(
                    granted_points__isnull=False,
                    granted_at__isnull=False,
                    granted_by__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.question.code}"

    def get_absolute_url(self) -> str:
        return reverse(
            "assessments:question_detail",
            args=[self.assessment.city.slug, self.assessment.year, self.question.code],
        )

    @property
    def proven_points(self) -> Decimal | None:
        """The granted points, None unless an accepted document proves them.

        Needs `with_state`. The twins in SQL: `AnswerQuerySet.proven`, `PROVEN_POINTS`.
        """
        return scoring.proven(self.granted_points, is_proven=self.is_proven)

    @property
    def points_left(self) -> Decimal:
        """What the question could still bring: its maximum without what is proven."""
        return max(self.question.max_points - (self.proven_points or scoring.ZERO), scoring.ZERO)

    @property
    def is_pending(self) -> bool:
        """Whether something is left for the OPD to do; what waits for review is not."""
        return self.state not in HANDED_IN

    def is_late(self, today: date) -> bool:
        """By its own date, which `with_due_on` has annotated."""
        return is_late(self.state, self.due_on, today)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def leading(self) -> Self:
        """Those of the OPD that is responsible for the question."""
        return self.filter(is_lead=True)

    def with_due(self) -> Self:
        """Annotate `due`: its own date, else its cluster's, else the year's."""
        year = "answer__assessment__deadline"
        return self.annotate(due=Coalesce("due_on", cluster_due_on("answer__"), year))


class Assignment(models.Model):
    """An OPD that holds documents for a question; one of them leads."""

    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="assignments", verbose_name=_("jawaban")
    )
    opd = models.ForeignKey(Opd, models.PROTECT, related_name="assignments", verbose_name=_("OPD"))
    is_lead = models.BooleanField(_("penanggung jawab"), default=False)
    due_on = models.DateField(_("tenggat"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    due: date | None  # there only on rows that the queryset above has annotated

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = _("penugasan")
        ordering = ["-is_lead", "opd__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "opd"],
                name="assessments_assignment_once",
                violation_error_message=_("OPD ini sudah ditugasi untuk pertanyaan tersebut."),
            ),
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(is_lead=True),
                name="assessments_assignment_one_lead",
                violation_error_message=_("Pertanyaan ini sudah memiliki penanggung jawab."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} → {self.opd}"


class StageScore(models.Model):
    """Points of one question as an official stage (EM, VA, VL, VF) gave them."""

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="stage_scores", verbose_name=_("jawaban")
    )
    kind = models.CharField(
        _("tahap resmi"), max_length=10, choices=[(kind, kind.label) for kind in OFFICIAL_KINDS]
    )
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3)
    entered_at = models.DateTimeField(_("dicatat pada"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # an official result keeps the name of who entered it
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )

    class Meta:
        verbose_name = _("nilai resmi")
        verbose_name_plural = _("nilai resmi")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "kind"], name="assessments_stagescore_once_per_stage"
            ),
            models.CheckConstraint(
                name="assessments_stagescore_not_negative",
                condition=Q(points__gte=0),
                violation_error_message=_("Nilai tidak boleh kurang dari nol."),
            ),
            models.CheckConstraint(
                name="assessments_stagescore_official",
                condition=Q(kind__in=OFFICIAL_KINDS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.kind}: {self.points}"


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Whether a question is past its date with nothing handed in, or with something returned.

    The twin in SQL is `AnswerQuerySet.late`.
    """
    return due_on is not None and due_on < today and state not in HANDED_IN
