from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import Deed
from assessments.dashboards.trail import TrailFilter
from assessments.forms.base import date_field
from assessments.models import Activity, Assessment
from cities.models import User


class TrailFilterForm(forms.Form):
    """Which lines of the trail are shown or exported; everything stands in the address."""

    orang = forms.ModelChoiceField(
        label=_("Orang"), queryset=User.objects.none(), required=False, empty_label=_("Semua orang")
    )
    perbuatan = forms.ChoiceField(
        label=_("Perbuatan"),
        required=False,
        choices=[("", _("Semua perbuatan")), *Deed.choices],
    )
    pertanyaan = forms.CharField(label=_("Kode pertanyaan"), required=False, max_length=20)
    dari = date_field(_("Dari tanggal"))
    sampai = date_field(_("Sampai tanggal"))

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Activity.objects.filter(assessment=assessment).values("by")
        field = self.fields["orang"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        field.queryset = User.objects.filter(pk__in=people).order_by("name", "pk")
        for name, shown in self.fields.items():
            is_choice = name in ("orang", "perbuatan")
            shown.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def wanted(self) -> TrailFilter:
        """What was asked for; an unknown value in the address narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return TrailFilter(
            by=data.get("orang"),
            deed=data.get("perbuatan", ""),
            question=data.get("pertanyaan", ""),
            since=data.get("dari"),
            until=data.get("sampai"),
        )
