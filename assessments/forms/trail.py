from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Activity
from cities.forms.lists import ListForm, choice_field, search_field
from trail.forms import ORDERS, TrailFilters


class TrailFilterForm(TrailFilters[Activity], ListForm):
    """Which entries of a year's trail are shown or exported."""

    orders = ORDERS
    searched = "detail"

    q = search_field(_("Cari rincian"))
    aktivitas = choice_field(_("Aktivitas"), _("Semua aktivitas"), TrailEvent.choices)
    pertanyaan = forms.CharField(label=_("Kode pertanyaan"), required=False, max_length=20)

    def rows(self) -> QuerySet[Activity]:
        entries = self.narrowed(self.wanted).select_related("answer__question")
        if "pertanyaan" in self.wanted:
            entries = entries.filter(answer__question__code=self.wanted["pertanyaan"])
        return entries.order_by(*self.order)
