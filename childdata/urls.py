from django.urls import URLPattern, URLResolver, include, path

from childdata.views import open_data, overview, profile, sheets, tables

app_name = "childdata"

year_urls = [
    path("<slug:variable>/", tables.variable_detail, name="variable_detail"),
    path("<slug:variable>/isi/", tables.counts_edit, name="counts_edit"),
    path("<slug:variable>/selisih/", tables.difference_explain, name="difference_explain"),
]

city_urls: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("profil/<int:data_year>/", profile.profile_detail, name="profile_detail"),
    path("profil/<int:data_year>/pdf/", profile.profile_paper, name="profile_paper"),
    path("profil/<int:data_year>/xlsx/", profile.profile_workbook, name="profile_workbook"),
    path("terbuka/<int:data_year>/", open_data.open_data_download, name="open_data_download"),
    path("lembar/<int:data_year>/", sheets.sheet_download, name="sheet_download"),
    path("lembar/", sheets.sheet_upload, name="sheet_upload"),
    path("lembar/periksa/<int:pk>/", sheets.sheet_review, name="sheet_review"),
    path("<int:data_year>/", include(year_urls)),
]

urlpatterns = [path("kota/<slug:city_slug>/data-anak/", include(city_urls))]
