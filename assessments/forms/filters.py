"""Which questions are meant; everything stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import AnswerState, Stage
from assessments.models import AnswerQuerySet, Assessment
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import Opd
from clusters.models import Cluster, Indicator
from texts.searching import found


class PlaceFilterForm(forms.Form):
    """Where in the instrument, and whose: a cluster, an indicator, an OPD."""

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

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument = assessment.instrument_id
        self.choose_from("klaster", Cluster.objects.filter(instrument=instrument))
        self.choose_from("indikator", Indicator.objects.filter(cluster__instrument=instrument))
        self.choose_from("opd", assessment.city.opds.all())
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"

    def narrowed(self, answers: AnswerQuerySet) -> AnswerQuerySet:
        """The answers of that place; what is not understood narrows nothing."""
        wanted = self.cleaned_data
        if wanted.get("klaster"):
            answers = answers.filter(question__indicator__cluster=wanted["klaster"])
        if wanted.get("indikator"):
            answers = answers.filter(question__indicator=wanted["indikator"])
        if wanted.get("opd"):
            answers = answers.filter(assignments__opd=wanted["opd"])
        return answers

    def choose_from(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class QuestionFilterForm(PlaceFilterForm):
    """Which questions a list shows."""

    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua keadaan")),
            *AnswerState.choices,
            ("terlambat", _("Terlambat")),
            ("tanpa-penanggung-jawab", _("Tanpa penanggung jawab")),
            ("pesan-belum-dijawab", _("Pesan OPD belum dijawab")),
            ("tanpa-klaim", _("Tanpa klaim")),
            ("klaim-tanpa-dokumen", _("Klaim tanpa dokumen")),
        ],
    )
    q = forms.CharField(label=_("Cari"), required=False, max_length=100)


class TaskFilterForm(forms.Form):
    """Which of an OPD's open tasks a page shows; what is not understood narrows nothing."""

    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua yang belum diterima")),
            *((state, state.label) for state in AnswerState if state != AnswerState.ACCEPTED),
            ("terlambat", _("Terlambat")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    @property
    def wanted(self) -> str:
        return self.cleaned_data.get("keadaan", "") if self.is_valid() else ""


class YearFilterForm(ListForm):
    """Which years of a city a list shows."""

    orders = {
        "": (_("Tahun terbaru"), ("-year",)),
        "lama": (_("Tahun terlama"), ("year",)),
        "tenggat": (_("Tenggat terdekat"), (F("deadline").asc(nulls_last=True), "-year")),
    }

    q = search_field(_("Cari tahun atau instrumen"))
    tahap = choice_field(_("Tahap"), _("Semua tahap"), Stage.choices)

    def narrowed(self, years: QuerySet[Assessment]) -> QuerySet[Assessment]:
        wanted = self.wanted
        if "q" in wanted:
            named = found(wanted["q"], "instrument__title", "instrument__code")
            years = years.filter(named | Q(year__contains=wanted["q"]))
        if "tahap" in wanted:
            years = years.filter(stage=wanted["tahap"])
        return years.order_by(*self.order)


class PackageForm(PlaceFilterForm):
    """What goes into a package: the questions, and which of their documents."""

    ONLY_ACCEPTED = "diterima"

    isi = forms.ChoiceField(
        label=_("Isi"),
        required=False,
        choices=[("", _("Diterima dan menunggu")), (ONLY_ACCEPTED, _("Hanya yang diterima"))],
    )

    @property
    def only_accepted(self) -> bool:
        return self.cleaned_data["isi"] == self.ONLY_ACCEPTED

    def scope(self) -> dict[str, str]:
        """What it is narrowed to, in words, by the name in the address."""
        wanted = {name: self.cleaned_data[name] for name in ("klaster", "indikator", "opd")}
        return {name: str(value) for name, value in wanted.items() if value}
