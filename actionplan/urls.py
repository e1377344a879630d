"""Addresses of the plan itself; those of what came of it are added in `monitoring/urls.py`."""

from django.urls import path

from actionplan.views import actions, from_plans, plans

CITY = "kota/<slug:city_slug>/"
RAD = f"{CITY}rad/"
ONE = f"{RAD}<int:pk>/"
ACTION = f"{ONE}aksi/<int:number>/"

urlpatterns = [
    path(RAD, plans.plan_list, name="plan_list"),
    path(f"{RAD}petunjuk/", plans.guide, name="guide"),
    path(f"{RAD}tambah/", plans.plan_create, name="plan_create"),
    path(f"{ONE}ubah/", plans.plan_edit, name="plan_edit"),
    path(f"{ONE}kaitan/<int:link_pk>/hapus/", plans.link_remove, name="link_remove"),
    path(f"{ONE}aksi/tambah/", actions.action_create, name="action_create"),
    path(f"{ACTION}ubah/", actions.action_edit, name="action_edit"),
    path(f"{ACTION}hapus/", actions.action_remove, name="action_remove"),
    path(f"{ACTION}tahun/<int:year>/", actions.year_edit, name="year_edit"),
    path(
        f"{CITY}penilaian/<int:year>/rencana/<int:pk>/rad/", from_plans.from_plan, name="from_plan"
    ),
]
