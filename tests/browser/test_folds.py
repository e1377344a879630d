"""What is folded stays where it was, and nothing in it changes unseen."""

import pytest
from playwright.sync_api import expect

from assessments.models import Assignment
from assessments.queries import assignments
from tests.assessments.situations import working_year
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(transactional_db, monkeypatch):
    monkeypatch.setattr(assignments, "FEW", 0)  # as with an instrument of many questions
    return working_year()


@pytest.fixture
def desk(year, seat):
    page = seat(MembershipFactory(gugus_tugas=True, city=year.city).user)
    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/penugasan/?klaster=klaster-1")
    return page


def fold(page, code):
    return page.locator(f"#indikator-{code}")


def test_a_box_for_all_ticks_its_part_alone_and_what_is_folded_is_told(year, desk):
    assert desk.locator("details[open].folding").count() == 0
    fold(desk, "2a").locator("summary").click()
    desk.get_by_label("Pilih semua 2a").check()
    expect(desk.get_by_text("2 baris dipilih.")).to_be_visible()

    fold(desk, "2a").locator("summary").click()

    expect(
        desk.get_by_text("2 baris dipilih, 2 di antaranya di bagian yang terlipat.")
    ).to_be_visible()
    untouched = Assignment.objects.filter(answer__question__indicator__code="2b").count()
    desk.get_by_role("combobox", name="OPD").select_option(label="Dinas DP3A")
    desk.get_by_role("button", name="Tugaskan yang dicentang").click()
    expect(desk.get_by_text("2 pertanyaan ditugaskan kepada Dinas DP3A.")).to_be_visible()
    assert Assignment.objects.filter(answer__question__indicator__code="2b").count() == untouched
    assert set(
        Assignment.objects.filter(opd__code="DP3A", is_lead=True).values_list(
            "answer__question__code", flat=True
        )
    ) >= {"2a.1", "2a.2"}


def test_a_fold_stays_as_one_left_it_after_a_reload_and_on_the_way_back(desk):
    fold(desk, "2b").locator("summary").click()
    expect(fold(desk, "2b")).to_have_attribute("open", "")

    desk.reload()
    expect(fold(desk, "2b")).to_have_attribute("open", "")
    fold(desk, "2b").get_by_role("link", name="Ubah").first.click()
    desk.go_back()

    expect(fold(desk, "2b")).to_have_attribute("open", "")
    expect(fold(desk, "2a")).not_to_have_attribute("open", "")
