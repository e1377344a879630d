"""What people may enter about the Gugus Tugas. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.forms.base import date_field
from cities.forms.base import stacked
from cities.models import City, Opd
from taskforce.choices import CommitmentState, Element, Field, Sector, TaskForceRole
from taskforce.form_parts import initial_of_row, lines_field, offer
from taskforce.models import Commitment, Decree, TaskForceMember
from taskforce.services.commitments import CommitmentFacts
from taskforce.services.decrees import CertificateFacts, DecreeFacts, MemberFacts
from texts.day_fields import DayField


class DecreeForm(forms.Form):
    number = forms.CharField(label=_("Nomor SK"), max_length=100)
    signed_on = DayField(label=pgettext_lazy("produk hukum", "Ditetapkan"))
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
            self.initial = initial_of_row(decree, DecreeForm)
        if decree is None and city.taskforce_decrees.exists():
            offer(self.fields["copy_from"], city.taskforce_decrees.all())
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
        offer(self.fields["opd"], city.opds.active())

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan anggota")))

    @property
    def facts(self) -> MemberFacts:
        return MemberFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(member: TaskForceMember) -> dict[str, Any]:
        return initial_of_row(member, MemberForm)


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


class CommitmentForm(forms.Form):
    sector = forms.ChoiceField(label=_("Pihak"), choices=Sector.choices)
    party = forms.CharField(label=_("Lembaga"), max_length=150)
    text = lines_field(_("Komitmen"), rows=2, longest=1_000)
    made_on = DayField(label=_("Tanggal"))
    due_on = date_field(_("Sampai"))
    signatory = forms.CharField(label=_("Penanda tangan"), max_length=150, required=False)
    occasion = forms.CharField(
        label=_("Disampaikan pada"),
        max_length=300,
        required=False,
        help_text=_("Rapat atau acara, misalnya Rakor Gugus Tugas, 12 Maret 2026."),
    )
    state = forms.ChoiceField(label=_("Keadaan"), choices=CommitmentState.choices)
    outcome = lines_field(_("Hasil"), rows=2, longest=2_000, required=False)

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
        return initial_of_row(commitment, CommitmentForm)
