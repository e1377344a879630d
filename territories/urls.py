from django.urls import include, path

from territories.views import (
    boundaries,
    changes,
    criteria,
    declarations,
    ratings,
    reports,
    samples,
    sheets,
    unit_sheets,
    units,
)

app_name = "territories"

year_urls = [
    path("", units.unit_list, name="unit_list"),
    path("siapkan/", units.units_load, name="units_load"),
    path("data/", unit_sheets.units_import, name="units_import"),
    path("data/unduh/", unit_sheets.units_download, name="units_download"),
    path("data/<int:pk>/", unit_sheets.units_review, name="units_review"),
    path("batas/", boundaries.boundaries_import, name="boundaries_import"),
    path("batas/<int:pk>/", boundaries.boundaries_review, name="boundaries_review"),
    path("lembar/", sheets.reports_import, name="reports_import"),
    path("lembar/unduh/", sheets.reports_download, name="reports_download"),
    path("lembar/<int:pk>/", sheets.reports_preview, name="reports_preview"),
    path("lembar/<uuid:pk>/", sheets.reports_preview, name="reports_preview"),
    path("lembar/<int:pk>/buang/", sheets.reports_discard, name="reports_discard"),
    path("lembar/<uuid:pk>/buang/", sheets.reports_discard, name="reports_discard"),
    path("pencanangan/", declarations.declaration_list, name="declaration_list"),
    path("peringkat/", ratings.rating_overview, name="rating_overview"),
    path("peringkat/aturan/", ratings.rating_rules, name="rating_rules"),
    path("kriteria/", criteria.criteria_list, name="criteria_list"),
    path("kriteria/<str:set_code>/", criteria.criteria_detail, name="criteria_detail"),
    path("kriteria/<str:set_code>/salin/", criteria.criteria_copy, name="criteria_copy"),
    path("kriteria/<str:set_code>/pakai/", criteria.criteria_choose, name="criteria_choose"),
    path("kriteria/<str:set_code>/terbitkan/", criteria.criteria_publish, name="criteria_publish"),
    path("kriteria/<str:set_code>/hapus/", criteria.criteria_discard, name="criteria_discard"),
    path("kriteria/<str:set_code>/tambah/", criteria.criterion_add, name="criterion_add"),
    path(
        "kriteria/<str:set_code>/ubah/<str:criterion_code>/",
        criteria.criterion_edit,
        name="criterion_edit",
    ),
    path(
        "kriteria/<str:set_code>/buang/<str:criterion_code>/",
        criteria.criterion_remove,
        name="criterion_remove",
    ),
    path("kunjungan/", samples.sample_detail, name="sample_detail"),
    path("kunjungan/undi/", samples.sample_draw, name="sample_draw"),
    path("kunjungan/pilih/", samples.sample_choose, name="sample_choose"),
    path("<str:code>/", units.unit_detail, name="unit_detail"),
    path("<str:code>/ubah/", units.unit_edit, name="unit_edit"),
    path("<str:code>/perubahan/", changes.unit_change, name="unit_change"),
    path("<str:code>/riwayat/", declarations.unit_history, name="unit_history"),
    path("<str:code>/pencanangan/", declarations.declaration_create, name="declaration_create"),
    path(
        "<str:code>/pencanangan/<int:pk>/",
        declarations.declaration_edit,
        name="declaration_edit",
    ),
    path(
        "<str:code>/pencanangan/<int:pk>/hapus/",
        declarations.declaration_remove,
        name="declaration_remove",
    ),
    path(
        "<str:code>/pencanangan/<int:pk>/berkas/<int:file_pk>/hapus/",
        declarations.declaration_file_remove,
        name="declaration_file_remove",
    ),
    path(
        "<str:code>/pencanangan/berkas/<uuid:document_pk>/",
        declarations.declaration_file,
        name="declaration_file",
    ),
    path("<str:code>/lapor/", reports.report_save, name="report_save"),
    path("<str:code>/ulangi/", reports.reports_repeat, name="reports_repeat"),
    path("<str:code>/terima/", reports.reports_accept, name="reports_accept"),
    path("<str:code>/kembalikan/<int:pk>/", reports.report_return, name="report_return"),
]

urlpatterns = [
    path("kota/<slug:city_slug>/wilayah-saya/", units.own_unit, name="own_unit"),
    path("kota/<slug:city_slug>/wilayah-saya/petunjuk/", units.unit_guide, name="unit_guide"),
    path("kota/<slug:city_slug>/penilaian/<int:year>/wilayah/", include(year_urls)),
]
