"""The pages of what comes of a plan: what they show and take, and to whom."""

import re

import pytest
from django.urls import reverse

from actionplan.models import Action, ActionPlan
from assessments.models import Evidence
from monitoring.models import CityRules, Realisation, YearGoal
from monitoring.rules import Proof
from tests.actionplan.test_pages import page, text
from tests.assessments.situations import staff_of
from tests.factories.actionplan import (
    ActionFactory,
    ActionPlanFactory,
    ActionQuestionFactory,
    ActionYearFactory,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import CityRulesFactory, RealisationFactory, YearGoalFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory


def test_a_code_that_was_replaced_names_its_successor_on_the_page(coordinator, action):
    Action.objects.update(code="2.08.02")
    old = NomenclatureFactory(city=action.plan.city, valid_from="2023-01-01")
    NomenclatureCodeFactory(nomenclature=old, code="2.08.02", name="Koordinasi")
    new = NomenclatureFactory(city=action.plan.city, decree="Kepmen baru")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Sinkron", previous="2.08.02")

    told = text(coordinator.get(page(action.plan, "action_detail", 1)))

    assert "2.08.02 (program) Koordinasi Diganti oleh Kepmen baru: 2.08.09 Sinkron" in told


def test_an_opd_sees_its_own_actions_and_no_budget_of_the_whole(client, plan, action, dinkes):
    foreign = ActionFactory(plan=plan, number=2, name="Milik dinas lain")
    ActionYearFactory(action=foreign, ceiling=7_777_777)
    client.force_login(dinkes.user)

    told = text(client.get(page(plan, "plan_detail"), {"tahun": "2026"}))

    assert action.name in told
    assert "Milik dinas lain" not in told
    assert "pagu Rp1.250.000.000" in told
    assert client.get(page(plan, "action_detail", 2)).status_code == 404
    assert client.get(page(plan, "budget", 2026)).status_code == 403
    assert b"7.777.777" not in client.get(page(plan, "monitoring", 2026)).content
    answer = client.get(page(plan, "monitoring", 2026), {"data": "pemantauan", "format": "csv"})
    assert b"Milik dinas lain" not in answer.content


def test_an_opd_reports_a_quarter_and_corrects_it(client, action, dinkes):
    client.force_login(dinkes.user)
    url = page(action.plan, "realisation_edit", 1, 2026, 1)
    said = {"physical": "12,5", "money": "312.500.000", "obstacle": "Lelang", "seen": "0"}
    client.post(url, said)

    shown = client.get(url).content.decode()
    assert 'value="12,5"' in shown
    assert 'value="312.500.000"' in shown
    answer = client.post(url, said | {"physical": "13", "seen": "1"}, follow=True)

    assert "Laporan triwulan 1 tersimpan." in text(answer)
    assert [str(one.physical) for one in Realisation.objects.all()] == ["12.50", "13.00"]


def test_a_report_upon_an_unseen_one_comes_back_with_its_words(client, action, dinkes):
    RealisationFactory(action_year=action.years.get())
    client.force_login(dinkes.user)
    said = {"physical": "90", "money": "1", "obstacle": "Panjang sekali", "seen": "0"}

    answer = client.post(page(action.plan, "realisation_edit", 1, 2026, 1), said)

    assert "sudah dilaporkan orang lain" in text(answer)
    assert "Panjang sekali" in answer.content.decode()
    assert Realisation.objects.count() == 1


def test_the_matrix_goes_out_as_paper_and_as_workbook(coordinator, action):
    pdf = coordinator.get(page(action.plan, "monitoring_pdf", 2026))
    book_of = coordinator.get(
        page(action.plan, "monitoring", 2026), {"data": "pemantauan", "format": "xlsx"}
    )

    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert book_of.status_code == 200
    assert b"".join(book_of.streaming_content)[:2] == b"PK"


def test_the_matrix_is_handed_in_for_the_question_that_asks_for_it(
    coordinator, action, year, monkeypatch
):
    proofs = {year.instrument.code: Proof("1.2", "foto")}
    monkeypatch.setattr("monitoring.services.matrices.proofs", lambda: proofs)

    answer = coordinator.post(page(action.plan, "monitoring_file", 2026), follow=True)

    evidence = Evidence.objects.get()
    assert answer.redirect_chain == [(answer_of(year, "1.2").get_absolute_url(), 302)]
    assert evidence.document.title == "Matriks pemantauan RAD 2026"
    assert evidence.kind.code == "foto"


def test_where_no_question_asks_for_the_matrix_nothing_is_stored(coordinator, action):
    answer = coordinator.post(page(action.plan, "monitoring_file", 2026), follow=True)

    assert "tidak meminta matriks" in text(answer)
    assert not Evidence.objects.exists()


def test_an_action_says_which_points_it_should_bring_but_not_to_an_opd(
    client, secretary, action, year, dinkes
):
    question = answer_of(year, "1.2").question
    ActionQuestionFactory(action=action, question=question, planned_in=year, goal=7)
    url = page(action.plan, "action_detail", 1)

    client.force_login(secretary)
    assert "Direncanakan +7 poin dari 2026; belum ada penilaian berikutnya." in text(
        client.get(url)
    )
    client.force_login(dinkes.user)
    assert "Direncanakan +7" not in text(client.get(url))


def test_a_target_is_set_by_coordinators_only(client, secretary, city):
    url = reverse("actionplan:targets", args=[city.slug])
    said = {"year": "2027", "predikat": "Madya", "source": "RPJMD"}
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)
    assert client.post(url, said).status_code == 403
    assert "Simpan target" not in text(client.get(url))
    client.force_login(secretary)

    answer = client.post(url, said, follow=True)

    assert (YearGoal.objects.get().predikat, YearGoal.objects.get().source) == ("Madya", "RPJMD")
    assert "Target terakhir: Madya pada 2027." in text(answer)


