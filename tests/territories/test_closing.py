"""The units of a closed year are counted and rated by what held when it was closed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.choices import Stage
from assessments.services.transitions import advance_stage, reopen_stage
from cities.models import Membership
from territories import criteria
from territories.criteria import packaged_sets, set_for
from territories.models import CriteriaChoice
from territories.models import ratings as rating_models
from territories.queries.boards import reporting_year
from territories.queries.ratings import rating_overview
from territories.rating import packaged_rules
from territories.register import TERRITORIES
from territories.services.closing import keep_rules_of_closed_years
from territories.services.criteria import choose_set
from territories.services.ratings import set_rating_rules
from tests.assessments.situations import NOW, later, secretary_of
from tests.factories.assessments import open_year
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import only
from tests.factories.territories import ReportFactory, UnitFactory
from tests.territories.test_rating import HALVES, OWN

pytestmark = pytest.mark.django_db


def at_its_end():
    """A city whose two kelurahan have said yes to all, and counted 60 of 100 births in 26.6."""
    year = open_year(spec=only(26))
    year.stage = Stage.FINAL
    year.save()
    district = UnitFactory(kecamatan=True, city=year.city)
    for unit in UnitFactory.create_batch(2, city=year.city, parent=district):
        ReportFactory(unit=unit)
        ReportFactory(unit=unit, criterion="26.6", yes=None, part=95, whole=100)
    return year


def close(year, by):
    advance_stage(assessment_id=year.pk, seen=Stage.FINAL, by=by, at=NOW)
    year.refresh_from_db()


def seen(year):
    """The rules of rating, and how many of how many units meet 26.6."""
    member = Membership.objects.filter(city=year.city).first()
    told = TERRITORIES.answer(
        city_id=year.city_id, city_slug=year.city.slug, year=year.year, key="kla-2023/26.6"
    )
    overview = rating_overview(member, reporting_year(year))
    return overview.rules, overview.levels, (told.numerator, told.denominator), told.title


@pytest.fixture
def files_change(monkeypatch):
    """A later version of the project: other bounds of levels, and none is enough births."""

    def change():
        births = [
            replace(one, threshold=Decimal(99), text="Akta lain") if one.code == "26.6" else one
            for one in set_for("kla-2023").criteria
        ]
        changed = tuple(
            replace(one, criteria=tuple(births)) if one.code == "kla-2023" else one
            for one in packaged_sets()
        )
        monkeypatch.setattr(criteria, "packaged_sets", lambda: changed)
        monkeypatch.setattr(rating_models, "packaged_rules", lambda: HALVES)

    return change


def test_files_of_a_later_version_move_years_at_work_and_no_closed_one(files_change):
    year, open_one = at_its_end(), at_its_end()
    close(year, secretary_of(year))
    secretary_of(open_one)
    before = seen(year)
    assert seen(open_one) == before

    files_change()

    assert seen(year) == before
    assert (seen(open_one)[0], seen(open_one)[2:]) == (HALVES, ((0, 2), "Akta lain"))
    assert CriteriaChoice.objects.count() == 1


def test_a_set_and_rules_of_the_city_are_kept_too(files_change):
    year = at_its_end()
    secretary = secretary_of(year)
    choose_set(city=year.city, year=2025, code="kla-2023", by=secretary, at=NOW)
    set_rating_rules(
        city=year.city, year=2025, criteria=set_for("kla-2023"), facts=OWN, by=secretary, at=NOW
    )
    close(year, secretary)
    before = seen(year)
    assert before[0].source == OWN.source

    files_change()

    assert seen(year) == before


def test_years_closed_before_are_kept_by_preparing_the_site_once(files_change):
    year, _open_one = at_its_end(), at_its_end()
    secretary_of(year)
    year.stage = Stage.CLOSED
    year.save()
    before = seen(year)

    keep_rules_of_closed_years(at=NOW)
    files_change()
    keep_rules_of_closed_years(at=later())

    assert seen(year) == before
    assert [one.city for one in CriteriaChoice.objects.all()] == [year.city]


def test_a_year_that_is_opened_again_keeps_its_rules_until_others_are_chosen(files_change):
    year = at_its_end()
    secretary = secretary_of(year)
    close(year, secretary)
    before = seen(year)
    reopen_stage(
        assessment_id=year.pk,
        seen=Stage.CLOSED,
        stage=Stage.FINAL,
        reason="Salah",
        by=SiteAdminFactory(),
        at=NOW,
    )
    files_change()

    assert seen(year) == before
    choose_set(city=year.city, year=2025, code="kla-2023", by=secretary, at=NOW)
    assert seen(year)[2] == (0, 2)
    close(year, secretary)
    assert packaged_rules() != reporting_year(year).rules == HALVES
