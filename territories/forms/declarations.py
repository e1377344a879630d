"""What people enter about a declaration of a unit. Nothing is saved here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.uploads import CheckedFilesField
from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field
from territories.choices import DeclarationKind
from territories.models import Declaration
from territories.services.declarations import MOST_FILES, DeclarationFacts
from texts.day_fields import DayField


class DeclarationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Yang dicatat"), choices=DeclarationKind.choices, widget=forms.RadioSelect
    )
    on = DayField(label=_("Tanggal"))
    number = forms.CharField(
        label=_("Nomor keputusan"),
        max_length=100,
        required=False,
        help_text=_("Wajib untuk keputusan penetapan, misalnya 400.2/17/2024."),
    )
    place = forms.CharField(label=_("Tempat"), max_length=150, required=False)
    signatories = forms.CharField(
        label=_("Penanda tangan"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nama dan jabatan pejabat, satu baris satu orang. Tanpa nama anak."),
    )
    papers = CheckedFilesField(
        label=_("Naskah dan foto (PDF atau foto)"), required=False, limit=MOST_FILES
    )

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == DeclarationKind.DECREED and not data.get("number"):
            self.add_error("number", _("Isi nomor keputusannya."))
        return data

    @property
    def facts(self) -> DeclarationFacts:
        data = self.cleaned_data
        return DeclarationFacts(
            kind=DeclarationKind(data["kind"]),
            on=data["on"],
            number=data["number"],
            place=data["place"],
            signatories=data["signatories"],
        )

    @staticmethod
    def initial_of(declaration: Declaration) -> dict[str, Any]:
        return {row.name: getattr(declaration, row.name) for row in fields(DeclarationFacts)}


class DeclarationFilterForm(ListForm):
    """Which units the list of declarations shows."""

    keadaan = choice_field(
        _("Keadaan"),
        _("Semua wilayah"),
        [("belum", _("Belum dicanangkan")), ("tanpa-sk", _("Belum memiliki keputusan"))],
    )
