"""Assigning questions to OPDs: one by one and many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import date_field, form_helper
from cities.models import City, Opd


class AssignmentForm(forms.Form):
    """Who holds one question."""

    lead = forms.ModelChoiceField(
        label=_("Penanggung jawab"),
        queryset=Opd.objects.none(),
        required=False,
        empty_label=_("Belum ada"),
    )
    contributors = forms.ModelMultipleChoiceField(
        label=_("Pendukung"),
        queryset=Opd.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = date_field(
        _("Tenggat"), help_text=_("Kosongkan untuk memakai tenggat klaster atau penilaian.")
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opds = city.opds.active()
        for name in ("lead", "contributors"):
            self.fields[name].queryset = opds  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BulkAssignmentForm(forms.Form):
    """One OPD for all the questions that are ticked."""

    AS_LEAD, AS_CONTRIBUTOR = "lead", "contributor"

    answers = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput)
    opd = forms.ModelChoiceField(
        label=_("OPD"), queryset=Opd.objects.none(), empty_label=_("Pilih OPD")
    )
    part = forms.ChoiceField(
        label=_("Sebagai"),
        choices=[(AS_LEAD, _("Penanggung jawab")), (AS_CONTRIBUTOR, _("Pendukung"))],
    )
    due_on = date_field(_("Tenggat"))

    def __init__(self, *args: Any, city: City, answers: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].choices = [(pk, pk) for pk in answers]  # type: ignore[attr-defined]
        self.fields["answers"].error_messages["required"] = _("Centang sedikitnya satu pertanyaan.")
        self.fields["opd"].queryset = city.opds.active()  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return form_helper()
