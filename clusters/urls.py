from django.urls import path

from clusters.views import reading

app_name = "clusters"

urlpatterns = [
    path("instrumen/", reading.instrument_list, name="instrument_list"),
    path("instrumen/<slug:code>/", reading.instrument_detail, name="instrument_detail"),
]
