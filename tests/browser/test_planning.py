"""Supposing, planning and following a plan, in the browser."""

import pytest
from playwright.sync_api import expect

from assessments.models import TotalScore
from plans.models import Plan, Scenario
from plans.queries import supposing
from tests.assessments.situations import claim, working_year
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import generous_spec

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is supposed of which question, step after step; caps of indicator 2a and odd halves in it.
STEPS = [
    ("1.1", "Diterima"),
    ("2a.1", "Diterima"),
    ("2a.2", "Diterima"),
    ("1.2", "Diterima separuh"),
    ("2b.1", "Dikembalikan"),
    ("1.1", "Diterima separuh"),
    ("2a.1", "Seperti sekarang"),
]


@pytest.fixture
def year(transactional_db):
    year = working_year(spec=generous_spec())
    for code, points in (("1.1", "24.125"), ("1.2", "0.125"), ("2a.1", "14.999")):
        claim(answer_of(year, code), points)
    granted(answer_of(year, "2b.1"), "20.5")
    EvidenceFactory(answer=answer_of(year, "2b.1"), accepted=True)
    return year


@pytest.fixture
def desk(year, seat):
    return seat(MembershipFactory(gugus_tugas=True, city=year.city).user)


def place(year):
    return f"/kota/{year.city.slug}/penilaian/{year.year}/"


def told(page):
    """What the page says of the total and the clusters."""
    names = ("total", "predikat", "change", "count")
    words = {name: page.locator(f"[data-whatif-{name}]").inner_text() for name in names}
    next_band = page.locator("[data-whatif-next]")
    words["next"] = " ".join(next_band.inner_text().split()) if next_band.is_visible() else ""
    return words | {"clusters": page.locator("[data-whatif-cluster]").all_inner_texts()}


def suppose(page, code, outcome):
    option = page.get_by_label(f"Andai {code}").locator("option", has_text=outcome).first
    page.get_by_label(f"Andai {code}").select_option(option.get_attribute("value"))


def test_the_page_moves_at_once_and_says_what_the_server_says(year, desk):
    desk.goto(f"{place(year)}andai/")
    seen = []
    for code, outcome in STEPS:
        suppose(desk, code, outcome)
        at_once = told(desk)
        desk.reload()  # the address was kept in step
        assert told(desk) == at_once
        seen.append(at_once["total"])

    assert seen == ["44,625", "59,624", "69,625", "69,687", "49,187", "37,124", "27,124"]
    assert TotalScore.objects.exclude(points=0).count() == 1  # of the claims; nothing was stored


def test_another_cluster_opens_with_everything_that_was_supposed(year, desk, monkeypatch):
    monkeypatch.setattr(supposing, "FEW", 0)  # as with an instrument of many questions
    desk.goto(f"{place(year)}andai/")
    desk.get_by_role("button", name="Kelembagaan").click()
    desk.locator("#indikator-1 > summary").click()
    suppose(desk, "1.1", "Diterima")
    at_once = told(desk)

    desk.get_by_role("button", name="Klaster I", exact=False).click()
    expect(desk.locator("#indikator-2a")).to_be_visible()

    assert told(desk) == at_once
    assert (at_once["total"], at_once["count"]) == ("44,625", "1")
    desk.locator("#indikator-2a > summary").click()
    suppose(desk, "2a.1", "Diterima")
    assert told(desk)["count"] == "2"
    desk.go_back()
    expect(desk.locator("#indikator-1")).to_be_visible()
    assert told(desk)["count"] == "1"


def test_without_script_the_same_page_computes_on_the_server(year, seat):
    member = MembershipFactory(gugus_tugas=True, city=year.city)
    page = seat(member.user, java_script_enabled=False)
    page.goto(f"{place(year)}andai/")
    suppose(page, "1.1", "Diterima")
    suppose(page, "2a.2", "Diterima")

    page.get_by_role("button", name="Hitung").click()

    assert told(page)["total"] == "59,625"


def test_scenarios_are_saved_and_stand_side_by_side(year, desk):
    desk.goto(f"{place(year)}andai/")
    for code, name in (("1.1", "Hati-hati"), ("1.2", "Berani")):
        suppose(desk, code, "Diterima")
        desk.get_by_label("Simpan sebagai skenario bernama").fill(name)
        desk.get_by_role("button", name="Simpan skenario").click()
        expect(desk.get_by_text(f"Skenario “{name}” tersimpan.")).to_be_visible()

    for name in ("Hati-hati", "Berani"):
        desk.get_by_label(f"Bandingkan {name}").check()
    desk.get_by_role("button", name="Bandingkan yang dicentang").click()

    row = desk.get_by_role("row", name="Total", exact=False).first
    expect(row.get_by_role("cell")).to_have_text(["20,5", "44,75", "44,625"])
    assert Scenario.objects.count() == 2


def test_a_way_is_chosen_saved_and_handed_out(year, desk):
    desk.goto(place(year))
    groups = desk.locator(".nav-bar")
    groups.locator("summary", has_text="Rencana").click()
    groups.get_by_role("link", name="Langkah menuju predikat").click()
    desk.get_by_label("Tujuan").select_option("Pratama")
    desk.get_by_role("button", name="Hitung").click()
    desk.get_by_role("link", name="Jangan pakai 1.1").first.click()
    expect(desk.get_by_text("1.1 tidak dipakai")).to_be_visible()
    desk.go_back()
    expect(desk.get_by_text("1.1 tidak dipakai")).to_have_count(0)
    desk.go_forward()
    expect(desk.get_by_text("1.1 tidak dipakai")).to_be_visible()
    desk.get_by_label("Simpan sebagai rencana bernama").fill("Tanpa Perda")
    desk.get_by_role("button", name="Simpan rencana").click()
    expect(desk.get_by_role("heading", name="Tanpa Perda")).to_be_visible()

    assign = desk.get_by_role("button", name="Tugaskan yang dicentang")
    expect(assign).to_be_disabled()  # the script is there
    desk.get_by_label("Pilih semua").check()
    desk.get_by_role("combobox", name="OPD").select_option(label="Dinas DISDIK")
    desk.get_by_role("textbox", name="Tenggat").fill("2026-06-30")
    assign.click()

    plan = Plan.objects.get()
    steps = plan.steps.count()
    expect(desk.get_by_text(f"{steps} langkah ditugaskan kepada Dinas DISDIK.")).to_be_visible()
    expect(desk.get_by_text("30 Juni 2026")).to_have_count(steps)
