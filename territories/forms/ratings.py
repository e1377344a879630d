"""By which rules units are rated and which of them are visited. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from territories.choices import RatingLevel
from territories.models import Unit
from territories.rating import WHOLE
from territories.services.ratings import RatingFacts
from territories.services.samples import MOST_PER_DISTRICT

USUAL = 2  # of each kecamatan, as Bogor visited in 2022


class RatingRulesForm(forms.Form):
    """Three bounds, three lists of codes, and where all that stands written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in RatingLevel:
            self.fields[level.value] = forms.IntegerField(
                label=_("%(level)s mulai dari (%% kriteria)") % {"level": level.label},
                min_value=1,
                max_value=WHOLE,
            )
            self.fields[_required(level)] = forms.CharField(
                label=_("Wajib untuk %(level)s") % {"level": level.label},
                max_length=500,
                required=False,
            )
        self.fields[_required(RatingLevel.PRATAMA)].help_text = _(
            "Kode kriteria yang harus terpenuhi, dipisahkan koma, misalnya 25.2, 26.4. Yang wajib"
            " untuk Pratama wajib pula untuk Madya dan Nindya."
        )
        self.fields["source"] = forms.CharField(
            label=_("Sumber"),
            max_length=300,
            help_text=_("Di mana aturan ini tertulis, misalnya keputusan wali kota."),
        )

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan")))

    @property
    def facts(self) -> RatingFacts:
        data = self.cleaned_data
        return RatingFacts(
            at_least={level: data[level.value] for level in RatingLevel},
            required={
                level: frozenset(data[_required(level)].replace(",", " ").split())
                for level in RatingLevel
            },
            source=data["source"],
        )

    @staticmethod
    def initial_of(facts: RatingFacts) -> dict[str, Any]:
        codes = {
            _required(level): ", ".join(sorted(codes)) for level, codes in facts.required.items()
        }
        bounds = {level.value: bound for level, bound in facts.at_least.items()}
        return {**bounds, **codes, "source": facts.source}


def _required(level: RatingLevel) -> str:
    return f"{level.value}_required"


class ReasonForm(forms.Form):
    """With the number of the sample that whoever fills it knew of."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Alasan"), max_length=300, required=False)


class SampleDrawForm(ReasonForm):
    """The first draw needs no reason and is not asked for one."""

    per_district = forms.IntegerField(
        label=_("Wilayah setiap kecamatan"),
        min_value=1,
        max_value=MOST_PER_DISTRICT,
        initial=USUAL,
    )
    field_order = ("seen", "per_district", "reason")

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class UnitsField(forms.ModelMultipleChoiceField):
    """Units with their kecamatan."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.name} ({obj.parent.name})" if obj.parent else obj.name


class SampleChooseForm(ReasonForm):
    units = UnitsField(
        Unit.objects.none(),
        label=_("Kelurahan dan desa yang dikunjungi"),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("seen", "reason", "units")

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(UnitsField, self.fields["units"])
        rows = Unit.objects.filter(pk__in=[unit.pk for unit in units]).select_related("parent")
        field.queryset = rows
        self.fields["reason"].required = True

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Tetapkan kunjungan")))
