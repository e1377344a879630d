"""A table that somebody uploads. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from figures.numbers import too_large_facts
from imports.services.staged import Reading
from texts.file_fields import FilePicker
from workbooks.faults import SheetFault, UnreadableError

MAX_BYTES = 5_000_000
TOO_LARGE = _("Lembar ini %(size)s, paling besar %(limit)s. Hapus lembar lain dari berkas.")
MAX_TOLD = 100


def told(faults: list[SheetFault]) -> list[str]:
    """A sentence for each fault; where they are very many, the first of them and a count."""
    sentences = [str(fault) for fault in faults[:MAX_TOLD]]
    if len(faults) > MAX_TOLD:
        more = len(faults) - MAX_TOLD
        sentences.append(gettext("dan %(count)d kesalahan lainnya.") % {"count": more})
    return sentences


def require_size(file: UploadedFile, most: int = MAX_BYTES, sentence: Any = TOO_LARGE) -> None:
    """Raises ValidationError (`too_large`) for more than that many bytes."""
    if (file.size or 0) > most:
        facts = too_large_facts(file.size or 0, most)
        raise ValidationError(sentence, code="too_large", params=facts)


class TableForm(forms.Form):
    """A table, read when it is cleaned; faults of single lines are shown in the preview.

    `read` takes content and name of the file and raises UnreadableError or ValidationError where it
    is no table.
    """

    most_bytes, too_large = MAX_BYTES, TOO_LARGE
    file = forms.FileField(
        label=_("Berkas XLSX atau CSV"),
        widget=FilePicker({"accept": ".csv,.xlsx"}),
    )

    def __init__(
        self,
        *args: Any,
        read: Callable[[bytes, str], Reading],
        about: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.read, self.given = read, dict(about or {})

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Periksa isinya")))

    @property
    def about(self) -> dict[str, Any]:
        """What the table belongs to, as JSON."""
        return self.given

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        require_size(file, self.most_bytes, self.too_large)
        try:
            self.reading = self.read(file.read(), file.name or "")
        except UnreadableError as error:
            raise ValidationError(told(error.faults), code="unreadable") from error
        return file
