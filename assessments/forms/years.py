"""Opening a year, its target and its deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import date_field, form_helper
from assessments.models import Assessment
from assessments.scoring import PublishedBand
from cities.models import City
from clusters.models import Band, BandTable, Cluster, Instrument
from figures.numbers import format_points


class BandChoiceField(forms.ModelChoiceField):
    """A band of the instrument, with the totals for which its predikat counts in the year."""

    in_force: dict[str, PublishedBand]

    def label_from_instance(self, obj: Band) -> str:
        band = self.in_force.get(obj.predikat, obj)
        return f"{obj.predikat} ({format_points(band.minimum)}–{format_points(band.maximum)})"


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

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = self.fields["target"]
        assert isinstance(targets, BandChoiceField)  # noqa: S101 -- narrows for mypy
        targets.in_force = {band.predikat: band for band in assessment.bands()}
        bands = assessment.instrument.bands.filter(predikat__in=targets.in_force)
        targets.queryset = bands
        if not targets.in_force:
            targets.disabled = True
            targets.help_text = _("Instrumen ini tidak menerbitkan rentang predikat.")

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BandTableForm(forms.Form):
    """By which bands the totals of a year are called."""

    table = forms.ModelChoiceField(
        label=_("Tabel predikat"),
        queryset=BandTable.objects.all(),
        required=False,
        empty_label=_("Menurut instrumen"),
        help_text=_("Pilih tabel lain hanya jika penilai memakai batas yang lain."),
    )

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
    evidence_from = date_field(_("Awal masa dokumen"))
    evidence_to = date_field(
        _("Akhir masa dokumen"),
        help_text=_("Bila keduanya kosong, dua tahun kalender sebelum tahun penilaian."),
    )
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
        starts, ends = data.get("evidence_from"), data.get("evidence_to")
        if starts and ends and ends < starts:
            self.add_error("evidence_to", _("Akhir masa dokumen tidak boleh sebelum awalnya."))
        data["band"] = None
        if instrument and predikat:
            data["band"] = instrument.bands.filter(predikat=predikat).first()
            if data["band"] is None:
                self.add_error("target", _("Instrumen yang dipilih tidak memiliki predikat ini."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for the service that opens the year."""
        data = self.cleaned_data
        names = ("instrument", "year", "deadline", "evidence_from", "evidence_to")
        return {**{name: data[name] for name in names}, "target": data["band"]}
