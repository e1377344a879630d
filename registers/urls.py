from django.urls import path

import assessments.urls  # noqa: F401  # names what a question's code looks like in an address
from registers import views

app_name = "registers"

urlpatterns = [
    path(
        "kota/<slug:city_slug>/penilaian/<int:year>/pertanyaan/<question:code>/ambil/",
        views.value_take,
        name="value_take",
    ),
]
