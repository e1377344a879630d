"""What people may enter about a plan and the targets of years. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.choices import Light, LinkKind
from actionplan.forms.fields import document_field, offer_documents
from actionplan.models import ActionPlan
from actionplan.queries.monitoring import YearRow
from actionplan.services.plans import PlanFacts
from assessments.forms.base import Fold, form_helper
from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import City, Membership
from regulations.models import Regulation
from texts.folding import folded


class MonitoringFilterForm(ListForm):
    """Narrows the actions of a year, of which all are read already."""

    q = search_field(_("Cari nomor atau kata"))
    klaster = choice_field(_("Klaster"), _("Semua klaster"), [])
    opd = choice_field(_("OPD"), _("Semua OPD"), [])
    keadaan = choice_field(_("Keadaan"), _("Semua keadaan"), Light.choices)

    def __init__(self, *args: Any, rows: Iterable[YearRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters = {row.action.indicator.cluster for row in rows}
        leads = {row.action.lead for row in rows if row.action.lead}
        self._add(
            "klaster", [(one.code, one.label) for one in sorted(clusters, key=lambda c: c.position)]
        )
        self._add("opd", [(one.code, one.name) for one in sorted(leads, key=lambda o: o.name)])

    def _add(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [*cast("list[Any]", field.choices), *choices]

    def narrowed(self, rows: Iterable[YearRow]) -> list[YearRow]:
        wanted = self.wanted
        words = folded(wanted.get("q", "")).split()
        return [
            row
            for row in rows
            if wanted.get("klaster") in (None, row.action.indicator.cluster.code)
            and wanted.get("opd") in (None, row.action.lead and row.action.lead.code)
            and wanted.get("keadaan") in (None, row.light)
            and all(word in folded(f"{row.action} {row.action.code}") for word in words)
        ]


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


class GoalForm(forms.Form):
    """The predikat that the city aims at in a year; none takes the target away."""

    year = forms.IntegerField(label=_("Tahun"), min_value=2006, max_value=2100)
    predikat = forms.ChoiceField(label=_("Predikat yang dituju"), required=False)
    source = forms.CharField(label=_("Sumber"), required=False, max_length=300)

    def __init__(self, *args: Any, predikats: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["predikat"])
        field.choices = [("", _("Tanpa target")), *((name, name) for name in predikats)]

    @property
    def helper(self) -> FormHelper:
        return form_helper()
