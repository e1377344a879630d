"""Addresses of the plan and of what came of it; those of its tables are added in `actionsheets/urls.py`."""

from django.urls import path

from actionplan.urls import ACTION, CITY, ONE, RAD
from actionplan.urls import urlpatterns as of_the_plan
from monitoring.views import actions, plans, rules, years
from monitoring.views import path as paths

YEAR = f"{ONE}tahun/<int:year>/"

urlpatterns = [
    *of_the_plan,
    path(f"{RAD}aturan/", rules.rules_edit, name="rules_edit"),
    path(ONE, plans.plan_detail, name="plan_detail"),
    path(f"{ONE}kaitan/", plans.link_create, name="link_create"),
    path(ACTION, actions.action_detail, name="action_detail"),
    path(
        f"{ACTION}tahun/<int:year>/tw/<int:quarter>/",
        actions.realisation_edit,
        name="realisation_edit",
    ),
    path(YEAR, years.monitoring_detail, name="monitoring"),
    path(f"{YEAR}matriks/", years.monitoring_pdf, name="monitoring_pdf"),
    path(f"{YEAR}matriks/simpan/", years.monitoring_file, name="monitoring_file"),
    path(f"{YEAR}anggaran/", years.budget, name="budget"),
    path(f"{YEAR}periksa/", years.checks, name="checks"),
    path(f"{CITY}target/", paths.targets, name="targets"),
]
