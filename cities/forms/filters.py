"""What narrows and orders the lists of people and places."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import (
    City,
    CityQuerySet,
    District,
    Invitation,
    InvitationState,
    Membership,
    Opd,
    OpdKind,
    Province,
    User,
    Village,
    VillageKind,
)
from cities.models.invitation import InvitationQuerySet
from cities.roles import Role
from texts.searching import found


class CityFilterForm(ListForm):
    orders = {
        "": (_("Nama"), ("name", "pk")),
        "kode": (_("Kode wilayah"), ("code",)),
        "anggota": (
            _("Anggota terbanyak"),
            (F("member_count").desc(nulls_last=True), "name", "pk"),
        ),
    }

    q = search_field(_("Cari nama atau kode"))
    provinsi = forms.ModelChoiceField(
        Province.objects.none(),
        label=_("Provinsi"),
        required=False,
        to_field_name="code",
        empty_label=_("Semua provinsi"),
    )
    semua = forms.BooleanField(label=_("Termasuk yang belum ikut"), required=False)

    def __init__(self, *args: Any, is_site_admin: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = cast("forms.ModelChoiceField[Province]", self.fields["provinsi"])
        province.queryset = Province.objects.all()
        if not is_site_admin:
            del self.fields["semua"]

    def narrowed(self, cities: CityQuerySet) -> CityQuerySet:
        wanted = self.wanted
        if "q" in wanted:
            cities = cities.filter(found(wanted["q"], "name") | Q(code__startswith=wanted["q"]))
        if "provinsi" in wanted:
            cities = cities.filter(province=wanted["provinsi"])
        return cities.order_by(*self.order)


class RegionFilterForm(ListForm):
    """A kelurahan or desa is found by its own name or code, or by its kecamatan's."""

    orders = {"": (_("Kode wilayah"), ("code",)), "nama": (_("Nama"), ("name", "code"))}

    q = search_field(_("Cari nama atau kode"))
    jenis = choice_field(_("Jenis"), _("Kelurahan dan desa"), VillageKind.choices)

    def villages(self, city: City) -> QuerySet[Village]:
        rows = Village.objects.filter(district__city=city)
        if "q" in self.wanted:
            rows = rows.filter(self._named() | self._named("district__"))
        if "jenis" in self.wanted:
            rows = rows.filter(kind=self.wanted["jenis"])
        return rows.order_by(*self.order)

    def districts(self, city: City) -> QuerySet[District]:
        """Those that have something to show; one that is named itself needs nothing below it."""
        rows = District.objects.filter(city=city)
        if self.is_filtered:
            shown = Q(Exists(self.villages(city).filter(district=OuterRef("pk"))))
            if "jenis" not in self.wanted:
                shown |= self._named()
            rows = rows.filter(shown)
        return rows.order_by(*self.order)

    def _named(self, prefix: str = "") -> Q:
        text = self.wanted["q"]
        return found(text, f"{prefix}name") | Q(**{f"{prefix}code__startswith": text})


class OpdFilterForm(ListForm):
    orders = {
        "": (_("Nama, yang aktif dahulu"), ("-is_active", "name", "pk")),
        "kode": (_("Kode"), ("code", "pk")),
        "anggota": (_("Anggota terbanyak"), ("-member_count", "name", "pk")),
    }
    STATES = {
        "aktif": (_("Aktif"), Q(is_active=True)),
        "nonaktif": (_("Nonaktif"), Q(is_active=False)),
        "kosong": (_("Aktif, tanpa anggota"), Q(is_active=True, member_count=0)),
    }

    q = search_field(_("Cari nama atau kode"))
    jenis = choice_field(_("Jenis"), _("Semua jenis"), OpdKind.choices)
    keadaan = choice_field(
        _("Keadaan"), _("Semua"), [(name, label) for name, (label, _rows) in STATES.items()]
    )

    def narrowed(self, opds: QuerySet[Opd]) -> QuerySet[Opd]:
        """Of rows that are annotated with `member_count`."""
        wanted = self.wanted
        if "q" in wanted:
            opds = opds.filter(found(wanted["q"], "name", "code"))
        if "jenis" in wanted:
            opds = opds.filter(kind=wanted["jenis"])
        if "keadaan" in wanted:
            opds = opds.filter(self.STATES[wanted["keadaan"]][1])
        return opds.order_by(*self.order)


