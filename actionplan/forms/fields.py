"""Fields that forms of a plan share: rupiah, figures, a stored document."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actionplan.funds import read_funds, spell_funds
from assessments.models import SupportingDocument
from cities.models import Membership
from figures.numbers import format_rupiah
from workbooks.codes import CellError
from workbooks.money import read_rupiah
from workbooks.records import figure, figure_cell

MOST_DOCUMENTS = 50  # in a list to choose from


class RupiahField(forms.CharField):
    """Whole rupiah as people type them: 1.250.000.000; an amount with two readings is refused."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        return format_rupiah(value).removeprefix("Rp") if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        try:
            return read_rupiah(super().clean(value))
        except CellError as error:
            raise ValidationError(str(error), code="rupiah") from error


class FundsField(forms.CharField):
    """Rupiah by source, a source a line."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 3})
        super().__init__(max_length=400, required=False, widget=area, **options)

    def prepare_value(self, value: Any) -> Any:
        return spell_funds(value, between="\n") if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        try:
            return read_funds(super().clean(value))
        except CellError as error:
            raise ValidationError(str(error), code="funds") from error


class FigureField(forms.DecimalField):
    """A number typed with a decimal comma."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else figure(value).replace(".", ",")

    def to_python(self, value: Any) -> Any:
        try:
            text = figure_cell(value, None)
        except CellError as error:
            raise ValidationError(str(error), code="figure") from error
        return super().to_python(text)


def document_field(label: Any) -> forms.ModelChoiceField[SupportingDocument]:
    return forms.ModelChoiceField(
        SupportingDocument.objects.none(),
        label=label,
        required=False,
        empty_label=_("Tanpa dokumen"),
        help_text=_("Salah satu dari 50 dokumen terbaru yang diunggah ke situs ini."),
    )


def offer_documents(form: forms.Form, member: Membership) -> None:
    """Those that the person may open, the newest first."""
    known = SupportingDocument.objects.offerable_by(member).order_by("-uploaded_at")
    field = cast("forms.ModelChoiceField[SupportingDocument]", form.fields["document"])
    keys = known.filter(city=member.city_id).values("pk")[:MOST_DOCUMENTS]
    field.queryset = SupportingDocument.objects.filter(pk__in=keys).order_by("-uploaded_at")
