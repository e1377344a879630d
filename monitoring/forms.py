"""What people may enter about quarters, targets and rules. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.forms.fields import FigureField, RupiahField, document_field, offer_documents
from assessments.forms.base import form_helper
from cities.forms.base import SeenForm, stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import Membership
from monitoring.choices import Light
from monitoring.models import Realisation
from monitoring.queries.board import YearRow
from monitoring.services.realisations import QuarterFacts
from monitoring.services.rules import RuleFacts
from texts.folding import folded


def percent_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=100)


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


class QuarterForm(forms.Form):
    physical = FigureField(
        label=_("Fisik sejak awal tahun (%)"), min_value=0, max_value=100, decimal_places=2
    )
    money = RupiahField(
        label=_("Uang sejak awal tahun"), help_text=_("Rupiah penuh, misalnya 312.500.000.")
    )
    obstacle = forms.CharField(
        label=_("Hambatan"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    follow_up = forms.CharField(
        label=_("Tindak lanjut"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = document_field(_("Bukti"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["physical"].required = True
        offer_documents(self, member)

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Kirim laporan")))

    @property
    def facts(self) -> QuarterFacts:
        data = {**self.cleaned_data}
        document, _seen = data.pop("document"), data.pop("seen")
        return QuarterFacts(**data, document_id=document.pk if document else None)

    @staticmethod
    def initial_of(report: Realisation | None) -> dict[str, Any]:
        if report is None:
            return {"seen": 0}
        names = ("physical", "money", "obstacle", "follow_up", "document")
        return {name: getattr(report, name) for name in names} | {"seen": report.revision}


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


class RulesForm(SeenForm):
    """From where on a light holds, what should be done when, and what is supposed of ceilings."""

    green = percent_field(_("“Sesuai rencana” mulai (% dari yang seharusnya)"))
    yellow = percent_field(_("“Perlu perhatian” mulai (% dari yang seharusnya)"))
    first = percent_field(_("Pekerjaan yang seharusnya selesai sampai triwulan 1 (%)"))
    second = percent_field(_("Sampai triwulan 2 (%)"))
    third = percent_field(_("Sampai triwulan 3 (%)"))
    child_share = FigureField(
        label=_("Perkiraan bagian untuk anak (%)"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Untuk pagu aksi yang belum menyebut bagiannya. Kosong: tidak diperkirakan."),
    )
    source = forms.CharField(
        label=_("Sumber aturan"),
        max_length=300,
        help_text=_("Misalnya nomor keputusan kota. Tampil di bawah matriks pemantauan."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Simpan aturan")))

    @property
    def facts(self) -> RuleFacts:
        return RuleFacts(
            **{name: said for name, said in self.cleaned_data.items() if name != "seen"}
        )
