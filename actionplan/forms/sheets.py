"""Tables that somebody uploads. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from actionplan.choices import SheetKind
from actionplan.sheets import read_actions, read_realisations
from cities.forms.base import stacked
from figures.numbers import format_size_limit
from nomenclature.sheets import read_nomenclature
from texts.day_fields import DayField
from workbooks.faults import UnreadableError
from workbooks.records import Records

MAX_SHEET_BYTES = 5_000_000
MAX_TOLD = 100


class SheetForm(forms.Form):
    """A table, read when it is cleaned; its faults belong to lines and are shown in the preview."""

    kind = SheetKind.ACTIONS
    file = forms.FileField(
        label=_("Berkas XLSX atau CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Periksa isinya")))

    def read(self, content: bytes, name: str) -> Records:
        return read_actions(content, name, self.known)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_SHEET_BYTES:
            sizes = {
                "size": format_size_limit(file.size or 0),
                "limit": format_size_limit(MAX_SHEET_BYTES),
            }
            raise ValidationError(
                _("Lembar ini %(size)s, paling besar %(limit)s. Hapus lembar lain dari berkas."),
                code="too_large",
                params=sizes,
            )
        try:
            self.reading = self.read(file.read(), file.name or "")
        except UnreadableError as error:
            raise ValidationError([str(one) for one in error.faults[:MAX_TOLD]]) from error
        return file


class RealisationSheetForm(SheetForm):
    kind = SheetKind.REALISATIONS

    def read(self, content: bytes, name: str) -> Records:
        return read_realisations(content, name)


class NomenclatureForm(SheetForm):
    kind = SheetKind.NOMENCLATURE
    decree = forms.CharField(
        label=_("Keputusan"),
        max_length=200,
        help_text=_("Misalnya Kepmendagri 900.1-2850 Tahun 2025."),
    )
    valid_from = DayField(label=_("Berlaku mulai"))

    def read(self, content: bytes, name: str) -> Records:
        return read_nomenclature(content, name)

    @property
    def about(self) -> dict[str, str]:
        data = self.cleaned_data
        decree = " ".join(data["decree"].split())
        return {"decree": decree, "valid_from": data["valid_from"].isoformat()}