def test_the_checks_lead_to_where_things_are_mended(coordinator, action):
    shown = coordinator.get(page(action.plan, "checks", 2026)).content.decode()

    for url in re.findall(r'<li><a href="(/kota/[^"#]+)', shown):
        assert coordinator.get(url.replace("&amp;", "&")).status_code == 200
    assert "RAD ini belum dikaitkan dengan RPJMD" in shown


@pytest.mark.parametrize("asked", ["2026", "1999", "abc", "99999999"])
def test_a_year_in_the_address_is_taken_to_the_nearest_of_the_plan(coordinator, plan, asked):
    assert coordinator.get(page(plan, "plan_detail"), {"tahun": asked}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_pages_its_actions_and_narrows_them(coordinator, plan, count):
    for number in range(1, count + 1):
        ActionFactory(plan=plan, number=number, name=f"Aksi ke-{number}")

    shown = coordinator.get(page(plan, "plan_detail"))
    found = coordinator.get(page(plan, "plan_detail"), {"q": f"ke-{count}"})

    assert len(shown.context["page_obj"].object_list) == min(count, 12)
    assert [row.action.number for row in found.context["page_obj"]] == [count]


# --- The plan and its year --------------------------------------------------------------------


@pytest.fixture
def told(plan, dinkes):
    """Three actions of 2026: one reported well, one behind, one of another OPD without a word."""
    lead = plan.city.opds.get(code="DP3A")
    rows = [
        ActionYearFactory(action=ActionFactory(plan=plan, number=number, name=name, lead=opd))
        for number, name, opd in (
            (1, "Latih kader", dinkes.opd),
            (2, "Bangun taman", dinkes.opd),
            (3, "Rapat gugus tugas", lead),
        )
    ]
    for row, physical in zip(rows, (100, 1), strict=False):
        RealisationFactory(action_year=row, quarter=4, physical=physical)
    return plan


def numbers(answer):
    return [row.action.number for row in answer.context["page_obj"].object_list]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3]),
        ({"q": "taman"}, [2]),
        ({"q": "RAPAT tugas"}, [3]),
        ({"q": "tidak ada"}, []),
        ({"opd": "DP3A"}, [3]),
        ({"opd": "DINKES"}, [1, 2]),
        ({"keadaan": "green"}, [1]),
        ({"keadaan": "red"}, [2]),
        ({"keadaan": "red", "opd": "DP3A"}, []),
    ],
)
def test_the_actions_of_a_year_are_narrowed_by_what_is_known_of_them(
    coordinator, told, asked, found
):
    answer = coordinator.get(page(told, "plan_detail"), {"tahun": "2026"} | asked)

    assert numbers(answer) == found
    assert ("Tidak ada yang cocok" in text(answer)) is (found == [])


