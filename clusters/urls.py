from django.urls import path

from clusters import views

app_name = "clusters"

urlpatterns = [
    path("instrumen/", views.instrument_list, name="instrument_list"),
    path("instrumen/<slug:code>/", views.instrument_detail, name="instrument_detail"),
]
