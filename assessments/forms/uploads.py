"""Uploaded files with the facts that a person states about each document."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Field, LayoutObject, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.choices import Sensitivity
from assessments.filetypes.kinds import ACCEPTED, XLSX
from assessments.forms.base import Fold, date_field, form_helper
from assessments.matrices.filled import check_matrix, refusal
from assessments.matrices.specs import MATRIX_KIND, evaluated_years, matrix_for
from assessments.models import Answer, Upload
from assessments.models.upload import UploadQuerySet
from assessments.queries.tasks import AskedKind
from assessments.services.documents import CheckedFile, DocumentFacts
from assessments.services.upload_storage import storage_trouble
from assessments.services.uploads import content_of, get_own_upload
from assessments.titles import kind_from_name, tables
from assessments.validators import FileFacts, inspect_file, safe_name
from cities.models import User
from clusters.models import EvidenceKind
from figures.numbers import format_size_limit
from texts.file_fields import FilePicker
from workbooks.packages import MAX_BYTES

MAX_FILES = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentFiles:
    """What a form brought: files of its own, and the ids of uploads that arrived before."""

    files: Sequence[UploadedFile]
    uploads: Sequence[str]


class ManyFilesInput(FilePicker):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SentFiles:
        sent = super().value_from_datadict(data, files, name) or []
        uploads = data.getlist("upload") if hasattr(data, "getlist") else data.get("upload", [])
        return SentFiles(sent if isinstance(sent, list | tuple) else [sent], uploads)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and "upload" not in data


class CheckedFilesField(forms.FileField):
    """One or more files, each looked into; every refused file gets its own sentence.

    Where some are good and some are not, the good ones are its value and `faults` tells of the rest.
    """

    widget = ManyFilesInput
    uploads: UploadQuerySet  # those that may be named
    opened: list[File]  # their contents
    refused: list[Upload]  # those whose content can never be accepted
    faults: list[ValidationError]  # of the files that are refused while others are taken

    def __init__(self, *, limit: int = MAX_FILES, **options: Any) -> None:
        self.limit = limit
        super().__init__(**options)
        self.uploads = Upload.objects.none()
        self.faults = []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"multiple": self.limit > 1}  # the widget would say it always

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
        checked: list[CheckedFile] = []
        self.faults = []
        sent_ones: list[UploadedFile | str] = [*files, *dict.fromkeys(data.uploads)]
        for place, sent in enumerate(sent_ones):
            try:
                checked.append(self._checked(sent, place))
            except ValidationError as error:
                self.faults.append(error)
        if not checked:
            raise ValidationError(self.faults)
        return checked

    def _checked(self, sent: UploadedFile | str, place: int) -> CheckedFile:
        if isinstance(sent, str):
            return self._arrived(sent, place)
        return CheckedFile(sent, _inspected(sent), place=place)

    def _arrived(self, upload_id: str, place: int) -> CheckedFile:
        upload = get_own_upload(self.uploads, upload_id)
        try:
            file = content_of(upload)
            self.opened.append(file)
            return CheckedFile(file, _inspected(file), upload, place)
        except ValidationError:
            self.refused.append(upload)
            raise
        except OSError as error:  # of the bucket that has it; the upload waits
            logger.exception("An upload could not be read")
            raise storage_trouble(error) from error


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
    sensitivity = forms.ChoiceField(
        label=_("Memuat data yang harus dilindungi?"),
        choices=[("", _("Tidak")), *Sensitivity.choices],
        required=False,
        help_text=_("Dokumen sensitif hanya dapat dibuka OPD Anda, Gugus Tugas, dan verifikator."),
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
    def folded(*first: str) -> LayoutObject:
        """What most people leave empty."""
        return Fold(
            _("Keterangan dokumen (opsional)"),
            *first,
            Row(Column("number"), Column("issued_on")),
            Row(Column("period_start"), Column("period_end")),
            "valid_until",
            "sensitivity",
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
            sensitivity=data["sensitivity"],
        )


def ask_for_kind(field: forms.Field, answer: Answer) -> None:
    """Offer the kinds that the question asks for; a single one needs no choosing."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
    asked = list(answer.question.evidence_kinds.all())
    field.queryset = answer.question.evidence_kinds.all()
    field.to_field_name = "code"
    if len(asked) == 1:
        field.empty_label = None
    show_kinds(field, asked)


def show_kinds(field: forms.ModelChoiceField, kinds: Iterable[EvidenceKind | AskedKind]) -> None:
    """Read once: the widget would ask the database again each time that it is looked at."""
    nothing = [] if field.empty_label is None else [("", field.empty_label)]
    field.widget.choices = [*nothing, *((kind.code, kind.name) for kind in kinds)]


