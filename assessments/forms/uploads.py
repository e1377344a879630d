"""Uploaded files with the facts that a person states about each document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, LayoutObject, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.filetypes.kinds import ACCEPTED, XLSX
from assessments.forms.base import Fold, date_field, form_helper
from assessments.matrices.filled import check_matrix, refusal
from assessments.matrices.specs import MATRIX_KIND, evaluated_years, matrix_for
from assessments.models import Answer, Upload
from assessments.models.upload import UploadQuerySet
from assessments.services.documents import CheckedFile, DocumentFacts
from assessments.services.uploads import content_of, get_own_upload
from assessments.titles import kind_from_name, tables
from assessments.validators import FileFacts, inspect_file, safe_name
from cities.models import User
from clusters.models import EvidenceKind
from figures.numbers import format_size_limit
from workbooks.packages import MAX_BYTES

MAX_FILES = 20


@dataclass(frozen=True, slots=True)
class SentFiles:
    """What a form brought: files of its own, and the ids of uploads that arrived before."""

    files: Sequence[UploadedFile]
    uploads: Sequence[str]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SentFiles:
        sent = super().value_from_datadict(data, files, name) or []
        uploads = data.getlist("upload") if hasattr(data, "getlist") else data.get("upload", [])
        return SentFiles(sent if isinstance(sent, list | tuple) else [sent], uploads)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and "upload" not in data


class CheckedFilesField(forms.FileField):
    """One or more files, each looked into; every refused file gets its own sentence."""

    widget = ManyFilesInput
    uploads: UploadQuerySet  # those that may be named
    opened: list[File]  # their contents
    refused: list[Upload]  # those whose content can never be accepted

    def __init__(self, *, limit: int = MAX_FILES, **options: Any) -> None:
        super().__init__(**options)
        self.limit = limit
        self.uploads = Upload.objects.none()

    def clean(self, data: SentFiles, initial: Any = None) -> list[CheckedFile]:
        files = [file for file in data.files if file]
        count = len(files) + len(data.uploads)
        if not count and not self.required:
            return []
        if not count:
            raise ValidationError(_("Pilih berkas yang akan diunggah."), code="required")
        if count > self.limit:
            raise ValidationError(
                _("Paling banyak %(limit)d berkas sekali unggah; Anda memilih %(count)d."),
                code="too_many",
                params={"limit": self.limit, "count": count},
            )
        checked, errors = [], []
        for file in files:
            try:
                checked.append(CheckedFile(file, _inspected(file)))
            except ValidationError as error:
                errors.append(error)
        for upload_id in dict.fromkeys(data.uploads):
            try:
                checked.append(self._arrived(upload_id))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return checked

    def _arrived(self, upload_id: str) -> CheckedFile:
        upload = get_own_upload(self.uploads, upload_id)
        try:
            file = content_of(upload)
            self.opened.append(file)
            return CheckedFile(file, _inspected(file), upload)
        except ValidationError:
            self.refused.append(upload)
            raise


def _inspected(file: File) -> FileFacts:
    return inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES)


class DocumentFactsForm(forms.Form):
    """What a person says of a document beside its file."""

    title = forms.CharField(
        label=_("Judul"),
        max_length=200,
        required=False,
        help_text=_("Bila kosong, diambil dari nama berkas, atau dari jenis dan kode pertanyaan."),
    )
    number = forms.CharField(
        label=_("Nomor"),
        max_length=100,
        required=False,
        help_text=_("Nomor surat atau peraturan, bila ada."),
    )
    issued_on = date_field(_("Tanggal terbit"))
    period_start = date_field(_("Awal periode"))
    period_end = date_field(
        _("Akhir periode"), help_text=_("Masa yang dicakup isi dokumen, bukan tanggal unggah.")
    )
    valid_until = date_field(_("Berlaku sampai"), help_text=_("Bila dokumen ada masa berlakunya."))

    accept = ACCEPTED
    many = True

    @property
    def max_bytes(self) -> int:
        return settings.KLA_MAX_UPLOAD_BYTES

    @property
    def hint(self) -> str:
        words = _("Foto, PDF, dokumen, atau tabel; paling besar %(size)s per berkas.")
        return words % {"size": format_size_limit(self.max_bytes)}

    @staticmethod
    def folded() -> LayoutObject:
        """What most people leave empty."""
        return Fold(
            _("Keterangan dokumen (opsional)"),
            Row(Column("number"), Column("issued_on")),
            Row(Column("period_start"), Column("period_end")),
            "valid_until",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("period_start"), data.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("Akhir periode tidak boleh sebelum awal periode."))
        return data

    def said(self) -> DocumentFacts:
        data = self.cleaned_data
        return DocumentFacts(
            title=data["title"],
            number=data["number"],
            issued_on=data["issued_on"],
            period_start=data["period_start"],
            period_end=data["period_end"],
            valid_until=data["valid_until"],
        )


def ask_for_kind(field: forms.Field, answer: Answer) -> None:
    """Offer the kinds that the question asks for; a single one needs no choosing."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
    field.queryset = answer.question.evidence_kinds.all()
    field.to_field_name = "code"
    asked = list(field.queryset)
    if len(asked) == 1:
        field.empty_label = None
    # Read once: the widget would ask the database again each time that it is looked at.
    nothing = [] if field.empty_label is None else [("", field.empty_label)]
    field.widget.choices = [
        *nothing,
        *((kind.code, field.label_from_instance(kind)) for kind in asked),
    ]


