"""The claim of a question and the messages about it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import PointsField, form_helper, plain
from assessments.models import Answer
from clusters.choices import AnswerType
from figures.numbers import format_points


class ClaimForm(forms.Form):
    """The claim on one question: points, the answer itself, and a note."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        question = answer.question
        kwargs["initial"] = {
            "claimed_points": plain(answer.claimed_points),
            "value": plain(answer.value),
            "choice": answer.choice,
            "note": answer.note,
            "seen_at": _moment(answer.claimed_at),
        }
        super().__init__(*args, **kwargs)
        if question.options:
            choices = [("", _("Pilih jawaban")), *((option, option) for option in question.options)]
            self.fields["choice"] = forms.ChoiceField(
                label=_("Jawaban"), required=False, choices=choices
            )
        if question.answer_type in (AnswerType.PERCENT, AnswerType.COUNT):
            self.fields["value"] = self._value_field(question.answer_type)
        self.fields["claimed_points"] = PointsField(
            maximum=question.max_points,
            label=_("Klaim nilai"),
            required=False,
            help_text=_("Antara 0 dan %(maximum)s.")
            % {"maximum": format_points(question.max_points)},
        )
        self.fields["note"] = forms.CharField(
            label=_("Catatan"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Penjelasan singkat untuk pemeriksa, bila perlu."),
        )

    @staticmethod
    def _value_field(answer_type: str) -> forms.DecimalField:
        percent = answer_type == AnswerType.PERCENT
        return forms.DecimalField(
            label=_("Persentase (%)") if percent else _("Jumlah"),
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(100) if percent else None,
            max_digits=14,
            decimal_places=3,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    @property
    def is_stale(self) -> bool:
        """Whether it was refused because somebody else has filled in the answer since."""
        return self.has_error(NON_FIELD_ERRORS, "stale")

    def look_again(self, answer: Answer) -> None:
        """Count the answer as it stands now as seen; what was typed stays."""
        # `**` on the data of a request would give each value as a list.
        self.data = {**dict(self.data.items()), "seen_at": _moment(answer.claimed_at)}

    def clean_seen_at(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen_at"])
        except ValueError:  # no day of the calendar: nothing that was ever seen here
            return None

    def cleaned(self) -> dict[str, Any]:
        """Arguments for the service that saves a claim."""
        data = self.cleaned_data
        return {
            "points": data["claimed_points"],
            "value": data.get("value"),
            "choice": data.get("choice", ""),
            "note": data["note"],
            "seen_at": data["seen_at"],
        }


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Pesan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()