class FileFactsForm(DocumentFactsForm):
    """What is said of one file among several: fields of its own, its kind among them."""

    kind = forms.ModelChoiceField(
        label=_("Jenis dokumen"), queryset=EvidenceKind.objects.none(), required=False
    )

    def __init__(
        self, *args: Any, asked: forms.ModelChoiceField, place: int, **kwargs: Any
    ) -> None:
        kwargs["prefix"] = f"berkas-{place}"
        super().__init__(*args, **kwargs)
        self.fields["kind"] = asked

    def sentences(self) -> list[str]:
        """What is wrong with it, each with the field that it is about."""
        return [
            f"{self[name].label}: {sentence}"
            for name, errors in self.errors.items()
            for sentence in map(str, errors)
        ]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file of the form, with its own kind and what is said of it."""

    file: CheckedFile
    kind: EvidenceKind
    said: DocumentFacts

    @property
    def name(self) -> str:
        return safe_name(self.file.file.name or "")


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
        self.handed_in: list[HandedIn] = []
        self.faults: list[ValidationError] = []
        self.stored: list[int] = []  # the places of the files that are documents by now
        ask_for_kind(self.fields["kind"], answer)

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Field("file", template="assessments/_file_field.html"),
            Div("kind", self.folded("title"), data_facts=""),
        )

    @property
    def proposals(self) -> dict[str, object]:
        """What the page proposes while files are chosen, by the rules that hold here anyway."""
        return {**tables(), "code": self.answer.question.code}

    @property
    def unfinished(self) -> UploadQuerySet:
        """What this person began to send for the question and may go on with."""
        return self.uploads.worth_resuming().order_by("created_at")

    @property
    def is_several(self) -> bool:
        """Whether each file came with fields of its own."""
        return any(name.startswith("berkas-") for name in self.data)

    def clean(self) -> dict[str, Any]:
        """Each file is judged alone: `handed_in` is what can be stored, `faults` tells of the rest."""
        data = super().clean()
        files: list[CheckedFile] = data.get("file") or []
        field = self.fields["file"]
        assert isinstance(field, CheckedFilesField)  # noqa: S101 -- narrows for mypy
        self.faults = list(field.faults)
        read = self._own_facts if self.is_several else self._shared_facts
        self.handed_in = self._without_faults(read(data, files)) if not self.errors else []
        if files and not self.handed_in and not self.errors:
            self.show_faults()
        return data

    def show_faults(self) -> None:
        """Put beside the field what is wrong with files of which others may be stored already."""
        for fault in self.faults:
            self.add_error("file", fault)
        self.faults = []

    def _shared_facts(
        self, data: dict[str, Any], files: Sequence[CheckedFile]
    ) -> Iterator[HandedIn]:
        kind = data.get("kind") or self._kind_of_names(files)
        data["kind"] = kind
        if kind is None:
            self.add_error("kind", ValidationError(_("Pilih jenis dokumen."), code="required"))
            return
        for file in files:
            yield HandedIn(file, kind, self.said())

    def _own_facts(self, data: dict[str, Any], files: Sequence[CheckedFile]) -> Iterator[HandedIn]:
        asked = list(self.answer.question.evidence_kinds.all())
        field = self.fields["kind"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        for file in files:
            facts = FileFactsForm(self.data, asked=copy(field), place=file.place)
            name = safe_name(file.file.name or "")
            if not facts.is_valid():
                self.faults += [ValidationError(f"{name}, {one}") for one in facts.sentences()]
            elif kind := facts.cleaned_data["kind"] or kind_from_name(name, asked):
                yield HandedIn(file, kind, facts.said())
            else:
                fault = _("%(name)s: pilih jenis dokumennya.") % {"name": name}
                self.faults.append(ValidationError(fault, code="required"))

    def _kind_of_names(self, files: Sequence[CheckedFile]) -> EvidenceKind | None:
        """The kind that the names of all files say, where none was chosen."""
        asked = list(self.answer.question.evidence_kinds.all())
        said = [kind_from_name(checked.file.name or "", asked) for checked in files]
        first = said[0] if said else None
        return first if all(kind == first for kind in said) else None

    def _without_faults(self, handed_in: Iterable[HandedIn]) -> list[HandedIn]:
        """Those that are no table of the ministry with something missing in it.

        A scan of such a table is for the reviewer to read.
        """
        sound = []
        for one in handed_in:
            is_table = one.file.facts.media_type == XLSX.media_type
            faults = (
                self._faults_in_matrix(one) if is_table and one.kind.code == MATRIX_KIND else []
            )
            self.faults += [ValidationError(f"{one.name}, {sentence}") for sentence in faults]
            if not faults:
                sound.append(one)
            elif one.file.upload:
                self.refused.append(one.file.upload)
        return sound

    def _faults_in_matrix(self, one: HandedIn) -> list[str]:
        question = self.answer.question
        spec = matrix_for(question=question.text, indicator=question.indicator.name)
        years = evaluated_years(self.answer.assessment.year)
        file = one.file.file
        file.seek(0)
        faults = check_matrix(file.read(MAX_BYTES + 1), one.name, spec, years)
        file.seek(0)
        return list(refusal(faults)) if faults else []

    def close(self) -> None:
        """Let go of the uploads; a form that was sent is used within `closing`."""
        for file in self.opened:
            file.close()
