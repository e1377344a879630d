"""Fields, layouts and helpers that the forms of this package share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.utils.translation import gettext_lazy as _

from figures.numbers import format_points
from texts.day_fields import DayField


def form_helper(*fields: Any) -> FormHelper:
    """The layout of a form whose <form> tag and buttons stand in the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if fields:
        helper.layout = Layout(*fields)
    return helper


class Fold(Div):
    """Fields that few need, folded; open as soon as one of them is filled in or refused."""

    template = "assessments/_fold.html"

    def __init__(self, summary: Any, *fields: Any) -> None:
        super().__init__(*fields)
        self.summary = summary
        self.is_open = False

    def render(
        self,
        form: forms.BaseForm,
        context: Any,
        template_pack: Any = TEMPLATE_PACK,
        **options: Any,
    ) -> Any:
        fields = [form[pointer.name] for pointer in self.get_field_names()]
        self.is_open = any(field.errors or field.value() for field in fields)
        return super().render(form, context, template_pack, **options)


def plain(number: Decimal | None) -> Decimal | None:
    """The number without the zeros that the database pads it with."""
    return None if number is None else number.normalize()


def date_field(label: Any, **options: Any) -> DayField:
    """A day that may stay empty."""
    return DayField(label=label, required=False, **options)


class PointsField(forms.DecimalField):
    """Points of one question, typed with a decimal comma or point."""

    def __init__(self, *, maximum: Decimal, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_value=maximum,
            max_digits=7,
            decimal_places=3,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": _("Isi dengan angka, misalnya 0,66."),
                "min_value": _("Nilai tidak boleh kurang dari 0."),
                "max_value": _("Nilai paling banyak %(maximum)s.")
                % {"maximum": format_points(maximum)},
            },
            **options,
        )
