"""The head of a draft, its clusters, indicators and questions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters import edits
from clusters.choices import AnswerType, ClusterKind, Direction, Measure
from clusters.editing import cluster_of, find, indicator_of
from clusters.edits import Edit
from clusters.forms.base import (
    DraftForm,
    LinesField,
    code_field,
    name_field,
    number_field,
    plain,
    text_field,
)
from clusters.models.instrument import FIRST_NUMBER, LAST_NUMBER
from clusters.plain_yaml import NUMBER
from clusters.spec import ClusterSpec, IndicatorSpec, InstrumentSpec, QuestionSpec, plain_number

NO_DIRECTION = ("", _("makin tinggi makin baik"))


class HeadForm(DraftForm):
    code = code_field(slug=True, help_text=_("Bagian dari alamat halaman; tetap setelah terbit."))
    title = name_field(_("Judul"))
    title_en = name_field(_("Judul dalam bahasa Inggris"), required=False)
    measure = forms.ChoiceField(
        label=_("Satuan nilai"),
        choices=Measure.choices,
        help_text=_("Indikator terpenuhi: bila poin tiap pertanyaan tidak pernah diterbitkan."),
    )
    max_points = number_field(_("Nilai maksimum"))
    legal_basis = LinesField(
        label=_("Dasar hukum"), required=False, help_text=_("Satu peraturan per baris.")
    )
    provenance = text_field(
        _("Asal-usul"),
        required=False,
        help_text=_("Dari mana isi ini diambil dan apa yang belum diketahui."),
    )
    bands_note = text_field(_("Catatan tentang predikat"), required=False)
    correction_note = text_field(_("Yang dibetulkan"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.spec.corrects:
            del self.fields["correction_note"]

    def shown(self) -> dict[str, Any]:
        names = [name for name in self.base_fields if name != "max_points"]
        values = {name: getattr(self.spec, name) for name in names}
        return {**values, "max_points": plain(self.spec.max_points)}

    def part(self, spec: InstrumentSpec) -> object:
        return edits.head_part(spec)

    def edit(self) -> Edit:
        return edits.head_edit(self.cleaned_data)


class ClusterForm(DraftForm):
    code = code_field(help_text=_("Misalnya klaster-1."))
    label = name_field(_("Label"), help_text=_("Singkat, misalnya Klaster I."))
    name = name_field(_("Nama"))
    name_en = name_field(_("Nama dalam bahasa Inggris"), required=False)
    kind = forms.ChoiceField(label=_("Jenis"), choices=ClusterKind.choices)
    max_points = number_field(_("Nilai maksimum"))

    def shown(self) -> dict[str, Any]:
        if not self.was:
            return {}
        row = find(self.spec.clusters, self.was)
        return {
            "code": row.code,
            "label": row.label,
            "name": row.name,
            "name_en": row.name_en,
            "kind": row.kind,
            "max_points": plain(row.max_points),
        }

    def part(self, spec: InstrumentSpec) -> object:
        return edits.cluster_part(spec, self.was)

    def edit(self) -> Edit:
        return edits.cluster_edit(ClusterSpec(**self.cleaned_data), was=self.was)


class IndicatorForm(DraftForm):
    cluster = forms.ChoiceField(label=_("Klaster"))
    code = code_field(help_text=_("Seperti dicetak, misalnya 21a."))
    number = forms.IntegerField(
        label=_("Nomor"),
        min_value=FIRST_NUMBER,
        max_value=LAST_NUMBER,
        help_text=_("21a, 21b, dan 21c bernomor 21: terhitung satu indikator."),
    )
    counts_among_24 = forms.BooleanField(label=_("Termasuk 24 indikator"), required=False)
    name = name_field(_("Nama"))
    name_en = name_field(_("Nama dalam bahasa Inggris"), required=False)
    max_points = number_field(_("Nilai maksimum"))
    note = text_field(_("Catatan"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cluster"].choices = [  # type: ignore[attr-defined]
            (cluster.code, cluster.label) for cluster in self.spec.clusters
        ]

    def shown(self) -> dict[str, Any]:
        if not self.was:
            return {}
        row = find(self.spec.indicators(), self.was)
        return {
            "cluster": cluster_of(self.spec, self.was).code,
            "code": row.code,
            "number": row.number,
            "counts_among_24": row.counts_among_24,
            "name": row.name,
            "name_en": row.name_en,
            "max_points": plain(row.max_points),
            "note": row.note,
        }

    def part(self, spec: InstrumentSpec) -> object:
        return edits.indicator_part(spec, self.was)

    def edit(self) -> Edit:
        fields = dict(self.cleaned_data)
        cluster = fields.pop("cluster")
        return edits.indicator_edit(IndicatorSpec(**fields), cluster=cluster, was=self.was)


class FractionsField(forms.CharField):
    """Parts of the points from 0 to 1, rising: 0; 0,25; 1."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "; ".join(plain_number(part).replace(".", ",") for part in value)

    def to_python(self, value: Any) -> Any:
        words = (super().to_python(value) or "").replace(";", " ").replace(",", ".").split()
        if not all(NUMBER.fullmatch(word) for word in words):  # nor NaN, nor 1e-999999999
            raise forms.ValidationError(
                _(
                    "Tulis angka dari 0 sampai 1 dengan titik koma di antaranya, misalnya 0; 0,5; 1."
                ),
                code="invalid",
            )
        return tuple(Decimal(word) for word in words)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(not 0 <= part <= 1 for part in value) or list(value) != sorted(set(value)):
            raise forms.ValidationError(
                _("Bagian poin dari 0 sampai 1 dan harus urut naik."), code="not_rising"
            )

    def run_validators(self, value: Any) -> None:
        """A tuple has no length in characters."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "") != (self.prepare_value(initial) or "")


class QuestionForm(DraftForm):
    indicator = forms.ChoiceField(label=_("Indikator"))
    code = code_field(help_text=_("Unik dalam seluruh instrumen, misalnya 21a.3."))
    text = text_field(_("Pertanyaan"))
    text_en = text_field(_("Pertanyaan dalam bahasa Inggris"), required=False)
    max_points = number_field(_("Nilai maksimum"))
    answer_type = forms.ChoiceField(label=_("Bentuk jawaban"), choices=AnswerType.choices)
    options = LinesField(
        label=_("Pilihan jawaban"), required=False, help_text=_("Satu pilihan per baris.")
    )
    usual_fractions = FractionsField(
        label=_("Bagian poin yang lazim"),
        required=False,
        help_text=_("Misalnya 0; 0,25; 0,5; 1: ditawarkan sebagai tombol saat menilai."),
    )
    direction = forms.ChoiceField(
        label=_("Arah"), required=False, choices=[NO_DIRECTION, *Direction.choices]
    )
    lead = forms.ChoiceField(label=_("Penanggung jawab baku"), required=False)
    contributors = forms.MultipleChoiceField(
        label=_("Pendukung baku"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(
        label=_("Dokumen yang diminta"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = text_field(_("Catatan"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = [(agency.code, agency.name) for agency in self.spec.agencies]
        for name, choices in {
            "indicator": [(row.code, f"{row.code} {row.name}") for row in self.spec.indicators()],
            "lead": [("", _("Belum ada")), *agencies],
            "contributors": agencies,
            "evidence": [(kind.code, kind.name) for kind in self.spec.evidence_kinds],
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def shown(self) -> dict[str, Any]:
        if not self.was:
            return {}
        row = find(self.spec.questions(), self.was)
        return {
            "indicator": indicator_of(self.spec, self.was).code,
            "code": row.code,
            "text": row.text,
            "text_en": row.text_en,
            "max_points": plain(row.max_points),
            "answer_type": row.answer_type,
            "options": row.options,
            "usual_fractions": row.usual_fractions,
            "direction": row.direction,
            "lead": row.agencies[0] if row.agencies else "",
            "contributors": list(row.agencies[1:]),
            "evidence": list(row.evidence),
            "note": row.note,
        }

    def part(self, spec: InstrumentSpec) -> object:
        return edits.question_part(spec, self.was)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("contributors") and not data.get("lead"):
            self.add_error("lead", _("Pilih penanggung jawab; yang lain mendukungnya."))
        return data

    def edit(self) -> Edit:
        fields = dict(self.cleaned_data)
        indicator = fields.pop("indicator")
        fields["agencies"] = self._agencies(fields.pop("lead"), fields.pop("contributors"))
        kinds = [kind.code for kind in self.spec.evidence_kinds]
        fields["evidence"] = tuple(code for code in kinds if code in fields["evidence"])
        return edits.question_edit(QuestionSpec(**fields), indicator=indicator, was=self.was)

    def _agencies(self, lead: str, contributors: list[str]) -> tuple[str, ...]:
        """The lead and those beside it; who contributed before keeps the place in their order."""
        before = list(self.initial.get("contributors", ()))
        known = [code for code in before if code in contributors]
        new = [code for code in contributors if code not in before]
        return tuple(dict.fromkeys(code for code in (lead, *known, *new) if code))
