"""People and places: who answers for a city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities import chain
from cities.address import plain_address
from cities.changes import Change, changes_between
from cities.roles import GRANTS, Permission, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """An account; without a password it cannot sign in until one is set by its link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """A site administrator, who sees every city."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("E-mail ini sudah terdaftar.")}
    )
    name = models.CharField(_("nama"), max_length=150)
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(
        _("administrator situs"), default=False, help_text=_("Boleh membuka halaman /admin/.")
    )
    date_joined = models.DateTimeField(_("terdaftar pada"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="cities_user_email_any_case",
                violation_error_message=_("E-mail ini sudah terdaftar."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Province(models.Model):
    """A province with its official Kemendagri code, for example 18 for Lampung."""

    code = models.CharField(_("kode"), max_length=2, unique=True)
    name = models.CharField(_("nama"), max_length=100)

    class Meta:
        verbose_name = _("provinsi")
        verbose_name_plural = _("provinsi")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class CityQuerySet(models.QuerySet["City"]):
    def visible_to(self, user: User) -> Self:
        """Cities of which the user is a member; all of them for a site administrator."""
        if user.is_superuser:
            return self.all()
        return self.filter(Exists(Membership.objects.filter(city=OuterRef("pk"), user=user)))

    def with_counts(self, user: User) -> Self:
        """Annotate `member_count` and `opd_count`; `own_memberships` are those of the user."""
        members = Membership.objects.filter(city=OuterRef("pk")).order_by().values("city")
        opds = Opd.objects.active().filter(city=OuterRef("pk")).order_by().values("city")
        own = Membership.objects.filter(user=user).select_related("opd")
        return self.annotate(
            member_count=members.annotate(n=Count("pk")).values("n"),
            opd_count=opds.annotate(n=Count("pk")).values("n"),
        ).prefetch_related(Prefetch("memberships", own, to_attr="own_memberships"))

    def taking_part(self) -> Self:
        """Cities that have been set up here: somebody is a member or an OPD is named."""
        return self.filter(
            Exists(Membership.objects.filter(city=OuterRef("pk")))
            | Exists(Opd.objects.filter(city=OuterRef("pk")))
        )


class City(models.Model):
    """A kabupaten or kota. The official Kemendagri code (18.72) is its natural key."""

    code = models.CharField(_("kode wilayah"), max_length=5, unique=True)
    name = models.CharField(_("nama"), max_length=100)
    slug = models.SlugField(_("alamat"), max_length=100, unique=True)
    province = models.ForeignKey(
        Province, models.PROTECT, related_name="cities", verbose_name=_("provinsi")
    )
    timezone = models.CharField(
        _("zona waktu"), max_length=20, choices=Zone.choices, default=Zone.WIB
    )

    objects = CityQuerySet.as_manager()

    # There only on rows of `with_counts`.
    member_count: int | None
    opd_count: int | None
    own_memberships: list[Membership]

    class Meta:
        verbose_name = _("kabupaten/kota")
        verbose_name_plural = _("kabupaten/kota")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cities_city_known_timezone",
                condition=Q(timezone__in=Zone.values),
                violation_error_message=_("Zona waktu harus WIB, WITA, atau WIT."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class OpdQuerySet(models.QuerySet["Opd"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Opd(models.Model):
    """A city agency, or a body outside the city government that holds documents for it.

    `code` is the code under which the instrument names its default agencies (DINKES),
    so that questions can be handed out by it; the name is the city's own.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="opds", verbose_name=_("kabupaten/kota")
    )
    code = models.CharField(
        _("kode"),
        max_length=30,
        help_text=_(
            "Kode seperti pada instrumen, misalnya DINKES; dipakai untuk penugasan bawaan."
        ),
    )
    name = models.CharField(_("nama"), max_length=150)
    is_active = models.BooleanField(_("aktif"), default=True)

    objects = OpdQuerySet.as_manager()

    class Meta:
        verbose_name = _("OPD")
        verbose_name_plural = _("OPD")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "code"],
                name="cities_opd_code_once_per_city",
                violation_error_message=_("Kota ini sudah memiliki OPD dengan kode tersebut."),
            ),
            models.UniqueConstraint(
                fields=["city", "name"],
                name="cities_opd_name_once_per_city",
                violation_error_message=_("Kota ini sudah memiliki OPD dengan nama tersebut."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one city; for staff of an OPD, also which OPD."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("akun")
    )
    city = models.ForeignKey(
        City, models.PROTECT, related_name="memberships", verbose_name=_("kabupaten/kota")
    )
    role = models.CharField(_("peran"), max_length=20, choices=Role.choices)
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("OPD"),
    )

    class Meta:
        verbose_name = _("keanggotaan")
        verbose_name_plural = _("keanggotaan")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "city"],
                name="cities_membership_once_per_city",
                violation_error_message=_("Orang ini sudah menjadi anggota kota ini."),
            ),
            models.CheckConstraint(
                name="cities_membership_known_role",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Peran tidak dikenal."),
            ),
            models.CheckConstraint(
                name="cities_membership_opd_for_opd_role",
                condition=Q(role=Role.OPD, opd__isnull=False)
                | (~Q(role=Role.OPD) & Q(opd__isnull=True)),
                violation_error_message=_(
                    "Peran OPD memerlukan sebuah OPD; peran lain tidak memilikinya."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.city}"

    @property
    def permissions(self) -> frozenset[Permission]:
        return GRANTS[Role(self.role)]

    @property
    def label(self) -> str:
        """How the role is named on pages: the OPD's name for its staff."""
        return self.opd.name if self.opd is not None else str(Role(self.role).label)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class CityDeed(models.TextChoices):
    """What the trail of a city records of its people and places."""

    CITY_CREATED = "city_created", _("mencatat kota")
    CITY_CHANGED = "city_changed", _("mengubah data kota")
    OPD_CREATED = "opd_created", _("menambahkan OPD")
    OPD_CHANGED = "opd_changed", _("mengubah data OPD")
    OPD_ACTIVATED = "opd_activated", _("mengaktifkan OPD")
    OPD_DEACTIVATED = "opd_deactivated", _("menonaktifkan OPD")
    MEMBER_ADDED = "member_added", _("menambahkan anggota")
    MEMBER_CHANGED = "member_changed", _("mengubah peran anggota")
    MEMBER_REMOVED = "member_removed", _("menghapus anggota")
    LINK_RENEWED = "link_renewed", _("memperbarui tautan kata sandi")


# What a deed may have changed, in the words of people; `before` and `after` use these keys.
CHANGED = {
    "code": _("Kode"),
    "name": _("Nama"),
    "zone": _("Zona waktu"),
    "state": _("Keadaan"),
    "role": _("Peran"),
    "opd": _("OPD"),
    "account": _("Akun"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CityLine(chain.Line):
    """A line of a city's trail as its hash covers it."""

    city: int
    target: str


class CityActivity(models.Model):
    """Who did what to a city, its OPDs and its members, when and from where.

    Rows are only ever added, in the transaction of the deed and with the city locked
    (cities/trail.py); the database refuses to change or delete one. `target` is the name as
    it was then, for the row that it speaks of may be gone.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="activities", verbose_name=_("kabupaten/kota")
    )
    deed = models.CharField(_("perbuatan"), max_length=30, choices=CityDeed.choices)
    target = models.TextField(_("mengenai"))
    before = models.JSONField(_("sebelum"), default=dict, blank=True)
    after = models.JSONField(_("sesudah"), default=dict, blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # history keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )
    address = models.GenericIPAddressField(_("alamat"), null=True, blank=True)
    position = models.PositiveIntegerField(_("urutan"))
    previous_hash = models.CharField(_("sidik sebelumnya"), max_length=64, blank=True)
    hash = models.CharField(_("sidik"), max_length=64)

    class Meta:
        verbose_name = _("riwayat kota")
        verbose_name_plural = _("riwayat kota")
        ordering = ["-position", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "position"], name="cities_activity_one_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_deed_display()}: {self.target}"

    @property
    def changes(self) -> list[Change]:
        """What the deed changed, for reading."""
        return changes_between(self.before, self.after, CHANGED)

    @property
    def line(self) -> CityLine:
        """What the hash covers."""
        return CityLine(
            city=self.city_id,
            position=self.position,
            deed=self.deed,
            target=self.target,
            before=self.before,
            after=self.after,
            at=self.at,
            by=self.by_id,
            address=plain_address(self.address) if self.address else None,
            previous_hash=self.previous_hash,
        )
