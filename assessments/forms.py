"""What people fill in. Forms check input and describe their layout; they save nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, AnswerState, ScoreKind, UsualReason, Verdict
from assessments.filetypes.kinds import XLSX
from assessments.matrices.filled import check_matrix, refusal
from assessments.matrices.specs import MATRIX_KIND, evaluated_years, matrix_for
from assessments.models import Answer, AnswerQuerySet, Assessment, Upload
from assessments.models.upload import UploadQuerySet
from assessments.services.activity import shown
from assessments.services.documents import CheckedFile, DocumentFacts
from assessments.services.uploads import content_of, found_upload
from assessments.sheets import SheetError, read_sheet
from assessments.tabular import MAX_BYTES
from assessments.validators import FileFacts, inspect_file, safe_name
from cities.models import City, Opd, User
from clusters.choices import AnswerType
from clusters.models import Band, Cluster, EvidenceKind, Indicator, Instrument
from clusters.spec import InstrumentSpec

MAX_FILES = 20
ACCEPTED_FILES = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.csv"
MAX_SHEET_BYTES = 5 * 1024 * 1024


def form_helper(*fields: Any) -> FormHelper:
    """The layout of a form whose <form> tag and buttons stand in the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if fields:
        helper.layout = Layout(*fields)
    return helper


def plain(number: Decimal | None) -> Decimal | None:
    """The number without the zeros that the database pads it with."""
    return None if number is None else number.normalize()


def date_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **options)


class PointsField(forms.DecimalField):
    """Points of one question, typed with a decimal comma or point."""

    def __init__(self, *, maximum: Decimal, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_value=maximum,
            max_digits=7,
            decimal_places=3,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": _("Isi dengan angka, misalnya 0,66."),
                "min_value": _("Nilai tidak boleh kurang dari 0."),
                "max_value": _("Nilai paling banyak %(maximum)s.") % {"maximum": shown(maximum)},
            },
            **options,
        )


