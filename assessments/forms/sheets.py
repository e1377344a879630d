"""A filled sheet of points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.forms.base import form_helper
from assessments.sheets import SheetError, read_sheet
from clusters.spec import InstrumentSpec

MAX_SHEET_BYTES = 5 * 1024 * 1024


class SheetForm(forms.Form):
    """A filled sheet of points, read and checked against the instrument."""

    kind = forms.ChoiceField(
        label=_("Isi lembar"),
        choices=[
            (ScoreKind.CLAIMED, _("Klaim kota")),
            *((kind, _("Hasil resmi: %(kind)s") % {"kind": kind.label}) for kind in OFFICIAL_KINDS),
        ],
    )
    file = forms.FileField(
        label=_("Lembar nilai"),
        help_text=_(
            "CSV atau XLSX dengan kolom “question” (kode pertanyaan) dan “points” (nilai)."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Sumber"),
        required=False,
        max_length=1000,
        help_text=_("Wajib untuk hasil resmi, misalnya nomor dan tanggal berita acara."),
    )
    overwrite = forms.BooleanField(
        label=_("Ganti nilai yang sudah terisi"),
        required=False,
        help_text=_("Tanpa centang, nilai yang sudah ada dan berbeda dibiarkan dan disebutkan."),
    )

    def __init__(self, *args: Any, spec: InstrumentSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in OFFICIAL_KINDS and not data.get("source"):
            self.add_error("source", _("Tuliskan sumber nilai resmi."))
        return data

    def clean_file(self) -> dict[str, Decimal]:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_SHEET_BYTES:
            raise ValidationError(
                _("Lembar ini %(size)s, paling besar %(limit)s. Hapus lembar lain dari berkas."),
                code="too_large",
                params={
                    "size": filesizeformat(file.size or 0),
                    "limit": filesizeformat(MAX_SHEET_BYTES),
                },
            )
        try:
            return read_sheet(file.read(), file.name or "", self.spec)
        except SheetError as error:
            raise ValidationError([str(fault) for fault in error.faults]) from error
