"""What forms of the Gugus Tugas and of its meetings are made of."""

from __future__ import annotations

from typing import Any, cast

from django import forms


def lines_field(label: Any, *, rows: int, longest: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def initial_of_row(row: object, form: type[forms.Form]) -> dict[str, Any]:
    """What a form of the row begins with: of each of its fields the attribute of that name."""
    return {name: getattr(row, name, None) for name in form.base_fields}


def offer(field: forms.Field, queryset: Any) -> None:
    """Let a field that chooses a row choose from these."""
    cast("forms.ModelChoiceField[Any]", field).queryset = queryset