class UploadForm(DocumentFactsForm):
    """One or more supporting documents of one kind for one question."""

    file = CheckedFilesField(label=_("Berkas"))
    kind = forms.ModelChoiceField(
        label=_("Jenis dokumen"),
        queryset=EvidenceKind.objects.none(),
        empty_label=_("Pilih jenis dokumen"),
        required=False,  # the name of the file may say it
    )

    def __init__(self, *args: Any, answer: Answer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        files = self.fields["file"]
        assert isinstance(files, CheckedFilesField)  # noqa: S101 -- narrows for mypy
        self.uploads = files.uploads = Upload.objects.of(by, answer)
        self.opened = files.opened = list[File]()
        self.refused = files.refused = list[Upload]()
        ask_for_kind(self.fields["kind"], answer)

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Field("file", template="assessments/_file_field.html"),
            "kind",
            "title",
            self.folded(),
        )

    @property
    def proposals(self) -> dict[str, object]:
        """What the page proposes while files are chosen, by the rules that hold here anyway."""
        return {**tables(), "code": self.answer.question.code}

    @property
    def unfinished(self) -> UploadQuerySet:
        """What this person began to send for the question and may go on with."""
        return self.uploads.worth_resuming().order_by("created_at")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = data.get("kind") or self._kind_of_names(data.get("file") or [])
        data["kind"] = kind
        if kind is None and "kind" not in self.errors:
            self.add_error("kind", ValidationError(_("Pilih jenis dokumen."), code="required"))
        if kind is not None and kind.code == MATRIX_KIND:
            self._check_matrices(data.get("file") or [])
        return data

    def _kind_of_names(self, files: Sequence[CheckedFile]) -> EvidenceKind | None:
        """The kind that the names of all files say, where none was chosen."""
        if "kind" in self.errors:
            return None
        asked = list(self.answer.question.evidence_kinds.all())
        said = [kind_from_name(checked.file.name or "", asked) for checked in files]
        first = said[0] if said else None
        return first if all(kind == first for kind in said) else None

    def _check_matrices(self, files: Sequence[CheckedFile]) -> None:
        """Refuse what is missing in a filled table; a scan of one is for the reviewer to read."""
        question = self.answer.question
        spec = matrix_for(question=question.text, indicator=question.indicator.name)
        years = evaluated_years(self.answer.assessment.year)
        for checked in files:
            if checked.facts.media_type == XLSX.media_type:
                name = safe_name(checked.file.name or "")
                checked.file.seek(0)
                faults = check_matrix(checked.file.read(MAX_BYTES + 1), name, spec, years)
                checked.file.seek(0)
                for sentence in refusal(faults):
                    self.add_error("file", f"{name}, {sentence}")
                if faults and checked.upload:
                    self.refused.append(checked.upload)

    def close(self) -> None:
        """Let go of the uploads; a form that was sent is used within `closing`."""
        for file in self.opened:
            file.close()
