"""Filters and order of the review queue, read from the address."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.forms.filters import ScopeFilterForm
from assessments.models import Assessment, Assignment
from cities.models import Opd, User
from clusters.models import EvidenceKind
from texts.languages import filled

AGES = (3, 7, 14)


class QueueFilterForm(ScopeFilterForm):
    """Which waiting documents are shown, and which come first."""

    orders = {
        "": (
            _("Nilai terbesar dahulu"),
            (F("answer__question__max_points").desc(), "offered_at", "pk"),
        ),
        "umur": (_("Paling lama menunggu dahulu"), ("offered_at", "pk")),
        "pertanyaan": (
            _("Urutan pertanyaan"),
            ("answer__question__position", "offered_at", "pk"),
        ),
    }
    order_label = _("Urutan")

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
            *((str(days), filled(_("Lebih dari %(days)d hari"), days=days)) for days in AGES),
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

    def __init__(self, data: QueryDict, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        kinds = EvidenceKind.objects.filter(instrument=assessment.instrument_id)
        self.choose_from("jenis", kinds)

    @property
    def query(self) -> str:
        """The part of the address that brings this very queue back: “?klaster=…”, or nothing."""
        pairs = [(name, self.data[name]) for name in self.fields if name in self.wanted]
        return f"?{urlencode(pairs)}" if pairs else ""

    def order_for(self, reviewer: User) -> tuple[Any, ...]:
        """Better versions of what the reviewer has returned first, unless an order is asked for."""
        if "urut" in self.wanted:
            return self.order
        return (Case(When(reviewer=reviewer, then=0), default=1), *self.order)

    def condition(self, at: datetime) -> Q:
        wanted = self.wanted
        condition = self.in_scope("answer__")
        if "jenis" in wanted:
            condition &= Q(kind=wanted["jenis"])
        if "poin" in wanted:
            condition &= Q(answer__question__max_points__gte=wanted["poin"])
        if "umur" in wanted:
            condition &= Q(offered_at__lt=at - timedelta(days=wanted["umur"]))
        if "opd" in wanted:
            condition &= _from(wanted["opd"])
        return condition


def _from(opd: Opd) -> Q:
    """Handed in by the OPD, or for the question it leads by somebody without an OPD."""
    leads = Assignment.objects.leading().filter(answer=OuterRef("answer"), opd=opd)
    return Q(document__opd=opd) | (Q(document__opd=None) & Q(Exists(leads)))
