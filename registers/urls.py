from django.urls import include, path

import assessments.urls  # noqa: F401  # names what a question's code looks like in an address
from registers.views import sources, taking

app_name = "registers"

source_urls = [
    path("", sources.source_list, name="source_list"),
    path("<question:code>/", sources.source_edit, name="source_edit"),
    path("<question:code>/bawaan/", sources.source_reset, name="source_reset"),
]

urlpatterns = [
    path(
        "kota/<slug:city_slug>/penilaian/<int:year>/pertanyaan/<question:code>/ambil/",
        taking.value_take,
        name="value_take",
    ),
    path(
        "kota/<slug:city_slug>/penilaian/<int:year>/pertanyaan/<question:code>/register/<int:pk>.xlsx",
        taking.taken_book,
        name="taken_book",
    ),
    path("instrumen/<slug:instrument>/register/", include(source_urls)),
]
