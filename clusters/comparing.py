"""The differences between two instruments, row by row.

A row is known by its code. What a row says is compared field by field; where nothing differs
the two instruments are equal, and the other way round.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters import labels
from clusters.choices import AnswerType, ClusterKind, Direction, Measure, RowChange
from clusters.spec import InstrumentSpec
from figures.numbers import NOTHING


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The value of a field before and after, as text; a dash where it was or is empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is new, gone or says something else."""

    change: RowChange
    place: str
    fields: tuple[FieldChange, ...] = ()


LABELS = {
    "agencies": gettext_lazy("perangkat daerah"),
    "answer_type": gettext_lazy("bentuk jawaban"),
    "bands_note": gettext_lazy("catatan predikat"),
    "code": gettext_lazy("kode"),
    "correction_note": gettext_lazy("yang dibetulkan"),
    "corrects": gettext_lazy("membetulkan instrumen"),
    "counts_among_24": gettext_lazy("termasuk 24 indikator"),
    "direction": gettext_lazy("arah"),
    "evidence": gettext_lazy("dokumen yang diminta"),
    "kind": gettext_lazy("jenis"),
    "label": gettext_lazy("label"),
    "legal_basis": gettext_lazy("dasar hukum"),
    "max_points": gettext_lazy("poin maksimum"),
    "maximum": gettext_lazy("batas atas"),
    "measure": gettext_lazy("satuan nilai"),
    "minimum": gettext_lazy("batas bawah"),
    "name": gettext_lazy("nama"),
    "name_en": gettext_lazy("nama dalam bahasa Inggris"),
    "note": gettext_lazy("catatan"),
    "number": gettext_lazy("nomor"),
    "options": gettext_lazy("pilihan jawaban"),
    "parent": gettext_lazy("letak"),
    "predikat": gettext_lazy("predikat"),
    "provenance": gettext_lazy("asal-usul"),
    "text": gettext_lazy("pertanyaan"),
    "text_en": gettext_lazy("pertanyaan dalam bahasa Inggris"),
    "title": gettext_lazy("judul"),
    "title_en": gettext_lazy("judul dalam bahasa Inggris"),
    "usual_fractions": gettext_lazy("bagian poin yang lazim"),
}
# Words for codes
CHOICES = {
    str(choice.value): choice.label
    for choices in (AnswerType, ClusterKind, Direction, Measure)
    for choice in choices
}
CODED = {"answer_type", "direction", "kind", "measure"}
BELOW = {"agencies", "bands", "clusters", "evidence_kinds", "indicators", "questions", "stages"}

Row = tuple[str, Mapping[str, Any]]  # its place, and what it says


def compare(before: InstrumentSpec, after: InstrumentSpec) -> list[Difference]:
    """Every row that differs, in the order of the parts; removed rows keep their position."""
    old, new = _rows(before), _rows(after)
    found: list[Difference] = []
    for part in new:
        found += _differences(old[part], new[part])
        if _order(old[part], new[part]) != _order(new[part], old[part]):
            found.append(Difference(RowChange.CHANGED, str(ORDERS[part])))
    return found


def _differences(old: dict[str, Row], new: dict[str, Row]) -> Iterator[Difference]:
    for code in dict.fromkeys([*old, *new]):
        if code not in new:
            yield Difference(RowChange.REMOVED, old[code][0])
        elif code not in old:
            yield Difference(RowChange.ADDED, new[code][0])
        elif changed := tuple(_changed(old[code][1], new[code][1])):
            yield Difference(RowChange.CHANGED, new[code][0], changed)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name, value in new.items():
        if old[name] != value:
            yield FieldChange(str(LABELS[name]), _shown(name, old[name]), _shown(name, value))


def _order(rows: Iterable[str], others: Iterable[str]) -> list[str]:
    """The codes of the one that the other has too."""
    known = set(others)
    return [code for code in rows if code in known]


# --- Rows ---------------------------------------------------------------------------------------

ORDERS = {
    "head": "",
    "bands": gettext_lazy("urutan predikat"),
    "stages": gettext_lazy("urutan tahap"),
    "agencies": gettext_lazy("urutan perangkat daerah"),
    "evidence_kinds": gettext_lazy("urutan jenis dokumen"),
    "clusters": gettext_lazy("urutan klaster"),
    "indicators": gettext_lazy("urutan indikator"),
    "questions": gettext_lazy("urutan pertanyaan"),
}


def _rows(spec: InstrumentSpec) -> dict[str, dict[str, Row]]:
    """Every row of every part by its code."""
    return {
        "head": {"": (labels.instrument(), _said(spec))},
        "bands": {b.predikat: (labels.band(b.predikat), _said(b)) for b in spec.bands},
        "stages": {s.code: (labels.stage(s.code), _said(s)) for s in spec.stages},
        "agencies": {a.code: (labels.agency(a.code), _said(a)) for a in spec.agencies},
        "evidence_kinds": {
            kind.code: (labels.evidence_kind(kind.code), _said(kind))
            for kind in spec.evidence_kinds
        },
        "clusters": {c.code: (labels.cluster(c), _said(c)) for c in spec.clusters},
        "indicators": {
            row.code: (labels.indicator(row.code), _said(row, parent=cluster.code))
            for cluster in spec.clusters
            for row in cluster.indicators
        },
        "questions": {
            question.code: (
                labels.question(question.code),
                _said(question, parent=row.code, without=()),
            )
            for row in spec.indicators()
            for question in row.questions
        },
    }


def _said(row: Any, *, parent: str = "", without: Collection[str] = BELOW) -> dict[str, Any]:
    """What a row says itself, without what lies below it, and where it belongs."""
    names = [field.name for field in fields(row) if field.name not in without]
    return {name: getattr(row, name) for name in names} | {"parent": parent}


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, Decimal):
        return labels.number(value)
    if isinstance(value, tuple):
        return "; ".join(_shown(name, item) for item in value) or NOTHING
    return str(CHOICES.get(value, value) if name in CODED else value) or NOTHING
