from django.urls import URLPattern, URLResolver, include, path

from facilities.views import facilities, findings, records, routes, sheets

app_name = "facilities"

one_urls = [
    path("", facilities.facility_detail, name="facility_detail"),
    path("ubah/", facilities.facility_edit, name="facility_edit"),
    path("surat/", records.credential_create, name="credential_create"),
    path("surat/<int:paper_pk>/", records.credential_edit, name="credential_edit"),
    path("surat/<int:paper_pk>/hapus/", records.credential_remove, name="credential_remove"),
    path("foto/", records.photo_add, name="photo_add"),
    path("foto/<int:photo_pk>/hapus/", records.photo_remove, name="photo_remove"),
    path("berkas/<uuid:document_pk>/", records.document_view, name="document_view"),
    path("temuan/", findings.finding_create, name="finding_create"),
    path("pengguna/", records.use_save, name="use_save"),
    path("periksa/<slug:checklist>/", records.visit_create, name="visit_create"),
]

route_urls = [
    path("", routes.route_list, name="route_list"),
    path("<int:pk>/", routes.route_detail, name="route_detail"),
    path("<int:pk>/hapus/", routes.route_remove, name="route_remove"),
    path("<int:pk>/tambah/", routes.stop_add, name="stop_add"),
    path("<int:pk>/naik/<int:stop_pk>/", routes.stop_move, name="stop_move"),
    path("<int:pk>/keluar/<int:stop_pk>/", routes.stop_remove, name="stop_remove"),
    path("<int:pk>/<int:position>/", routes.stop_detail, name="stop_detail"),
]

finding_urls = [
    path("", findings.finding_list, name="finding_list"),
    path("<int:pk>/", findings.finding_detail, name="finding_detail"),
    path("<int:pk>/foto/", findings.finding_photo, name="finding_photo"),
    path("<int:pk>/selesai/", findings.finding_close, name="finding_close"),
    path("<int:pk>/atur/", findings.finding_plan, name="finding_plan"),
]

city_urls: list[URLPattern | URLResolver] = [
    path("", facilities.facility_list, name="facility_list"),
    path("tambah/", facilities.facility_create, name="facility_create"),
    path("berakhir/", facilities.expiring_list, name="expiring_list"),
    path("unduh/", sheets.sheet_download, name="sheet_download"),
    path("impor/", sheets.sheet_upload, name="sheet_upload"),
    path("impor/<int:pk>/", sheets.sheet_review, name="sheet_review"),
    path("temuan/", include(finding_urls)),
    path("rute/", include(route_urls)),
    path("<int:pk>/", include(one_urls)),
]

urlpatterns = [path("kota/<slug:city_slug>/fasilitas/", include(city_urls))]
