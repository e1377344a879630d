"""The table of a decree. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.forms import TableForm
from texts.day_fields import DayField


class CodesForm(TableForm):
    decree = forms.CharField(
        label=_("Keputusan"),
        max_length=200,
        help_text=_("Misalnya Kepmendagri 900.1-2850 Tahun 2025."),
    )
    valid_from = DayField(label=_("Berlaku mulai"))

    @property
    def about(self) -> dict[str, Any]:
        data = self.cleaned_data
        decree = " ".join(data["decree"].split())
        return {"decree": decree, "valid_from": data["valid_from"].isoformat()}
