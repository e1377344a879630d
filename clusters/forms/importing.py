"""An instrument from a file."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from clusters.files import FileError, read_file
from clusters.forms.base import form_helper
from clusters.library import DRAFT_FAULTS
from clusters.services.importing import Preview
from clusters.sheets import Reading
from figures.numbers import too_large_facts
from texts.file_fields import FilePicker

MAX_BYTES = 5_000_000


class ImportForm(forms.Form):
    """A file that holds an instrument, read and checked; a draft need not be complete."""

    file = forms.FileField(
        label=_("Berkas instrumen"),
        help_text=_("YAML atau XLSX, sebaiknya yang diunduh dari sini lalu diubah."),
        widget=FilePicker({"accept": ".yaml,.yml,.xlsx"}),
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean_file(self) -> Reading:
        file: UploadedFile = self.cleaned_data["file"]
        self.file_name = file.name or ""
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("Berkas ini %(size)s, paling besar %(limit)s."),
                code="too_large",
                params=too_large_facts(file.size or 0, MAX_BYTES),
            )
        try:
            return read_file(file.read(), self.file_name, leaving=DRAFT_FAULTS)
        except FileError as error:
            raise ValidationError(error.faults) from error


class ApplyForm(forms.Form):
    """The decision on what the preview shows; `seen` says which draft it showed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.BooleanField(
        label=_("Perubahan di situs boleh tertimpa"),
        required=False,
        help_text=_("Yang tampak sebagai “dihapus” atau “berubah” akan menjadi seperti di berkas."),
    )

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = preview.seen
        if preview.conflict is None:
            del self.fields["overwrite"]

    @property
    def helper(self) -> FormHelper:
        return form_helper()
