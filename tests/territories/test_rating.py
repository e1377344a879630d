"""Which level a unit has, from accepted reports and the rules of its city."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from openpyxl import load_workbook

from assessments.choices import Stage
from cities.models import CityActivity, CityTrailEvent
from territories.choices import RatingLevel
from territories.criteria import Said, is_favourable, set_for
from territories.models import CityRatingRules
from territories.rating import LevelRule, RatingRules, packaged_rules, rate
from territories.services.ratings import RatingFacts, set_rating_rules
from tests.assessments.situations import NOW
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.territories import CriteriaChoiceFactory, ReportFactory, UnitFactory

CRITERIA = set_for("kla-2023")
PRATAMA, MADYA, NINDYA = RatingLevel
HALVES = RatingRules(
    (LevelRule(PRATAMA, 50), LevelRule(MADYA, 75), LevelRule(NINDYA, 100)), "Peraturan"
)
OWN = RatingFacts(
    at_least={PRATAMA: 40, MADYA: 60, NINDYA: 80},
    required={PRATAMA: frozenset(), MADYA: frozenset(), NINDYA: frozenset()},
    source="Keputusan Wali Kota 7/2025",
)


def verdicts(*values):
    return dict(zip("abcd", values, strict=False))


@pytest.mark.parametrize(
    ("favourable", "level"),
    [(0, None), (1, None), (2, PRATAMA), (3, MADYA), (4, NINDYA)],
)
def test_a_level_begins_at_its_bound(favourable, level):
    values = [number < favourable for number in range(4)]

    assert rate(HALVES, verdicts(*values)).surely == level


def test_the_packaged_bounds_are_those_of_a_citys_own_bands():
    assert [(one.level, one.at_least) for one in packaged_rules().levels] == [
        (PRATAMA, 50),
        (MADYA, 60),
        (NINDYA, 70),
    ]


def test_what_a_level_requires_the_levels_above_it_require_too():
    rules = replace(HALVES, levels=(LevelRule(PRATAMA, 25, frozenset("a")), *HALVES.levels[1:]))

    assert rate(rules, verdicts(False, True, True, True)).surely is None
    assert rate(rules, verdicts(True, False, False, False)).surely == PRATAMA


def test_a_required_criterion_of_the_other_level_requires_nothing():
    rules = replace(HALVES, levels=(LevelRule(PRATAMA, 25, frozenset({"25.2"})),))

    assert rate(rules, verdicts(True, False)).surely == PRATAMA


def test_missing_reports_leave_a_unit_open_exactly_where_they_could_change_its_level():
    """Against a plain recount of everything that the missing ones could still say."""
    rules = replace(HALVES, levels=(LevelRule(PRATAMA, 25, frozenset("b")), *HALVES.levels[1:]))
    for values in product([True, False, None], repeat=4):
        possible = {
            rate(rules, verdicts(*said)).surely
            for said in product(
                *([value] if value is not None else [True, False] for value in values)
            )
        }

        found = rate(rules, verdicts(*values))

        assert found.is_settled == (len(possible) == 1)
        assert {found.surely, found.at_best} <= possible
        if found.is_settled:
            assert possible == {found.surely}


def test_a_unit_that_is_asked_nothing_is_not_rated():
    assert rate(HALVES, {}).code == "open"


def test_what_cannot_be_settled_says_from_where_to_where():
    found = rate(HALVES, verdicts(True, True, True, None))

    assert (found.code, found.words) == ("open", "Belum dapat dinilai: Madya – Nindya")
    assert found.missing == ("d",)


def test_no_case_of_malnutrition_speaks_for_a_unit_and_a_case_against_it():
    case = CRITERIA.get("26.8a")

    assert is_favourable(case, Said(nil=True))
    assert not is_favourable(case, Said(boys=1, girls=0))
    marriages = CRITERIA.get("26.7")
    assert is_favourable(marriages, Said(nil=True))
    assert not is_favourable(marriages, Said(boys=0, girls=1))


pytestmark = pytest.mark.django_db


def set_own(year, by, *, data_year=2025, **changes):
    return set_rating_rules(
        city=year.city,
        year=data_year,
        criteria=CRITERIA,
        facts=replace(OWN, **changes),
        by=by,
        at=NOW,
    )


def test_a_citys_own_rules_hold_from_their_year_on_and_stand_in_the_trail(year, secretary):
    set_own(year, secretary)

    in_force = CityRatingRules.objects.in_force
    assert in_force(year.city_id, 2024) == packaged_rules()
    assert [rule.at_least for rule in in_force(year.city_id, 2025).levels] == [40, 60, 80]
    assert in_force(year.city_id, 2026).source == "Keputusan Wali Kota 7/2025"
    assert in_force(CityFactory().pk, 2026) == packaged_rules()
    [told] = CityActivity.objects.filter(deed=CityTrailEvent.UNIT_RATING_CHANGED)
    assert told.before["level"] == "Pratama 50%, Madya 60%, Nindya 70%"
    assert told.after == {
        "level": "Pratama 40%, Madya 60%, Nindya 80%",
        "source": "Keputusan Wali Kota 7/2025",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"at_least": {PRATAMA: 60, MADYA: 60, NINDYA: 80}},
        {"at_least": {PRATAMA: 40, MADYA: 80, NINDYA: 60}},
        {"at_least": {PRATAMA: 0, MADYA: 60, NINDYA: 80}},
        {"at_least": {PRATAMA: 40, MADYA: 60, NINDYA: 101}},
        {"required": {PRATAMA: frozenset({"26.4", "99.9"})}},
        {"source": " "},
    ],
)
def test_rules_that_cannot_hold_are_refused(year, secretary, changes):
    with pytest.raises(ValidationError):
        set_own(year, secretary, **changes)

    assert not CityRatingRules.objects.exists()


def test_the_rules_of_a_closed_year_stay(year, secretary):
    year.stage = Stage.CLOSED  # it evaluated until the end of 2025
    year.save()

    with pytest.raises(ValidationError) as refusal:
        set_own(year, secretary)
    set_own(year, secretary, data_year=2026)

    assert refusal.value.code == "closed_year"
    assert CityRatingRules.objects.in_force(year.city_id, 2025) == packaged_rules()


def test_a_verifikator_makes_no_rules(year):
    with pytest.raises(PermissionDenied):
        set_own(year, MembershipFactory(city=year.city, role="verifikator").user)


def opened_by(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rated(year):
    """A kelurahan that meets everything, one that lacks everything, one of which one is missing."""
    units = [
        UnitFactory(city=year.city, name=name, active_from=date(2020, 1, 1))
        for name in ("Baik", "Buruk", "Tengah")
    ]
    asked = CRITERIA.of(units[0].criterion_level)
    for unit, speaks in zip(units, (9, 0, 8), strict=True):
        for number, criterion in enumerate(asked[:9] if unit.name == "Tengah" else asked):
            good = unit.name == "Baik" or number < speaks
            ReportFactory(unit=unit, criterion=criterion.code, **_said(criterion, speaks=good))
    return {unit.name: unit for unit in units}


def _said(criterion, *, speaks):
    empty = {"yes": None}
    if criterion.kind == "yes_no":
        return {"yes": speaks}
    if criterion.kind == "ratio":
        return {**empty, "part": 100 if speaks else 0, "whole": 100}
    return {**empty, "nil": True} if speaks else {**empty, "boys": 1, "girls": 1}


def test_the_grid_shows_filters_and_exports_ratings(year, secretary, rated):
    client = opened_by(secretary)
    url = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/"

    shown = {row.name: row.rating.code for row in client.get(url).context["page_obj"]}
    assert shown == {"Baik": "nindya", "Buruk": "none", "Tengah": "open"}
    narrowed = client.get(url, {"peringkat": "open"}).context["page_obj"]
    assert [row.name for row in narrowed] == ["Tengah"]
    one = client.get(url, {"kriteria": "26.4", "peringkat": "nindya"}).context["page_obj"]
    assert [row.name for row in one] == ["Baik"]
    book = load_workbook(BytesIO(client.get(url, {"unduh": "xlsx"}).getvalue()))
    assert [row[1:6] for row in book.active.iter_rows(min_row=2, values_only=True)] == [
        ("Baik", rated["Baik"].parent.name, "Nindya", "18", "0"),
        ("Buruk", rated["Buruk"].parent.name, "Belum Pratama", "0", "0"),
        (
            "Tengah",
            rated["Tengah"].parent.name,
            "Belum dapat dinilai: belum Pratama – Nindya",
            "8",
            "9",
        ),
    ]


def test_a_level_that_the_set_asks_nothing_is_left_out_of_the_overview(year, secretary, rated):
    CriteriaChoiceFactory(city=year.city, criteria="drppa")
    url = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/peringkat/"

    [level] = opened_by(secretary).get(url).context["overview"].levels

    assert (level.level, dict(level.counts)) == ("kelurahan", {"open": 3})


def test_the_overview_counts_every_unit_once_and_follows_new_rules(year, secretary, rated):
    client = opened_by(secretary)
    url = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/peringkat/"

    overview = client.get(url).context["overview"]
    assert [(one.level, dict(one.counts), one.total) for one in overview.levels] == [
        ("kecamatan", {"open": 3}, 3),
        ("kelurahan", {"nindya": 1, "none": 1, "open": 1}, 3),
    ]
    client.post(
        f"{url}aturan/",
        {
            "pratama": 40,
            "madya": 41,
            "nindya": 100,
            "nindya_required": "26.4, 26.5",
            "source": "SK",
        },
    )

    rules = client.get(url).context["overview"].rules
    assert [(rule.at_least, rule.codes) for rule in rules.levels] == [
        (40, []),
        (41, []),
        (100, ["26.4", "26.5"]),
    ]


def test_a_tile_stands_for_each_kelurahan_below_its_kecamatan(year, secretary, rated):
    url = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/peringkat/"

    page = opened_by(secretary).get(url)

    districts = page.context["overview"].districts
    assert sorted(rating.mark for _district, rows in districts for _unit, rating in rows) == [
        "B",
        "N",
        "–",
    ]
    for district, rows in districts:
        assert {unit.parent_id for unit, _rating in rows} == {district.pk}
        for unit, rating in rows:
            assert f'aria-label="{unit.name}: {rating.label}">{rating.mark}</a>' in page.text
