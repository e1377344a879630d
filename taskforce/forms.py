"""What people may enter about the Gugus Tugas. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import Fold, date_field, form_helper
from assessments.models import Answer, Assessment
from cities.forms.base import stacked
from cities.forms.lists import ListForm
from cities.models import City, Opd
from taskforce.choices import CommitmentState, Element, Field, MeetingKind, Sector, TaskForceRole
from taskforce.models import Commitment, Decision, Decree, Meeting, TaskForceMember
from taskforce.pictures import checked_signature
from taskforce.services.attendances import AttendanceFacts
from taskforce.services.commitments import CommitmentFacts
from taskforce.services.decisions import DecisionFacts
from taskforce.services.decrees import CertificateFacts, DecreeFacts, MemberFacts
from taskforce.services.meetings import MeetingFacts
from texts.day_fields import DayField, MomentField


def _lines(label: Any, *, rows: int, longest: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def _initial(row: object, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name, None) for name in form.base_fields}


def _offer(field: forms.Field, queryset: Any) -> None:
    cast("forms.ModelChoiceField[Any]", field).queryset = queryset


class DecreeForm(forms.Form):
    number = forms.CharField(label=_("Nomor SK"), max_length=100)
    signed_on = DayField(label=_("Ditetapkan"))
    valid_from = DayField(label=_("Berlaku mulai"))
    valid_to = date_field(
        _("Berlaku sampai"), help_text=_("Kosongkan bila berlaku sampai ada SK baru.")
    )
    signatory = forms.CharField(label=_("Penanda tangan"), max_length=150, required=False)
    copy_from = forms.ModelChoiceField(
        Decree.objects.none(),
        label=_("Salin susunan dari"),
        required=False,
        empty_label=_("Tidak menyalin"),
        help_text=_("Anggota dan sertifikat KHA yang masih ada ikut ke SK ini."),
    )

    def __init__(self, *args: Any, city: City, decree: Decree | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if decree is not None:
            self.initial = _initial(decree, DecreeForm)
        if decree is None and city.taskforce_decrees.exists():
            _offer(self.fields["copy_from"], city.taskforce_decrees.all())
        else:
            del self.fields["copy_from"]

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan SK")))

    @property
    def facts(self) -> DecreeFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name != "copy_from"}
        return DecreeFacts(**said)


class MemberForm(forms.Form):
    post = forms.CharField(label=_("Jabatan menurut SK"), max_length=150)
    institution = forms.CharField(label=_("Instansi atau lembaga"), max_length=150)
    name = forms.CharField(label=_("Nama pejabat"), max_length=150, required=False)
    element = forms.ChoiceField(label=_("Unsur"), choices=Element.choices)
    role = forms.ChoiceField(label=_("Kedudukan"), choices=TaskForceRole.choices)
    field = forms.ChoiceField(
        label=_("Bidang"), required=False, choices=[("", _("Tanpa bidang")), *Field.choices]
    )
    opd = forms.ModelChoiceField(
        Opd.objects.none(), label=_("OPD"), required=False, empty_label=_("Bukan OPD")
    )
    since = DayField(label=_("Sejak"))
    until = date_field(_("Sampai"), help_text=_("Kosongkan bila masih menjabat."))

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["opd"], city.opds.active())

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan anggota")))

    @property
    def facts(self) -> MemberFacts:
        return MemberFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(member: TaskForceMember) -> dict[str, Any]:
        return _initial(member, MemberForm)


class SuccessorForm(forms.Form):
    name = forms.CharField(label=_("Nama pejabat baru"), max_length=150)
    on = DayField(label=_("Mulai menjabat"))

    @property
    def helper(self) -> FormHelper:
        return stacked("name", "on", save=str(_("Ganti pejabat")))


class CertificateForm(forms.Form):
    training = forms.CharField(
        label=_("Pelatihan"), max_length=200, initial=_("Pelatihan Konvensi Hak Anak")
    )
    number = forms.CharField(label=_("Nomor sertifikat"), max_length=100, required=False)
    issued_on = DayField(label=_("Tanggal sertifikat"))
    valid_to = date_field(_("Berlaku sampai"), help_text=_("Kosongkan bila tidak dibatasi."))

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan sertifikat")))

    @property
    def facts(self) -> CertificateFacts:
        return CertificateFacts(**self.cleaned_data)


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=MeetingKind.choices)
    title = forms.CharField(label=_("Perihal"), max_length=200)
    starts_at = MomentField(label=_("Mulai"))
    place = forms.CharField(label=_("Tempat"), max_length=200)
    chair = forms.CharField(label=_("Pemimpin rapat"), max_length=150)
    agenda = _lines(
        _("Agenda, satu hal satu baris"),
        rows=6,
        longest=5_000,
        required=False,
        help_text=_("Diusulkan dari yang belum selesai; hapus, ubah, atau tambah."),
    )
    invited = _lines(
        _("Yang diundang, satu jabatan satu baris"), rows=6, longest=10_000, required=False
    )
    letter_number = forms.CharField(label=_("Nomor surat undangan"), max_length=100, required=False)
    ends_at = MomentField(label=_("Selesai"), required=False)

    @property
    def helper(self) -> FormHelper:
        fold = Fold(_("Daftar undangan, nomor surat, dan jam selesai"), *self._folded)
        shown = [name for name in self.fields if name not in self._folded]
        return stacked(*shown, fold, save=str(_("Simpan rapat")))

    _folded = ("invited", "letter_number", "ends_at")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("Rapat selesai sesudah dimulai."))
        return data

    @property
    def facts(self) -> MeetingFacts:
        return MeetingFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        return _initial(meeting, MeetingForm)


class MinutesForm(forms.Form):
    minutes = _lines(_("Notula"), rows=18, longest=40_000, required=False, strip=False)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class AttendanceForm(forms.Form):
    name = forms.CharField(
        label=_("Nama"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    institution = forms.CharField(
        label=_("Instansi atau lembaga"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    post = forms.CharField(
        label=_("Jabatan"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    deputy_for = forms.CharField(
        label=_("Hadir mewakili"),
        max_length=150,
        required=False,
        help_text=_("Isi bila Anda menggantikan orang lain."),
    )
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_signature(self) -> str:
        try:
            return checked_signature(self.cleaned_data["signature"])
        except ValidationError as error:
            self.add_error(None, error)  # its field is hidden
            return ""

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    @property
    def facts(self) -> AttendanceFacts:
        return AttendanceFacts(**self.cleaned_data)


class DecisionForm(forms.Form):
    text = _lines(_("Keputusan"), rows=2, longest=1_000)
    owner_opd = forms.ModelChoiceField(
        Opd.objects.none(),
        label=_("OPD penanggung jawab"),
        required=False,
        empty_label=_("Belum dipilih"),
    )
    due_on = date_field(_("Tenggat"))
    owner_member = forms.ModelChoiceField(
        TaskForceMember.objects.none(),
        label=_("Atau anggota Gugus Tugas"),
        required=False,
        empty_label=_("Belum dipilih"),
    )
    code = forms.CharField(
        label=_("Kode pertanyaan"),
        max_length=20,
        required=False,
        help_text=_("Bila pertanyaannya diterima, keputusan ini ikut selesai. Contoh: 2.4."),
    )
    address = forms.URLField(
        label=_("Tautan rujukan"), max_length=2_000, required=False, assume_scheme="https"
    )

    def __init__(
        self, *args: Any, city: City, meeting: Meeting, year: Assessment | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        _offer(self.fields["owner_opd"], city.opds.active())
        day = meeting.starts_at.astimezone(city.zone).date()
        decrees = Decree.objects.filter(city=city).in_force_on(day)
        of_decree = TaskForceMember.objects.filter(decree__in=decrees[:1].values("pk"))
        _offer(self.fields["owner_member"], of_decree.on(day))

    def clean_code(self) -> Answer | None:
        code = self.cleaned_data["code"].strip()
        if not code:
            return None
        answers = Answer.objects.filter(assessment=self.year, question__code=code)
        answer = answers.select_related("question", "assessment").first() if self.year else None
        if answer is None:
            raise ValidationError(_("Tidak ada pertanyaan %(code)s tahun ini.") % {"code": code})
        return answer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("owner_opd") and data.get("owner_member"):
            self.add_error("owner_member", _("Pilih satu penanggung jawab: OPD atau anggota."))
        return data

    @property
    def helper(self) -> FormHelper:
        fold = Fold(_("Anggota, pertanyaan, atau tautan"), "owner_member", "code", "address")
        return stacked("text", "owner_opd", "due_on", fold, save=str(_("Simpan keputusan")))

    @property
    def facts(self) -> DecisionFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        return DecisionFacts(answer=self.cleaned_data["code"], **said)

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, Any]:
        code = decision.answer.question.code if decision.answer else ""
        return _initial(decision, DecisionForm) | {"code": code}


class SettleForm(forms.Form):
    note = _lines(_("Apa yang sudah dikerjakan"), rows=3, longest=1_000)
    address = forms.URLField(
        label=_("Tautan bukti"), max_length=2_000, required=False, assume_scheme="https"
    )

    @property
    def helper(self) -> FormHelper:
        return stacked("note", "address", save=str(_("Nyatakan selesai")))


class DecisionFilterForm(ListForm):
    opd = forms.ModelChoiceField(
        Opd.objects.none(), label=_("OPD"), required=False, empty_label=_("Semua penanggung jawab")
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["opd"], city.opds.all())


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Foto rapat"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )
    caption = forms.CharField(label=_("Keterangan"), max_length=200, required=False)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class AddendumForm(forms.Form):
    text = _lines(_("Tambahan atau koreksi"), rows=3, longest=5_000)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class QuestionField(forms.ModelChoiceField):
    """Answers by the code and the words of their question."""

    def label_from_instance(self, obj: Answer) -> str:
        return f"{obj.question.code} {obj.question.text}"


class FilingForm(forms.Form):
    """For which question of the year minutes are handed in: those that ask for minutes."""

    answer = QuestionField(Answer.objects.none(), label=_("Pertanyaan"), empty_label=_("Pilih"))

    def __init__(self, *args: Any, year: Assessment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Answer.objects.filter(assessment=year, question__evidence_kinds__code="notula")
        field = cast("forms.ModelChoiceField[Answer]", self.fields["answer"])
        field.queryset = asked.select_related("question").in_order()

    @property
    def helper(self) -> FormHelper:
        return stacked("answer", save=str(_("Ajukan sebagai dokumen")))


class CommitmentForm(forms.Form):
    sector = forms.ChoiceField(label=_("Pihak"), choices=Sector.choices)
    party = forms.CharField(label=_("Lembaga"), max_length=150)
    text = _lines(_("Komitmen"), rows=2, longest=1_000)
    made_on = DayField(label=_("Tanggal"))
    due_on = date_field(_("Sampai"))
    signatory = forms.CharField(label=_("Penanda tangan"), max_length=150, required=False)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=_("Disampaikan pada rapat"),
        required=False,
        empty_label=_("Di luar rapat"),
    )
    state = forms.ChoiceField(label=_("Keadaan"), choices=CommitmentState.choices)
    outcome = _lines(_("Hasil"), rows=2, longest=2_000, required=False)

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["meeting"], city.meetings.all())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") != CommitmentState.RUNNING and not data.get("outcome"):
            self.add_error("outcome", _("Tuliskan hasilnya bila komitmen sudah selesai."))
        return data

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan komitmen")))

    @property
    def facts(self) -> CommitmentFacts:
        return CommitmentFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(commitment: Commitment) -> dict[str, Any]:
        return _initial(commitment, CommitmentForm)
