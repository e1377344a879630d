"""What a unit may report, and why a report goes back. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from cities.forms.base import SeenForm
from territories.choices import CriterionKind, ReportState
from territories.criteria import Criterion, Said
from territories.queries.standing import Standing
from territories.services.reports import Entry
from territories.sheets.layout import MOST

YES_NO = [("ya", _("Ya")), ("tidak", _("Tidak"))]
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any report
# By kind: the figures asked, with what people read above each.
FIGURES: dict[CriterionKind, dict[str, Any]] = {
    CriterionKind.YES_NO: {},
    CriterionKind.RATIO: {"part": _("Yang memenuhi"), "whole": _("Seluruhnya")},
    CriterionKind.COUNT: {"count": _("Jumlah")},
    CriterionKind.BY_SEX: {"boys": _("Laki-laki"), "girls": _("Perempuan")},
}


@dataclass(frozen=True, slots=True)
class AskedCriterion:
    """A criterion on the form: where it stands, and its fields; none while it waits."""

    standing: Standing
    fields: tuple[forms.BoundField, ...]
    source: forms.BoundField | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to do here."""
        settled = self.standing.state in (ReportState.SENT, ReportState.ACCEPTED)
        return not settled or any(field.errors for field in self.fields)


class ReportForm(SeenForm):
    """One unit's answers to the criteria that are not waiting for a verdict."""

    def __init__(self, *args: Any, standings: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standings = standings
        written = [one.latest.written_at for one in standings if one.latest]
        self.fields["seen"] = forms.CharField(
            required=False,
            max_length=40,
            widget=forms.HiddenInput,
            initial=max(written).isoformat() if written else EARLIEST.isoformat(),
        )
        for standing in self._open():
            self._add(standing)

    def _open(self) -> list[Standing]:
        return [one for one in self.standings if one.state != ReportState.SENT]

    def _add(self, standing: Standing) -> None:
        criterion, latest = standing.criterion, standing.latest
        said = latest.said if latest else Said()
        if criterion.kind == CriterionKind.YES_NO:
            self.fields[_name(criterion, "yes")] = forms.ChoiceField(
                label="",  # the legend around it asks
                choices=YES_NO,
                required=False,
                widget=forms.RadioSelect,
                initial={True: "ya", False: "tidak", None: ""}[said.yes],
            )
        for name, label in FIGURES[criterion.kind].items():
            self.fields[_name(criterion, name)] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                initial=getattr(said, name),
                error_messages={"invalid": _("Isi dengan bilangan bulat, misalnya 1250.")},
            )
        if criterion.kind in (CriterionKind.COUNT, CriterionKind.BY_SEX):
            self.fields[_name(criterion, "nil")] = forms.BooleanField(
                label=_("Nihil: tidak ada sama sekali"), required=False, initial=said.nil
            )
        self.fields[_name(criterion, "source")] = forms.CharField(
            label=_("Sumber, misalnya nomor surat; tanpa nama atau NIK anak"),
            required=False,
            max_length=200,
            initial=latest.source if latest else "",
        )

    @property
    def knew(self) -> datetime | None:
        """The newest report that whoever filled the form knew of; None where it does not say."""
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    @property
    def asked(self) -> list[AskedCriterion]:
        return [self._asked(standing) for standing in self.standings]

    def _asked(self, standing: Standing) -> AskedCriterion:
        criterion = standing.criterion
        names = [_name(criterion, name) for name in ("yes", "part", "whole", "count", "boys")]
        names += [_name(criterion, name) for name in ("girls", "nil")]
        source = _name(criterion, "source")
        return AskedCriterion(
            standing=standing,
            fields=tuple(self[name] for name in names if name in self.fields),
            source=self[source] if source in self.fields else None,
        )

    def entries(self) -> dict[str, Entry]:
        """What was written, by criterion code; of a valid form."""
        return {one.criterion.code: self._entry(one.criterion) for one in self._open()}

    def _entry(self, criterion: Criterion) -> Entry:
        def given(name: str) -> Any:
            return self.cleaned_data.get(_name(criterion, name))

        said = Said(
            yes={"ya": True, "tidak": False}.get(given("yes") or ""),
            part=given("part"),
            whole=given("whole"),
            count=given("count"),
            boys=given("boys"),
            girls=given("girls"),
            nil=bool(given("nil")),
        )
        return Entry(said, given("source") or "")


def _name(criterion: Criterion, figure: str) -> str:
    return f"k{criterion.code.replace('.', '-')}-{figure}"


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Apa yang harus diperbaiki"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
