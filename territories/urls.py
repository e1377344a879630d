from django.urls import include, path

from territories import views

app_name = "territories"

year_urls = [
    path("", views.unit_list, name="unit_list"),
    path("siapkan/", views.units_load, name="units_load"),
    path("<str:code>/", views.unit_detail, name="unit_detail"),
    path("<str:code>/ubah/", views.unit_edit, name="unit_edit"),
    path("<str:code>/lapor/", views.report_save, name="report_save"),
    path("<str:code>/terima/", views.reports_accept, name="reports_accept"),
    path("<str:code>/kembalikan/<int:pk>/", views.report_return, name="report_return"),
]

urlpatterns = [
    path("kota/<slug:city_slug>/wilayah-saya/", views.own_unit, name="own_unit"),
    path("kota/<slug:city_slug>/penilaian/<int:year>/wilayah/", include(year_urls)),
]
