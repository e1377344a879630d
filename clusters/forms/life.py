"""Beginning a draft: empty, as a copy, or as a correction."""

from __future__ import annotations

from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.choices import Measure
from clusters.forms.base import code_field, form_helper, name_field, number_field, text_field
from clusters.spec import InstrumentSpec

CODE_HELP = _("Menjadi alamat halaman, misalnya kla-2027.")


class NewDraftForm(forms.Form):
    code = code_field(slug=True, help_text=CODE_HELP)
    title = name_field(_("Judul"))
    measure = forms.ChoiceField(label=_("Satuan nilai"), choices=Measure.choices)
    max_points = number_field(_("Nilai maksimum"), initial=Decimal(1000))

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def spec(self) -> InstrumentSpec:
        """An instrument that says no more than this yet."""
        return InstrumentSpec(
            **self.cleaned_data,
            title_en="",
            legal_basis=(),
            provenance="",
            bands=(),
            bands_note="",
            stages=(),
            agencies=(),
            evidence_kinds=(),
            clusters=(),
        )


class CloneForm(forms.Form):
    code = code_field(slug=True, help_text=CODE_HELP)
    title = name_field(_("Judul"))

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class CorrectionForm(forms.Form):
    code = code_field(slug=True, help_text=_("Kode versi yang baru, misalnya kla-2023-2."))
    correction_note = text_field(
        _("Yang dibetulkan"), help_text=_("Satu dua kalimat; terbaca oleh semua orang.")
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()
