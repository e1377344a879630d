from django.urls import path

from cities.views import (
    cities,
    emails,
    invitations,
    members,
    opds,
    people,
    regions,
    sessions,
    trail,
)

app_name = "cities"

urlpatterns = [
    path("undangan/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    # Before the cities themselves; RESERVED_SLUGS keeps them off this address.
    path("kota/tambah/", cities.city_create, name="city_create"),
    path("kota/<slug:city_slug>/ubah/", cities.city_edit, name="city_edit"),
    path("kota/<slug:city_slug>/opd/", opds.opd_list, name="opd_list"),
    path("kota/<slug:city_slug>/opd/tambah/", opds.opd_create, name="opd_create"),
    path("kota/<slug:city_slug>/opd/<int:pk>/ubah/", opds.opd_edit, name="opd_edit"),
    path("kota/<slug:city_slug>/opd/<int:pk>/aktif/", opds.opd_activate, name="opd_activate"),
    path(
        "kota/<slug:city_slug>/opd/<int:pk>/nonaktif/", opds.opd_deactivate, name="opd_deactivate"
    ),
    path("kota/<slug:city_slug>/anggota/", members.member_list, name="member_list"),
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
    path("kota/<slug:city_slug>/anggota/<int:pk>/ubah/", members.member_edit, name="member_edit"),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/hapus/", members.member_remove, name="member_remove"
    ),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/coba-lagi/",
        members.member_retry,
        name="member_retry",
    ),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/ganti/",
        members.member_replace,
        name="member_replace",
    ),
    path(
        "kota/<slug:city_slug>/anggota/<int:pk>/faktor/",
        members.member_reset_factor,
        name="member_reset_factor",
    ),
    path("kota/<slug:city_slug>/panduan/tutup/", members.guide_close, name="guide_close"),
    path("kota/<slug:city_slug>/wilayah/", regions.region_list, name="region_list"),
    path("kota/<slug:city_slug>/wilayah/muat/", regions.region_load, name="region_load"),
    path("akun/email/", emails.email_change, name="email_change"),
    path("akun/email/<str:token>/", emails.email_confirm, name="email_confirm"),
    path("akun/sesi/", sessions.session_list, name="session_list"),
    path("akun/sesi/<int:pk>/akhiri/", sessions.session_end, name="session_end"),
    path("akun/sesi/akhiri-lainnya/", sessions.session_end_others, name="session_end_others"),
    path("orang/", people.person_list, name="person_list"),
    path("orang/<int:pk>/ubah/", people.person_edit, name="person_edit"),
    path("orang/<int:pk>/faktor/", people.person_reset_factor, name="person_reset_factor"),
    path("orang/<int:pk>/aktif/", people.person_activate, name="person_activate"),
    path("orang/<int:pk>/nonaktif/", people.person_deactivate, name="person_deactivate"),
    path("kota/<slug:city_slug>/jejak/", trail.trail_list, name="trail_list"),
    path("kota/<slug:city_slug>/jejak/csv/", trail.trail_csv, name="trail_csv"),
]
