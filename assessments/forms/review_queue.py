"""What narrows and orders the review queue; all of it stands in the address."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.forms.filters import PlaceFilterForm
from assessments.models import Assessment, Assignment
from cities.models import Opd, User
from clusters.models import EvidenceKind

ORDERS: dict[str, tuple[Any, ...]] = {
    "poin": (F("answer__question__max_points").desc(), "offered_at", "pk"),
    "umur": ("offered_at", "pk"),
    "pertanyaan": ("answer__question__position", "offered_at", "pk"),
}
FIRST_ORDER = "poin"
AGES = (3, 7, 14)


class QueueFilterForm(PlaceFilterForm):
    """Which waiting documents are shown, and which come first."""

    jenis = forms.ModelChoiceField(
        label=_("Jenis dokumen"),
        queryset=EvidenceKind.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua jenis"),
    )
    umur = forms.TypedChoiceField(
        label=_("Menunggu"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Berapa lama pun")),
            *((str(days), _("Lebih dari %(days)d hari") % {"days": days}) for days in AGES),
        ],
    )
    poin = forms.DecimalField(
        label=_("Nilai sedikitnya"),
        required=False,
        min_value=Decimal(0),
        max_digits=7,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    urut = forms.ChoiceField(
        label=_("Urutan"),
        required=False,
        choices=[
            ("", _("Nilai terbesar dahulu")),
            ("umur", _("Paling lama menunggu dahulu")),
            ("pertanyaan", _("Urutan pertanyaan")),
        ],
    )

    def __init__(self, data: QueryDict, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        kinds = EvidenceKind.objects.filter(instrument=assessment.instrument_id)
        self.choose_from("jenis", kinds)

    @property
    def wanted(self) -> dict[str, Any]:
        """What the address asks for and we understand; anything else narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def narrowed_by(self) -> int:
        return len(self.wanted.keys() - {"urut"})

    @property
    def query(self) -> str:
        """The part of the address that brings this very queue back: “?klaster=…”, or nothing."""
        pairs = [(name, self.data[name]) for name in self.fields if name in self.wanted]
        return f"?{urlencode(pairs)}" if pairs else ""

    def order_for(self, reviewer: User) -> tuple[Any, ...]:
        """Better versions of what the reviewer has returned first, unless an order is asked for."""
        if "urut" in self.wanted:
            return ORDERS[self.wanted["urut"]]
        returned_first = Case(When(reviewer=reviewer, then=0), default=1)
        return (returned_first, *ORDERS[FIRST_ORDER])

    def condition(self, at: datetime) -> Q:
        wanted = self.wanted
        paths = {
            "klaster": "answer__question__indicator__cluster",
            "indikator": "answer__question__indicator",
            "jenis": "kind",
            "poin": "answer__question__max_points__gte",
        }
        condition = Q(**{path: wanted[name] for name, path in paths.items() if name in wanted})
        if "umur" in wanted:
            condition &= Q(offered_at__lt=at - timedelta(days=wanted["umur"]))
        if "opd" in wanted:
            condition &= _from(wanted["opd"])
        return condition


def _from(opd: Opd) -> Q:
    """Handed in by the OPD, or for the question it leads by somebody without an OPD."""
    leads = Assignment.objects.filter(answer=OuterRef("answer"), opd=opd, is_lead=True)
    return Q(document__opd=opd) | (Q(document__opd=None) & Q(Exists(leads)))
