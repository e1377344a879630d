"""What people may enter about an action and its years. Nothing is saved here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actionplan.choices import Direction, FundSource, Reach
from actionplan.forms.fields import FigureField, FundsField, RupiahField
from actionplan.models import Action, ActionPlan, ActionYear
from actionplan.services.actions import ActionFacts, YearFacts
from assessments.forms.base import Fold
from cities.forms.base import stacked
from cities.models import Opd
from clusters.models import Indicator
from nomenclature.codes import read_nomenclature_code
from workbooks.codes import CellError


class ActionForm(forms.Form):
    number = forms.IntegerField(label=_("Nomor"), min_value=1, max_value=99_999)
    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("Indikator KLA"))
    name = forms.CharField(
        label=_("Aksi"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    lead = forms.ModelChoiceField(
        Opd.objects.none(),
        label=_("OPD penanggung jawab"),
        required=False,
        empty_label=_("Belum ditetapkan"),
    )
    measure = forms.CharField(label=_("Indikator kinerja"), required=False, max_length=300)
    unit = forms.CharField(label=_("Satuan"), required=False, max_length=60)
    baseline = FigureField(label=_("Keadaan awal"))
    direction = forms.ChoiceField(label=_("Arah yang dikehendaki"), choices=Direction.choices)
    questions = forms.CharField(
        label=_("Pertanyaan"),
        required=False,
        max_length=300,
        help_text=_("Kode pertanyaan dari indikator itu, dipisah titik koma: 2.4; 2.5."),
    )
    problem = forms.CharField(
        label=_("Masalah"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reach = forms.ChoiceField(label=_("Sasaran"), choices=Reach.choices)
    code = forms.CharField(
        label=_("Kode program, kegiatan, atau sub-kegiatan"), required=False, max_length=30
    )
    supporting = forms.ModelMultipleChoiceField(
        Opd.objects.none(),
        label=_("OPD pendukung"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.CharField(label=_("Lokasi"), required=False, max_length=300)

    def __init__(
        self, *args: Any, plan: ActionPlan, save: str, became: str = "", **kwargs: Any
    ) -> None:
        """`became` says what became of the code that is stored."""
        super().__init__(*args, **kwargs)
        self.save_label = save
        self.fields["code"].help_text = became
        indicator = cast("forms.ModelChoiceField[Indicator]", self.fields["indicator"])
        indicator.queryset = Indicator.objects.filter(
            cluster__instrument=plan.instrument_id
        ).select_related("cluster")
        opds = list(plan.city.opds.active())
        for name in ("lead", "supporting"):
            field = cast("forms.ModelChoiceField[Opd]", self.fields[name])
            field.queryset = plan.city.opds.active()
            empty = [("", field.empty_label)] if name == "lead" else []
            field.choices = [*empty, *((one.pk, one.name) for one in opds)]

    @property
    def helper(self) -> FormHelper:
        more = ("questions", "problem", "reach", "code", "supporting", "place")
        first = ("number", "indicator", "name", "lead", "measure", "unit", "baseline", "direction")
        folded_fields = Fold(_("Pertanyaan, masalah, kode, pendukung, dan lokasi"), *more)
        return stacked(*first, folded_fields, save=self.save_label)

    def clean_code(self) -> str:
        try:
            return read_nomenclature_code(self.cleaned_data["code"])
        except CellError as error:
            raise ValidationError(str(error), code="code") from error

    @property
    def facts(self) -> ActionFacts:
        data = self.cleaned_data
        codes = (part.strip() for part in data["questions"].replace(",", ";").split(";"))
        return ActionFacts(
            **data
            | {
                "questions": tuple(code for code in codes if code),
                "supporting": tuple(data["supporting"]),
            }
        )

    @staticmethod
    def initial_of(action: Action) -> dict[str, Any]:
        data = {one.name: getattr(action, one.name) for one in fields(ActionFacts)}
        codes = action.questions.values_list("question__code", flat=True)
        return data | {"questions": "; ".join(codes), "supporting": list(action.supporting.all())}


class YearForm(forms.Form):
    target = FigureField(label=_("Target"))
    ceiling = RupiahField(
        label=_("Pagu"), required=False, help_text=_("Rupiah penuh, misalnya 1.250.000.000.")
    )
    source = forms.ChoiceField(
        label=_("Sumber dana"),
        required=False,
        choices=[("", _("Belum diisi")), *FundSource.choices],
    )
    funds = FundsField(
        label=_("Rincian, bila lebih dari satu sumber"),
        help_text=_(
            "Satu sumber tiap baris, misalnya APBN: 250.000.000. Jumlahnya sama dengan pagu."
        ),
    )
    child_share = FigureField(
        label=_("Bagian untuk anak (%)"), min_value=0, max_value=100, decimal_places=2
    )
    child_reason = forms.CharField(
        label=_("Alasan bagian untuk anak"), required=False, max_length=300
    )

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Simpan")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("child_share") is not None and not data.get("child_reason"):
            self.add_error("child_reason", _("Tuliskan alasan bagian anggaran untuk anak."))
        return data

    @property
    def facts(self) -> YearFacts:
        return YearFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(row: ActionYear | None) -> dict[str, Any]:
        return {one.name: getattr(row, one.name) for one in fields(YearFacts)} if row else {}
