"""What is searched for, read from the address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """What the address may not say, a sign that no database takes for one, finds nothing."""

    q = forms.CharField(
        label=_("Cari pertanyaan, dokumen, OPD, atau anggota"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )

    @property
    def term(self) -> str:
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""
