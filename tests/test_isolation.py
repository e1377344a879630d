"""Nothing of another city stands on any page, whatever the address asks for.

What a form offers is also all that it takes, so a name that no select shows cannot be sent
either.
"""

import pytest
from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Concat

from assessments.models import Activity, Comment, SupportingDocument
from cities.models import City, CityTrailEvent, Opd, User
from cities.services.activity import NewEntry, record
from tests.assessments.situations import NOW
from tests.factories.cities import MembershipFactory, VillageFactory
from tests.test_access_matrix import (
    PARTS,
    TABLE,
    address,
    other_place,
    people_of,
    place,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db

MARK = "Rahasialain"
ROLES = ("opd_own", "gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")
if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    ROLES = ("gugus_tugas",)  # the queries are those that the other roles have, too
OF_A_CITY = sorted(name for name in TABLE if "city_slug" in PARTS[name])


@pytest.fixture(scope="module")
def world(rows_of_a_module):
    """Ours, theirs and the cookies of each actor; the tests only look."""
    ours, theirs = place(), marked(other_place())
    people = people_of(ours, theirs)
    User.objects.filter(pk=people["stranger"].pk).update(name=MARK)
    return ours, theirs, {actor: signed_in(user) for actor, user in people.items()}


@pytest.fixture
def media_root(world, rows_of_a_module, settings):
    settings.MEDIA_ROOT = rows_of_a_module
    return rows_of_a_module


def marked(other):
    """The other city, in which every name bears the mark."""
    city = other.assessment.city
    staff = MembershipFactory(city=city, of_opd=True, opd=other.opd)
    village = VillageFactory(district__city=city)
    Comment.objects.create(answer=other.evidence.answer, text=MARK, by=staff.user, at=NOW)
    record(NewEntry(CityTrailEvent.OPD_CHANGED, MARK), city=city, by=staff.user, at=NOW)
    name = Concat(Value(MARK), F("name"))
    City.objects.filter(pk=city.pk).update(name=name)
    Opd.objects.filter(city=city).update(name=name)
    city.districts.update(name=name)
    type(village).objects.filter(district__city=city).update(name=name)
    User.objects.filter(memberships__city=city).update(name=MARK)
    User.objects.filter(pk__in=Activity.objects.filter(assessment__city=city).values("by")).update(
        name=MARK
    )
    SupportingDocument.objects.filter(city=city).update(title=MARK)
    return other


def asking_for(other):
    """Every filter there is, with what the other city calls its own."""
    someone = other.assessment.city.memberships.exclude(opd=None).get().user_id
    return {
        "opd": other.opd.code,
        "orang": someone,
        "klaster": other.evidence.answer.question.indicator.cluster.code,
        "indikator": other.evidence.answer.question.indicator.code,
        "pertanyaan": other.evidence.answer.question.code,
        "jenis": other.evidence.kind_id,
        "halaman": "1",
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_anything_of_another_city(world, role):
    ours, theirs, people = world
    query = asking_for(theirs)

    leaks = [
        (name, asked)
        for name in OF_A_CITY
        for asked in ({}, query)
        if MARK in text_of(people[role], address(name, ours.rows(name)), asked)
    ]

    assert leaks == []


def test_the_mark_is_seen_by_those_whose_city_it_is(world):
    """What the test above does not find is there to be found."""
    _ours, theirs, people = world
    seen = {
        name
        for name in OF_A_CITY
        if MARK in text_of(people["stranger"], address(name, theirs.rows(name)), {})
    }

    lists = {"opd_list", "member_list", "region_list", "trail_list", "city_edit", "member_edit"}
    assert {f"cities:{name}" for name in lists} - seen == set()
    assert {"assessments:assignment_list", "assessments:question_list"} - seen == set()
