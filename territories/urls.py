from django.urls import include, path

from territories.views import changes, declarations, reports, sheets, units

app_name = "territories"

year_urls = [
    path("", units.unit_list, name="unit_list"),
    path("siapkan/", units.units_load, name="units_load"),
    path("lembar/", sheets.reports_import, name="reports_import"),
    path("lembar/unduh/", sheets.reports_download, name="reports_download"),
    path("lembar/<int:pk>/", sheets.reports_preview, name="reports_preview"),
    path("lembar/<uuid:pk>/", sheets.reports_preview, name="reports_preview"),
    path("lembar/<int:pk>/buang/", sheets.reports_discard, name="reports_discard"),
    path("lembar/<uuid:pk>/buang/", sheets.reports_discard, name="reports_discard"),
    path("pencanangan/", declarations.declaration_list, name="declaration_list"),
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
