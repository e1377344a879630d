"""A person's own WhatsApp number, and that they agree to be reminded there."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from texts.languages import filled

E164 = re.compile(r"\+[1-9][0-9]{7,14}")


class ConsentForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor WhatsApp Anda"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "tel", "autocomplete": "tel"}
        ),
        help_text=_("Misalnya 0812 3456 7890; nomor luar negeri dengan + dan kode negara."),
    )
    most_a_day = forms.TypedChoiceField(
        label=_("Paling banyak"),
        choices=[
            (count, filled(_("%(count)d pesan sehari"), count=count)) for count in range(1, 6)
        ],
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    agrees = forms.BooleanField(
        label=_("Nomor ini milik saya, dan saya setuju diingatkan lewat WhatsApp."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_number(self) -> str:
        """In E.164; what begins with 0 is Indonesian."""
        plain = re.sub(r"[\s().-]", "", self.cleaned_data["number"])
        if plain.startswith("0"):
            plain = f"+62{plain[1:]}"
        elif plain.startswith("62"):
            plain = f"+{plain}"
        if not E164.fullmatch(plain) or not plain.isascii():
            raise ValidationError(_("Tulis nomor lengkap, misalnya 0812 3456 7890."), code="number")
        return plain
