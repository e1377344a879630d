"""A city's own criteria sets, and which one its units report by in a year."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from assessments.choices import Stage
from cities.models import CityActivity, CityTrailEvent
from territories.choices import CriterionKind, CriterionLevel, Direction
from territories.criteria import Criterion, packaged_set, set_for
from territories.criteria_faults import counted_wrongly, faults_of
from territories.models import CityCriteriaSet, CriteriaChoice
from territories.queries.boards import reporting_year
from territories.register import TERRITORIES
from territories.services.criteria import (
    choose_set,
    copy_set,
    discard_set,
    publish_set,
    remove_criterion,
    save_criterion,
)
from tests.assessments.situations import NOW
from tests.at_once import done_at_once
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory

KLA = set_for("kla-2023")
CADRES = Criterion(
    code="K1",
    level=CriterionLevel.KELURAHAN,
    text="Kader PATBM yang aktif",
    kind=CriterionKind.COUNT,
    evidence="Keputusan lurah",
    required=True,
    threshold=Decimal(3),
    direction=Direction.AT_LEAST,
)


def test_the_ten_of_drppa_come_with_the_project_and_answer_no_question():
    drppa = packaged_set("drppa")

    assert [one.code for one in drppa.criteria] == [f"D{number}" for number in range(1, 11)]
    assert {one.level for one in drppa.criteria} == {CriterionLevel.KELURAHAN}
    assert "di bawah 19 tahun" in drppa.get("D10").text
    assert (drppa.instrument, faults_of(drppa)) == ("", [])
    assert set_for("an instrument that nobody knows") == KLA


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, []),
        ({"threshold": Decimal("2.5")}, ["K1"]),
        ({"threshold": None, "direction": None}, ["K1"]),
        ({"adverse": True}, []),
        ({"code": "26-4"}, ["26-4"]),  # one field on the form of a unit with 26.4
        ({"adverse": True, "direction": Direction.AT_MOST}, ["K1"]),
        ({"text": KLA.of(CriterionLevel.KELURAHAN)[0].text.upper()}, ["K1"]),  # asked twice
        ({"text": KLA.of(CriterionLevel.KECAMATAN)[1].text, "level": "kecamatan"}, ["K1"]),
    ],
)
def test_what_would_count_wrongly_is_named(changes, places):
    own = replace(KLA, criteria=(*KLA.criteria, replace(CADRES, **changes_of(changes))))

    assert [fault.place for fault in counted_wrongly(own)] == places


def changes_of(changes):
    level = changes.get("level")
    return changes | ({"level": CriterionLevel(level)} if level else {})


def test_a_level_without_criteria_and_an_adverse_mark_gone_are_named():
    lower = replace(KLA, criteria=tuple(KLA.of(CriterionLevel.KELURAHAN)))
    assert "kla-2023" in [fault.place for fault in counted_wrongly(lower)]
    favoured = tuple(replace(one, adverse=False) for one in KLA.criteria)
    assert [fault.place for fault in faults_of(replace(KLA, criteria=favoured))] == [
        one.code for one in KLA.criteria if one.adverse
    ]


pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(year, secretary):
    return copy_set(city=year.city, code="kla-2023", title="Kriteria kota", by=secretary, at=NOW)


def deeds():
    return list(CityActivity.objects.order_by("pk").values_list("deed", flat=True))


def published(draft, by):
    return publish_set(set_id=draft.pk, by=by, at=NOW)


def test_a_copy_asks_the_same_until_it_is_changed(year, secretary, draft):
    assert (draft.code, draft.number, draft.based_on) == (f"{year.city.code}-1", 1, "kla-2023")
    assert draft.as_set().criteria == KLA.criteria

    place = {"set_id": draft.pk, "by": secretary, "at": NOW}
    save_criterion(**place, criterion=CADRES)
    save_criterion(**place, criterion=replace(CADRES, threshold=Decimal(5)), was="K1")
    remove_criterion(**place, code="25.2")

    draft.refresh_from_db()
    assert draft.as_set().criteria == (*KLA.criteria[1:], replace(CADRES, threshold=Decimal(5)))
    assert deeds() == [CityTrailEvent.CRITERIA_DRAFTED] * 4


def test_a_published_version_never_changes_and_is_copied_to_the_next(year, secretary, draft):
    published(draft, secretary)
    place = {"set_id": draft.pk, "by": secretary, "at": NOW}

    for deed in (
        lambda: save_criterion(**place, criterion=CADRES),
        lambda: remove_criterion(**place, code="25.2"),
        lambda: publish_set(**place),
        lambda: discard_set(**place),
    ):
        with pytest.raises(ValidationError) as refusal:
            deed()
        assert refusal.value.code == "published"
    following = copy_set(city=year.city, code=draft.code, title="Dua", by=secretary, at=NOW)

    assert (following.number, following.based_on) == (2, draft.code)
    assert CityCriteriaSet.objects.get(pk=draft.pk).as_set().criteria == KLA.criteria


def test_what_counts_wrongly_is_not_published(secretary, draft):
    place = {"set_id": draft.pk, "by": secretary, "at": NOW}
    save_criterion(**place, criterion=replace(CADRES, threshold=Decimal("2.5")))

    with pytest.raises(ValidationError) as refusal:
        publish_set(**place)

    assert refusal.value.messages == ["K1: Ambang jumlah harus bilangan bulat."]
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_code_stands_once_in_a_set(secretary, draft):
    place = {"set_id": draft.pk, "by": secretary, "at": NOW}
    save_criterion(**place, criterion=CADRES)

    for was in ("", "26.4"):
        with pytest.raises(ValidationError) as refusal:
            save_criterion(**place, criterion=CADRES, was=was)
        assert refusal.value.code == "code_taken"


def choose(year, by, code, *, data_year=2025):
    return choose_set(city=year.city, year=data_year, code=code, by=by, at=NOW)


def test_a_year_reports_by_what_was_chosen_and_others_by_that_of_the_instrument(
    year, secretary, draft
):
    with pytest.raises(ValidationError) as refusal:
        choose(year, secretary, draft.code)
    assert refusal.value.code == "draft"
    published(draft, secretary)
    choose(year, secretary, draft.code)

    assert reporting_year(year).criteria.code == draft.code
    in_force = CriteriaChoice.objects.in_force
    assert in_force(year.city_id, 2024) is None
    assert in_force(CityFactory().pk, 2025) is None
    choose(year, secretary, "drppa")
    assert reporting_year(year).criteria == packaged_set("drppa")
    assert CriteriaChoice.objects.count() == 1


def test_a_year_with_reports_keeps_its_version(year, secretary):
    ReportFactory(unit__city=year.city, year=2025, draft=True)
    ReportFactory(year=2024)  # of another city

    with pytest.raises(ValidationError) as refusal:
        choose(year, secretary, "drppa")
    choose(year, secretary, "kla-2023")
    choose(year, secretary, "drppa", data_year=2024)

    assert refusal.value.code == "has_reports"
    assert reporting_year(year).criteria == KLA


def test_the_set_of_a_closed_year_and_that_of_another_city_cannot_be_chosen(year, secretary):
    other = copy_set(
        city=(place := MembershipFactory(gugus_tugas=True)).city,
        code="kla-2023",
        title="Kota lain",
        by=place.user,
        at=NOW,
    )
    published(other, place.user)
    with pytest.raises(ValidationError) as unknown:
        choose(year, secretary, other.code)
    with pytest.raises(PermissionDenied):
        save_criterion(set_id=other.pk, criterion=CADRES, by=secretary, at=NOW)
    year.stage = Stage.CLOSED
    year.save()
    with pytest.raises(ValidationError) as closed:
        choose(year, secretary, "drppa")

    assert (unknown.value.code, closed.value.code) == ("unknown", "closed_year")


def test_a_question_counts_by_the_criterion_of_the_set_in_force(year, secretary, draft):
    place = {"set_id": draft.pk, "by": secretary, "at": NOW}
    births = KLA.get("26.6")
    save_criterion(**place, criterion=replace(births, threshold=Decimal(50)), was="26.6")
    published(draft, secretary)
    choose(year, secretary, draft.code)
    unit = UnitFactory(city=year.city)
    given = {"unit": unit, "criterion": "26.6", "yes": None, "part": 60, "whole": 100}
    ReportFactory(**given, criteria=draft.code)
    at = {"city_id": year.city_id, "city_slug": year.city.slug, "year": year.year}

    answer = TERRITORIES.answer(**at, key="kla-2023/26.6")
    assert (answer.numerator, answer.denominator) == (1, 1)

    CriteriaChoice.objects.all().delete()  # by the packaged one nobody has reported
    assert TERRITORIES.answer(**at, key="kla-2023/26.6").rows[0].counts is None
    CriteriaChoice.objects.create(city=year.city, year=2025, criteria="drppa", by=secretary, at=NOW)
    assert TERRITORIES.answer(**at, key="kla-2023/26.6").is_empty


@pytest.mark.django_db(transaction=True)
def test_a_criterion_saved_while_the_set_is_published_is_in_it_or_refused(year, secretary, draft):
    place = {"set_id": draft.pk, "by": secretary, "at": NOW}

    told = done_at_once(
        lambda: save_criterion(**place, criterion=CADRES), lambda: publish_set(**place)
    )

    draft.refresh_from_db()
    assert told in (["done", "done"], ["published", "done"])
    assert (draft.as_set().get("K1") is not None) == (told[0] == "done")
    assert not draft.is_draft


def test_a_version_is_made_published_and_chosen_on_pages(year, secretary):
    client = Client()
    client.force_login(secretary)
    base = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/kriteria/"

    page = client.post(f"{base}kla-2023/salin/", {"title": "Kriteria kota"}, follow=True)
    here = page.redirect_chain[-1][0]
    typed = {
        "code": "K1",
        "level": "kelurahan",
        "text": "Kader aktif",
        "kind": "count",
        "evidence": "SK",
    }
    refused = client.post(f"{here}tambah/", typed)
    assert "Isi bagi jumlah dan bagian dari keseluruhan." in refused.text
    client.post(f"{here}tambah/", typed | {"threshold": "2,5", "direction": "at_least"})
    assert "Ambang jumlah harus bilangan bulat." in client.get(here).text
    client.post(f"{here}ubah/K1/", typed | {"threshold": "3", "direction": "at_least"})
    client.post(f"{here}buang/25.2/")
    assert "Pertanyaan ini tidak memiliki kriteria." in client.get(here).text
    client.post(f"{here}terbitkan/")
    client.post(f"{here}pakai/")

    [own] = CityCriteriaSet.objects.all()
    assert not own.is_draft
    assert own.as_set().get("K1").threshold == 3
    assert own.as_set().get("25.2") is None
    assert reporting_year(year).criteria.code == own.code
    assert client.get(f"{here}tambah/").status_code == 404
    assert "dipakai untuk data 2025" in client.get(base).text
