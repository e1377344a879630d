"""Forms of the planning pages."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import AnswerState
from assessments.forms.base import form_helper
from assessments.models import Assessment
from assessments.scoring import PublishedBand
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import Opd
from figures.numbers import format_points
from plans import outcome_query
from plans.choices import Basis
from plans.effort import LEAST, MOST
from plans.pathway_query import TOTAL, PathwayQuery


class GoalForm(forms.Form):
    """The goal (a predikat or a total) and the points to start from, read from the address."""

    tujuan = forms.ChoiceField(label=_("Tujuan"))
    total = forms.DecimalField(
        label=_("Total, bila bukan predikat"),
        required=False,
        max_digits=7,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Isi dengan angka, misalnya 701,5.")},
    )
    dasar = forms.ChoiceField(label=_("Dihitung dari"), choices=Basis.choices)

    def __init__(
        self, *args: Any, assessment: Assessment, bands: Sequence[PublishedBand], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.minima = {band.predikat: band.minimum for band in bands}
        self.maximum = assessment.instrument.max_points
        target = assessment.target.predikat if assessment.target else None
        choices = [(name, _goal(name, least, target)) for name, least in self.minima.items()]
        self.fields["tujuan"].choices = [*choices, (TOTAL, _("Total tertentu"))]  # type: ignore[attr-defined]
        for name in ("tujuan", "dasar"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["total"].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tujuan") == TOTAL and "total" not in self.errors:
            total = data.get("total")
            if total is None or not 0 < total <= self.maximum:
                sentence = _("Isi total di atas 0 dan paling banyak %(maximum)s.")
                self.add_error("total", sentence % {"maximum": format_points(self.maximum)})
        return data

    def pathway_query(self, locked: Sequence[str], excluded: Sequence[str]) -> PathwayQuery:
        """What a valid form asks for."""
        predikat = self.cleaned_data["tujuan"]
        is_total = predikat == TOTAL
        return PathwayQuery(
            predikat="" if is_total else predikat,
            total=self.cleaned_data["total"] if is_total else self.minima[predikat],
            basis=Basis(self.cleaned_data["dasar"]),
            locked=tuple(locked),
            excluded=tuple(excluded),
        )


def _goal(predikat: str, minimum: Decimal, target: str | None) -> str:
    words = _("%(predikat)s, mulai %(minimum)s (target kota)")
    if predikat != target:
        words = _("%(predikat)s, mulai %(minimum)s")
    return words % {"predikat": predikat, "minimum": format_points(minimum)}


class NameForm(forms.Form):
    """What a plan or a scenario is called."""

    name = forms.CharField(label=_("Nama"), max_length=100)


class EffortForm(forms.Form):
    """A city's own number for one question."""

    value = forms.IntegerField(
        label=_("Upaya menurut kota ini"),
        min_value=LEAST,
        max_value=MOST,
        required=False,
        help_text=_("Angka 1 (ringan) sampai 20 (berat). Kosongkan untuk memakai perkiraan."),
    )
    note = forms.CharField(
        label=_("Alasan"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class OutcomeFilterForm(ListForm):
    """Which questions the page of suppositions shows; clusters and indicators are folds there."""

    q = search_field(_("Cari kode atau kata"))
    keadaan = choice_field(
        _("Keadaan"),
        _("Semua keadaan"),
        [(outcome_query.NOT_FULL, _("Poinnya belum penuh")), *AnswerState.choices],
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
        self.fields["opd"].queryset = assessment.city.opds.all()  # type: ignore[attr-defined]
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"
