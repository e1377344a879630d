"""What does not fit together in a year and in a RAD, as the interface tells of it."""

from __future__ import annotations

from datetime import date

from actionplan.models import ActionPlan
from api.answers.actions import PlanCheck
from api.answers.years import CheckEntry
from assessments.models import Assessment
from cities.models import Membership
from monitoring.queries.board import monitoring
from monitoring.queries.checks import check_plan
from plans.checked import Rule
from plans.queries.checks import FindingRow, check_board


def check_entries(assessment: Assessment, member: Membership, *, today: date) -> list[CheckEntry]:
    """In the order of their page: the worst first; the queries of `check_board`."""
    board = check_board(assessment, member, today=today)
    return [
        _check(group.rule, row)
        for severity in board.severities
        for group in severity.groups
        for row in group.rows
    ]


def _check(rule: Rule, row: FindingRow) -> CheckEntry:
    finding = row.finding
    return CheckEntry(
        severity=rule.severity,
        rule=rule.code,
        title=str(rule.title),
        question=row.code or None,
        opd=finding.opd.code if finding.opd else None,
        place=row.place,
        facts=finding.facts,
    )


def plan_checks(plan: ActionPlan, member: Membership, year: int, *, today: date) -> list[PlanCheck]:
    """In the order of their page; three queries and those of `check_plan`."""
    groups = check_plan(monitoring(plan, member, year, today=today), today=today)
    return [
        PlanCheck(group.key, group.title, finding.sentence)
        for group in groups
        for finding in group.findings
    ]
