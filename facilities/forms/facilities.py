"""What people may enter about facilities, their papers, visits and routes. Nothing is saved here."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import Fold, date_field, form_helper
from assessments.forms.uploads import CheckedFilesField
from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import City, Membership, Opd
from cities.roles import Permission
from facilities.choices import THRESHOLDS, CredentialKind
from facilities.models import FIRST_YEAR, LAST_YEAR, Credential, Facility, FacilityQuerySet
from facilities.services.facilities import CredentialFacts, FacilityFacts
from facilities.sheets import sorts
from facilities.types import FacilityType, catalogue
from territories.choices import UnitLevel
from territories.models import Unit
from texts.day_fields import DayField
from texts.languages import filled
from texts.searching import found

MOST = 1_000_000
WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


def count_field(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs=WHOLE),
        error_messages={"invalid": _("Isi dengan bilangan bulat, misalnya 25.")},
        **options,
    )


class FacilityFilterForm(ListForm):
    """Which facilities the list shows; all of it stands in the address."""

    orders = {
        "": (_("Nama"), ("name", "pk")),
        "wilayah": (_("Wilayah"), ("unit__code", "name", "pk")),
        "baru": (_("Terakhir dicatat"), ("-at", "-pk")),
    }
    STATES = [
        ("standar", _("Bersertifikat standar")),
        ("sk", _("Memiliki keputusan")),
        ("tanpa", _("Tanpa surat yang berlaku")),
        ("berakhir", _("Ada surat yang berakhir")),
        ("tidak-ada", _("Belum memiliki, misalnya tanpa ruang ASI")),
        ("tutup", _("Sudah tidak ada")),
    ]

    q = search_field(_("Cari nama, kode, atau alamat"))
    jenis = forms.ChoiceField(label=_("Jenis"), required=False)
    keadaan = choice_field(_("Keadaan"), _("Semua keadaan"), STATES)
    kecamatan = forms.ChoiceField(label=_("Kecamatan"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [(one.code, one.title) for one in catalogue().types.values()]
        kinds = [(sort, title) for sort, title in sorts().items() if "." in sort]
        cast(forms.ChoiceField, self.fields["jenis"]).choices = [
            ("", _("Semua jenis")),
            *types,
            (_("Rincian"), kinds),
        ]
        asked = str(self.data.get("kecamatan", ""))  # the page of a kelurahan links here, too
        visible = Unit.objects.visible_to(member)
        units = visible.filter(Q(level=UnitLevel.KECAMATAN) | Q(code=asked))
        cast(forms.ChoiceField, self.fields["kecamatan"]).choices = [
            ("", _("Semua kecamatan")),
            *units.values_list("code", "name"),
        ]

    def narrowed(self, facilities: FacilityQuerySet, day: date) -> FacilityQuerySet:
        """Those that the address asks for; of those that are gone only when asked for them."""
        wanted = self.wanted
        state = wanted.get("keadaan", "")
        is_gone = state == "tutup"
        rows = facilities.filter(active_to__lt=day) if is_gone else facilities.active_on(day)
        if words := wanted.get("q"):
            rows = rows.filter(found(words, "name", "code", "address"))
        code, _dot, kind = wanted.get("jenis", "").partition(".")
        if code:
            rows = rows.filter(type=code)
        if kind:
            rows = rows.filter(kind=kind)
        if district := wanted.get("kecamatan"):
            rows = rows.filter(Q(unit__code=district) | Q(unit__parent__code=district))
        return self._in_state(rows, state, day).order_by(*self.order)

    @staticmethod
    def _in_state(rows: FacilityQuerySet, state: str, day: date) -> FacilityQuerySet:
        if state == "standar":
            return rows.with_paper(CredentialKind.STANDARD, day)
        if state == "sk":
            return rows.with_paper(CredentialKind.DECREE, day)
        if state == "tanpa":
            papers = Credential.objects.in_force_on(day).exclude(kind=CredentialKind.TRAINING)
            return rows.exclude(pk__in=papers.values("facility"))
        if state == "berakhir":
            return rows.with_lapsed_paper(day)
        return rows.filter(provides=False) if state == "tidak-ada" else rows


class SortForm(forms.Form):
    """Of which type the new facility is; asked first, for it decides what else is asked."""

    jenis = forms.ChoiceField(label=_("Jenis fasilitas"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["jenis"]).choices = list(sorts().items())

    @property
    def helper(self) -> FormHelper:
        return form_helper()


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.code} {obj.name}"


class OpdField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Opd) -> str:
        return obj.name


class FacilityForm(forms.Form):
    """What is said of a facility; made for a phone: four fields, the rest folded."""

    name = forms.CharField(label=_("Nama"), max_length=150)
    provides = forms.ChoiceField(
        required=False,
        choices=[("", _("Belum didata")), ("ya", _("Ya")), ("tidak", _("Tidak"))],
        widget=forms.RadioSelect,
    )
    unit = UnitField(
        Unit.objects.none(),
        label=_("Kecamatan, kelurahan, atau desa"),
        required=False,
        empty_label=_("Belum diisi"),
    )
    opd = OpdField(
        Opd.objects.none(),
        label=_("OPD penanggung jawab"),
        required=False,
        empty_label=_("Belum diisi"),
    )
    code = forms.CharField(
        label=_("Kode resmi"),
        max_length=30,
        required=False,
        help_text=_(
            "Misalnya NPSN atau kode puskesmas; dengan kode, impor mengenali fasilitas ini."
        ),
    )
    address = forms.CharField(label=_("Alamat"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Kontak kantor"),
        max_length=100,
        required=False,
        help_text=_("Nomor telepon atau e-mail kantor, bukan nomor pribadi."),
    )
    staff = count_field(_("Jumlah petugas"), required=False)
    trained = count_field(_("Petugas terlatih"), required=False)
    active_from = date_field(_("Ada sejak"))
    active_to = date_field(_("Ada sampai"), help_text=_("Isi bila sudah tutup atau pindah."))

    def __init__(self, *args: Any, member: Membership, sort: FacilityType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort = sort
        city: City = member.city
        unit, opd = cast(UnitField, self.fields["unit"]), cast(OpdField, self.fields["opd"])
        unit.queryset = Unit.objects.visible_to(member).filter(active_to=None)
        opd.queryset = city.opds.active()
        if member.may(Permission.VIEW_ASSESSMENT):
            pass
        elif member.opd_id is not None:
            opd.queryset = city.opds.filter(pk=member.opd_id)
            opd.required, opd.empty_label, opd.initial = True, None, member.opd_id
        else:
            unit.required, unit.empty_label = True, None
        if sort.provides:
            self.fields["provides"].label = sort.provides
        else:
            del self.fields["provides"]
        if "trained" not in sort.records:
            del self.fields["trained"], self.fields["staff"]

    @property
    def helper(self) -> FormHelper:
        first = [name for name in ("name", "provides", "unit", "opd") if name in self.fields]
        rest = [name for name in self.fields if name not in first]
        fold = Fold(_("Kode, alamat, kontak, petugas, dan masa"), *rest)
        return stacked(*first, fold, save=str(_("Simpan")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("active_from"), data.get("active_to")
        if start and end and end < start:
            self.add_error("active_to", _("Akhirnya tidak boleh sebelum awalnya."))
        if (data.get("trained") or 0) > (data.get("staff") or MOST):
            self.add_error("trained", _("Tidak boleh lebih banyak daripada jumlah petugas."))
        return data

    def facts(self, kind: str) -> FacilityFacts:
        """What was entered; only of a valid form."""
        data = dict(self.cleaned_data)
        provides = {"ya": True, "tidak": False}.get(data.pop("provides", ""))
        return FacilityFacts(type=self.sort.code, kind=kind, provides=provides, **data)

    @staticmethod
    def initial_of(facility: Facility) -> dict[str, Any]:
        said = {name: getattr(facility, name) for name in FacilityForm.base_fields}
        return said | {"provides": {True: "ya", False: "tidak", None: ""}[facility.provides]}


class CredentialForm(forms.Form):
    """A paper of a facility, and its scan if there is one."""

    scheme = forms.ChoiceField(label=_("Surat"))
    number = forms.CharField(label=_("Nomor"), max_length=100)
    issued_on = DayField(label=_("Terbit"))
    expires_on = date_field(
        _("Berlaku sampai"),
        help_text=_(
            "Bila kosong, masa berlaku skema dipakai; bila skemanya tidak menyebut, tanpa akhir."
        ),
    )
    level = forms.CharField(label=_("Tingkat"), max_length=50, required=False)
    issuer = forms.CharField(label=_("Penerbit"), max_length=150, required=False)
    monitoring_on = date_field(_("Pemantauan berikutnya"))
    people = count_field(
        _("Jumlah orang terlatih"), required=False, help_text=_("Hanya untuk sertifikat pelatihan.")
    )
    file = CheckedFilesField(label=_("Berkas surat (PDF atau foto)"), required=False, limit=1)

    def __init__(self, *args: Any, sort: FacilityType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = catalogue().schemes_of(sort)
        cast(forms.ChoiceField, self.fields["scheme"]).choices = [
            (one.code, one.title) for one in schemes
        ]
        levels = ", ".join(dict.fromkeys(level for one in schemes for level in one.levels))
        self.fields["level"].help_text = levels
        self.notes = [one for one in schemes if one.known.note]

    @property
    def helper(self) -> FormHelper:
        fold = Fold(
            _("Tingkat, penerbit, dan pemantauan"), "level", "issuer", "monitoring_on", "people"
        )
        fields = ("scheme", "number", "issued_on", "expires_on", "file", fold)
        return stacked(*fields, save=str(_("Simpan surat")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("issued_on"), data.get("expires_on")
        if start and end and end < start:
            self.add_error("expires_on", _("Masa berlaku tidak boleh berakhir sebelum terbit."))
        return data

    @property
    def facts(self) -> CredentialFacts:
        data = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return CredentialFacts(**data)

    @staticmethod
    def initial_of(paper: Credential) -> dict[str, Any]:
        return {name: getattr(paper, name) for name in CredentialForm.base_fields if name != "file"}


class UseForm(forms.Form):
    """How many children used it in a year."""

    year = forms.IntegerField(
        label=_("Tahun"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs=WHOLE),
    )
    boys = count_field(_("Laki-laki"))
    girls = count_field(_("Perempuan"))
    special = count_field(_("Di antaranya AMPK"), required=False)

    @property
    def helper(self) -> FormHelper:
        return form_helper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["special"] = data.get("special") or 0
        if data["special"] > (data.get("boys") or 0) + (data.get("girls") or 0):
            self.add_error("special", _("AMPK tidak boleh lebih banyak daripada seluruh anak."))
        return data


class EndingFilterForm(ListForm):
    sisa = choice_field(
        _("Berakhir"),
        _("Dalam 180 hari, dan yang sudah berakhir"),
        [
            ("0", _("Sudah berakhir")),
            *((str(days), filled(_("Dalam %(days)d hari"), days=days)) for days in THRESHOLDS),
        ],
    )

    @property
    def within(self) -> int | None:
        wanted = self.wanted.get("sisa")
        return int(wanted) if wanted else None


class RouteForm(forms.Form):
    name = forms.CharField(label=_("Nama rute"), max_length=100)
    on = DayField(label=_("Tanggal verifikasi"))

    @property
    def helper(self) -> FormHelper:
        return form_helper()
