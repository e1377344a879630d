from django.urls import path

from taskforce.views import commitments, decrees

app_name = "taskforce"

CITY = "kota/<slug:city_slug>/gugus-tugas/"
DECREE, MEMBER = f"{CITY}sk/<int:pk>/", f"{CITY}anggota/<int:pk>/"
COMMITMENT = f"{CITY}komitmen/<int:pk>/"

urlpatterns = [
    path(f"{CITY}sk/tambah/", decrees.decree_create, name="decree_create"),
    path(DECREE, decrees.decree_detail, name="decree_detail"),
    path(f"{DECREE}ubah/", decrees.decree_edit, name="decree_edit"),
    path(f"{DECREE}berkas/", decrees.decree_file, name="decree_file"),
    path(f"{DECREE}anggota/", decrees.member_create, name="member_create"),
    path(MEMBER, decrees.member_edit, name="member_edit"),
    path(f"{MEMBER}ganti/", decrees.member_replace, name="member_replace"),
    path(f"{MEMBER}sertifikat/", decrees.certificate_create, name="certificate_create"),
    path(
        f"{CITY}sertifikat/<int:pk>/hapus/",
        decrees.certificate_remove,
        name="certificate_remove",
    ),
    path(f"{CITY}komitmen/", commitments.commitment_list, name="commitment_list"),
    path(f"{CITY}komitmen/tambah/", commitments.commitment_create, name="commitment_create"),
    path(COMMITMENT, commitments.commitment_edit, name="commitment_edit"),
    path(f"{COMMITMENT}berkas/", commitments.commitment_file, name="commitment_file"),
]
