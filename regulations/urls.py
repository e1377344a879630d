from django.urls import path

from regulations import views

app_name = "regulations"

CITY = "kota/<slug:city_slug>/produk-hukum/"

urlpatterns = [
    path(CITY, views.regulation_list, name="regulation_list"),
    path(f"{CITY}petunjuk/", views.guide, name="guide"),
    path(f"{CITY}tambah/", views.regulation_create, name="regulation_create"),
    path(f"{CITY}rancangan/", views.draft_create, name="draft_create"),
    path(f"{CITY}jdih/", views.feed_upload, name="feed_upload"),
    path(f"{CITY}jdih/ekspor/", views.feed_export, name="feed_export"),
    path(f"{CITY}jdih/<int:pk>/", views.feed_review, name="feed_review"),
    path(f"{CITY}<int:pk>/", views.regulation_detail, name="regulation_detail"),
    path(f"{CITY}<int:pk>/ubah/", views.regulation_edit, name="regulation_edit"),
    path(f"{CITY}<int:pk>/rancangan/", views.draft_edit, name="draft_edit"),
    path(f"{CITY}<int:pk>/hapus/", views.regulation_remove, name="regulation_remove"),
    path(f"{CITY}<int:pk>/topik/", views.topics_edit, name="topics_edit"),
    path(f"{CITY}<int:pk>/berkas/", views.regulation_file, name="regulation_file"),
    path(f"{CITY}<int:pk>/hubungan/", views.relation_create, name="relation_create"),
    path(
        f"{CITY}<int:pk>/hubungan/<int:relation_pk>/hapus/",
        views.relation_remove,
        name="relation_remove",
    ),
    path(
        "kota/<slug:city_slug>/penilaian/<int:year>/produk-hukum/",
        views.coverage_detail,
        name="coverage_detail",
    ),
    path(
        "kota/<slug:city_slug>/penilaian/<int:year>/produk-hukum/<int:pk>/ajukan/<question:code>/",
        views.regulation_offer,
        name="regulation_offer",
    ),
]
