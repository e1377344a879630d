"""The figures behind a plot, and filters that stand in the address."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from assessments.services.review import accept_evidence
from cities.models import Opd
from tests.assessments.situations import claim, hand_in, later
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leader(answer):
    return MembershipFactory(pimpinan=True, city=answer.assessment.city).user


@pytest.fixture
def page(answer, staff, leader, seat):
    """The city's page, with a claim and an accepted document at question 1.2."""
    claim(answer, "13.25", by=staff)
    [evidence] = hand_in(answer, by=staff)
    reviewer = MembershipFactory(verifikator=True, city=answer.assessment.city).user
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(12), by=reviewer, at=later())
    page = seat(leader)
    page.goto(answer.assessment.get_absolute_url())
    return page


def test_the_table_behind_a_plot_says_what_its_file_says(page):
    page.get_by_text("Tabel Tangga predikat").click()
    table = page.get_by_role("region", name="Tangga predikat").get_by_role("table")
    shown = [
        row.get_by_role("cell").first.inner_text() for row in table.get_by_role("row").all()[1:]
    ]

    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV Tangga predikat").click()

    download = downloading.value
    rows = list(csv.reader(download.path().read_text("utf-8-sig").splitlines(), delimiter=";"))[1:]
    city = page.url.split("/")[4]
    assert download.suggested_filename == f"{city}-2026-tangga.csv"
    assert shown == ["12", "13,25"]
    assert [row[1] for row in rows] == ["12,000", "13,250"]


def test_a_cell_of_the_heat_map_leads_to_its_questions(page):
    page.get_by_role("link", name="Sisa", exact=True).click()
    page.get_by_role("table", name="Nilai tersisa menurut keadaan").get_by_role(
        "link", name="8", exact=True
    ).click()

    page.wait_for_url("**/pertanyaan/?indikator=1&keadaan=accepted")
    assert page.get_by_role("rowheader").all_inner_texts() == ["1.2 Pertanyaan 1.2"]


def test_the_bars_lead_to_the_indicator_and_the_table_to_the_opd(page):
    page.get_by_role("link", name="Indikator", exact=True).click()
    page.get_by_role("link", name="2b Indikator 2b").click()
    page.get_by_role("heading", name="Indikator 2b: Indikator 2b").wait_for()

    page.go_back()
    page.get_by_role("link", name="OPD", exact=True).click()
    page.get_by_role("link", name="Dinas DINKES").click()
    page.get_by_role("heading", level=1, name="Dinas DINKES").wait_for()


def test_an_old_address_with_a_name_at_its_end_leads_on_to_the_tab(page):
    here = page.url
    page.goto(f"{here}#laju")

    page.wait_for_url(f"{here}laju/")


def test_on_a_phone_the_indicators_of_a_cluster_unfold_and_on_a_desk_they_stand_open(page):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{page.url}indikator/")
    row = page.get_by_role("link", name="2b Indikator 2b")
    expect(row).to_be_hidden()
    page.locator("summary", has_text="Klaster I").click()
    expect(row).to_be_visible()

    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    expect(row).to_be_visible()
    expect(page.locator("summary", has_text="Klaster I")).to_be_hidden()


def test_narrowed_tasks_can_be_bookmarked_and_left_again(answer, leader, seat):
    EvidenceFactory(answer=answer, returned=True)
    answer_of(answer.assessment, "1.1").assignments.update(due_on=date(2026, 1, 1))
    opd = Opd.objects.get(city=answer.assessment.city, code="DP3A")
    page = seat(leader)
    page.goto(f"{answer.assessment.get_absolute_url()}opd/{opd.pk}/")
    tasks = page.locator("section", has=page.get_by_role("heading", name="Tugas menurut nilai"))

    page.get_by_label("Keadaan").select_option("Dikembalikan")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**/?keadaan=returned*")

    assert tasks.get_by_role("rowheader").all_inner_texts() == ["1.2 Pertanyaan 1.2"]
    page.go_back()
    assert len(tasks.get_by_role("rowheader").all()) == 2
