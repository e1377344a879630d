"""What people may enter about children: counts, never names. Nothing is saved here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from childdata.models import Observation
from childdata.queries.boards import PlaceBoard
from childdata.services.observations import MOST, Told
from childdata.tables import Cell, Line, lines_of
from cities.forms.base import SeenForm

WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line of the form: its label, and each field with last year's number."""

    label: str
    fields: list[tuple[forms.BoundField, int | None]]


class CountsForm(SeenForm):
    """The table of one variable at one place; `shown` is what it has told to be odd."""

    def __init__(self, *args: Any, board: PlaceBoard, shown: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board, now = board, board.now
        counts = now.counts if now else {}
        for number, line in enumerate(lines_of(board.variable)):
            for cell in line.cells:
                self.fields[_name(number, cell)] = _count_field(line, cell, counts.get(cell))
        self.fields["source"] = _text_field(_("Sumber, misalnya nomor surat"), 200, now, "source")
        self.fields["note"] = _text_field(_("Catatan, tanpa nama atau NIK anak"), 500, now, "note")
        hidden: dict[str, Any] = {"required": False, "widget": forms.HiddenInput}
        self.fields["seen"] = forms.IntegerField(initial=now.version if now else 0, **hidden)
        self.fields["shown"] = forms.CharField(initial=shown, max_length=64, **hidden)

    @property
    def asked(self) -> list[AskedLine]:
        before = self.board.before.counts if self.board.before else {}
        return [
            AskedLine(
                line.label,
                [(self[_name(number, cell)], before.get(cell)) for cell in line.cells],
            )
            for number, line in enumerate(lines_of(self.board.variable))
        ]

    @property
    def told(self) -> Told:
        """Of a valid form."""
        given = {
            cell: self.cleaned_data[_name(number, cell)]
            for number, line in enumerate(lines_of(self.board.variable))
            for cell in line.cells
        }
        counts = {cell: count for cell, count in given.items() if count is not None}
        return Told(counts, self.cleaned_data["source"], self.cleaned_data["note"])

    @property
    def knew(self) -> int:
        return self.cleaned_data["seen"] or 0

    def show_findings(self, shown: str) -> None:
        """Let the form say that these oddities were told: with a note it may be sent again."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["shown"] = shown
        self.data = sent


def _name(number: int, cell: Cell) -> str:
    return f"c{number}{cell.sex}"


def _count_field(line: Line, cell: Cell, initial: int | None) -> forms.IntegerField:
    sex = {"L": _("laki-laki"), "P": _("perempuan")}.get(cell.sex, "")
    return forms.IntegerField(
        label=f"{line.label}, {sex}" if sex else line.label,
        required=False,
        min_value=0,
        max_value=MOST,
        initial=initial,
        widget=forms.TextInput(attrs=WHOLE | {"class": "form-control num"}),
        error_messages={"invalid": _("Isi dengan bilangan bulat tanpa titik, misalnya 1250.")},
    )


def _text_field(label: Any, longest: int, now: Observation | None, name: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        initial=getattr(now, name) if now else "",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
