"""What people may enter about tokens and the accounts of other systems. Nothing is saved here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.choices import Scope, WebhookEvent
from api.outgoing import LONGEST
from cities.forms.base import stacked
from cities.forms.members import MemberEditForm
from cities.models import City
from cities.roles import Role
from territories.criteria import Said
from territories.services.reports import Entry

DAYS = {30: _("30 hari"), 90: _("90 hari"), 180: _("180 hari"), 365: _("1 tahun")}

MOST = 2**31 - 1  # that a column of the database holds


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("Nama"),
        max_length=100,
        help_text=_("Sistem yang memakainya, misalnya “SIPD”. Nama ini tercantum dalam jejak."),
    )
    scope = forms.ChoiceField(
        label=_("Kewenangan"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.READ
    )
    days = forms.TypedChoiceField(
        label=_("Masa berlaku"), choices=[*DAYS.items()], coerce=int, initial=90
    )

    @property
    def helper(self) -> FormHelper:
        return stacked("name", "scope", "days", save=gettext("Buat token"))

    @property
    def lasting(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class ServiceAccountForm(MemberEditForm):
    """A new account of another system."""

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, city=city, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Nama"),
            max_length=150,
            help_text=_(
                "Nama sistemnya, misalnya “SIPD Kota”. Tercantum pada setiap aktivitasnya."
            ),
        )
        self.order_fields(["name", "role", "opd"])
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 -- narrows for mypy
        role.choices = [one for one in Role.choices if one[0] != Role.ADMIN_KOTA]
        role.help_text = _(
            "Yang boleh dilihat dan dikerjakannya, sama seperti orang dengan peran itu."
        )

    @property
    def helper(self) -> FormHelper:
        return stacked("name", "role", "opd", save=gettext("Tambah akun layanan"))


class WebhookEventsForm(forms.Form):
    """What a webhook is told of."""

    events = forms.MultipleChoiceField(
        label=_("Peristiwa"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu peristiwa.")},
    )

    @property
    def helper(self) -> FormHelper:
        return stacked("events", save=gettext("Simpan"))


class WebhookForm(WebhookEventsForm):
    """A new webhook."""

    url = forms.CharField(
        label=_("Alamat"),
        max_length=LONGEST,
        widget=forms.URLInput,
        help_text=_("Alamat https:// pada sistem itu yang menerima pemberitahuan."),
    )
    field_order = ["url", "events"]

    @property
    def helper(self) -> FormHelper:
        return stacked("url", "events", save=gettext("Daftarkan webhook"))


class ReportEntryForm(forms.Form):
    """What a unit says to one criterion, from another system; the service knows what is asked."""

    yes = forms.NullBooleanField()
    part = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    whole = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    count = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    boys = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    girls = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    nil = forms.BooleanField(required=False)
    source = forms.CharField(required=False, max_length=200)

    def entry(self) -> Entry:
        data = dict(self.cleaned_data)
        return Entry(source=data.pop("source"), said=Said(**data))
