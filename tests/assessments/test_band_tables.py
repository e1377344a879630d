"""A year may call its totals by the bands of another source than its instrument."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import ScoreKind, Stage, TrailEvent
from assessments.models import Activity, Assessment, TotalScore
from assessments.queries.cities import city_standings
from assessments.queries.year import year_dashboard
from assessments.reports.snapshot_pdf import snapshot_paper
from assessments.services.band_tables import choose_band_table
from assessments.services.creation import change_assessment
from assessments.services.scores import refresh_all
from assessments.services.snapshots import freeze
from clusters.edits import fingerprint_of
from clusters.services.band_tables import edit_band_table, table_spec
from clusters.spec import BandSpec
from tests.assessments.situations import (
    NOW,
    admin_of,
    claim,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.clusters import BandTableFactory, TableBandFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def table_of(*bands, **fields):
    table = BandTableFactory(**fields)
    for predikat, minimum, maximum in bands:
        TableBandFactory(table=table, predikat=predikat, minimum=minimum, maximum=maximum)
    return table


@pytest.fixture
def low():
    """Pratama from 10 where the instrument asks for 50."""
    bands = ("Pratama", 10, 29), ("Madya", 30, 100)
    return table_of(*bands, title="Harian Metro", version="2022")


@pytest.fixture
def year():
    year = working_year()
    claim(answer_of(year, "1.1"), "30", by=staff_of(year, "DP3A").user)
    return Assessment.objects.get(pk=year.pk)


def choose(year, table, *, by=None):
    return choose_band_table(
        assessment_id=year.pk, table=table, by=by or admin_of(year), at=NOW + timedelta(hours=1)
    )


def claimed(year):
    row = TotalScore.objects.get(assessment=year, kind=ScoreKind.CLAIMED)
    return row.points, row.predikat


def refusal(deed):
    with pytest.raises(ValidationError) as caught:
        deed()
    return caught.value.code


def test_the_predikat_follows_the_table_and_the_points_stay(year, low):
    assert claimed(year) == (Decimal(30), "")

    choose(year, low)

    assert claimed(year) == (Decimal(30), "Madya")
    assert refresh_all(assessment_id=year.pk) == []


def test_without_a_table_the_bands_of_the_instrument_count_again(year, low):
    choose(year, low)

    choose(year, None)

    assert claimed(year) == (Decimal(30), "")


def test_a_table_that_was_edited_while_no_year_used_it_counts_as_it_is_now(year, low):
    choose(year, low)
    choose(year, None)
    before = table_spec(low)
    bands = (
        BandSpec("Pratama", Decimal(10), Decimal(30)),
        BandSpec("Madya", Decimal(31), Decimal(100)),
    )
    edit_band_table(
        table=low,
        spec=replace(before, bands=bands),
        seen=fingerprint_of(before),
        by=SiteAdminFactory(),
        at=NOW,
    )

    choose(year, low)

    assert claimed(year) == (Decimal(30), "Pratama")


def test_the_choice_leaves_a_line_and_the_same_choice_none(year, low):
    by = admin_of(year)

    choose(year, low, by=by)
    choose(year, low, by=by)

    line = Activity.objects.filter(assessment=year, deed=TrailEvent.BANDS_CHOSEN).get()
    assert (line.by, line.detail, line.before, line.after) == (
        by,
        "Harian Metro (2022)",
        {"band_table": None},
        {"band_table": "Harian Metro (2022)"},
    )


def test_later_totals_are_called_by_the_table_too(year, low):
    choose(year, low)

    claim(answer_of(year, "1.2"), "0", by=staff_of(year, "DISDIK").user)

    assert claimed(year) == (Decimal(30), "Madya")


def test_another_year_is_left_alone(year, low):
    other = working_year(year=2025)
    claim(answer_of(other, "1.1"), "30", by=staff_of(other, "DP3A").user)

    choose(year, low)

    assert claimed(other) == (Decimal(30), "")


def test_a_table_without_bands_is_refused(year):
    assert refusal(lambda: choose(year, table_of())) == "no_bands"
    assert Assessment.objects.get(pk=year.pk).band_table is None


def test_a_table_without_the_target_is_refused(year):
    Assessment.objects.filter(pk=year.pk).update(target=year.instrument.bands.get(predikat="Madya"))

    assert refusal(lambda: choose(year, table_of(("Pratama", 10, 100)))) == "no_target"
    assert claimed(year) == (Decimal(30), "")


def test_a_target_that_the_table_lacks_is_refused(year):
    choose(year, table_of(("Pratama", 10, 100)))
    madya = year.instrument.bands.get(predikat="Madya")

    code = refusal(
        lambda: change_assessment(
            assessment_id=year.pk, target=madya, deadline=None, by=admin_of(year), at=NOW
        )
    )

    assert code == "no_target"
    assert Assessment.objects.get(pk=year.pk).target is None


def test_a_closed_year_keeps_its_bands(year, low):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    assert refusal(lambda: choose(year, low)) == "closed"


def with_target(year, low):
    year.target = year.instrument.bands.get(predikat="Madya")
    year.save()
    return choose(year, low)


def test_ladder_next_band_and_target_are_those_of_the_table(year, low):
    dashboard = year_dashboard(with_target(year, low), today=TODAY)

    assert [(band.predikat, band.minimum) for band in dashboard.ladder.bands] == [
        ("Pratama", 10),
        ("Madya", 30),
    ]
    assert (dashboard.ladder.target_predikat, dashboard.ladder.target_minimum) == ("Madya", 30)
    assert (dashboard.claimed.predikat, dashboard.claimed.target_points) == ("Madya", 0)
    assert (dashboard.evidenced.next_predikat, dashboard.evidenced.next_points) == ("Pratama", 10)


def test_the_list_of_cities_draws_the_table_in_as_many_queries(year, low):
    working_year()
    with CaptureQueriesContext(connection) as before:
        city_standings([year.city])
    with_target(year, low)

    with CaptureQueriesContext(connection) as after:
        ladder = city_standings([year.city])[year.city_id].ladder

    assert ([band.minimum for band in ladder.bands], ladder.target_minimum) == ([10, 30], 30)
    assert len(after) <= len(before) + 1


def test_what_is_frozen_names_the_table(year, low):
    signed = {
        "left": Stage.PREPARATION,
        "entered": Stage.SELF_ASSESSMENT,
        "by": admin_of(year),
        "at": NOW,
    }
    plain = freeze(year, **signed)
    chosen = freeze(choose(year, low), **signed)

    assert (plain.content["band_table"], chosen.content["band_table"]) == (
        None,
        "Harian Metro (2022)",
    )
    assert chosen.content["totals"]["claimed"]["predikat"] == "Madya"
    for snapshot in (plain, chosen):
        paper = snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment="x")
        assert paper.startswith(b"%PDF")


# --- The page -----------------------------------------------------------------------------------


def address(name, year):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year])


@pytest.fixture
def admin(client, year):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    return client


def test_the_administrator_chooses_the_table_on_its_page(admin, year, low):
    page = address("band_table_choose", year)
    assert page in admin.get(address("assessment_edit", year)).text

    response = admin.post(page, {"table": low.pk}, follow=True)

    assert claimed(year) == (Decimal(30), "Madya")
    assert "Predikat disebut menurut Harian Metro (2022)." in response.text


def test_the_page_shows_every_table_with_its_source(admin, year, low):
    text = admin.get(address("band_table_choose", year)).text

    assert [text.count(words) for words in ("Surat kabar, 2022", "Harian Metro (2022)</h2>")] == [
        1,
        1,
    ]


def test_a_refusal_stands_on_the_form(admin, year):
    response = admin.post(address("band_table_choose", year), {"table": table_of().pk})

    assert response.context["form"].non_field_errors() == [
        "Tabel ini belum berisi predikat. Lengkapi dahulu, atau pilih tabel lain."
    ]


def test_targets_are_offered_with_the_totals_of_the_table(admin, year, low):
    choose(year, low)

    text = admin.get(address("assessment_edit", year)).text

    assert [option in text for option in ("Madya (30–100)", "Madya (61–100)")] == [True, False]
