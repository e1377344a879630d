"""What people may enter about an OPD. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from cities.models import OpdKind


class OpdForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        max_length=30,
        help_text=_(
            "Kode seperti pada instrumen, misalnya DINKES; dipakai untuk penugasan bawaan."
        ),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z",
                _("Gunakan huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi."),
                code="not_a_code",
            )
        ],
    )
    name = forms.CharField(label=_("Nama"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=OpdKind.choices)

    def __init__(self, *args: Any, save: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label = save

    @property
    def helper(self) -> FormHelper:
        return stacked("code", "name", "kind", save=self.save_label)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()
