from django.urls import include, path

import assessments.urls  # noqa: F401  # names what a question's code looks like in an address
from plans.views import checks, efforts, forecast, pathway, plans, scenarios

app_name = "plans"

year_urls = [
    path("jalan/", pathway.pathway_detail, name="pathway_detail"),
    path("jalan/simpan/", pathway.plan_create, name="plan_create"),
    path("pertanyaan/<question:code>/upaya/", efforts.effort_edit, name="effort_edit"),
    path("rencana/", plans.plan_index, name="plan_list"),
    path("rencana/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("rencana/<int:pk>/tugaskan/", plans.plan_assign, name="plan_assign"),
    path("rencana/<int:pk>/hapus/", plans.plan_remove, name="plan_remove"),
    path("perkiraan/", forecast.forecast_detail, name="forecast_detail"),
    path("pemeriksaan-data/", checks.check_list, name="check_list"),
    path("andai/", scenarios.whatif, name="whatif"),
    path("andai/simpan/", scenarios.scenario_create, name="scenario_create"),
    path("andai/banding/", scenarios.scenario_compare, name="scenario_compare"),
    path("andai/<int:pk>/hapus/", scenarios.scenario_remove, name="scenario_remove"),
]

urlpatterns = [
    path("kota/<slug:city_slug>/penilaian/<int:year>/", include(year_urls)),
]
