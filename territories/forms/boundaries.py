"""The file with the boundaries of units."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.forms import TableForm
from texts.file_fields import FilePicker


class BoundariesForm(TableForm):
    most_bytes = 5 * 1024 * 1024
    too_large = _("Berkas ini %(size)s, paling besar %(limit)s. Sederhanakan batasnya dulu.")
    file = forms.FileField(
        label=_("Berkas GeoJSON"),
        widget=FilePicker({"accept": ".geojson,.json"}),
        help_text=_(
            "Satu objek (Polygon atau MultiPolygon) untuk setiap kelurahan atau desa, dengan kode resmi pada "
            "“kode” atau namanya pada “nama”. Koordinat WGS84. Paling besar 5 MB."
        ),
    )
