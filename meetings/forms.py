"""What people may enter about meetings. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import Fold, date_field, form_helper
from assessments.models import Answer, Assessment
from cities.forms.base import stacked
from cities.forms.lists import ListForm
from cities.models import City, Opd
from facilities.models import Facility
from meetings.choices import MeetingKind
from meetings.models import Decision, Meeting
from meetings.pictures import checked_signature
from meetings.services.attendances import AttendanceFacts
from meetings.services.decisions import DecisionFacts
from meetings.services.meetings import MeetingFacts
from meetings.subjects import SubjectSource, subject_sources
from taskforce.form_parts import initial_of_row, lines_field, offer
from taskforce.models import Decree, TaskForceMember
from territories.models import Unit
from texts.day_fields import MomentField
from texts.file_fields import FilePicker
from texts.searching import found

MOST = 5  # places named where the words fit several


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=MeetingKind.choices)
    title = forms.CharField(label=_("Perihal"), max_length=200)
    starts_at = MomentField(label=_("Mulai"))
    place = forms.CharField(label=_("Tempat"), max_length=200)
    chair = forms.CharField(label=_("Pemimpin rapat"), max_length=150)
    agenda = lines_field(
        _("Agenda, satu hal satu baris"),
        rows=6,
        longest=5_000,
        required=False,
        help_text=_("Diusulkan dari yang belum selesai; hapus, ubah, atau tambah."),
    )
    invited = lines_field(
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
        return initial_of_row(meeting, MeetingForm)


class MinutesForm(forms.Form):
    minutes = lines_field(_("Notula"), rows=18, longest=40_000, required=False, strip=False)

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
    text = lines_field(_("Keputusan"), rows=2, longest=1_000)
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
    place = forms.CharField(
        label=_("Fasilitas"),
        max_length=150,
        required=False,
        help_text=_("Nama atau kode resminya. Selesai bila temuan di sana sudah diselesaikan."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Kecamatan, kelurahan, atau desa"),
        required=False,
        empty_label=_("Tidak ada"),
        help_text=_("Selesai bila laporannya diterima untuk setiap kriteria."),
    )
    subject = forms.ChoiceField(
        required=False,
        help_text=_("Selesai bila dilaporkan terlaksana seluruhnya."),
    )
    address = forms.URLField(
        label=_("Tautan rujukan"), max_length=2_000, required=False, assume_scheme="https"
    )

    def __init__(
        self, *args: Any, city: City, meeting: Meeting, year: Assessment | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.city = year, city
        offer(self.fields["unit"], city.units.filter(active_to=None))
        sources = subject_sources()
        subject = cast("forms.ChoiceField", self.fields["subject"])
        subject.label = " / ".join(str(source.label) for source in sources)
        subject.choices = [("", _("Tidak ada")), *_groups(sources, city)]
        offer(self.fields["owner_opd"], city.opds.active())
        day = meeting.starts_at.astimezone(city.zone).date()
        decrees = Decree.objects.filter(city=city).in_force_on(day)
        of_decree = TaskForceMember.objects.filter(decree__in=decrees[:1].values("pk"))
        offer(self.fields["owner_member"], of_decree.on(day))

    def clean_code(self) -> Answer | None:
        code = self.cleaned_data["code"].strip()
        if not code:
            return None
        answers = Answer.objects.filter(assessment=self.year, question__code=code)
        answer = answers.select_related("question", "assessment").first() if self.year else None
        if answer is None:
            raise ValidationError(_("Tidak ada pertanyaan %(code)s tahun ini.") % {"code": code})
        return answer

    def clean_place(self) -> Facility | None:
        words = " ".join(self.cleaned_data["place"].split())
        if not words:
            return None
        rows = Facility.objects.filter(city=self.city)
        exact = list(rows.filter(Q(code=words) | Q(name__iexact=words))[:2])
        fitting = (
            exact if len(exact) == 1 else list(rows.filter(found(words, "name", "code"))[:MOST])
        )
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise ValidationError(_("Tidak ada fasilitas “%(words)s”.") % {"words": words})
        names = "; ".join(f"{one.name} ({one.code or one.sort_title})" for one in fitting)
        raise ValidationError(
            _("Beberapa fasilitas cocok. Tulis nama lengkap atau kodenya: %(names)s.")
            % {"names": names}
        )

    def clean_subject(self) -> tuple[str, int | None]:
        kind, _colon, number = self.cleaned_data["subject"].partition(":")
        return kind, int(number) if number else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("owner_opd") and data.get("owner_member"):
            self.add_error("owner_member", _("Pilih satu penanggung jawab: OPD atau anggota."))
        return data

    @property
    def helper(self) -> FormHelper:
        about = Fold(
            _("Tentang pertanyaan, aksi RAD, wilayah, atau fasilitas"),
            *("code", "subject", "unit", "place"),
        )
        fold = Fold(_("Anggota Gugus Tugas atau tautan"), "owner_member", "address")
        save = str(_("Simpan keputusan"))
        return stacked("text", "owner_opd", "due_on", about, fold, save=save)

    @property
    def facts(self) -> DecisionFacts:
        data = self.cleaned_data
        kind, number = data["subject"]
        return DecisionFacts(
            text=data["text"],
            owner_opd=data["owner_opd"],
            owner_member=data["owner_member"],
            due_on=data["due_on"],
            answer=data["code"],
            facility=data["place"],
            unit=data["unit"],
            subject_kind=kind,
            subject_id=number,
            address=data["address"],
        )

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, Any]:
        place = decision.facility
        subject = f"{decision.subject_kind}:{decision.subject_id}" if decision.subject_id else ""
        return initial_of_row(decision, DecisionForm) | {
            "code": decision.answer.question.code if decision.answer else "",
            "place": (place.code or place.name) if place else "",
            "subject": subject,
        }


def _groups(
    sources: Sequence[SubjectSource], city: City
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What the city may choose of packages above: choices in named groups."""
    for source in sources:
        for name, group in source.offered(city).items():
            yield name, [(f"{source.kind}:{pk}", words) for pk, words in group]


class SettleForm(forms.Form):
    note = lines_field(_("Apa yang sudah dikerjakan"), rows=3, longest=1_000)
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
        offer(self.fields["opd"], city.opds.all())


class PhotoForm(forms.Form):
    file = forms.FileField(label=_("Foto rapat"), widget=FilePicker({"accept": "image/*"}))
    caption = forms.CharField(label=_("Keterangan"), max_length=200, required=False)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class AddendumForm(forms.Form):
    text = lines_field(_("Tambahan atau koreksi"), rows=3, longest=5_000)

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
