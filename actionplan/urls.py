from django.urls import path

from actionplan.views import actions, monitoring, plans
from actionplan.views import path as paths

app_name = "actionplan"

CITY = "kota/<slug:city_slug>/"
RAD = f"{CITY}rad/"
ONE = f"{RAD}<int:pk>/"
ACTION = f"{ONE}aksi/<int:number>/"
YEAR = f"{ONE}tahun/<int:year>/"

urlpatterns = [
    path(RAD, plans.plan_list, name="plan_list"),
    path(f"{RAD}tambah/", plans.plan_create, name="plan_create"),
    path(ONE, plans.plan_detail, name="plan_detail"),
    path(f"{ONE}ubah/", plans.plan_edit, name="plan_edit"),
    path(f"{ONE}kaitan/", plans.link_create, name="link_create"),
    path(f"{ONE}kaitan/<int:link_pk>/hapus/", plans.link_remove, name="link_remove"),
    path(f"{ONE}aksi/tambah/", actions.action_create, name="action_create"),
    path(ACTION, actions.action_detail, name="action_detail"),
    path(f"{ACTION}ubah/", actions.action_edit, name="action_edit"),
    path(f"{ACTION}hapus/", actions.action_remove, name="action_remove"),
    path(f"{ACTION}tahun/<int:year>/", actions.year_edit, name="year_edit"),
    path(
        f"{ACTION}tahun/<int:year>/tw/<int:quarter>/",
        actions.realisation_edit,
        name="realisation_edit",
    ),
    path(f"{YEAR}", monitoring.monitoring_detail, name="monitoring"),
    path(f"{YEAR}matriks/", monitoring.monitoring_pdf, name="monitoring_pdf"),
    path(f"{YEAR}matriks/simpan/", monitoring.monitoring_file, name="monitoring_file"),
    path(f"{YEAR}anggaran/", monitoring.budget, name="budget"),
    path(f"{YEAR}periksa/", monitoring.checks, name="checks"),
    path(f"{CITY}target/", paths.targets, name="targets"),
    path(f"{CITY}penilaian/<int:year>/rencana/<int:pk>/rad/", paths.from_plan, name="from_plan"),
]
