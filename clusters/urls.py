from django.urls import include, path

from clusters.views import band_tables, downloads, drafts, importing, life, mappings, reading

app_name = "clusters"

draft_urls = [
    path("", drafts.draft_detail, name="draft_detail"),
    path("umum/", drafts.draft_head, name="draft_head"),
    path("daftar/<slug:name>/", drafts.draft_list_edit, name="draft_list_edit"),
    path("pindah/", drafts.draft_move, name="draft_move"),
    path("klaster/", drafts.draft_cluster_add, name="draft_cluster_add"),
    path("klaster/<str:row>/", drafts.draft_cluster_edit, name="draft_cluster_edit"),
    path("klaster/<str:row>/indikator/", drafts.draft_indicator_add, name="draft_indicator_add"),
    path("indikator/<str:row>/", drafts.draft_indicator_edit, name="draft_indicator_edit"),
    path("indikator/<str:row>/pertanyaan/", drafts.draft_question_add, name="draft_question_add"),
    path("pertanyaan/<str:row>/", drafts.draft_question_edit, name="draft_question_edit"),
    path("<slug:level>/<str:row>/hapus/", drafts.draft_row_delete, name="draft_row_delete"),
    path("terbitkan/", life.draft_publish, name="draft_publish"),
    path("hapus/", life.draft_delete, name="draft_delete"),
]

band_table_urls = [
    path("", band_tables.band_table_list, name="band_table_list"),
    path("tambah/", band_tables.band_table_create, name="band_table_create"),
    path("<slug:code>/", band_tables.band_table_edit, name="band_table_edit"),
    path("<slug:code>/hapus/", band_tables.band_table_delete, name="band_table_delete"),
]

import_urls = [
    path("", importing.import_upload, name="import_upload"),
    path("<int:pk>/", importing.import_preview, name="import_preview"),
]

mapping_urls = [
    path("", mappings.mapping_list, name="mapping_list"),
    path("baru/", mappings.mapping_create, name="mapping_create"),
    path("<int:pk>/", mappings.mapping_report, name="mapping_report"),
    path("<int:pk>/csv/", mappings.mapping_csv, name="mapping_csv"),
    path("<int:pk>/xlsx/", mappings.mapping_xlsx, name="mapping_xlsx"),
    path("<int:pk>/tinjau/", mappings.mapping_review, name="mapping_review"),
    path("<int:pk>/pastikan/", mappings.mapping_confirm, name="mapping_confirm"),
    path("<int:pk>/hapus/", mappings.mapping_delete, name="mapping_delete"),
    path("<int:pk>/pasangan/<int:match_id>/", mappings.match_edit, name="match_edit"),
    path(
        "<int:pk>/pasangan/<int:match_id>/batalkan/",
        mappings.match_unconfirm,
        name="match_unconfirm",
    ),
]

urlpatterns = [
    path("instrumen/", reading.instrument_list, name="instrument_list"),
    path("instrumen/tambah/", life.instrument_create, name="instrument_create"),
    path("instrumen/impor/", include(import_urls)),
    path("instrumen/tabel-predikat/", include(band_table_urls)),
    path("instrumen/pemetaan/", include(mapping_urls)),
    path("instrumen/<slug:code>/", reading.instrument_detail, name="instrument_detail"),
    path(
        "instrumen/<slug:code>/unduh/<slug:kind>",
        downloads.instrument_download,
        name="instrument_download",
    ),
    path("instrumen/<slug:code>/salin/", life.instrument_clone, name="instrument_clone"),
    path("instrumen/<slug:code>/betulkan/", life.instrument_correct, name="instrument_correct"),
    path("instrumen/<slug:code>/tarik/", life.instrument_retire, name="instrument_retire"),
    path("instrumen/<slug:code>/rancangan/", include(draft_urls)),
]
