"""What people may enter about mappings. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.choices import MatchKind
from clusters.mappings import Group
from clusters.models import Cluster, Instrument, Mapping, Question
from texts.folding import folded

CONFIRMED, WAITING = "sudah", "belum"


class MappingForm(forms.Form):
    """The two instruments of a new mapping; drafts are not offered."""

    before = forms.ModelChoiceField(
        Instrument.objects.none(),
        label=_("Dari instrumen"),
        to_field_name="code",
        empty_label=_("Pilih instrumen lama"),
    )
    after = forms.ModelChoiceField(
        Instrument.objects.none(),
        label=_("Ke instrumen"),
        to_field_name="code",
        empty_label=_("Pilih instrumen baru"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            cast("forms.ModelChoiceField[Instrument]", field).queryset = Instrument.objects.frozen()


class MatchFilterForm(forms.Form):
    """Which groups of a mapping are shown; everything stands in the address."""

    cari = forms.CharField(label=_("Cari kode atau kata"), required=False, max_length=100)
    jenis = forms.ChoiceField(
        label=_("Hubungan"), required=False, choices=[("", _("Semua")), *MatchKind.choices]
    )
    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua")),
            (WAITING, _("Belum dipastikan")),
            (CONFIRMED, _("Sudah dipastikan")),
        ],
    )
    klaster = forms.ChoiceField(label=_("Klaster"), required=False)

    def __init__(self, *args: Any, clusters: Iterable[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {cluster.code: cluster.label for cluster in clusters}
        field = cast("forms.ChoiceField", self.fields["klaster"])
        field.choices = [("", _("Semua klaster")), *labels.items()]

    def chosen(self, groups: Sequence[Group]) -> list[Group]:
        """The groups asked for; an unknown value in the address narrows nothing."""
        self.is_valid()
        return [group for group in groups if self._wants(group)]

    def _wants(self, group: Group) -> bool:
        data = self.cleaned_data
        questions = [*group.before, *group.after]
        word = folded(data.get("cari", "").strip())
        return (
            data.get("jenis", "") in ("", group.kind)
            and data.get("keadaan", "") in ("", CONFIRMED if group.is_confirmed else WAITING)
            and data.get("klaster", "") in ("", *(row.indicator.cluster.code for row in questions))
            and any(word in folded(str(row)) for row in questions)
        )


class MatchForm(forms.Form):
    """The questions that belong together; the relation follows from how many there are."""

    before = forms.ModelMultipleChoiceField(
        Question.objects.none(), label=_("Pertanyaan lama"), required=False
    )
    after = forms.ModelMultipleChoiceField(
        Question.objects.none(), label=_("Pertanyaan baru"), required=False
    )
    is_same = forms.BooleanField(
        label=_("Isinya sama"),
        required=False,
        help_text=_("Hanya untuk satu pertanyaan lama dengan satu pertanyaan baru."),
    )
    cari = forms.CharField(label=_("Cari kode atau kata"), required=False, max_length=100)

    def __init__(self, *args: Any, mapping: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, instrument in (("before", mapping.before), ("after", mapping.after)):
            field = cast("forms.ModelMultipleChoiceField[Question]", self.fields[name])
            field.queryset = Question.objects.of_instrument(instrument).in_order()

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        if not self.errors:
            cleaned["kind"] = self._kind(cleaned)
        return cleaned

    def _kind(self, cleaned: dict[str, Any]) -> MatchKind | None:
        old, new = len(cleaned["before"]), len(cleaned["after"])
        asked = MatchKind.SAME if cleaned["is_same"] else MatchKind.REWORDED
        kinds = [asked, *MatchKind]
        fitting = next((kind for kind in kinds if kind.fits(old, new)), None)
        if fitting is None:
            self.add_error(None, _shape(old, new))
        return fitting


def _shape(old: int, new: int) -> forms.ValidationError:
    return forms.ValidationError(
        _(
            "%(old)d pertanyaan lama dan %(new)d pertanyaan baru tidak dapat menjadi satu "
            "kelompok. Pilih satu lawan satu, satu lawan beberapa, atau satu saja bila "
            "tidak berpasangan."
        ),
        code="shape",
        params={"old": old, "new": new},
    )
