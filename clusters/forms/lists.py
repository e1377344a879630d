"""The lists of a draft: agencies, kinds of documents, stages, bands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from clusters import edits
from clusters.edits import Edit
from clusters.forms.base import code_field, form_helper, name_field, number_field, plain
from clusters.linter import anchor
from clusters.spec import (
    MAX_CODE,
    AgencySpec,
    BandSpec,
    EvidenceKindSpec,
    InstrumentSpec,
    StageSpec,
    plain_number,
)

EMPTY_ROWS = 3


class NamedRowForm(forms.Form):
    """A row of a list that has codes; `was` is the code that it had."""

    was = forms.CharField(required=False, max_length=MAX_CODE, widget=forms.HiddenInput)
    code = code_field()
    name = name_field(_("Nama"))

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BandRowForm(forms.Form):
    predikat = name_field(_("Predikat"))
    minimum = number_field(_("Dari"))
    maximum = number_field(_("Sampai"))

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class BaseRows(forms.BaseFormSet):
    """Rows of a list; those that are ticked or left empty fall away."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = _("Urutan")
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Hapus")


def kept(rows: forms.BaseFormSet[Any]) -> list[dict[str, Any]]:
    """What was entered, row by row, in the order that was asked for."""
    if rows.can_order:
        chosen = rows.ordered_forms
    else:
        chosen = [form for form in rows.forms if form not in rows.deleted_forms]
    return [form.cleaned_data for form in chosen if form.cleaned_data]


NamedRows = forms.formset_factory(
    NamedRowForm, formset=BaseRows, extra=EMPTY_ROWS, can_delete=True, can_order=True
)
BandRows = forms.formset_factory(BandRowForm, formset=BaseRows, extra=EMPTY_ROWS, can_delete=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row in few words, and the id to which findings about it point."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftList:
    """One list of a draft: what people call it, its rows, and the edit that they make."""

    slug: str
    title: Any
    lead: Any
    rows: type[forms.BaseFormSet[Any]]
    part: edits.SpecPart
    shown: Callable[[InstrumentSpec], list[dict[str, Any]]]
    entries: Callable[[InstrumentSpec], list[Entry]]
    edit: Callable[[list[dict[str, Any]]], Edit]


def _named(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"was": row.code, "code": row.code, "name": row.name} for row in rows]


def _entries(label: str, rows: Iterable[Any], text: Callable[[Any], str]) -> list[Entry]:
    return [Entry(anchor(f"{label} {row.code}"), text(row)) for row in rows]


def _bounds(band: BandSpec) -> str:
    bounds = f"{plain_number(band.minimum)}–{plain_number(band.maximum)}".replace(".", ",")
    return f"{band.predikat} {bounds}"


def shown_bands(bands: Iterable[BandSpec]) -> list[dict[str, Any]]:
    return [
        {
            "predikat": band.predikat,
            "minimum": plain(band.minimum),
            "maximum": plain(band.maximum),
        }
        for band in bands
    ]


def bands_of(rows: Iterable[dict[str, Any]]) -> list[BandSpec]:
    return [BandSpec(row["predikat"], row["minimum"], row["maximum"]) for row in rows]


LISTS = {
    one.slug: one
    for one in (
        DraftList(
            "perangkat",
            _("Perangkat daerah baku"),
            _("Yang lazim menjawab, dengan kode yang dipakai pada pertanyaan."),
            NamedRows,
            edits.agencies_part,
            lambda spec: _named(spec.agencies),
            lambda spec: _entries("perangkat daerah", spec.agencies, lambda row: row.code),
            lambda rows: edits.agencies_edit(
                [(row["was"], AgencySpec(row["code"], row["name"])) for row in rows]
            ),
        ),
        DraftList(
            "dokumen",
            _("Jenis dokumen"),
            _("Dokumen yang dapat diminta oleh pertanyaan."),
            NamedRows,
            edits.evidence_kinds_part,
            lambda spec: _named(spec.evidence_kinds),
            lambda spec: _entries("jenis dokumen", spec.evidence_kinds, lambda row: row.name),
            lambda rows: edits.evidence_kinds_edit(
                [(row["was"], EvidenceKindSpec(row["code"], row["name"])) for row in rows]
            ),
        ),
        DraftList(
            "tahap",
            _("Tahap penilaian"),
            _("Tahap resmi yang dapat memberi nilai, misalnya EM Evaluasi mandiri."),
            NamedRows,
            edits.stages_part,
            lambda spec: _named(spec.stages),
            lambda spec: _entries("tahap", spec.stages, lambda row: f"{row.code} {row.name}"),
            lambda rows: edits.stages_edit(
                [(row["was"], StageSpec(row["code"], row["name"])) for row in rows]
            ),
        ),
        DraftList(
            "predikat",
            _("Rentang predikat"),
            _("Seperti diterbitkan, kedua batas termasuk. Boleh kosong bila tidak diterbitkan."),
            BandRows,
            edits.bands_part,
            lambda spec: shown_bands(spec.bands),
            lambda spec: [
                Entry(anchor(f"predikat {band.predikat}"), _bounds(band)) for band in spec.bands
            ],
            lambda rows: edits.bands_edit(bands_of(rows)),
        ),
    )
}
