from django.urls import URLPattern, URLResolver, include, path

from childdata.views import overview, tables

app_name = "childdata"

year_urls = [
    path("<slug:variable>/", tables.variable_detail, name="variable_detail"),
    path("<slug:variable>/isi/", tables.counts_edit, name="counts_edit"),
    path("<slug:variable>/selisih/", tables.difference_explain, name="difference_explain"),
]

city_urls: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("<int:data_year>/", include(year_urls)),
]

urlpatterns = [path("kota/<slug:city_slug>/data-anak/", include(city_urls))]
