from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.forms.base import date_field
from assessments.models import Activity, Assessment
from assessments.queries.trail import TrailFilter, trail_rows
from cities.forms.lists import ListForm, search_field
from cities.models import User


class TrailFilterForm(ListForm):
    """Which lines of the trail are shown or exported."""

    orders = {
        "": (_("Terbaru dahulu"), ("-position",)),
        "lama": (_("Terlama dahulu"), ("position",)),
    }

    q = search_field(_("Cari rincian"))
    orang = forms.ModelChoiceField(
        label=_("Orang"), queryset=User.objects.none(), required=False, empty_label=_("Semua orang")
    )
    perbuatan = forms.ChoiceField(
        label=_("Perbuatan"),
        required=False,
        choices=[("", _("Semua perbuatan")), *TrailEvent.choices],
    )
    pertanyaan = forms.CharField(label=_("Kode pertanyaan"), required=False, max_length=20)
    dari = date_field(_("Dari tanggal"))
    sampai = date_field(_("Sampai tanggal"))

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        people = Activity.objects.filter(assessment=assessment).values("by")
        field = self.fields["orang"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        field.queryset = User.objects.filter(pk__in=people).order_by("name", "pk")
        for shown in self.fields.values():
            is_choice = isinstance(shown, forms.ChoiceField)
            shown.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def rows(self) -> QuerySet[Activity]:
        """The lines asked for, days meant in the city's zone."""
        wanted = self.wanted
        asked = TrailFilter(
            by=wanted.get("orang"),
            deed=wanted.get("perbuatan", ""),
            question=wanted.get("pertanyaan", ""),
            text=wanted.get("q", ""),
            since=wanted.get("dari"),
            until=wanted.get("sampai"),
        )
        rows = trail_rows(self.assessment, asked, self.assessment.city.zone)
        return rows.order_by(*self.order)
