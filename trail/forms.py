"""The filters of a trail's page and of its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from texts.day_fields import DayField
from texts.searching import found
from trail.models import TrailEntry

Entry = TypeVar("Entry", bound=TrailEntry)

ORDERS = {
    "": (_("Terbaru dahulu"), ("-position",)),
    "lama": (_("Terlama dahulu"), ("position",)),
}


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone)


class TrailFilters(forms.Form, Generic[Entry]):
    """The filters that every trail has.

    The form of a page adds `q`, `aktivitas` and what else it asks for. It is handed all entries
    of its trail and the zone that days are meant in.
    """

    field_order = ["q", "orang", "aktivitas", "pertanyaan", "dari", "sampai"]
    searched: ClassVar[str]  # the field of an entry that `q` looks into

    orang: forms.ModelChoiceField[AbstractBaseUser] = forms.ModelChoiceField(
        queryset=None, label=_("Orang"), required=False, empty_label=_("Semua orang")
    )
    dari = DayField(label=_("Dari tanggal"), required=False)
    sampai = DayField(label=_("Sampai tanggal"), required=False)

    def __init__(self, *args: Any, entries: QuerySet[Entry], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        self.zone = zone
        people = get_user_model().objects.filter(pk__in=entries.values("by"))
        field = cast("forms.ModelChoiceField[AbstractBaseUser]", self.fields["orang"])
        field.queryset = people.order_by("name", "pk")
        for shown in self.fields.values():
            is_choice = isinstance(shown, forms.ChoiceField)
            shown.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def narrowed(self, wanted: Mapping[str, Any]) -> QuerySet[Entry]:
        """The entries that are wanted, each with its person; both days belong to them."""
        entries = self.entries.select_related("by")
        if "q" in wanted:
            entries = entries.filter(found(wanted["q"], self.searched))
        if "orang" in wanted:
            entries = entries.filter(by=wanted["orang"])
        if "aktivitas" in wanted:
            entries = entries.filter(deed=wanted["aktivitas"])
        if "dari" in wanted:
            entries = entries.filter(at__gte=midnight(wanted["dari"], self.zone))
        if "sampai" in wanted:
            end = midnight(wanted["sampai"] + timedelta(days=1), self.zone)
            entries = entries.filter(at__lt=end)
        return entries

    def rows(self) -> QuerySet[Entry]:
        """The entries that the address asks for, in its order."""
        raise NotImplementedError
