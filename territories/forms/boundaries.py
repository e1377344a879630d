"""The file with the boundaries of units."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from figures.numbers import too_large_facts
from imports.forms import TableForm
from texts.file_fields import FilePicker


class BoundariesForm(TableForm):
    most_bytes = 5 * 1024 * 1024
    file = forms.FileField(
        label=_("Berkas GeoJSON"),
        widget=FilePicker({"accept": ".geojson,.json"}),
        help_text=_(
            "Satu objek (Polygon atau MultiPolygon) untuk setiap kelurahan atau desa, dengan kode resmi pada "
            "“kode” atau namanya pada “nama”. Koordinat WGS84. Paling besar 5 MB."
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > self.most_bytes:
            raise ValidationError(
                _("Berkas ini %(size)s, paling besar %(limit)s. Sederhanakan batasnya dulu."),
                code="too_large",
                params=too_large_facts(file.size or 0, self.most_bytes),
            )
        return super().clean_file()
