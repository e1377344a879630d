from django.urls import path

from public.views import children, data, documents, office, pages

app_name = "public"

OFFICE, PAGE = "kota/<slug:city_slug>/publik/", "publik/<slug:city_slug>/<int:year>/"
DOCUMENTS = f"{OFFICE}<int:year>/dokumen/"
DOCUMENT = f"{DOCUMENTS}<uuid:document_pk>/"
PART = f"{OFFICE}<int:year>/<slug:section>/"

urlpatterns = [
    path(OFFICE, office.release_list, name="release_list"),
    path(DOCUMENTS, documents.document_list, name="document_list"),
    path(DOCUMENT, documents.document_preview, name="document_preview"),
    path(f"{DOCUMENT}rilis/", documents.document_release, name="document_release"),
    path(f"{DOCUMENT}tarik/", documents.document_withdraw, name="document_withdraw"),
    path(PART, office.release_preview, name="release_preview"),
    path(f"{PART}rilis/", office.release_do, name="release_do"),
    path(f"{PART}tarik/", office.release_undo, name="release_undo"),
    path(f"{OFFICE}pesan/", office.message_list, name="message_list"),
    path(f"{OFFICE}pesan/diteruskan/", office.passed_list, name="passed_list"),
    path(f"{OFFICE}pesan/<int:pk>/<slug:state>/", office.message_settle, name="message_settle"),
    path("publik/", pages.index, name="index"),
    path("publik/data.json", data.nation_catalogue_file, name="nation_catalogue"),
    path("publik/data/predikat.<slug:kind>", data.nation_file, name="nation_file"),
    path(PAGE, pages.city_detail, name="city_page"),
    path(f"{PAGE}poster/", pages.poster, name="poster"),
    path(f"{PAGE}anak/", children.child_page, name="child_page"),
    path(f"{PAGE}anak/pesan/", children.message_send, name="message_send"),
    path(f"{PAGE}anak/pesan/terkirim/", children.message_sent, name="message_sent"),
    path(f"{PAGE}dokumen/<int:pk>/", documents.document_file, name="document_file"),
    path(f"{PAGE}data/", data.data_page, name="data_page"),
    path(f"{PAGE}data.json", data.catalogue_file, name="data_catalogue"),
    path(f"{PAGE}data/<slug:section>.<slug:kind>", data.data_file, name="data_file"),
    path(f"{PAGE}gambar.png", pages.picture, name="picture"),
]
