"""The numbers of a page as plain values, each page in a fixed number of queries."""

from assessments.dashboards.carry_over import CarryOver, carry_over_proposals
from assessments.dashboards.cities import city_standings
from assessments.dashboards.documents import (
    OfferedDocument,
    concerns,
    offered_documents,
    previous_version,
    reusable_documents,
    uses,
)
from assessments.dashboards.tasks import TaskList, asked_kinds, task_list
from assessments.dashboards.year import YearDashboard, year_dashboard

__all__ = [
    "CarryOver",
    "OfferedDocument",
    "TaskList",
    "YearDashboard",
    "asked_kinds",
    "carry_over_proposals",
    "city_standings",
    "concerns",
    "offered_documents",
    "previous_version",
    "reusable_documents",
    "task_list",
    "uses",
    "year_dashboard",
]
