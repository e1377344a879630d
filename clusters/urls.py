from django.urls import path

from clusters.views import downloads, importing, reading

app_name = "clusters"

urlpatterns = [
    path("instrumen/", reading.instrument_list, name="instrument_list"),
    path("instrumen/impor/", importing.import_upload, name="import_upload"),
    path("instrumen/impor/<int:pk>/", importing.import_preview, name="import_preview"),
    path("instrumen/<slug:code>/", reading.instrument_detail, name="instrument_detail"),
    path(
        "instrumen/<slug:code>/unduh/<slug:kind>",
        downloads.instrument_download,
        name="instrument_download",
    ),
]
