"""What people may enter about photos and visits. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import form_helper
from assessments.forms.uploads import CheckedFilesField
from cities.forms.base import SeenForm, stacked
from facilities.choices import Said
from facilities.forms.facilities import count_field
from facilities.services.visits import Findings
from facilities.types import Checklist
from texts.day_fields import DayField


class PhotoForm(forms.Form):
    file = CheckedFilesField(label=_("Foto"), limit=1)
    caption = forms.CharField(
        label=_("Keterangan"),
        max_length=200,
        required=False,
        help_text=_("Tanpa nama anak. Lokasi foto tidak ikut ditampilkan."),
    )
    kunci = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class VisitForm(SeenForm):
    """A checklist: each item with yes, no, or does not apply; or the official result."""

    on = DayField(label=_("Tanggal kunjungan"))

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for item in checklist.items:
            label = _("%(text)s (wajib)") % {"text": item.text} if item.required else item.text
            self.fields[f"butir-{item.code}"] = forms.ChoiceField(
                label=label, choices=Said.choices, widget=forms.RadioSelect
            )
        if not checklist.items:
            self.fields["score"] = forms.DecimalField(
                label=_("Nilai hasil pemeriksaan resmi"),
                min_value=0,
                max_value=checklist.maximum,
                max_digits=7,
                decimal_places=2,
                localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields["missing"] = count_field(
                _("Butir wajib yang belum terpenuhi"), required=checklist.required_items is not None
            )
        self.fields["note"] = forms.CharField(
            label=_("Catatan, tanpa nama anak"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan hasil")), queued=self.checklist.title)

    @property
    def findings(self) -> Findings:
        data = self.cleaned_data
        answers = {item.code: data[f"butir-{item.code}"] for item in self.checklist.items}
        return Findings(answers, data.get("score"), data.get("missing"))
