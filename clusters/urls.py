from django.urls import path

from clusters.views import mappings, reading

app_name = "clusters"

urlpatterns = [
    path("instrumen/", reading.instrument_list, name="instrument_list"),
    path("instrumen/pemetaan/", mappings.mapping_list, name="mapping_list"),
    path("instrumen/pemetaan/baru/", mappings.mapping_create, name="mapping_create"),
    path("instrumen/pemetaan/<int:pk>/", mappings.mapping_report, name="mapping_report"),
    path("instrumen/pemetaan/<int:pk>/csv/", mappings.mapping_csv, name="mapping_csv"),
    path("instrumen/pemetaan/<int:pk>/xlsx/", mappings.mapping_xlsx, name="mapping_xlsx"),
    path("instrumen/pemetaan/<int:pk>/tinjau/", mappings.mapping_review, name="mapping_review"),
    path("instrumen/pemetaan/<int:pk>/pastikan/", mappings.mapping_confirm, name="mapping_confirm"),
    path("instrumen/pemetaan/<int:pk>/hapus/", mappings.mapping_delete, name="mapping_delete"),
    path(
        "instrumen/pemetaan/<int:pk>/pasangan/<int:match_id>/",
        mappings.match_edit,
        name="match_edit",
    ),
    path(
        "instrumen/pemetaan/<int:pk>/pasangan/<int:match_id>/batalkan/",
        mappings.match_unconfirm,
        name="match_unconfirm",
    ),
    path("instrumen/<slug:code>/", reading.instrument_detail, name="instrument_detail"),
]
