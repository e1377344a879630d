"""A quarter reported on a phone, and the cheapest way carried into the plan."""

import pytest
from playwright.sync_api import expect

from actionplan.models import Action
from monitoring.models import Realisation
from tests.assessments.situations import secretary_of, staff_of, working_year
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import answer_of
from tests.factories.plans import PlanFactory, PlanStepFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def year(transactional_db):
    return working_year()


@pytest.fixture
def plan(year):
    return ActionPlanFactory(city=year.city, instrument=year.instrument, first_year=2024)


def test_an_opd_reports_its_quarter_on_a_phone(year, plan, seat):
    staff = staff_of(year, "DINKES")
    action = ActionFactory(plan=plan, number=1, name="Puskesmas ramah anak", lead=staff.opd)
    ActionYearFactory(action=action, year=2025)
    phone = seat(staff.user)
    phone.set_viewport_size(PHONE)
    phone.goto(f"/kota/{year.city.slug}/rad/{plan.pk}/?tahun=2025")
    phone.get_by_role("link", name="Puskesmas ramah anak").click()
    phone.locator("summary", has_text="2025").click()
    phone.get_by_role("link", name="Laporkan").first.click()
    phone.get_by_label("Fisik sejak awal tahun").fill("22,5")
    phone.get_by_label("Uang sejak awal tahun").fill("Rp 0,3 M")
    phone.get_by_label("Hambatan").fill("Lelang terlambat")
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.locator("strong", has_text="lebih dari satu cara")).to_be_visible()

    phone.get_by_label("Uang sejak awal tahun").fill("300.000.000")
    phone.get_by_role("button", name="Kirim laporan").click()

    expect(phone.get_by_text("Laporan triwulan 1 tersimpan.")).to_be_visible()
    stored = Realisation.objects.get()
    assert (str(stored.physical), stored.money, stored.obstacle) == (
        "22.50",
        300_000_000,
        "Lelang terlambat",
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_way_to_a_predikat_becomes_actions_of_next_year(year, plan, seat):
    way = PlanFactory(assessment=year, name="Langkah murah")
    for code in ("1.2", "2a.2"):
        PlanStepFactory(plan=way, answer=answer_of(year, code))
    desk = seat(secretary_of(year))
    desk.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/rencana/{way.pk}/")
    desk.get_by_role("link", name="Jadikan aksi RAD tahun depan").click()
    desk.get_by_label("2a.2").uncheck()
    desk.get_by_role("button", name="Jadikan aksi").click()

    expect(desk.get_by_text("1 langkah menjadi aksi 2027. Isi pagunya.")).to_be_visible()
    assert [one.questions.get().question.code for one in Action.objects.all()] == ["1.2"]
