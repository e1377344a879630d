"""Which OPD of a city stands for which agency of an instrument."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from cities.models import AgencyAlias, CityActivity, CityTrailEvent, Invitation, Opd, OpdKind
from cities.services.agencies import (
    AgencyChoice,
    AgencyState,
    opds_by_agency,
    settle_agencies,
    settled_codes,
)
from tests.factories.cities import (
    AgencyAliasFactory,
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


@pytest.fixture
def city():
    return CityFactory()


def own(code, name=None, kind=OpdKind.PERANGKAT_DAERAH):
    return AgencyChoice(code, AgencyState.OWN, name=name or f"Dinas {code}", kind=kind)


def merged(code, into):
    return AgencyChoice(code, AgencyState.MERGED, into=into)


def absent(code):
    return AgencyChoice(code, AgencyState.ABSENT)


def settle(city, *choices):
    return settle_agencies(city, choices=choices, by=SiteAdminFactory(), at=AT)


def opds_of(city):
    rows = city.opds.order_by("code").values_list("code", "name", "kind", "is_active")
    return [(code, name, kind) for code, name, kind, is_active in rows if is_active]


def lines(city):
    rows = CityActivity.objects.filter(city=city).order_by("position")
    return [(row.deed, row.target, row.before, row.after) for row in rows]


def test_agencies_become_opds_of_the_citys_own_name_and_kind(city):
    settle(city, own("DINKES", "Dinas Kesehatan"), own("BNN", "BNN Kota", "instansi_vertikal"))

    assert opds_of(city) == [
        ("BNN", "BNN Kota", "instansi_vertikal"),
        ("DINKES", "Dinas Kesehatan", "perangkat_daerah"),
    ]


def test_one_opd_stands_for_all_codes_that_were_merged_into_it(city):
    settle(city, own("DP3A"), merged("DALDUK", "DP3A"), absent("PERKIM"))

    dp3a = Opd.objects.get(code="DP3A")
    assert opds_by_agency(city) == {"DP3A": dp3a, "DALDUK": dp3a}
    assert settled_codes(city) == {"DP3A", "DALDUK", "PERKIM"}
    assert lines(city)[1:] == [
        (CityTrailEvent.AGENCY_SETTLED, "DALDUK", {}, {"opd": "Dinas DP3A"}),
        (CityTrailEvent.AGENCY_SETTLED, "PERKIM", {}, {"opd": "tidak ada di kota ini"}),
    ]


def test_the_same_choices_a_second_time_change_nothing_and_leave_no_line(city):
    choices = [own("DP3A"), merged("DALDUK", "DP3A"), absent("PERKIM"), own("DINKES")]
    settle(city, *choices)
    before = lines(city), list(AgencyAlias.objects.values()), list(Opd.objects.values())

    assert settle(city, *choices) == []

    assert (lines(city), list(AgencyAlias.objects.values()), list(Opd.objects.values())) == before


def test_an_opd_that_is_there_is_renamed_and_gets_its_kind(city):
    OpdFactory(city=city, code="POLRES", name="Polisi")

    settle(city, own("POLRES", "Polres Kota", "instansi_vertikal"))

    assert opds_of(city) == [("POLRES", "Polres Kota", "instansi_vertikal")]


def test_an_opd_that_is_merged_stops_and_hands_on_its_people_and_invitations(city):
    old, new = OpdFactory(city=city, code="DALDUK"), OpdFactory(city=city, code="DP3A")
    member = MembershipFactory(of_opd=True, city=city, opd=old)
    invitation = InvitationFactory(city=city, role="opd", opd=old)
    gone = InvitationFactory(city=city, role="opd", opd=old, revoked=True)
    AgencyAliasFactory(city=city, code="KB", opd=old)

    pairs = settle(city, own("DP3A", new.name), merged("DALDUK", "DP3A"))

    assert pairs == [(old, new)]
    member.refresh_from_db()
    assert member.opd == new
    assert list(Invitation.objects.filter(opd=new)) == [invitation]
    assert list(Invitation.objects.filter(opd=old)) == [gone]
    assert opds_by_agency(city) == {"DP3A": new, "DALDUK": new, "KB": new}


def test_an_opd_that_the_city_has_not_loses_its_open_invitations(city):
    old = OpdFactory(city=city, code="PERKIM")
    invitation = InvitationFactory(city=city, role="opd", opd=old)

    settle(city, absent("PERKIM"))

    invitation.refresh_from_db()
    assert invitation.revoked_at == AT
    assert opds_by_agency(city) == {}


def test_what_was_merged_can_become_an_opd_again(city):
    settle(city, own("DP3A"), own("DALDUK"))
    settle(city, own("DP3A"), merged("DALDUK", "DP3A"))

    settle(city, own("DP3A"), own("DALDUK"))

    assert sorted(opds_by_agency(city)) == ["DALDUK", "DP3A"]
    assert AgencyAlias.objects.count() == 0
    assert lines(city)[-1] == (
        CityTrailEvent.AGENCY_SETTLED,
        "DALDUK",
        {"opd": "Dinas DP3A"},
        {"opd": "Dinas DALDUK"},
    )


def test_an_inactive_opd_answers_for_nothing(city):
    opd = OpdFactory(city=city, code="DP3A", is_active=False)
    AgencyAliasFactory(city=city, code="DALDUK", opd=opd)

    assert opds_by_agency(city) == {}


def test_another_citys_opds_stand_for_nothing_here(city):
    AgencyAliasFactory()

    assert opds_by_agency(city) == {}
    assert settled_codes(city) == set()


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ([own("A", "Dinas"), own("B", "Dinas")], "same_name"),
        ([own("A", "Lama")], "same_name"),
        ([merged("A", "B"), merged("B", "C"), own("C")], "into_nothing"),
        ([merged("A", "B"), absent("B")], "into_nothing"),
        ([merged("A", "TIDAK_ADA")], "into_nothing"),
        ([absent("PENUH")], "has_members"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(city, choices, code):
    OpdFactory(city=city, code="LAMA", name="Lama")
    full = OpdFactory(city=city, code="PENUH", name="Penuh")
    MembershipFactory(of_opd=True, city=city, opd=full)
    before = list(Opd.objects.values()), list(AgencyAlias.objects.values()), lines(city)

    with pytest.raises(ValidationError) as caught:
        settle(city, *choices)

    assert caught.value.code == code
    assert (
        list(Opd.objects.values()),
        list(AgencyAlias.objects.values()),
        lines(city),
    ) == before


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("POLRES", OpdKind.INSTANSI_VERTIKAL),
        ("KEMENAG", OpdKind.INSTANSI_VERTIKAL),
        ("PENGADILAN_AGAMA", OpdKind.INSTANSI_VERTIKAL),
        ("FORUM_ANAK", OpdKind.FORUM_ANAK),
        ("DUNIA_USAHA", OpdKind.DUNIA_USAHA),
        ("KECAMATAN", OpdKind.KECAMATAN),
        ("KELURAHAN", OpdKind.KELURAHAN_DESA),
        ("DINKES", OpdKind.PERANGKAT_DAERAH),
        ("APA_SAJA", OpdKind.PERANGKAT_DAERAH),
    ],
)
def test_the_code_suggests_the_kind(code, kind):
    assert OpdKind.suggested(code) == kind
