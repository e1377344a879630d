from datetime import timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from cities.models import (
    AgencyAlias,
    City,
    District,
    Invitation,
    Membership,
    Opd,
    Province,
    User,
    Village,
    VillageKind,
)
from cities.models.invitation import VALID_FOR, fingerprint
from cities.roles import Role

PASSWORD = "kata-sandi-untuk-uji"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        # as somebody who was added to a city but has not opened the link yet
        without_password = factory.Trait(password=None)

    email = factory.Sequence(lambda n: f"orang{n}@example.id")
    name = factory.Sequence(lambda n: f"Orang {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)


class SiteAdminFactory(UserFactory):
    email = factory.Sequence(lambda n: f"admin{n}@example.id")
    name = factory.Sequence(lambda n: f"Admin {n}")
    is_staff = True
    is_superuser = True


class ProvinceFactory(DjangoModelFactory):
    class Meta:
        model = Province
        django_get_or_create = ("code",)

    code = "18"
    name = "Lampung"


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City

    province = factory.SubFactory(ProvinceFactory)
    code = factory.Sequence(lambda n: f"{10 + n // 100 % 90}.{n % 100:02d}")
    name = factory.Sequence(lambda n: f"Kota {n:04d}")
    slug = factory.Sequence(lambda n: f"kota-{n:04d}")


class OpdFactory(DjangoModelFactory):
    class Meta:
        model = Opd

    city = factory.SubFactory(CityFactory)
    code = factory.Sequence(lambda n: f"DINAS{n}")
    name = factory.Sequence(lambda n: f"Dinas {n:04d}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        of_opd = factory.Trait(
            role=Role.OPD,
            opd=factory.SubFactory(OpdFactory, city=factory.SelfAttribute("..city")),
        )
        gugus_tugas = factory.Trait(role=Role.GUGUS_TUGAS)
        verifikator = factory.Trait(role=Role.VERIFIKATOR)
        pimpinan = factory.Trait(role=Role.PIMPINAN)
        pendamping = factory.Trait(role=Role.PENDAMPING)
        admin_kota = factory.Trait(role=Role.ADMIN_KOTA)
        wilayah = factory.Trait(role=Role.WILAYAH)
        forum_anak = factory.Trait(role=Role.FORUM_ANAK)

    user = factory.SubFactory(UserFactory)
    city = factory.SubFactory(CityFactory)
    role = Role.GUGUS_TUGAS


class AgencyAliasFactory(DjangoModelFactory):
    """A code for which another OPD of the city answers; with `opd=None`, nobody does."""

    class Meta:
        model = AgencyAlias

    city = factory.SubFactory(CityFactory)
    code = factory.Sequence(lambda n: f"BADAN{n}")
    opd = factory.SubFactory(OpdFactory, city=factory.SelfAttribute("..city"))


class InvitationFactory(DjangoModelFactory):
    """An invitation whose letter went out just now, with `token` in its link."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"tautan-{n}")
        waiting = factory.Trait(sent_at=None, token_hash=None)
        expired = factory.Trait(
            invited_at=factory.LazyFunction(lambda: timezone.now() - VALID_FOR),
            expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1)),
        )
        accepted = factory.Trait(
            accepted_at=factory.LazyFunction(timezone.now),
            accepted_by=factory.SubFactory(UserFactory),
        )
        # Its link came without a letter and needs `code` as well.
        code = "KODE2345"
        handed_over = factory.Trait(
            sent_at=None,
            handed_over_at=factory.SelfAttribute("invited_at"),
            code_hash=factory.LazyAttribute(lambda invitation: make_password(invitation.code)),
        )
        revoked = factory.Trait(revoked_at=factory.LazyFunction(timezone.now))

    city = factory.SubFactory(CityFactory)
    email = factory.Sequence(lambda n: f"undangan{n}@example.id")
    name = factory.Sequence(lambda n: f"Tamu {n}")
    role = Role.GUGUS_TUGAS
    invited_at = factory.LazyFunction(timezone.now)
    invited_by = factory.SubFactory(UserFactory)
    token_hash = factory.LazyAttribute(lambda invitation: fingerprint(invitation.token))
    sent_at = factory.SelfAttribute("invited_at")
    expires_at = factory.LazyAttribute(lambda invitation: invitation.invited_at + VALID_FOR)


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District

    city = factory.SubFactory(CityFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.city.code}.{n % 100:02d}")
    name = factory.Sequence(lambda n: f"Kecamatan {n}")


class VillageFactory(DjangoModelFactory):
    class Meta:
        model = Village

    district = factory.SubFactory(DistrictFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.district.code}.{1000 + n}")
    name = factory.Sequence(lambda n: f"Kelurahan {n}")
    kind = VillageKind.KELURAHAN
