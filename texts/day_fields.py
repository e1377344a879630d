"""The fields in which people type a day or a moment, or pick it from the browser's calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from texts.days import TYPED, TYPED_MOMENT, day_from, moment_from


class DayInput(forms.DateInput):
    """Plain text that speaks Indonesian in every browser; static/js/days.js adds the calendar."""

    class Media:
        js = [Script("js/days.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        hints = {
            "data-day": True,
            "autocomplete": "off",
            "placeholder": _("hh-bb-tttt"),
            "title": _("Tanggal, misalnya 21-11-2026"),
        }
        super().__init__({**hints, **(attrs or {})}, format=TYPED)


class DayField(forms.DateField):
    """A day, typed in any usual way and shown as 21-11-2026."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Tulis tanggal sebagai hari-bulan-tahun, misalnya 21-11-2026.")
    }

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        day = day_from(value)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentInput(forms.DateTimeInput):
    """The same with a time of the day."""

    class Media:
        js = [Script("js/days.js", type="module")]

    def __init__(self) -> None:
        hints = {
            "data-day": "moment",
            "autocomplete": "off",
            "placeholder": _("hh-bb-tttt jj.mm"),
            "title": _("Tanggal dan jam, misalnya 21-11-2026 14.30"),
        }
        super().__init__(hints, format=TYPED_MOMENT)


class MomentField(forms.DateTimeField):
    """A moment by the clock of the city, typed with its day in any usual way."""

    widget = MomentInput
    default_error_messages = {
        "invalid": _("Tulis tanggal dan jam, misalnya 21-11-2026 14.30."),
    }

    def to_python(self, value: Any) -> dt.datetime | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        moment = moment_from(value)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return from_current_timezone(moment)
