"""What people may enter about a plan. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from actionplan.choices import Direction, FundSource, Light, LinkKind, Reach, SheetKind
from actionplan.codes import read_nomenclature_code
from actionplan.models import Action, ActionPlan, ActionYear, Realisation
from actionplan.queries.monitoring import YearRow
from actionplan.services.actions import ActionFacts, YearFacts
from actionplan.services.plans import PlanFacts
from actionplan.services.realisations import QuarterFacts
from actionplan.sheets import read_actions, read_nomenclature, read_realisations
from assessments.forms.base import Fold, form_helper
from assessments.models import SupportingDocument
from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import City, Membership, Opd
from clusters.models import Indicator
from figures.numbers import format_number, format_size_limit
from regulations.models import Regulation
from texts.day_fields import DayField
from texts.folding import folded
from workbooks.codes import CellError
from workbooks.faults import UnreadableError
from workbooks.money import read_rupiah
from workbooks.records import Records, figure, figure_cell

MAX_SHEET_BYTES = 5_000_000
MAX_TOLD = 100
MOST_DOCUMENTS = 50  # in a list to choose from


class RupiahField(forms.CharField):
    """Whole rupiah as people type them: 1.250.000.000; an amount with two readings is refused."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        return format_number(Decimal(value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        try:
            return read_rupiah(super().clean(value))
        except CellError as error:
            raise ValidationError(str(error), code="rupiah") from error


