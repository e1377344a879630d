"""The verdict on a document, and the points granted to a question."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import UsualReason, Verdict
from assessments.forms.base import PointsField, form_helper, plain
from assessments.models import Answer
from figures.numbers import format_points


class ReviewForm(forms.Form):
    """The decision on one document and, when it is accepted, the question's points."""

    verdict = forms.ChoiceField(
        label=_("Keputusan"),
        choices=[(Verdict.ACCEPTED, _("Terima")), (Verdict.RETURNED, _("Kembalikan"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih terima atau kembalikan.")},
    )
    usual_reason = forms.ChoiceField(
        label=_("Alasan yang lazim"),
        required=False,
        choices=[("", _("Pilih bila cocok")), *UsualReason.choices],
    )
    reason = forms.CharField(
        label=_("Alasan pengembalian"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Bila dikembalikan, pilih alasan yang lazim, tuliskan sendiri, atau keduanya. "
            "OPD membaca kalimat ini apa adanya."
        ),
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        granted = answer.granted_points
        points = answer.claimed_points if granted is None else granted
        kwargs["initial"] = {"granted_points": plain(points)}
        super().__init__(*args, **kwargs)
        self.fields["granted_points"] = PointsField(
            maximum=answer.question.max_points,
            label=_("Nilai ditetapkan"),
            required=False,
            help_text=_("Untuk seluruh pertanyaan, antara 0 dan %(maximum)s.")
            % {"maximum": format_points(answer.question.max_points)},
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper("verdict", "granted_points", "usual_reason", "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict = data.get("verdict")
        # The sentence that is stored: the usual reason, then what the reviewer adds to it.
        usual = UsualReason(data["usual_reason"]).label if data.get("usual_reason") else ""
        data["reason"] = f"{usual} {data.get('reason', '')}".strip()
        if verdict == Verdict.RETURNED and not data.get("reason"):
            self.add_error(
                "reason",
                _("Pilih atau tuliskan alasan agar OPD tahu apa yang harus diperbaiki."),
            )
        is_blank = "granted_points" in data and data["granted_points"] is None
        if verdict == Verdict.ACCEPTED and is_blank:
            self.add_error("granted_points", _("Isi nilai yang ditetapkan untuk pertanyaan ini."))
        return data


class GrantForm(forms.Form):
    """The points of a question whose documents have been accepted."""

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        kwargs["initial"] = {"granted_points": plain(answer.granted_points)}
        super().__init__(*args, **kwargs)
        self.fields["granted_points"] = PointsField(
            maximum=answer.question.max_points, label=_("Nilai ditetapkan")
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper()
