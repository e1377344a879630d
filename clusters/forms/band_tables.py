"""A table of bands of another source."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.band_files import BandTableSpec
from clusters.forms.base import code_field, form_helper, name_field, text_field
from clusters.forms.lists import bands_of
from clusters.spec import MAX_CODE


class BandTableForm(forms.Form):
    code = code_field(slug=True, help_text=_("Misalnya kota-metro-2022."))
    title = name_field(_("Judul"), help_text=_("Siapa yang menyebut batas ini."))
    version = forms.CharField(
        label=_("Versi"), max_length=MAX_CODE, help_text=_("Biasanya tahunnya.")
    )
    source = text_field(
        _("Sumber"), help_text=_("Di mana tercetak, kapan, dan apa yang tidak disebut sumbernya.")
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def spec(self, bands: list[dict[str, Any]]) -> BandTableSpec:
        return BandTableSpec(**self.cleaned_data, bands=tuple(bands_of(bands)))
