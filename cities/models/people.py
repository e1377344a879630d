"""People and places: who answers for a city."""

from __future__ import annotations

from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cities.emails import clean_email, comparable
from cities.roles import FIRST_STEPS, GRANTS, Permission, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """An account; without a password it cannot sign in until one is set by its link.

        Raises ValidationError as `clean_email` does.
        """
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """A site administrator, who sees every city."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=comparable(username))


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
    # Part of what every session is signed with: another moment ends all of them for good.
    sessions_ended_at = models.DateTimeField(
        _("semua sesi diakhiri pada"), null=True, blank=True, editable=False
    )
    # An account of another system: it acts by tokens (api/) and nobody signs in with it.
    service_since = models.DateTimeField(
        _("akun layanan sejak"), null=True, blank=True, editable=False
    )
    # A reset of the second factor of which the letter has not gone out yet.
    factor_reset_at = models.DateTimeField(
        _("faktor kedua diatur ulang pada"), null=True, blank=True, editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        # A list of 20,000 is read in the order of names. To search them takes PostgreSQL 10 to
        # 20 ms; a trigram index would make that 2, and ask for an extension.
        indexes = [models.Index(fields=["name", "id"], name="cities_user_by_name")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="cities_user_email_any_case",
                violation_error_message=_("E-mail ini sudah terdaftar."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, which changes with the password, and with the last end of all sessions."""
        signed = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        ended = self.sessions_ended_at
        return signed if ended is None else f"{signed}{ended.timestamp():.6f}"

    @property
    def is_service(self) -> bool:
        return self.service_since is not None

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

    def open_to(self, user: User, permission: Permission) -> Self:
        """Cities in which the user has that right; all of them for a site administrator."""
        if user.is_superuser:
            return self.all()
        roles = [role for role in Role if permission in GRANTS[role]]
        own = Membership.objects.filter(city=OuterRef("pk"), user=user, role__in=roles)
        return self.filter(Exists(own))

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


class OpdKind(models.TextChoices):
    """What kind of body holds the documents (Perpres 25/2021 names all of them)."""

    PERANGKAT_DAERAH = "perangkat_daerah", _("perangkat daerah")
    INSTANSI_VERTIKAL = "instansi_vertikal", _("instansi vertikal")
    KECAMATAN = "kecamatan", _("kecamatan")
    KELURAHAN_DESA = "kelurahan_desa", _("kelurahan/desa")
    MASYARAKAT = "masyarakat", _("lembaga masyarakat")
    DUNIA_USAHA = "dunia_usaha", _("dunia usaha")
    MEDIA = "media", _("media massa")
    FORUM_ANAK = "forum_anak", _("forum anak")

    @classmethod
    def suggested(cls, code: str) -> OpdKind:
        """The kind that a body of this code usually is; a guess for people to correct."""
        return KINDS_BY_CODE.get(code, cls.PERANGKAT_DAERAH)


# Codes as instruments and cities write them; what is not here is mostly a dinas or a badan.
KINDS_BY_CODE: dict[str, OpdKind] = {
    **dict.fromkeys(
        ("BNN", "BPS", "KEJAKSAAN", "KEMENAG", "LAPAS", "PENGADILAN", "PENGADILAN_AGAMA", "POLRES"),
        OpdKind.INSTANSI_VERTIKAL,
    ),
    "KECAMATAN": OpdKind.KECAMATAN,
    **dict.fromkeys(("KELURAHAN", "DESA"), OpdKind.KELURAHAN_DESA),
    **dict.fromkeys(("LEMBAGA_MASYARAKAT", "LSM", "MASYARAKAT", "PKK"), OpdKind.MASYARAKAT),
    **dict.fromkeys(("APSAI", "DUNIA_USAHA"), OpdKind.DUNIA_USAHA),
    "MEDIA": OpdKind.MEDIA,
    "FORUM_ANAK": OpdKind.FORUM_ANAK,
}


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
    kind = models.CharField(
        _("jenis"), max_length=20, choices=OpdKind.choices, default=OpdKind.PERANGKAT_DAERAH
    )
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
            models.CheckConstraint(
                name="cities_opd_known_kind",
                condition=Q(kind__in=OpdKind.values),
                violation_error_message=_("Jenis OPD tidak dikenal."),
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
    # Until then the person's first page says what somebody of this role does here.
    guide_closed_at = models.DateTimeField(_("panduan ditutup pada"), null=True, blank=True)

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

    @property
    def first_steps(self) -> tuple[Promise, ...]:
        """What the start page tells somebody of this role; nothing once it was put away.

        A site administrator without a membership here has none.
        """
        if self.pk is None or self.guide_closed_at is not None:
            return ()
        return FIRST_STEPS[Role(self.role)]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
