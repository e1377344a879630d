"""The numbers of a page as plain values, each page in a fixed number of queries."""

from assessments.dashboards.tasks import TaskList, asked_kinds, task_list
from assessments.dashboards.year import YearDashboard, latest_totals, year_dashboard

__all__ = [
    "TaskList",
    "YearDashboard",
    "asked_kinds",
    "latest_totals",
    "task_list",
    "year_dashboard",
]