def test_the_sums_of_a_year_stand_above_its_actions(coordinator, told):
    shown = text(coordinator.get(page(told, "plan_detail"), {"tahun": "2026"}))

    assert "3 aksi pada 2026" in shown
    assert re.search(r"pagu Rp3\.750\.000\.000 ?, realisasi Rp500\.000\.000 \(13,3", shown)


def test_a_plan_is_tied_to_a_document_on_its_page(coordinator, plan):
    said = {"kind": "rpjmd", "title": "RPJMD, bab IV", "address": "rpjmd.example/bab-4"}

    answer = coordinator.post(page(plan, "link_create"), said, follow=True)

    [link] = plan.links.all()
    assert (link.kind, link.title, link.address) == (
        "rpjmd",
        "RPJMD, bab IV",
        "https://rpjmd.example/bab-4",
    )
    assert "Kaitan tersimpan." in text(answer)


def test_a_tie_that_is_refused_comes_back_open_with_its_words(coordinator, plan):
    said = {"kind": "rpjmd", "title": "RPJMD, bab IV", "address": "bukan alamat"}

    answer = coordinator.post(page(plan, "link_create"), said)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert '<details class="folding" id="kaitan" open>' in shown
    assert 'value="bukan alamat"' in shown
    assert not plan.links.exists()


def test_a_tie_that_is_there_already_says_so(coordinator, plan):
    said = {"kind": "rpjmd", "title": "RPJMD, bab IV"}
    coordinator.post(page(plan, "link_create"), said)

    answer = coordinator.post(page(plan, "link_create"), said)

    assert "Kaitan itu sudah tercatat." in text(answer)
    assert plan.links.count() == 1


@pytest.mark.parametrize("name", ["monitoring", "monitoring_pdf", "budget", "checks"])
@pytest.mark.parametrize("outside", [2024, 2031])
def test_a_year_outside_the_plan_has_no_pages(coordinator, plan, name, outside):
    assert coordinator.get(page(plan, name, outside)).status_code == 404


@pytest.mark.parametrize("name", ["plan_detail", "link_create"])
def test_another_citys_plan_is_nowhere(coordinator, plan, name):
    foreign = ActionPlanFactory(city=CityFactory(), instrument=plan.instrument)
    url = reverse(f"actionplan:{name}", args=[plan.city.slug, foreign.pk])

    assert coordinator.get(url).status_code in (404, 405)
    assert coordinator.post(url).status_code in (404, 405)


def test_the_matrix_says_by_which_rule_its_lights_are_given(coordinator, told):
    CityRulesFactory(city=told.city)

    shown = text(coordinator.get(page(told, "monitoring", 2026)))

    assert "Sesuai rencana: mulai 90% dari yang seharusnya" in shown
    assert "Keputusan Wali Kota 12/2025" in shown


def test_the_matrix_stands_by_cluster_and_is_narrowed_as_the_list(coordinator, told):
    answer = coordinator.get(page(told, "monitoring", 2026), {"keadaan": "red"})

    [(cluster, rows)] = answer.context["groups"]
    assert (cluster.label, [row.action.number for row in rows]) == ("Kelembagaan", [2])


def test_the_matrix_as_a_table_has_every_quarter_and_whole_rupiah(coordinator, told):
    url = page(told, "monitoring", 2026)
    answer = coordinator.get(url, {"data": "pemantauan", "format": "csv"})

    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert "TW 4 fisik (%)" in lines[0]
    assert "1250000000" in lines[1]
    assert "250000000" in lines[1]


# --- A quarter --------------------------------------------------------------------------------


def test_the_form_of_a_quarter_says_what_was_reported_before(client, action, dinkes):
    RealisationFactory(action_year=action.years.get(), physical=5, money=10)
    RealisationFactory(action_year=action.years.get(), physical=6, money=20, revision=2)
    client.force_login(dinkes.user)

    shown = client.get(page(action.plan, "realisation_edit", 1, 2026, 1))

    told = text(shown)
    assert told.index("6%, Rp20") < told.index("5%, Rp10")
    assert 'name="seen" value="2"' in shown.content.decode()


