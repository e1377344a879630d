from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from assessments.choices import Stage
from assessments.models import Assessment
from cities.models import CityActivity
from facilities.models import Facility
from monitoring.models import Realisation
from public.models import Release
from public.queries.contents import checksum
from public.sections import COLUMNS, Section
from public.services.releases import release_section, withdraw_section
from taskforce.models import Commitment
from tests.assessments.situations import later, refused, set_stage, working_year
from tests.factories.assessments import NOW
from tests.factories.facilities import FacilityFactory
from tests.factories.monitoring import RealisationFactory
from tests.factories.taskforce import CommitmentFactory
from tests.public.situations import change_everything, draft, publisher_of, release


def rows_of(year, section):
    return draft(year, section).content["rows"]


def test_a_part_holds_the_fields_that_are_named_and_no_others(year):
    for section in Section:
        rows = rows_of(year, section)
        assert {tuple(row) for row in rows} == {tuple(COLUMNS[section])}


def test_an_award_stands_before_what_the_city_says_of_itself(year):
    rows = rows_of(year, Section.SCORE)

    assert [row["jenis"] for row in rows] == ["Penghargaan", "Diklaim", "Terbukti"]
    assert rows[0]["predikat"] == "Madya"


def test_points_of_later_stages_are_not_among_the_scores(year):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=later(2))
    year = Assessment.objects.get(pk=year.pk)

    assert [row["jenis"] for row in rows_of(year, Section.SCORE)] == [
        "Penghargaan",
        "Diklaim",
        "Terbukti",
    ]


def test_what_came_after_the_submission_is_left_out(year):
    before = {section: rows_of(year, section) for section in Section}
    told = Realisation.objects.get()
    RealisationFactory(action_year=told.action_year, revision=2, at=later(1), money=1)
    CommitmentFactory(city=year.city, made_on=date(2026, 3, 3))
    FacilityFactory(city=year.city, active_from=year.evidence_to + timedelta(days=1))

    assert {section: rows_of(year, section) for section in Section} == before


def test_a_promise_of_the_day_of_submission_is_in(year):
    CommitmentFactory(city=year.city, made_on=date(2026, 3, 2), text="Hari itu")

    assert "Hari itu" in {row["komitmen"] for row in rows_of(year, Section.COMMITMENTS)}


def test_the_plan_tells_what_was_spent_of_what(year):
    content = draft(year, Section.PLAN).content

    assert content["facts"] == {
        "year": 2025,
        "title": content["facts"]["title"],
        "ceiling": 1_250_000_000,
        "spent": 250_000_000,
    }
    assert content["rows"][0]["fisik"] == "20.000"


def test_small_numbers_of_children_are_not_in_the_copy(year, settings):
    settings.KLA_SMALL_CELL = 0  # a city that hides nothing for itself hides it from the public

    rows = [row for row in rows_of(year, Section.CHILDREN) if row["kode_variabel"] == "perkawinan"]

    # The other sex goes with it, or the sum would tell; the sum itself stays.
    assert {row["jenis_kelamin"]: row["jumlah"] for row in rows} == {
        "Laki-laki": "",
        "Perempuan": "",
        "Jumlah": 43,
    }


def test_a_home_of_children_is_on_no_list(year):
    FacilityFactory(city=year.city, type="pengasuhan", kind="lksa", name="Panti Kasih")

    assert "Panti Kasih" not in {row["nama"] for row in rows_of(year, Section.FACILITIES)}


def test_what_is_released_stays_as_it_was_whatever_the_city_does_then(year):
    before = [one.content for one in release(year)]

    change_everything(year)

    assert [one.content for one in Release.objects.order_by("pk")] == before
    assert all(checksum(one.content) == one.checksum for one in Release.objects.all())


def test_a_release_is_told_in_the_trail(year):
    [one] = release(year, Section.SCORE)

    entry = CityActivity.objects.filter(city=year.city).first()
    assert (entry.deed, entry.target) == ("public_released", "Predikat dan nilai")
    assert entry.after == {"year": "2026", "checksum": one.checksum}


def refuse(year, code, *, section=Section.FACILITIES, seen="", member=None):
    member = member or publisher_of(year)
    with refused(code):
        release_section(assessment=year, section=section, seen=seen, by=member.user, at=later())


def test_a_year_at_work_is_not_released(db):
    refuse(working_year(), "not_submitted")


def test_a_year_that_was_opened_again_is_not_released(year):
    set_stage(assessment_id=year.pk, stage=Stage.SELF_ASSESSMENT, at=later())

    refuse(Assessment.objects.get(pk=year.pk), "not_submitted")


def test_a_part_without_anything_is_not_released(year):
    Commitment.objects.all().delete()

    refuse(year, "empty", section=Section.COMMITMENTS)


def test_what_was_not_looked_at_is_not_released(year):
    member = publisher_of(year)
    seen = draft(year, Section.FACILITIES, member).checksum
    Facility.objects.filter(name="SD Negeri 1").update(name="SD Negeri 2")

    refuse(year, "moved", seen=seen, member=member)


def test_a_part_stands_once(year):
    release(year, Section.SCORE)

    refuse(year, "standing", section=Section.SCORE)


@pytest.mark.parametrize(
    "name", ["Praktik 0812-3456-7890", "Rumah Siti Rahmawati", "1871012345678901", "a@b.example"]
)
def test_personal_data_is_refused_where_people_type_freely(year, name):
    member = publisher_of(year)
    member.user.name = "Siti Rahmawati"
    member.user.save()
    Facility.objects.filter(name="SD Negeri 1").update(name=name)

    seen = draft(year, Section.FACILITIES, member).checksum
    refuse(year, "personal", seen=seen, member=member)


def test_what_is_withdrawn_stays_recorded_and_may_be_released_again(year):
    member = publisher_of(year)
    [first] = release(year, Section.SCORE, by=member)

    withdraw_section(assessment=year, section=Section.SCORE, by=member.user, at=later(2))
    [second] = release(year, Section.SCORE, by=member)

    first.refresh_from_db()
    assert (first.withdrawn_by, first.withdrawn_at) == (member.user, later(2))
    assert list(Release.objects.standing()) == [second]


def test_nothing_is_withdrawn_that_does_not_stand(year):
    member = publisher_of(year)

    with pytest.raises(ValidationError) as refusal:
        withdraw_section(assessment=year, section=Section.SCORE, by=member.user, at=NOW)
    assert refusal.value.code == "not_standing"


def test_the_award_may_be_unknown(year):
    year.city.awards.all().delete()

    content = draft(year, Section.SCORE).content

    assert content["facts"]["award"] == ""
    assert Decimal(content["facts"]["points"]) == 0
