"""The contradictions of a year by severity, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.cautions import judges_of, offered_in
from assessments.choices import Verdict
from assessments.models import (
    Answer,
    Assessment,
    ClusterDeadline,
    Evidence,
    SupportingDocument,
)
from cities.models import District, Membership, Opd
from cities.roles import Permission
from figures.values import Chart, ChartColumn
from plans.checked import CheckedYear, Finding, Remedy, Rule, Severity
from plans.checks import RULES
from registers.models import TakenValue
from registers.registry import source_for

# Which page puts it right, who may open that, and the place on it where to look.
PAGES: dict[Remedy, tuple[str, Permission, str]] = {
    Remedy.CLAIM: ("assessments:question_detail", Permission.VIEW_QUESTION, "#klaim"),
    Remedy.DOCUMENT: ("assessments:question_detail", Permission.VIEW_QUESTION, "#dokumen"),
    Remedy.REVIEW: ("assessments:question_detail", Permission.VIEW_QUESTION, ""),
    Remedy.REGISTER: ("assessments:question_detail", Permission.VIEW_QUESTION, "#register"),
    Remedy.LEAD: ("assessments:assignment_edit", Permission.ASSIGN_QUESTIONS, ""),
    Remedy.MEMBERS: ("cities:invitation_create", Permission.MANAGE_MEMBERS, ""),
    Remedy.CLUSTER_DATES: ("assessments:cluster_deadlines", Permission.MANAGE_ASSESSMENT, ""),
    Remedy.YEAR: ("assessments:assessment_edit", Permission.MANAGE_ASSESSMENT, ""),
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as the page shows it; without `url` the member may not put it right."""

    finding: Finding
    url: str

    @property
    def code(self) -> str:
        return self.finding.answer.question.code if self.finding.answer else ""

    @property
    def place(self) -> str:
        if self.finding.answer is not None:
            return self.finding.answer.question.text
        return self.finding.opd.name if self.finding.opd is not None else self.finding.place


@dataclass(frozen=True, slots=True)
class RuleGroup:
    rule: Rule
    rows: Sequence[FindingRow]


@dataclass(frozen=True, slots=True)
class SeverityGroup:
    severity: Severity
    groups: Sequence[RuleGroup]

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True, slots=True)
class CheckBoard:
    severities: Sequence[SeverityGroup]  # those with findings, the worst first
    rules: int

    @property
    def count(self) -> int:
        return sum(one.count for one in self.severities)


def check_board(assessment: Assessment, member: Membership, *, today: date) -> CheckBoard:
    """Every rule at once, in the queries of `checked_year`."""
    year = checked_year(assessment, today=today)
    groups = [
        RuleGroup(
            rule, [FindingRow(one, _url(rule.remedy, one, member, assessment)) for one in found]
        )
        for rule in RULES
        if (found := list(rule.find(year)))
    ]
    severities = [
        SeverityGroup(severity, [group for group in groups if group.rule.severity == severity])
        for severity in Severity
    ]
    return CheckBoard([one for one in severities if one.groups], len(RULES))


def checked_year(assessment: Assessment, *, today: date) -> CheckedYear:
    """A year as the rules read it, in six queries and at most two more of the legal register."""
    rows = Answer.objects.filter(assessment=assessment).with_state().with_assignments()
    beside = ("question__indicator", "question__changed_source")
    answers = list(rows.annotate(is_on_links=_is_on_links()).select_related(*beside).in_order())
    deadlines = ClusterDeadline.objects.filter(assessment=assessment).select_related("cluster")
    units = District.objects.filter(city=assessment.city_id).aggregate(
        districts=Count("pk", distinct=True), villages=Count("villages")
    )
    return CheckedYear(
        assessment=assessment,
        answers=answers,
        unpeopled=_unpeopled(assessment),
        deadlines=list(deadlines),
        units=units,
        today=today,
        on_links=frozenset(one.pk for one in answers if one.is_on_links),
        cautions=_cautions(assessment),
        answerable=frozenset(
            one.question.code for one in answers if source_for(one, assessment) is not None
        ),
        taken=_last_taken(assessment),
        tolerance=settings.KLA_REGISTER_TOLERANCE,
    )


def _unpeopled(assessment: Assessment) -> dict[Opd, int]:
    """OPDs that hold questions and have no member who can sign in: how many they hold."""
    members = Membership.objects.filter(
        city=assessment.city_id, opd=OuterRef("pk"), user__is_active=True
    )
    holding = Opd.objects.filter(~Exists(members), assignments__answer__assessment=assessment)
    return {opd: opd.held for opd in holding.annotate(held=Count("assignments"))}


def _last_taken(assessment: Assessment) -> dict[int, TakenValue]:
    """What was taken last for each answer, without the rows behind it."""
    every = TakenValue.objects.filter(answer__assessment=assessment).defer("rows")
    return {taken.answer_id: taken for taken in every.order_by("at", "pk")}


def _is_on_links() -> Q:
    """Of an answer: its documents in force are links, and of none of them anything is kept."""
    documents = _in_force().filter(answer=OuterRef("pk"))
    kept = documents.filter(Q(document__address="") | ~Q(document__file=""))
    return Q(Exists(documents), ~Exists(kept))


def _cautions(assessment: Assessment) -> list[tuple[int, str]]:
    """What registers have against documents of the year; each sentence once for a question.

    Of the documents that nothing may be against the offers, of which there are many, are not read.
    """
    judges = judges_of(assessment)
    documents = SupportingDocument.objects.filter(city=assessment.city_id)
    doubted = set[UUID]().union(*(judge.doubted(documents) for judge in judges))
    rows = _in_force().filter(answer__assessment=assessment, document__in=doubted)
    offers = offered_in(rows.order_by("answer__question__position", "pk"))
    told = [
        (one.answer, caution.sentence)
        for one in offers
        for judge in judges
        for caution in judge.cautions(one)
    ]
    return list(dict.fromkeys(told))


def _in_force() -> models.QuerySet[Evidence]:
    """The documents that no verdict sent back."""
    return Evidence.objects.current().exclude(verdict=Verdict.RETURNED)


def _url(remedy: Remedy, finding: Finding, member: Membership, assessment: Assessment) -> str:
    name, permission, anchor = PAGES[remedy]
    if not member.may(permission):
        return ""
    if remedy == Remedy.MEMBERS:
        return reverse(name, args=[assessment.city.slug])
    args = [assessment.city.slug, assessment.year]
    if finding.answer is not None:
        args.append(finding.answer.question.code)
    return reverse(name, args=args) + anchor


def check_chart(board: CheckBoard) -> Chart:
    """All findings as one table."""
    return Chart(
        key="pemeriksaan",
        title=_("Pemeriksaan data"),
        sentence=_("%(count)d temuan.") % {"count": board.count},
        columns=tuple(
            ChartColumn(name)
            for name in (
                _("Tingkat"),
                _("Aturan"),
                _("Temuan"),
                _("Kode"),
                _("Tempat"),
                _("Keterangan"),
            )
        ),
        rows=[
            (
                str(one.severity.label),
                group.rule.code,
                str(group.rule.title),
                row.code,
                row.place,
                row.finding.facts,
            )
            for one in board.severities
            for group in one.groups
            for row in group.rows
        ],
    )