@pytest.mark.parametrize(("asked", "quarter"), [(2026, 0), (2026, 5), (2027, 1), (2031, 1)])
def test_a_quarter_that_is_none_has_no_form(coordinator, action, asked, quarter):
    url = page(action.plan, "realisation_edit", 1, asked, quarter)

    assert coordinator.get(url).status_code == 404


def test_an_opd_that_only_supports_an_action_does_not_report_it(client, action, year):
    supporting = staff_of(year, "DP3A")
    action.supporting.add(supporting.opd)
    client.force_login(supporting.user)

    assert client.get(page(action.plan, "action_detail", 1)).status_code == 200
    url = page(action.plan, "realisation_edit", 1, 2026, 1)
    assert client.get(url).status_code == 403
    assert client.post(url, {"physical": "5", "money": "1", "seen": "0"}).status_code == 403
    assert not Realisation.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"physical": ""}, "physical"),
        ({"physical": "100,01"}, "physical"),
        ({"physical": "-1"}, "physical"),
        ({"money": "1,5 M"}, "money"),
        ({"money": ""}, "money"),
        ({"obstacle": "x" * 1001}, "obstacle"),
        ({"document": "00000000-0000-0000-0000-000000000000"}, "document"),
    ],
)
def test_a_report_that_cannot_be_is_refused_at_its_field(client, action, dinkes, said, field):
    client.force_login(dinkes.user)
    url = page(action.plan, "realisation_edit", 1, 2026, 1)

    answer = client.post(url, {"physical": "5", "money": "1", "seen": "0"} | said)

    assert list(answer.context["form"].errors) == [field]
    assert not Realisation.objects.exists()


def test_what_falls_since_the_quarter_before_is_told_with_its_figures(client, action, dinkes):
    RealisationFactory(action_year=action.years.get(), physical=20, money=1_000)
    client.force_login(dinkes.user)
    url = page(action.plan, "realisation_edit", 1, 2026, 2)

    answer = client.post(url, {"physical": "30", "money": "999", "seen": "0"})

    assert "Triwulan 1 tercatat 20% dan Rp1.000." in text(answer)
    assert Realisation.objects.count() == 1


# --- The budget -------------------------------------------------------------------------------


def test_the_budget_without_children_says_what_is_missing(coordinator, told):
    shown = text(coordinator.get(page(told, "budget", 2026)))

    assert "Jumlah anak belum diisi" in shown
    assert "diperkirakan untuk anak" not in shown


def test_the_budget_says_what_is_supposed_and_by_whose_rule(coordinator, told):
    ActionPlan.objects.update(children=1_000, children_source="Profil anak")
    CityRulesFactory(city=told.city, child_share=10)

    shown = text(coordinator.get(page(told, "budget", 2026)))

    assert "Pagu Rp3.750.000 per anak, di antaranya Rp375.000 untuk anak" in shown
    assert (
        "Pada 3 aksi yang belum dirinci, 10% pagu diperkirakan untuk anak (Rp375.000.000): "
        "Keputusan Wali Kota 12/2025." in shown
    )
    assert "3 aksi belum dirinci perkiraan Rp375.000.000" in shown


@pytest.mark.parametrize(("data", "rows"), [("anggaran", 3), ("sumber-dana", 3)])
def test_the_budget_goes_out_as_tables(coordinator, told, data, rows):
    url = page(told, "budget", 2026)
    answer = coordinator.get(url, {"data": data, "format": "csv"})

    assert len(answer.getvalue().decode().splitlines()) == rows
    assert "3750000000" in answer.getvalue().decode()


# --- Rules ------------------------------------------------------------------------------------

RULES = {
    "green": "90",
    "yellow": "60",
    "first": "10",
    "second": "30",
    "third": "60",
    "child_share": "12,5",
    "source": "SK 12",
}


def rules_page(city):
    return reverse("actionplan:rules_edit", args=[city.slug])


