"""Results of the official stages, by question, by indicator or from a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.forms.base import PointsField, form_helper, plain
from assessments.models import Answer
from assessments.queries.official import OfficialCell, OfficialRow
from assessments.services.official import IndicatorEntry
from figures.numbers import format_points


def source_field() -> forms.CharField:
    return forms.CharField(
        label=_("Sumber"),
        max_length=1000,
        help_text=_("Dari mana nilai ini, misalnya nomor dan tanggal berita acara."),
        error_messages={"required": _("Tuliskan sumber nilai resmi.")},
    )


class OfficialForm(forms.Form):
    """What an official stage gave one question."""

    kind = forms.ChoiceField(
        label=_("Tahap resmi"),
        choices=[(kind, f"{kind.value} · {kind.label}") for kind in OFFICIAL_KINDS],
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        maximum = answer.question.max_points
        self.fields["points"] = PointsField(
            maximum=maximum,
            label=_("Nilai"),
            required=False,
            help_text=_("Antara 0 dan %(maximum)s. Kosongkan untuk menarik nilai tahap itu.")
            % {"maximum": format_points(maximum)},
        )
        self.fields["why"] = source_field()

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        takes_back = "kind" in data and "points" in data and data["points"] is None
        if takes_back and not self.answer.stage_scores.filter(kind=data["kind"]).exists():
            self.add_error("points", _("Tahap ini belum bernilai. Isi nilainya."))
        return data


class OfficialTableForm(forms.Form):
    """The total of every indicator at every official stage, for what is not known by question."""

    def __init__(self, *args: Any, rows: Sequence[OfficialRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["why"] = source_field()
        for row, cell in self._open_cells():
            label = _("%(kind)s indikator %(code)s") % {
                "kind": cell.kind.value,
                "code": row.indicator.code,
            }
            field = PointsField(
                maximum=row.indicator.max_points,
                label=label,
                required=False,
                initial=plain(cell.points),
                # What the person saw comes back with the form: only cells that they changed
                # are stored, and none over a number that they have not seen.
                show_hidden_initial=True,
            )
            field.widget.attrs |= {
                "class": "form-control num",
                "aria-label": label,
                "size": 7,
            }
            self.fields[self.name_of(row, cell)] = field

    @staticmethod
    def name_of(row: OfficialRow, cell: OfficialCell) -> str:
        return f"{cell.kind.value}-{row.indicator.code}"

    def _open_cells(self) -> Iterator[tuple[OfficialRow, OfficialCell]]:
        for row in self.rows:
            for cell in row.cells:
                if not cell.questions:
                    yield row, cell

    def table(self) -> Iterator[tuple[OfficialRow, list[tuple[OfficialCell, Any]]]]:
        """The rows with the field of each cell, None where the questions say it."""
        for row in self.rows:
            names = [(cell, self.name_of(row, cell)) for cell in row.cells]
            yield row, [(cell, self[name] if name in self.fields else None) for cell, name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.entries():
            raise ValidationError(_("Belum ada nilai yang diubah."), code="unchanged")
        return data

    def entries(self) -> list[IndicatorEntry]:
        """The cells that this person changed."""
        changed = set(self.changed_data)
        return [
            IndicatorEntry(
                indicator=row.indicator,
                kind=ScoreKind(cell.kind),
                seen=self._seen(name),
                points=self.cleaned_data.get(name),
            )
            for row, cell in self._open_cells()
            if (name := self.name_of(row, cell)) in changed
        ]

    def _seen(self, name: str) -> Decimal | None:
        field = self.fields[name]
        assert isinstance(field, PointsField)  # noqa: S101 -- narrows for mypy
        try:
            return field.to_python(self.data.get(self.add_initial_prefix(name), ""))
        except ValidationError:
            return None
