import factory
from factory.django import DjangoModelFactory

from cities.models import City, District, Membership, Opd, Province, User, Village, VillageKind
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

    user = factory.SubFactory(UserFactory)
    city = factory.SubFactory(CityFactory)
    role = Role.GUGUS_TUGAS


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