class MemberFilterForm(ListForm):
    orders = {
        "": (_("Nama"), ("user__name", "user__email")),
        "peran": (_("Peran dan OPD"), ("role", "opd__name", "user__name", "pk")),
        "masuk": (_("Terakhir masuk"), (F("user__last_login").desc(nulls_last=True), "pk")),
        "lama": (_("Paling lama tidak masuk"), (F("user__last_login").asc(nulls_first=True), "pk")),
    }
    STATES = {
        "belum": (_("Belum pernah masuk"), Q(user__last_login=None, user__is_active=True)),
        "nonaktif": (_("Akun dinonaktifkan"), Q(user__is_active=False)),
    }

    q = search_field(_("Cari nama, e-mail, atau OPD"))
    peran = choice_field(_("Peran"), _("Semua peran"), Role.choices)
    opd = forms.ModelChoiceField(
        Opd.objects.none(),
        label=_("OPD"),
        required=False,
        to_field_name="code",
        empty_label=_("Semua OPD"),
    )
    keadaan = choice_field(
        _("Keadaan"), _("Semua"), [(name, label) for name, (label, _rows) in STATES.items()]
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opd = cast("forms.ModelChoiceField[Opd]", self.fields["opd"])
        opd.queryset = city.opds.order_by("name", "pk")

    def narrowed(self, members: QuerySet[Membership]) -> QuerySet[Membership]:
        wanted = self.wanted
        if "q" in wanted:
            members = members.filter(found(wanted["q"], "user__name", "user__email", "opd__name"))
        if "peran" in wanted:
            members = members.filter(role=wanted["peran"])
        if "opd" in wanted:
            members = members.filter(opd=wanted["opd"])
        if "keadaan" in wanted:
            members = members.filter(self.STATES[wanted["keadaan"]][1])
        return members.order_by(*self.order)


class InvitationFilterForm(ListForm):
    orders = {
        "": (_("Terbaru"), ("-invited_at", "-pk")),
        "nama": (_("Nama"), ("name", "pk")),
        "berakhir": (_("Paling dahulu berakhir"), ("expires_at", "pk")),
    }

    q = search_field(_("Cari nama, e-mail, atau OPD"))
    keadaan = choice_field(_("Keadaan"), _("Semua"), InvitationState.choices)

    def narrowed(self, invitations: InvitationQuerySet, *, at: datetime) -> QuerySet[Invitation]:
        wanted = self.wanted
        if "q" in wanted:
            invitations = invitations.filter(found(wanted["q"], "name", "email", "opd__name"))
        if "keadaan" in wanted:
            invitations = invitations.in_state(wanted["keadaan"], at)
        return invitations.order_by(*self.order)


class PersonFilterForm(ListForm):
    """City and role are asked of one and the same membership."""

    orders = {
        "": (_("Nama"), ("name", "pk")),
        "email": (_("E-mail"), ("email",)),
        "masuk": (_("Terakhir masuk"), (F("last_login").desc(nulls_last=True), "pk")),
        "baru": (_("Terdaftar paling baru"), ("-date_joined", "-pk")),
    }
    STATES = {
        "aktif": (_("Aktif"), Q(is_active=True)),
        "nonaktif": (_("Dinonaktifkan"), Q(is_active=False)),
        "belum": (_("Belum pernah masuk"), Q(is_active=True, last_login=None)),
        "situs": (_("Administrator situs"), Q(is_superuser=True)),
    }

    q = search_field(_("Cari nama atau e-mail"))
    kota = search_field(_("Kota atau kode"))
    peran = choice_field(_("Peran"), _("Semua peran"), Role.choices)
    keadaan = choice_field(
        _("Keadaan"), _("Semua"), [(name, label) for name, (label, _rows) in STATES.items()]
    )

    def narrowed(self, people: QuerySet[User]) -> QuerySet[User]:
        wanted = self.wanted
        if "q" in wanted:
            people = people.filter(found(wanted["q"], "name", "email"))
        if wanted.keys() & {"kota", "peran"}:
            people = people.filter(Exists(self._memberships().filter(user=OuterRef("pk"))))
        if "keadaan" in wanted:
            people = people.filter(self.STATES[wanted["keadaan"]][1])
        return people.order_by(*self.order)

    def _memberships(self) -> QuerySet[Membership]:
        rows = Membership.objects.all()
        if "kota" in self.wanted:
            text = self.wanted["kota"]
            rows = rows.filter(found(text, "city__name") | Q(city__code=text))
        if "peran" in self.wanted:
            rows = rows.filter(role=self.wanted["peran"])
        return rows
