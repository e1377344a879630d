"""What people may enter about photos, visits and findings. Nothing is saved here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import Fold, date_field, form_helper
from assessments.forms.uploads import CheckedFilesField, ManyFilesInput
from cities.forms.base import SeenForm, stacked
from cities.forms.lists import ListForm, choice_field
from cities.models import Membership, Opd
from cities.roles import Permission
from facilities.choices import Said
from facilities.forms.facilities import OpdField, count_field
from facilities.models import Facility, Finding
from facilities.services.findings import USUAL_DAYS, FindingFacts
from facilities.services.visits import Findings, Position
from facilities.types import Checklist
from texts.day_fields import DayField, DayInput
from texts.languages import filled

TODAY = {"data-field-today": ""}  # static/js/field.js renews it on a page that was put away
PHOTOS = {"accept": "image/*"}
ITSELF = "0"


def _key_field() -> forms.UUIDField:
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)


def _degree_field(most: int) -> forms.DecimalField:
    """Degrees as a phone gives them, filled by static/js/position.js."""
    return forms.DecimalField(
        required=False,
        min_value=-most,
        max_value=most,
        widget=forms.HiddenInput,
    )


class PhotoForm(forms.Form):
    file = CheckedFilesField(label=_("Foto"), limit=1, widget=ManyFilesInput(PHOTOS))
    caption = forms.CharField(
        label=_("Keterangan"),
        max_length=200,
        required=False,
        help_text=_("Tanpa nama anak. Lokasi foto tidak ikut ditampilkan."),
    )
    kunci = _key_field()

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class VisitForm(SeenForm):
    """A checklist: each item with yes, no, or does not apply; or the official result."""

    on = DayField(label=_("Tanggal kunjungan"), widget=DayInput(attrs=TODAY))
    latitude = _degree_field(90)
    longitude = _degree_field(180)
    kunci = _key_field()

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for item in checklist.items:
            label = _("%(text)s (wajib)") % {"text": item.text} if item.required else item.text
            self.fields[f"butir-{item.code}"] = forms.ChoiceField(
                label=label, choices=Said.choices, widget=forms.RadioSelect
            )
        if not checklist.items:
            self.fields["score"] = forms.DecimalField(
                label=_("Nilai hasil pemeriksaan resmi"),
                min_value=0,
                max_value=checklist.maximum,
                max_digits=7,
                decimal_places=2,
                localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields["missing"] = count_field(
                _("Butir wajib yang belum terpenuhi"), required=checklist.required_items is not None
            )
        self.fields["note"] = forms.CharField(
            label=_("Catatan, tanpa nama anak"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        position = HTML('{% include "facilities/_position.html" only %}')
        fields = (*self.fields, position)
        return stacked(*fields, save=str(_("Simpan hasil")), queued=self.checklist.title)

    @property
    def findings(self) -> Findings:
        data = self.cleaned_data
        answers = {item.code: data[f"butir-{item.code}"] for item in self.checklist.items}
        return Findings(answers, data.get("score"), data.get("missing"))

    @property
    def position(self) -> Position | None:
        """Where the phone was, if it said both."""
        found = [self.cleaned_data.get(name) for name in ("latitude", "longitude")]
        if not all(isinstance(degrees, Decimal) for degrees in found):
            return None
        return Position(*cast(list[Decimal], found))


class FindingForm(forms.Form):
    """Photo, spot and a sentence suffice; the rest is folded and has its usual value."""

    file = CheckedFilesField(
        label=_("Foto"), limit=1, required=False, widget=ManyFilesInput(PHOTOS)
    )
    spot = forms.CharField(label=_("Di bagian mana"), max_length=100, required=False)
    sentence = forms.CharField(
        label=_("Temuan dalam satu kalimat, tanpa nama anak"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = date_field(
        _("Tenggat"),
        help_text=filled(_("Bila kosong, %(days)d hari dari sekarang."), days=USUAL_DAYS),
    )
    opd = forms.ChoiceField(label=_("Diselesaikan oleh"), required=False)
    found_on = forms.DateField(required=False, widget=forms.HiddenInput(attrs=TODAY))
    visit_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kunci = _key_field()

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        facility: Facility,
        member: Membership,
        visit_key: UUID | None = None,
    ) -> None:
        # Two forms of one page may not have fields of one id.
        super().__init__(data, files, auto_id="temuan-%s", initial={"visit_key": visit_key})
        self.facility = facility
        self.fields["file"].widget.attrs["accept"] = "image/*"
        self.offered = {str(one.pk): one for one in _offered(facility, member)}
        usual = facility.opd.name if facility.opd else _("Fasilitas sendiri")
        choices = [("", usual)]
        choices += [(ITSELF, _("Fasilitas sendiri"))] if facility.opd else []
        choices += [(key, one.name) for key, one in self.offered.items() if one != facility.opd]
        cast(forms.ChoiceField, self.fields["opd"]).choices = choices

    @property
    def helper(self) -> FormHelper:
        fold = Fold(_("Tenggat dan yang menyelesaikan"), "due_on", "opd")
        hidden = ("found_on", "visit_key", "kunci")
        return form_helper("file", "spot", "sentence", fold, *hidden)

    @property
    def facts(self) -> FindingFacts:
        data = {name: self.cleaned_data[name] for name in FindingFacts.__slots__}
        chosen = data["opd"]
        usual = None if chosen == ITSELF else self.facility.opd
        return FindingFacts(**data | {"opd": self.offered.get(chosen, usual)})


def _offered(facility: Facility, member: Membership) -> QuerySet[Opd]:
    """Which OPDs the member may hand a finding to: a coordinator all of the city."""
    opds = facility.city.opds.active()
    if member.may(Permission.VIEW_ASSESSMENT):
        return opds
    return opds.filter(pk__in=[one for one in (facility.opd_id, member.opd_id) if one])


class PlanFindingForm(forms.Form):
    """Until when and by whom; for the coordinator."""

    due_on = DayField(label=_("Tenggat"))
    opd = OpdField(
        Opd.objects.none(),
        label=_("Diselesaikan oleh"),
        required=False,
        empty_label=_("Fasilitas sendiri"),
    )

    def __init__(self, data: Any = None, *, finding: Finding) -> None:
        super().__init__(data, initial={"due_on": finding.due_on, "opd": finding.opd_id})
        opds = finding.facility.city.opds
        cast(OpdField, self.fields["opd"]).queryset = opds.active()

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class CloseFindingForm(forms.Form):
    done = forms.CharField(
        label=_("Apa yang dilakukan, tanpa nama anak"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class FindingFilterForm(ListForm):
    """Which findings the list shows: the open ones, unless asked for others."""

    keadaan = choice_field(
        _("Keadaan"),
        _("Belum selesai"),
        [("terlambat", _("Terlambat")), ("selesai", _("Selesai")), ("semua", _("Semua"))],
    )
    opd = OpdField(
        Opd.objects.none(),
        label=_("OPD"),
        required=False,
        empty_label=_("Semua yang menyelesaikan"),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if member.may(Permission.VIEW_ASSESSMENT):
            cast(OpdField, self.fields["opd"]).queryset = member.city.opds.all()
        else:
            del self.fields["opd"]
