"""Moving a year from stage to stage, and opening a rescue window."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage
from assessments.forms.base import form_helper
from assessments.models import Answer, Assessment
from assessments.models.rescue import USUAL_LENGTH
from assessments.stages import preceding
from texts.day_fields import MomentField

BETWEEN_CODES = re.compile(r"[\s,;]+")


class SubmitForm(forms.Form):
    is_sure = forms.BooleanField(
        label=_(
            "Saya sudah membaca kekurangan di atas dan mengajukan penilaian ini atas nama "
            "Gugus Tugas KLA."
        ),
        error_messages={"required": _("Centang pernyataan ini untuk mengajukan.")},
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class AdvanceForm(forms.Form):
    """The stage that the page showed when its button was pressed."""

    seen = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    seen = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("Kembali ke tahap"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tercatat dalam riwayat bersama nama Anda."),
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": assessment.stage}
        super().__init__(*args, **kwargs)
        earlier = preceding(Stage(assessment.stage))
        self.fields["stage"].choices = [(s, s.label) for s in earlier]  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class RescueForm(forms.Form):
    """Which questions may be worked on once more, and until when."""

    closes_at = MomentField(
        label=_("Berakhir pada"),
        help_text=_("Waktu setempat. Sampai detik itu masih diterima, sesudahnya terkunci."),
    )
    note = forms.CharField(
        label=_("Yang diminta"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca oleh OPD, misalnya catatan tim verifikasi."),
    )
    codes = forms.CharField(
        label=_("Kode pertanyaan"),
        required=False,
        max_length=4000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Boleh dikosongkan bila memilih dari daftar. Contoh: 1.2, 4.1, 21a.3."),
    )
    answers = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, assessment: Assessment, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"closes_at": timezone.localtime(now + USUAL_LENGTH)}
        super().__init__(*args, **kwargs)
        rows = Answer.objects.filter(assessment=assessment)
        self.by_code = dict(rows.values_list("question__code", "pk"))
        choices = [(pk, code) for code, pk in self.by_code.items()]
        self.fields["answers"].choices = choices  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper("closes_at", "note", "codes")

    def clean_codes(self) -> list[int]:
        codes = [code for code in BETWEEN_CODES.split(self.cleaned_data["codes"]) if code]
        unknown = [code for code in codes if code not in self.by_code]
        if unknown:
            raise ValidationError(
                _("Instrumen ini tidak memiliki pertanyaan %(codes)s. Periksa kodenya."),
                code="unknown",
                params={"codes": ", ".join(unknown)},
            )
        return [self.by_code[code] for code in codes]

    def answer_ids(self) -> set[int]:
        """Those ticked and those typed."""
        return {*self.cleaned_data["answers"], *self.cleaned_data["codes"]}
