"""A year on an instrument that counts fulfilled indicators and publishes no bands."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.choices import ScoreKind, Stage
from assessments.models import Answer, Assessment, Evidence, TotalScore
from assessments.queries.cities import city_standings
from assessments.queries.year import year_dashboard
from assessments.reports.snapshot_pdf import snapshot_paper
from assessments.services.rescue import open_rescue_window
from assessments.services.review import accept_evidence
from cities.models import Opd
from clusters.library import packaged
from tests.assessments.situations import (
    NOW,
    checked,
    city_with_opds,
    claim,
    hand_in,
    later,
    reviewer_of,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

PAGES = {
    "gugus_tugas": (
        "assessment_detail",
        "question_list",
        "stage_list",
        "official_indicators",
        "assignment_list",
        "assessment_submit",
        "sheet_import",
        "rescue_list",
    ),
    "admin_kota": ("assessment_edit", "band_table_choose", "cluster_deadlines", "trail_list"),
    "verifikator": ("assessment_detail", "review_queue", "question_list"),
    "pimpinan": ("assessment_detail", "stage_list"),
}


@pytest.fixture
def year():
    """Two of 31 indicators claimed, one of them proven, another waiting."""
    year = working_year(city=city_with_opds(), spec=packaged("kla-2011"))
    staff, reviewer = staff_of(year, "DP3A"), reviewer_of(year).user
    for code, is_accepted in (("4", True), ("6", False)):
        answer = answer_of(year, code)
        claim(answer, "1", by=staff.user)
        [evidence] = hand_in(answer, by=staff.user, opd=staff.opd, files=[checked(code.encode())])
        if is_accepted:
            accept_evidence(
                evidence_id=evidence.pk, granted_points=Decimal(1), by=reviewer, at=later()
            )
    return Assessment.objects.get(pk=year.pk)


def text_of(response):
    """What people read on the page, in one line."""
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", strip_tags(main))


def opened(client, role, year, name, *parts):
    member = year.city.memberships.filter(role=role).first() or MembershipFactory(
        city=year.city, **{role: True}
    )
    client.force_login(member.user)
    return client.get(reverse(f"assessments:{name}", args=[year.city.slug, year.year, *parts]))


def test_the_total_is_a_count_of_fulfilled_indicators(year):
    totals = dict(TotalScore.objects.filter(assessment=year).values_list("kind", "points"))

    assert (totals[ScoreKind.CLAIMED], totals[ScoreKind.EVIDENCED]) == (2, 1)
    assert set(TotalScore.objects.values_list("predikat", "in_gap")) == {("", False)}


def test_the_dashboard_says_so_without_bands_or_points(year, client):
    text = text_of(opened(client, "gugus_tugas", year, "assessment_detail"))

    assert "Terbukti 1 dari 31 indikator terpenuhi." in text
    assert "Diklaim 2. Instrumen ini tidak menerbitkan rentang predikat." in text
    assert "31 indikator" in text


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role, names in PAGES.items() for name in names]
)
def test_no_page_of_the_year_speaks_of_points_or_a_predikat_missed(year, client, role, name):
    response = opened(client, role, year, name)

    assert response.status_code == 200
    text = text_of(response).lower()
    assert re.findall(r".{20}\bpoin\b.{10}", text) == []
    assert "belum berpredikat" not in text


def test_the_pages_of_a_question_count_indicators_too(year, client):
    page = text_of(opened(client, "gugus_tugas", year, "question_detail", "4"))
    waiting = Evidence.objects.waiting().get()
    review = text_of(opened(client, "verifikator", year, "evidence_review", waiting.pk))
    indicator = text_of(opened(client, "gugus_tugas", year, "indicator_detail", "1"))
    opd = Opd.objects.get(city=year.city, code="DP3A")
    share = text_of(opened(client, "gugus_tugas", year, "opd_detail", opd.pk))
    client.force_login(opd.memberships.first().user)
    tasks = text_of(client.get(reverse("assessments:task_list", args=[year.city.slug])))

    assert "Paling banyak 1 indikator" in page
    assert "Klaim 1 dari 1 indikator" in review
    assert "10 indikator yang Anda pimpin belum terbukti" in tasks
    assert "indikator pada" in share
    everything = f"{page} {review} {indicator} {share} {tasks}"
    assert re.findall(r".{20}\bpoin\b.{10}", everything.lower()) == []


def test_lists_of_years_and_cities_stand_without_bands(year, client):
    ladder = city_standings([year.city])[year.city_id].ladder
    client.force_login(SiteAdminFactory())

    page = client.get(reverse("assessments:city_list"))
    years = client.get(reverse("assessments:assessment_list", args=[year.city.slug]))

    assert (ladder.bands, ladder.unit, ladder.evidenced) == ((), "indikator", 1)
    assert (page.status_code, years.status_code) == (200, 200)
    assert "Terbukti 1 dan diklaim 2 dari 31 indikator." in text_of(page)


def test_no_target_can_be_aimed_at_and_none_is_needed(year, client):
    page = opened(client, "admin_kota", year, "assessment_edit")
    assert "Instrumen ini tidak menerbitkan rentang predikat." in text_of(page)

    response = client.post(
        reverse("assessments:assessment_edit", args=[year.city.slug, year.year]),
        {"target": "", "deadline": "2026-06-30"},
    )

    assert response.status_code == 302
    year.refresh_from_db()
    assert (year.target, str(year.deadline)) == (None, "2026-06-30")


def test_a_year_is_opened_on_its_page_without_a_target(year, client):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)

    client.post(
        reverse("assessments:assessment_open", args=[year.city.slug]),
        {"year": 2027, "instrument": year.instrument_id, "target": "", "deadline": ""},
    )

    opened_year = Assessment.objects.get(city=year.city, year=2027)
    assert Answer.objects.filter(assessment=opened_year).count() == 31


def test_the_year_goes_through_its_stages_to_paper(year, client):
    coordinator = MembershipFactory(gugus_tugas=True, city=year.city).user
    set_stage(assessment_id=year.pk, stage=Stage.FIELD, by=coordinator, at=later(9))
    open_rescue_window(
        assessment_id=year.pk,
        answer_ids=[answer_of(year, "6").pk],
        closes_at=later(60 * 48),
        note="",
        by=coordinator,
        at=NOW,
    )
    rescue = text_of(opened(client, "gugus_tugas", year, "rescue_list"))
    frozen = opened(client, "gugus_tugas", year, "snapshot_detail", 1)
    snapshot = year.snapshots.get(number=1)

    assert "1 pertanyaan, 1 indikator belum terbukti" in rescue
    assert re.findall(r"\bpoin\b", (rescue + text_of(frozen)).lower()) == []
    assert snapshot.content["instrument"]["measure"] == "indicators"
    paper = snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment="x")
    assert paper.startswith(b"%PDF")


def test_ladder_and_standing_need_no_bands(year):
    dashboard = year_dashboard(year, today=NOW.date())

    assert (dashboard.ladder.bands, dashboard.ladder.target_minimum) == ((), None)
    assert (dashboard.evidenced.next_predikat, dashboard.evidenced.target_points) == (None, None)
