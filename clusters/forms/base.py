"""Fields and the base form for parts of a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from clusters.checking import CODE, DECIMALS, MAX_POINTS, SLUG
from clusters.edits import Edit, fingerprint
from clusters.library import MAX_TEXT
from clusters.places import number as written
from clusters.spec import MAX_CODE, MAX_NAME, InstrumentSpec

# 1.000 is a thousand to one reader and one to the other; 12.500 is more than MAX_POINTS to the one.
TWO_READINGS = re.compile(r"[1-9]\.[0-9]{3}")


def form_helper() -> FormHelper:
    """A form whose <form> tag and buttons stand in the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def code_field(*, slug: bool = False, **options: Any) -> forms.CharField:
    """A code as instrument files may have it."""
    sentence = (
        _("Gunakan huruf kecil, angka, dan tanda hubung, misalnya kla-2027.")
        if slug
        else _("Gunakan huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi.")
    )
    pattern = f"^(?:{(SLUG if slug else CODE).pattern})\\Z"
    return forms.CharField(
        label=_("Kode"),
        max_length=MAX_CODE,
        validators=[RegexValidator(pattern, sentence, code="not_a_code")],
        **options,
    )


def name_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=MAX_NAME, **options)


class LongTextField(forms.CharField):
    """Text with lines as files have them, whatever ends a line in a browser."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def text_field(label: Any, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return LongTextField(label=label, max_length=MAX_TEXT, widget=widget, **options)


class NumberField(forms.DecimalField):
    """A decimal, typed with a comma or point; what can be read in two ways is refused."""

    def to_python(self, value: Any) -> Any:
        text = str(value).strip()
        if TWO_READINGS.fullmatch(text):
            facts = {"text": text, "whole": text.replace(".", ""), "part": written(Decimal(text))}
            raise forms.ValidationError(
                _("%(text)s bisa berarti %(whole)s atau %(part)s; tulis tanpa titik ribuan."),
                code="two_readings",
                params=facts,
            )
        return super().to_python(value)


def number_field(label: Any, **options: Any) -> NumberField:
    """A decimal that can be stored exactly, typed with a decimal comma or point."""
    return NumberField(
        label=label,
        min_value=Decimal(0),
        max_value=MAX_POINTS,
        decimal_places=DECIMALS,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Isi dengan angka, misalnya 12,5.")},
        **options,
    )


def plain(number: Decimal) -> Decimal:
    """The number without the zeros that the database pads it with."""
    return number.normalize()


class LinesField(forms.CharField):
    """Texts, one on each line; empty lines do not count, and no text stands twice."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return tuple(line for line in lines if line)

    def validate(self, value: Sequence[str]) -> None:
        super().validate(value)
        for line in value:
            if len(line) > MAX_NAME:
                raise forms.ValidationError(
                    _("Satu baris paling panjang %(most)d karakter."),
                    code="too_long",
                    params={"most": MAX_NAME},
                )
            if value.count(line) > 1:
                raise forms.ValidationError(
                    _("“%(line)s” tertulis lebih dari sekali."),
                    code="repeated",
                    params={"line": line},
                )

    def run_validators(self, value: Any) -> None:
        """The lengths that count are those of the lines."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != tuple(initial or ())


class DraftForm(forms.Form):
    """A part of a draft: `spec` is the draft as it is, `was` the code of the row, if it has one.

    The page carries the fingerprint of the part, so that a save against another state of it
    is noticed.
    """

    def __init__(self, *args: Any, spec: InstrumentSpec, was: str = "", **kwargs: Any) -> None:
        self.spec = spec
        self.was = was
        kwargs["initial"] = {**kwargs.get("initial", {}), **self.shown()}
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.part, self.spec)

    def shown(self) -> dict[str, Any]:
        """What the draft says now, field by field; nothing for a row that is to be added."""
        raise NotImplementedError

    def part(self, spec: InstrumentSpec) -> object:
        raise NotImplementedError

    def edit(self) -> Edit:
        """What was entered, as the edit that a service applies."""
        raise NotImplementedError

    def newer(self) -> list[tuple[str, str]]:
        """Where the draft says something else than was entered: the label and what it says."""
        fields = [self[name] for name in self.changed_data]
        return [(str(bound.label), _told(bound.field, bound.initial)) for bound in fields]


def _told(field: forms.Field, value: Any) -> str:
    """What a field says, in the words of its choices where it has any."""
    if isinstance(value, Decimal):
        return written(value)
    words = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(words.get(item, item)) for item in value)
    return str(words.get(value, "") or field.prepare_value(value) or "")
