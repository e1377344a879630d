from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import CityActivity, CityTrailEvent
from trail.forms import ORDERS, TrailFilters


class TrailFilterForm(TrailFilters[CityActivity], ListForm):
    """Which entries of a city's trail are shown or exported."""

    orders = ORDERS
    searched = "target"

    q = search_field(_("Cari mengenai"))
    aktivitas = choice_field(_("Aktivitas"), _("Semua aktivitas"), CityTrailEvent.choices)

    def rows(self) -> QuerySet[CityActivity]:
        return self.narrowed(self.wanted).order_by(*self.order)