def test_the_page_of_rules_shows_the_files_and_takes_the_citys(coordinator, city):
    shown = coordinator.get(rules_page(city))
    assert "Aturan bawaan: mulai 76% dan 51%; pekerjaan 25%, 50%, dan 75%." in text(shown)
    assert shown.context["form"].initial == {
        "green": 76,
        "yellow": 51,
        "first": 25,
        "second": 50,
        "third": 75,
        "child_share": None,
        "source": "",
        "seen": "",
    }

    answer = coordinator.post(rules_page(city), RULES, follow=True)

    assert "Aturan pemantauan tersimpan." in text(answer)
    own = CityRules.objects.get()
    assert (own.green, str(own.child_share), own.source) == (90, "12.50", "SK 12")
    again = coordinator.get(rules_page(city)).content.decode()
    assert 'value="90"' in again
    assert 'value="12,5"' in again


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"green": "60"}, "Batas “Sesuai rencana” harus di atas “Perlu perhatian”."),
        ({"second": "9"}, "tidak turun dari triwulan ke triwulan."),
        ({"green": "101"}, "100"),
        ({"child_share": "banyak"}, "banyak"),
    ],
)
def test_rules_that_cannot_be_come_back_with_the_reason(coordinator, city, said, words):
    answer = coordinator.post(rules_page(city), RULES | said)

    assert answer.status_code == 200
    assert words in text(answer)
    assert not CityRules.objects.exists()


@pytest.mark.parametrize("field", [name for name in RULES if name != "child_share"])
def test_of_the_rules_only_the_supposed_share_may_stay_empty(coordinator, city, field):
    answer = coordinator.post(rules_page(city), RULES | {field: ""})

    assert list(answer.context["form"].errors) == [field]
    assert not CityRules.objects.exists()
    coordinator.post(rules_page(city), RULES | {"child_share": ""})
    assert CityRules.objects.get().child_share is None


def test_typing_the_files_figures_again_takes_the_citys_rules_away(coordinator, city):
    seen = CityRulesFactory(city=city).at.isoformat()
    CityRulesFactory(city=CityFactory())
    file = {"green": "76", "yellow": "51", "first": "25", "second": "50", "third": "75"}

    coordinator.post(rules_page(city), file | {"source": "kembali ke bawaan", "seen": seen})

    assert not CityRules.objects.filter(city=city).exists()
    assert CityRules.objects.count() == 1


# --- Targets ----------------------------------------------------------------------------------


def test_the_path_goes_out_as_table_and_picture(coordinator, city):
    url = reverse("actionplan:targets", args=[city.slug])
    YearGoalFactory(city=city, year=2026, predikat="Pratama", source="RPJMD")
    YearGoalFactory(city=city, year=2028, predikat="Madya")

    table = coordinator.get(url, {"data": "jalur", "format": "csv"})
    picture = coordinator.get(url, {"data": "jalur", "format": "svg"})

    lines = table.getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0].split(",")[0] for line in lines[1:]] == ["2026", "2027", "2028"]
    assert "RPJMD" in lines[1]
    assert picture.content.startswith(b"<")
    assert b"Pratama" in picture.content


@pytest.mark.parametrize(
    "said",
    [
        {"year": "2005", "predikat": "Madya"},
        {"year": "2101", "predikat": "Madya"},
        {"year": "2027", "predikat": "Juara"},
        {"year": "", "predikat": "Madya"},
        {"year": "2027", "predikat": "Madya", "source": "x" * 301},
    ],
)
def test_a_target_that_cannot_be_is_refused(coordinator, city, said):
    answer = coordinator.post(reverse("actionplan:targets", args=[city.slug]), said)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not YearGoal.objects.exists()


def test_a_target_without_predikat_is_taken_away(coordinator, city):
    YearGoalFactory(city=city, year=2027)
    other = YearGoalFactory(city=city, year=2028)

    coordinator.post(reverse("actionplan:targets", args=[city.slug]), {"year": "2027"})

    assert list(YearGoal.objects.all()) == [other]


def test_the_page_says_what_actions_promised_and_brought(coordinator, action, year):
    question = answer_of(year, "1.2").question
    ActionQuestionFactory(action=action, question=question, planned_in=year, goal=7)

    shown = text(coordinator.get(reverse("actionplan:targets", args=[year.city.slug])))

    assert "Aksi RAD menjanjikan 7 poin; dari 0 yang sudah dapat dinilai, 0 terbukti." in shown
