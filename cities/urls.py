from django.urls import path

from cities import invitation_views as invitations
from cities import people_views, region_views, trail_views, views

app_name = "cities"

urlpatterns = [
    path("undangan/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    # Before the cities themselves; services.RESERVED_SLUGS keeps them off this address.
    path("kota/tambah/", views.city_create, name="city_create"),
    path("kota/<slug:city_slug>/ubah/", views.city_edit, name="city_edit"),
    path("kota/<slug:city_slug>/opd/", views.opd_list, name="opd_list"),
    path("kota/<slug:city_slug>/opd/tambah/", views.opd_create, name="opd_create"),
    path("kota/<slug:city_slug>/opd/<int:pk>/ubah/", views.opd_edit, name="opd_edit"),
    path("kota/<slug:city_slug>/opd/<int:pk>/aktif/", views.opd_activate, name="opd_activate"),
    path(
        "kota/<slug:city_slug>/opd/<int:pk>/nonaktif/", views.opd_deactivate, name="opd_deactivate"
    ),
    path("kota/<slug:city_slug>/anggota/", views.member_list, name="member_list"),
    path(
        "kota/<slug:city_slug>/anggota/undang/",
        invitations.invitation_create,
        name="invitation_create",
    ),
    path(
        "kota/<slug:city_slug>/anggota/undangan/",
        invitations.invitation_list,
        name="invitation_list",
    ),
    path("kota/<slug:city_slug>/anggota/undangan/uji/", invitations.mail_test, name="mail_test"),
    path(
        "kota/<slug:city_slug>/anggota/undangan/<int:pk>/kirim/",
        invitations.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "kota/<slug:city_slug>/anggota/undangan/<int:pk>/serahkan/",
        invitations.invitation_hand_over,
        name="invitation_hand_over",
    ),
    path(
        "kota/<slug:city_slug>/anggota/undangan/<int:pk>/cabut/",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("kota/<slug:city_slug>/anggota/impor/", invitations.member_import, name="member_import"),
    path(
        "kota/<slug:city_slug>/anggota/impor/templat/",
        invitations.member_template,
        name="member_template",
    ),
    path(
        "kota/<slug:city_slug>/anggota/impor/undang/",
        invitations.member_import_confirm,
        name="member_import_confirm",
    ),
    path("kota/<slug:city_slug>/anggota/<int:pk>/ubah/", views.member_edit, name="member_edit"),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/hapus/", views.member_remove, name="member_remove"
    ),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/coba-lagi/", views.member_retry, name="member_retry"
    ),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/ganti/", views.member_replace, name="member_replace"
    ),
    path("kota/<slug:city_slug>/wilayah/", region_views.region_list, name="region_list"),
    path("kota/<slug:city_slug>/wilayah/muat/", region_views.region_load, name="region_load"),
    path("orang/", people_views.person_list, name="person_list"),
    path("orang/<int:pk>/ubah/", people_views.person_edit, name="person_edit"),
    path("orang/<int:pk>/aktif/", people_views.person_activate, name="person_activate"),
    path("orang/<int:pk>/nonaktif/", people_views.person_deactivate, name="person_deactivate"),
    path("kota/<slug:city_slug>/jejak/", trail_views.trail_list, name="trail_list"),
    path("kota/<slug:city_slug>/jejak/csv/", trail_views.trail_csv, name="trail_csv"),
]
