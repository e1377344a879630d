"""The numbers of a page as plain values, each page in a fixed number of queries."""

from assessments.queries.carry_over import CarryOver, carry_over_proposals
from assessments.queries.cities import city_standings
from assessments.queries.documents import (
    OfferedDocument,
    concerns,
    offered_documents,
    previous_version,
    reusable_documents,
    uses,
)
from assessments.queries.tasks import TaskList, task_board, task_list
from assessments.queries.year import YearDashboard, year_dashboard

__all__ = [
    "CarryOver",
    "OfferedDocument",
    "TaskList",
    "YearDashboard",
    "carry_over_proposals",
    "city_standings",
    "concerns",
    "offered_documents",
    "previous_version",
    "reusable_documents",
    "task_board",
    "task_list",
    "uses",
    "year_dashboard",
]
