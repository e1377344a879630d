"""What people may enter about a plan. Nothing is saved here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.choices import LinkKind
from actionplan.forms.fields import document_field, offer_documents
from actionplan.models import ActionPlan
from actionplan.services.plans import PlanFacts
from assessments.forms.base import Fold, form_helper
from cities.forms.base import stacked
from cities.models import City, Membership
from regulations.models import Regulation


class PlanForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=200)
    first_year = forms.IntegerField(label=_("Tahun pertama"), min_value=2006, max_value=2100)
    last_year = forms.IntegerField(label=_("Tahun terakhir"), min_value=2006, max_value=2100)
    legal_basis = forms.ModelChoiceField(
        Regulation.objects.none(),
        label=_("Dasar hukum"),
        required=False,
        empty_label=_("Belum diisi"),
        help_text=_("Dari daftar produk hukum kota."),
    )
    grace_days = forms.IntegerField(
        label=_("Hari untuk melapor sesudah triwulan"), min_value=0, max_value=90, initial=14
    )
    children = forms.IntegerField(
        label=_("Jumlah anak"), required=False, min_value=1, max_value=10_000_000
    )
    children_source = forms.CharField(label=_("Sumber jumlah anak"), required=False, max_length=300)

    def __init__(self, *args: Any, city: City, save: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label = save
        basis = cast("forms.ModelChoiceField[Regulation]", self.fields["legal_basis"])
        basis.queryset = Regulation.objects.filter(city=city, is_draft=False).in_order()

    @property
    def helper(self) -> FormHelper:
        more = Fold(_("Tenggat dan jumlah anak"), "grace_days", "children", "children_source")
        names = ("title", "first_year", "last_year", "legal_basis")
        return stacked(*names, more, save=self.save_label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("children") and not data.get("children_source"):
            self.add_error("children_source", _("Tuliskan sumber jumlah anak."))
        return data

    @property
    def facts(self) -> PlanFacts:
        return PlanFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(plan: ActionPlan) -> dict[str, Any]:
        return {one.name: getattr(plan, one.name) for one in fields(PlanFacts)}


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=LinkKind.choices)
    title = forms.CharField(
        label=_("Dokumen, bab, dan halaman"),
        max_length=300,
        help_text=_("Misalnya: RPJMD 2025–2029, bab IV, halaman 112."),
    )
    address = forms.URLField(
        label=_("Alamat"), required=False, max_length=2000, assume_scheme="https"
    )
    document = document_field(_("Berkas"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_documents(self, member)

    @property
    def helper(self) -> FormHelper:
        return form_helper()
