"""The numbers of a page as plain values, each page in a fixed number of queries."""

from assessments.dashboards.cities import city_standings
from assessments.dashboards.tasks import TaskList, asked_kinds, task_list
from assessments.dashboards.year import YearDashboard, year_dashboard

__all__ = [
    "TaskList",
    "YearDashboard",
    "asked_kinds",
    "city_standings",
    "task_list",
    "year_dashboard",
]
