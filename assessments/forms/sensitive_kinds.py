"""Which kinds of documents a city treats as sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import Sensitivity
from assessments.forms.base import form_helper
from assessments.models import Assessment

PREFIX = "jenis-"


class SensitiveKindsForm(forms.Form):
    """One choice for each kind of the year's instrument."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marked = dict(assessment.city.sensitive_kinds.values_list("code", "sensitivity"))
        for kind in assessment.instrument.evidence_kinds.all():
            self.fields[PREFIX + kind.code] = forms.ChoiceField(
                label=kind.name,
                choices=[("", _("Tidak sensitif")), *Sensitivity.choices],
                initial=marked.get(kind.code, ""),
                required=False,
            )

    @property
    def helper(self) -> FormHelper:
        return form_helper(*self.fields)

    def chosen(self) -> Mapping[str, str]:
        return {name.removeprefix(PREFIX): why for name, why in self.cleaned_data.items()}