class FigureField(forms.DecimalField):
    """A number typed with a decimal comma."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else figure(value).replace(".", ",")

    def to_python(self, value: Any) -> Any:
        try:
            text = figure_cell(value, None)
        except CellError as error:
            raise ValidationError(str(error), code="figure") from error
        return super().to_python(text)


class MonitoringFilterForm(ListForm):
    """Narrows the actions of a year, of which all are read already."""

    q = search_field(_("Cari nomor atau kata"))
    klaster = choice_field(_("Klaster"), _("Semua klaster"), [])
    opd = choice_field(_("OPD"), _("Semua OPD"), [])
    keadaan = choice_field(_("Keadaan"), _("Semua keadaan"), Light.choices)

    def __init__(self, *args: Any, rows: Iterable[YearRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters = {row.action.indicator.cluster for row in rows}
        leads = {row.action.lead for row in rows if row.action.lead}
        self._add(
            "klaster", [(one.code, one.label) for one in sorted(clusters, key=lambda c: c.position)]
        )
        self._add("opd", [(one.code, one.name) for one in sorted(leads, key=lambda o: o.name)])

    def _add(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [*cast("list[Any]", field.choices), *choices]

    def narrowed(self, rows: Iterable[YearRow]) -> list[YearRow]:
        wanted = self.wanted
        words = folded(wanted.get("q", "")).split()
        return [
            row
            for row in rows
            if wanted.get("klaster") in (None, row.action.indicator.cluster.code)
            and wanted.get("opd") in (None, row.action.lead and row.action.lead.code)
            and wanted.get("keadaan") in (None, row.light)
            and all(word in folded(f"{row.action} {row.action.code}") for word in words)
        ]


class PlanForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=200)
    first_year = forms.IntegerField(label=_("Tahun pertama"), min_value=2006, max_value=2100)
    last_year = forms.IntegerField(label=_("Tahun terakhir"), min_value=2006, max_value=2100)
    legal_basis = forms.ModelChoiceField(
        Regulation.objects.none(),
        label=_("Dasar hukum"),
        required=False,
        empty_label=_("Belum diisi"),
        help_text=_("Dari daftar produk hukum kota."),
    )
    grace_days = forms.IntegerField(
        label=_("Hari untuk melapor sesudah triwulan"), min_value=0, max_value=90, initial=14
    )
    children = forms.IntegerField(
        label=_("Jumlah anak"), required=False, min_value=1, max_value=10_000_000
    )
    children_source = forms.CharField(label=_("Sumber jumlah anak"), required=False, max_length=300)

    def __init__(self, *args: Any, city: City, save: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label = save
        basis = cast("forms.ModelChoiceField[Regulation]", self.fields["legal_basis"])
        basis.queryset = Regulation.objects.filter(city=city, is_draft=False).in_order()

    @property
    def helper(self) -> FormHelper:
        more = Fold(_("Tenggat dan jumlah anak"), "grace_days", "children", "children_source")
        names = ("title", "first_year", "last_year", "legal_basis")
        return stacked(*names, more, save=self.save_label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("children") and not data.get("children_source"):
            self.add_error("children_source", _("Tuliskan sumber jumlah anak."))
        return data

    @property
    def facts(self) -> PlanFacts:
        return PlanFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(plan: ActionPlan) -> dict[str, Any]:
        return {one.name: getattr(plan, one.name) for one in fields(PlanFacts)}


def document_field(label: Any) -> forms.ModelChoiceField[SupportingDocument]:
    return forms.ModelChoiceField(
        SupportingDocument.objects.none(),
        label=label,
        required=False,
        empty_label=_("Tanpa dokumen"),
        help_text=_("Salah satu dari 50 dokumen terbaru yang diunggah ke situs ini."),
    )


def offer_documents(form: forms.Form, member: Membership) -> None:
    """Those that the person may open, the newest first."""
    known = SupportingDocument.objects.offerable_by(member).order_by("-uploaded_at")
    field = cast("forms.ModelChoiceField[SupportingDocument]", form.fields["document"])
    keys = known.filter(city=member.city_id).values("pk")[:MOST_DOCUMENTS]
    field.queryset = SupportingDocument.objects.filter(pk__in=keys).order_by("-uploaded_at")


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=LinkKind.choices)
    title = forms.CharField(
        label=_("Dokumen, bab, dan halaman"),
        max_length=300,
        help_text=_("Misalnya: RPJMD 2025–2029, bab IV, halaman 112."),
    )
    address = forms.URLField(
        label=_("Alamat"), required=False, max_length=2000, assume_scheme="https"
    )
    document = document_field(_("Berkas"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_documents(self, member)

    @property
    def helper(self) -> FormHelper:
        return form_helper()


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

    def __init__(self, *args: Any, plan: ActionPlan, save: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label = save
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


class QuarterForm(forms.Form):
    physical = FigureField(
        label=_("Fisik sejak awal tahun (%)"), min_value=0, max_value=100, decimal_places=2
    )
    money = RupiahField(
        label=_("Uang sejak awal tahun"), help_text=_("Rupiah penuh, misalnya 312.500.000.")
    )
    obstacle = forms.CharField(
        label=_("Hambatan"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    follow_up = forms.CharField(
        label=_("Tindak lanjut"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = document_field(_("Bukti"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["physical"].required = True
        offer_documents(self, member)

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Kirim laporan")))

    @property
    def facts(self) -> QuarterFacts:
        data = {**self.cleaned_data}
        document, _seen = data.pop("document"), data.pop("seen")
        return QuarterFacts(**data, document_id=document.pk if document else None)

    @staticmethod
    def initial_of(report: Realisation | None) -> dict[str, Any]:
        if report is None:
            return {"seen": 0}
        names = ("physical", "money", "obstacle", "follow_up", "document")
        return {name: getattr(report, name) for name in names} | {"seen": report.revision}


class SheetForm(forms.Form):
    """A table, read when it is cleaned; its faults belong to lines and are shown in the preview."""

    kind = SheetKind.ACTIONS
    file = forms.FileField(
        label=_("Berkas XLSX atau CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Periksa isinya")))

    def read(self, content: bytes, name: str) -> Records:
        return read_actions(content, name, self.known)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_SHEET_BYTES:
            sizes = {
                "size": format_size_limit(file.size or 0),
                "limit": format_size_limit(MAX_SHEET_BYTES),
            }
            raise ValidationError(
                _("Lembar ini %(size)s, paling besar %(limit)s. Hapus lembar lain dari berkas."),
                code="too_large",
                params=sizes,
            )
        try:
            self.reading = self.read(file.read(), file.name or "")
        except UnreadableError as error:
            raise ValidationError([str(one) for one in error.faults[:MAX_TOLD]]) from error
        return file


class RealisationSheetForm(SheetForm):
    kind = SheetKind.REALISATIONS

    def read(self, content: bytes, name: str) -> Records:
        return read_realisations(content, name)


class NomenclatureForm(SheetForm):
    kind = SheetKind.NOMENCLATURE
    decree = forms.CharField(
        label=_("Keputusan"),
        max_length=200,
        help_text=_("Misalnya Kepmendagri 900.1-2850 Tahun 2025."),
    )
    valid_from = DayField(label=_("Berlaku mulai"))

    def read(self, content: bytes, name: str) -> Records:
        return read_nomenclature(content, name)

    @property
    def about(self) -> dict[str, str]:
        data = self.cleaned_data
        decree = " ".join(data["decree"].split())
        return {"decree": decree, "valid_from": data["valid_from"].isoformat()}


class GoalForm(forms.Form):
    """The predikat that the city aims at in a year; none takes the target away."""

    year = forms.IntegerField(label=_("Tahun"), min_value=2006, max_value=2100)
    predikat = forms.ChoiceField(label=_("Predikat yang dituju"), required=False)
    source = forms.CharField(label=_("Sumber"), required=False, max_length=300)

    def __init__(self, *args: Any, predikats: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["predikat"])
        field.choices = [("", _("Tanpa target")), *((name, name) for name in predikats)]

    @property
    def helper(self) -> FormHelper:
        return form_helper()
