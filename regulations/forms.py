"""What people may enter about regulations. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.forms.base import Fold, date_field, form_helper
from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import City, Opd
from clusters.models import Instrument, Question
from imports.forms import TableForm
from regulations.choices import Force, RegulationKind, RelationKind
from regulations.jdih import MOST_BYTES
from regulations.models import FIRST_YEAR, LAST_YEAR, Regulation, RegulationQuerySet
from regulations.services.drafts import DraftFacts
from regulations.services.regulations import RegulationFacts
from regulations.topics import topics_of
from texts.file_fields import FilePicker
from texts.searching import found

DATES = ("signed_on", "promulgated_on", "effective_on", "ends_on")


class RegulationFilterForm(ListForm):
    orders = {
        "": (_("Tahun"), ("-year", "kind", "number", "pk")),
        "jenis": (_("Jenis"), ("kind", "-year", "number", "pk")),
    }

    q = search_field(_("Cari nomor, tahun, atau isi"))
    jenis = choice_field(_("Jenis"), _("Semua jenis"), RegulationKind.choices)
    keadaan = choice_field(_("Keadaan"), _("Semua keadaan"), Force.choices)

    def narrowed(self, regulations: RegulationQuerySet) -> RegulationQuerySet:
        """Without the state, which the page computes of what is left."""
        wanted = self.wanted
        if words := wanted.get("q"):
            matching = found(words, "number", "title")
            if words.strip().isdecimal():
                matching |= Q(year=int(words.strip()[:9]))
            regulations = regulations.filter(matching)
        if kind := wanted.get("jenis"):
            regulations = regulations.filter(kind=kind)
        return regulations.order_by(*self.order)


class RegulationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=RegulationKind.choices)
    number = forms.CharField(
        label=_("Nomor"),
        max_length=60,
        required=False,
        help_text=_("Hanya rancangan yang boleh belum bernomor."),
    )
    year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = forms.CharField(
        label=_("Tentang"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_draft = forms.BooleanField(
        label=_("Masih rancangan"),
        required=False,
        help_text=_("Rancangan tidak pernah dihitung sebagai produk hukum yang berlaku."),
    )
    signed_on = date_field(pgettext_lazy("produk hukum", "Ditetapkan"))
    promulgated_on = date_field(_("Diundangkan"))
    effective_on = date_field(
        _("Mulai berlaku"), help_text=_("Kosongkan bila berlaku sejak diundangkan.")
    )
    ends_on = date_field(_("Berlaku sampai"), help_text=_("Kosongkan bila tidak dibatasi."))
    signatory = forms.CharField(label=_("Penanda tangan"), max_length=150, required=False)
    initiator = forms.ModelChoiceField(
        Opd.objects.none(),
        label=_("OPD pemrakarsa"),
        required=False,
        empty_label=_("Belum diisi"),
    )
    address = forms.URLField(
        label=_("Alamat pada JDIH"), max_length=2000, required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, city: City, save: str, jdih_id: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label, self.jdih_id = save, jdih_id
        initiator = cast("forms.ModelChoiceField[Opd]", self.fields["initiator"])
        initiator.queryset = city.opds.active()

    @property
    def helper(self) -> FormHelper:
        return stacked(
            "kind",
            "number",
            "year",
            "title",
            "promulgated_on",
            "is_draft",
            Fold(
                _("Tanggal lain, penanda tangan, pemrakarsa, dan alamat"),
                "signed_on",
                "effective_on",
                "ends_on",
                "signatory",
                "initiator",
                "address",
            ),
            save=self.save_label,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("number") and not data.get("is_draft") and "number" not in self.errors:
            self.add_error("number", _("Isi nomornya. Hanya rancangan yang boleh belum bernomor."))
        start, end = data.get("effective_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Akhir masa berlaku tidak boleh sebelum mulai berlaku."))
        return data

    @property
    def facts(self) -> RegulationFacts:
        """What was entered; only of a valid form."""
        return RegulationFacts(**self.cleaned_data, jdih_id=self.jdih_id)

    @staticmethod
    def initial_of(regulation: Regulation) -> dict[str, Any]:
        return {name: getattr(regulation, name) for name in RegulationForm.base_fields}


class DraftForm(forms.Form):
    """What an OPD drafts; `topics` are those that it may choose."""

    topic = forms.ChoiceField(label=_("Topik"))
    kind = forms.ChoiceField(label=_("Jenis yang diusulkan"), choices=RegulationKind.choices)
    title = forms.CharField(
        label=_("Tentang"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    year = forms.IntegerField(
        label=_("Tahun penetapan yang diharapkan"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    address = forms.URLField(
        label=_("Tautan naskah rancangan"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text=_("Boleh kosong. Setiap anggota kota dapat melihat tautan ini."),
    )

    def __init__(self, *args: Any, topics: Mapping[str, Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["topic"]).choices = [
            (code, f"{code} {question.text}") for code, question in topics.items()
        ]

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.base_fields, save=str(_("Simpan rancangan")))

    @property
    def facts(self) -> DraftFacts:
        """What was entered; only of a valid form."""
        return DraftFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(draft: Regulation, topics: Mapping[str, Question]) -> dict[str, Any]:
        about = set(draft.coverages.values_list("question", flat=True))
        topic = next((code for code, one in topics.items() if one.pk in about), None)
        names = ("kind", "title", "year", "address")
        return {"topic": topic, **{name: getattr(draft, name) for name in names}}


class RelationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Produk hukum ini"), choices=RelationKind.choices)
    target = forms.ModelChoiceField(
        Regulation.objects.none(), label=_("Produk hukum lain"), empty_label=_("Pilih")
    )

    def __init__(self, *args: Any, regulation: Regulation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Regulation.objects.filter(~Q(pk=regulation.pk), city=regulation.city_id)
        target = cast("forms.ModelChoiceField[Regulation]", self.fields["target"])
        target.queryset = others.in_order()

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class TopicsForm(forms.Form):
    """The questions of an instrument that ask for a regulation; those ticked are its topics."""

    codes = forms.MultipleChoiceField(
        label=_("Pertanyaan yang dijawab produk hukum ini"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["codes"]).choices = [
            (code, f"{code} {text}") for code, text in self.questions(instrument)
        ]

    @staticmethod
    def questions(instrument: Instrument) -> QuerySet[Question, tuple[str, str]]:
        asked = Question.objects.filter(
            indicator__cluster__instrument=instrument, code__in=topics_of(*instrument.codes).policy
        )
        return asked.in_order().values_list("code", "text")

    @property
    def helper(self) -> FormHelper:
        return stacked("codes", save=str(_("Simpan topik")))


class FeedForm(TableForm):
    most_bytes = MOST_BYTES
    file = forms.FileField(
        label=_("Berkas JSON dari JDIH"),
        widget=FilePicker({"accept": ".json,application/json"}),
    )