class ClaimForm(forms.Form):
    """The claim on one question: points, the answer itself, and a note."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        question = answer.question
        kwargs["initial"] = {
            "claimed_points": plain(answer.claimed_points),
            "value": plain(answer.value),
            "choice": answer.choice,
            "note": answer.note,
            "seen_at": _moment(answer.claimed_at),
        }
        super().__init__(*args, **kwargs)
        if question.options:
            choices = [("", _("Pilih jawaban")), *((option, option) for option in question.options)]
            self.fields["choice"] = forms.ChoiceField(
                label=_("Jawaban"), required=False, choices=choices
            )
        if question.answer_type in (AnswerType.PERCENT, AnswerType.COUNT):
            self.fields["value"] = self._value_field(question.answer_type)
        self.fields["claimed_points"] = PointsField(
            maximum=question.max_points,
            label=_("Klaim nilai"),
            required=False,
            help_text=_("Antara 0 dan %(maximum)s.") % {"maximum": shown(question.max_points)},
        )
        self.fields["note"] = forms.CharField(
            label=_("Catatan"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Penjelasan singkat untuk pemeriksa, bila perlu."),
        )

    @staticmethod
    def _value_field(answer_type: str) -> forms.DecimalField:
        percent = answer_type == AnswerType.PERCENT
        return forms.DecimalField(
            label=_("Persentase (%)") if percent else _("Jumlah"),
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(100) if percent else None,
            max_digits=14,
            decimal_places=3,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    @property
    def is_stale(self) -> bool:
        """Whether it was refused because somebody else has filled in the answer since."""
        return self.has_error(NON_FIELD_ERRORS, "stale")

    def look_again(self, answer: Answer) -> None:
        """Count the answer as it stands now as seen; what was typed stays."""
        # `**` on the data of a request would give each value as a list.
        self.data = {**dict(self.data.items()), "seen_at": _moment(answer.claimed_at)}

    def clean_seen_at(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen_at"])
        except ValueError:  # no day of the calendar: nothing that was ever seen here
            return None

    def cleaned(self) -> dict[str, Any]:
        """Arguments for the service that saves a claim."""
        data = self.cleaned_data
        return {
            "points": data["claimed_points"],
            "value": data.get("value"),
            "choice": data.get("choice", ""),
            "note": data["note"],
            "seen_at": data["seen_at"],
        }


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


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
        upload = found_upload(self.uploads, upload_id)
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
        help_text=_("Bila kosong, nama berkas dipakai sebagai judul."),
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

    accept = ACCEPTED_FILES
    many = True

    @property
    def max_bytes(self) -> int:
        return settings.KLA_MAX_UPLOAD_BYTES

    @property
    def hint(self) -> str:
        return _(
            "PDF, JPEG, PNG, WebP, DOCX, XLSX, atau CSV; paling besar %(size)s per berkas."
        ) % {"size": filesizeformat(self.max_bytes)}

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


class UploadForm(DocumentFactsForm):
    """One or more supporting documents of one kind for one question."""

    file = CheckedFilesField(label=_("Berkas"))
    kind = forms.ModelChoiceField(
        label=_("Jenis dokumen"), queryset=EvidenceKind.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, answer: Answer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        files = self.fields["file"]
        assert isinstance(files, CheckedFilesField)  # noqa: S101 -- narrows for mypy
        self.uploads = files.uploads = Upload.objects.of(by, answer)
        self.opened = files.opened = list[File]()
        self.refused = files.refused = list[Upload]()
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        kinds.queryset = answer.question.evidence_kinds.all()
        kinds.to_field_name = "code"

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Field("file", template="assessments/_file_field.html"),
            "kind",
            "title",
            Row(Column("number"), Column("issued_on")),
            Row(Column("period_start"), Column("period_end")),
            "valid_until",
        )

    @property
    def unfinished(self) -> UploadQuerySet:
        """What this person began to send for the question and may go on with."""
        return self.uploads.worth_resuming().order_by("created_at")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = data.get("kind")
        if kind is not None and kind.code == MATRIX_KIND:
            self._check_matrices(data.get("file") or [])
        return data

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


class ReviewForm(forms.Form):
    """The decision on one document and, when it is accepted, the question's points."""

    verdict = forms.ChoiceField(
        label=_("Keputusan"),
        choices=[(Verdict.ACCEPTED, _("Terima")), (Verdict.RETURNED, _("Kembalikan"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih terima atau kembalikan.")},
    )
    usual_reason = forms.ChoiceField(
        label=_("Alasan yang lazim"),
        required=False,
        choices=[("", _("Pilih bila cocok")), *UsualReason.choices],
    )
    reason = forms.CharField(
        label=_("Alasan pengembalian"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Bila dikembalikan, pilih alasan yang lazim, tuliskan sendiri, atau keduanya. "
            "OPD membaca kalimat ini apa adanya."
        ),
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        granted = answer.granted_points
        points = answer.claimed_points if granted is None else granted
        kwargs["initial"] = {"granted_points": plain(points)}
        super().__init__(*args, **kwargs)
        self.fields["granted_points"] = PointsField(
            maximum=answer.question.max_points,
            label=_("Nilai ditetapkan"),
            required=False,
            help_text=_("Untuk seluruh pertanyaan, antara 0 dan %(maximum)s.")
            % {"maximum": shown(answer.question.max_points)},
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper("verdict", "granted_points", "usual_reason", "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict = data.get("verdict")
        # The sentence that is stored: the usual reason, then what the reviewer adds to it.
        usual = UsualReason(data["usual_reason"]).label if data.get("usual_reason") else ""
        data["reason"] = f"{usual} {data.get('reason', '')}".strip()
        if verdict == Verdict.RETURNED and not data.get("reason"):
            self.add_error(
                "reason",
                _("Pilih atau tuliskan alasan agar OPD tahu apa yang harus diperbaiki."),
            )
        is_blank = "granted_points" in data and data["granted_points"] is None
        if verdict == Verdict.ACCEPTED and is_blank:
            self.add_error("granted_points", _("Isi nilai yang ditetapkan untuk pertanyaan ini."))
        return data


class GrantForm(forms.Form):
    """The points of a question whose documents have been accepted."""

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        kwargs["initial"] = {"granted_points": plain(answer.granted_points)}
        super().__init__(*args, **kwargs)
        self.fields["granted_points"] = PointsField(
            maximum=answer.question.max_points, label=_("Nilai ditetapkan")
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Pesan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BandChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Band) -> str:
        return f"{obj.predikat} ({shown(obj.minimum)}–{shown(obj.maximum)})"


class AssessmentForm(forms.Form):
    """The predikat a year aims at and the date by which everything is handed in."""

    target = BandChoiceField(
        label=_("Predikat yang dituju"),
        queryset=Band.objects.none(),
        required=False,
        empty_label=_("Belum ditetapkan"),
    )
    deadline = date_field(
        _("Tenggat"), help_text=_("Berlaku untuk semua pertanyaan tanpa tenggat sendiri.")
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = self.fields["target"]
        assert isinstance(targets, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        targets.queryset = instrument.bands.all()

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class ClusterDeadlinesForm(forms.Form):
    """A date for each cluster of a year, none where the year's own holds."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clusters = {f"klaster_{c.pk}": c for c in assessment.instrument.clusters.all()}
        held = dict(assessment.cluster_deadlines.values_list("cluster", "due_on"))
        for name, cluster in self.clusters.items():
            label = _("%(label)s: %(name)s") % {"label": cluster.label, "name": cluster.name}
            same = cluster.label == cluster.name
            self.fields[name] = date_field(
                cluster.label if same else label, initial=held.get(cluster.pk)
            )

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def dates(self) -> dict[Cluster, date | None]:
        """Arguments for the service that stores them."""
        return {cluster: self.cleaned_data[name] for name, cluster in self.clusters.items()}


class OpenAssessmentForm(forms.Form):
    """A new year of a city. The target is chosen by predikat, for any instrument has its own."""

    year = forms.IntegerField(label=_("Tahun"), min_value=2006, max_value=2100)
    instrument = forms.ModelChoiceField(
        label=_("Instrumen"), queryset=Instrument.objects.none(), empty_label=None
    )
    target = forms.ChoiceField(label=_("Predikat yang dituju"), required=False)
    deadline = date_field(_("Tenggat"), help_text=_("Dapat diubah nanti."))
    prepare_first = forms.BooleanField(
        label=_("Mulai dari persiapan"),
        required=False,
        help_text=_(
            "Pertanyaan dibagikan dahulu; OPD baru dapat mengisi setelah evaluasi mandiri dimulai."
        ),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city = city
        instruments = self.fields["instrument"]
        assert isinstance(instruments, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        instruments.queryset = Instrument.objects.published()
        bands = Band.objects.filter(instrument__in=instruments.queryset).order_by("minimum")
        names = dict.fromkeys(bands.values_list("predikat", flat=True))
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            ("", _("Belum ditetapkan")),
            *((name, name) for name in names),
        ]

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if Assessment.objects.filter(city=self.city, year=year).exists():
            raise ValidationError(
                _("Penilaian tahun %(year)d sudah ada."), code="exists", params={"year": year}
            )
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        instrument, predikat = data.get("instrument"), data.get("target")
        data["band"] = None
        if instrument and predikat:
            data["band"] = instrument.bands.filter(predikat=predikat).first()
            if data["band"] is None:
                self.add_error("target", _("Instrumen yang dipilih tidak memiliki predikat ini."))
        return data


class AssignmentForm(forms.Form):
    """Who holds one question."""

    lead = forms.ModelChoiceField(
        label=_("Penanggung jawab"),
        queryset=Opd.objects.none(),
        required=False,
        empty_label=_("Belum ada"),
    )
    contributors = forms.ModelMultipleChoiceField(
        label=_("Pendukung"),
        queryset=Opd.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = date_field(
        _("Tenggat"), help_text=_("Kosongkan untuk memakai tenggat klaster atau penilaian.")
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opds = city.opds.active()
        for name in ("lead", "contributors"):
            self.fields[name].queryset = opds  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BulkAssignmentForm(forms.Form):
    """One OPD for all the questions that are ticked."""

    AS_LEAD, AS_CONTRIBUTOR = "lead", "contributor"

    answers = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput)
    opd = forms.ModelChoiceField(
        label=_("OPD"), queryset=Opd.objects.none(), empty_label=_("Pilih OPD")
    )
    part = forms.ChoiceField(
        label=_("Sebagai"),
        choices=[(AS_LEAD, _("Penanggung jawab")), (AS_CONTRIBUTOR, _("Pendukung"))],
    )
    due_on = date_field(_("Tenggat"))

    def __init__(self, *args: Any, city: City, answers: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].choices = [(pk, pk) for pk in answers]  # type: ignore[attr-defined]
        self.fields["answers"].error_messages["required"] = _("Centang sedikitnya satu pertanyaan.")
        self.fields["opd"].queryset = city.opds.active()  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper()


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


class QuestionFilterForm(forms.Form):
    """Which questions a list shows; everything stands in the address."""

    klaster = forms.ModelChoiceField(
        label=_("Klaster"),
        queryset=Cluster.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua klaster"),
    )
    indikator = forms.ModelChoiceField(
        label=_("Indikator"),
        queryset=Indicator.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua indikator"),
    )
    opd = forms.ModelChoiceField(
        label=_("OPD"),
        queryset=Opd.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua OPD"),
    )
    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua keadaan")),
            *AnswerState.choices,
            ("terlambat", _("Terlambat")),
            ("tanpa-penanggung-jawab", _("Tanpa penanggung jawab")),
            ("tanpa-klaim", _("Tanpa klaim")),
            ("klaim-tanpa-dokumen", _("Klaim tanpa dokumen")),
        ],
    )
    q = forms.CharField(label=_("Cari"), required=False, max_length=100)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument = assessment.instrument_id
        querysets = {
            "klaster": Cluster.objects.filter(instrument=instrument),
            "indikator": Indicator.objects.filter(cluster__instrument=instrument),
            "opd": assessment.city.opds.all(),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "q" else "form-select"


class PackageForm(QuestionFilterForm):
    """What goes into a package: the questions, and which of their documents."""

    ONLY_ACCEPTED = "diterima"

    keadaan = None  # type: ignore[assignment]  # Django's way to leave out a parent's field
    q = None  # type: ignore[assignment]
    isi = forms.ChoiceField(
        label=_("Isi"),
        required=False,
        choices=[("", _("Diterima dan menunggu")), (ONLY_ACCEPTED, _("Hanya yang diterima"))],
    )

    @property
    def only_accepted(self) -> bool:
        return self.cleaned_data["isi"] == self.ONLY_ACCEPTED

    def narrowed(self, answers: AnswerQuerySet) -> AnswerQuerySet:
        wanted = self.cleaned_data
        if wanted["klaster"]:
            answers = answers.filter(question__indicator__cluster=wanted["klaster"])
        if wanted["indikator"]:
            answers = answers.filter(question__indicator=wanted["indikator"])
        if wanted["opd"]:
            answers = answers.filter(assignments__opd=wanted["opd"])
        return answers

    def scope(self) -> dict[str, str]:
        """What it is narrowed to, in words, by the name in the address."""
        wanted = {name: self.cleaned_data[name] for name in ("klaster", "indikator", "opd")}
        return {name: str(value) for name, value in wanted.items() if value}
