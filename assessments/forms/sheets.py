"""Uploads of a filled sheet: the working sheet, points by question, or official results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.forms.base import form_helper
from assessments.services.sheet_imports import Preview
from assessments.sheets import PointsRow, SheetError, read_official, read_rows
from assessments.worksheets.layout import Identity
from assessments.worksheets.reading import read_worksheet
from assessments.worksheets.rows import FileRow, Held
from clusters.models import Instrument
from clusters.services import spec_of
from imports.forms import require_size, told
from texts.file_fields import FilePicker
from texts.languages import filled

WORKSHEET = "worksheet"
SITE, FILE = "site", "file"


class SheetForm(forms.Form):
    """A filled sheet, read and checked against the instrument."""

    kind = forms.ChoiceField(
        label=_("Isi lembar"),
        choices=[
            (WORKSHEET, _("Lembar kerja kota yang diunduh dari situs ini")),
            (ScoreKind.CLAIMED, _("Klaim kota per pertanyaan")),
            *(
                (kind, filled(_("Hasil resmi: %(kind)s"), kind=kind.label))
                for kind in OFFICIAL_KINDS
            ),
        ],
    )
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_(
            "Lembar kerja: XLSX. Klaim dan hasil resmi: CSV atau XLSX dengan kolom “pertanyaan” "
            "(kode pertanyaan) dan “nilai”; hasil resmi boleh juga per indikator dengan kolom "
            "“indikator”."
        ),
        widget=FilePicker({"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Sumber"),
        required=False,
        max_length=1000,
        help_text=_("Wajib untuk hasil resmi, misalnya nomor dan tanggal berita acara."),
    )

    def __init__(
        self, *args: Any, instrument: Instrument, identity: Identity, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instrument, self.identity = instrument, identity

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        require_size(file)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in OFFICIAL_KINDS and not data.get("source"):
            self.add_error("source", _("Tuliskan sumber nilai resmi."))
        if "kind" in data and "file" in data:
            try:
                data["rows"] = self._rows(data["kind"], data["file"])
            except SheetError as error:
                self.add_error("file", told(error.faults))
        return data

    def score_kind(self) -> ScoreKind:
        kind = self.cleaned_data["kind"]
        return ScoreKind.CLAIMED if kind == WORKSHEET else ScoreKind(kind)

    def _rows(self, kind: str, file: UploadedFile) -> list[FileRow]:
        content, name = file.read(), file.name or ""
        spec = spec_of(self.instrument)
        if kind == WORKSHEET:
            return read_worksheet(content, name, identity=self.identity, spec=spec)
        if kind == ScoreKind.CLAIMED:
            return as_file_rows(read_rows(content, name, spec))
        return as_file_rows(read_official(content, name, spec, stage=kind))


def as_file_rows(rows: Sequence[PointsRow]) -> list[FileRow]:
    return [FileRow(r.code, Held(r.points), r.sheet, r.line, scope=r.scope) for r in rows]


class PreviewForm(forms.Form):
    """What a person decides about each conflict, and which preview they looked at."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview = preview
        self.fields["seen"].initial = preview.fingerprint
        for row in preview.conflicts:
            self.fields[row.key] = forms.ChoiceField(
                label=row.code,
                choices=[(SITE, _("Tetap seperti di situs")), (FILE, _("Pakai isi berkas"))],
                initial=SITE,
                required=False,  # a conflict that came up since is decided on the next preview
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    def conflicts(self) -> list[tuple[Any, Any]]:
        """Each row in conflict with the field that decides it."""
        return [(row, self[row.key]) for row in self.preview.conflicts]

    def from_file(self) -> list[str]:
        """The keys of the conflicts in which the file wins."""
        return [row.key for row in self.preview.conflicts if self.cleaned_data[row.key] == FILE]
