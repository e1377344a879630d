"""Which questions are meant; everything stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import AnswerState
from assessments.models import AnswerQuerySet, Assessment
from cities.models import Opd
from clusters.models import Cluster, Indicator


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
