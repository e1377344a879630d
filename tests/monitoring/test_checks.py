"""What verifiers criticise: each finding appears with its data, and goes with its remedy."""

from datetime import date

import pytest

from actionplan.choices import Direction, LinkKind
from actionplan.models import ActionPlan, ActionYear
from monitoring.queries.board import monitoring
from monitoring.queries.checks import check_plan
from regulations.models import Regulation
from tests.actionplan.test_actions import indicator
from tests.factories.actionplan import ActionFactory, ActionYearFactory, PlanLinkFactory
from tests.factories.cities import MembershipFactory
from tests.factories.monitoring import RealisationFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.factories.regulations import RegulationFactory, RelationFactory

SPRING = date(2026, 4, 20)  # the first quarter is due
WINTER = date(2026, 2, 1)


@pytest.fixture
def sound(plan):
    """A plan in which nothing is to be mended: two OPDs, budgets, reports, RPJMD and a basis."""
    ActionPlan.objects.filter(pk=plan.pk).update(legal_basis=RegulationFactory(city=plan.city))
    PlanLinkFactory(plan=plan)
    opds = plan.city.opds.filter(code__in=["DP3A", "DINKES"]).order_by("code")
    for number, code in enumerate(("1", "2a", "2b"), 1):
        action = ActionFactory(
            plan=plan,
            number=number,
            indicator=indicator(plan, code),
            lead=opds[number % 2],
            baseline=50,
        )
        RealisationFactory(action_year=ActionYearFactory(action=action))
    return ActionPlan.objects.get(pk=plan.pk)


def found(plan, *, today=SPRING):
    member = MembershipFactory(pimpinan=True, city=plan.city)
    board = monitoring(ActionPlan.objects.get(pk=plan.pk), member, 2026, today=today)
    return {
        group.key: [(one.sentence, one.url) for one in group.findings]
        for group in check_plan(board, today=today)
    }


def only(plan, key, **named):
    groups = found(plan, **named)
    assert list(groups) == [key]
    return groups[key]


def place(plan, rest=""):
    return f"/kota/{plan.city.slug}/rad/{plan.pk}/{rest}"


def test_a_sound_plan_has_nothing_to_mend(sound):
    assert found(sound) == {}


def test_a_plan_that_is_not_tied_to_the_rpjmd(sound):
    sound.links.update(kind="dpa")

    [(sentence, url)] = only(sound, "rpjmd")

    assert sentence == "RAD ini belum dikaitkan dengan RPJMD. Tambahkan bab dan halamannya."
    assert url == place(sound, "#kaitan")


def test_a_plan_without_a_basis_or_with_one_that_does_not_hold(sound):
    Regulation.objects.update(is_draft=True)
    [(sentence, url)] = only(sound, "dasar")
    assert "Rancangan" in sentence
    assert url == place(sound, "ubah/")

    ActionPlan.objects.update(legal_basis=None)
    assert "belum punya dasar hukum" in only(sound, "dasar")[0][0]


def test_an_indicator_without_an_action(sound):
    sound.actions.filter(number=2).update(indicator=indicator(sound, "2b"))

    [(sentence, url)] = only(sound, "indikator")

    code = indicator(sound, "2a")
    assert sentence == f"Indikator {code} belum punya aksi; nilainya 25 poin."
    assert url == place(sound, f"aksi/tambah/?indikator={code.pk}")


@pytest.mark.parametrize("ceiling", [None, 0])
def test_an_action_without_a_budget(sound, ceiling):
    sound.actions.get(number=3).years.update(ceiling=ceiling)

    [(sentence, url)] = only(sound, "anggaran")

    assert sentence.startswith("Aksi 3. ")
    assert url == place(sound, "aksi/3/tahun/2026/")


def test_a_budget_that_one_opd_has_alone(sound):
    for action in sound.actions.exclude(number=2):
        action.years.update(ceiling=0)

    groups = found(sound)

    assert list(groups) == ["anggaran", "satu-opd"]
    [(sentence, url)] = groups["satu-opd"]
    assert sentence == (
        "Seluruh pagu 2026 (Rp1.250.000.000) ada pada Dinas DINKES, padahal 2 OPD punya aksi."
    )
    assert url == place(sound, "tahun/2026/anggaran/")


def test_one_opd_with_all_the_actions_is_no_fault(sound):
    sound.actions.update(lead=sound.city.opds.get(code="DP3A"))

    assert found(sound) == {}


@pytest.mark.parametrize(("direction", "target"), [(Direction.UP, 49), (Direction.DOWN, 51)])
def test_a_target_that_is_worse_than_the_beginning(sound, direction, target):
    sound.actions.filter(number=1).update(direction=direction)
    sound.actions.get(number=1).years.update(target=target)

    [(sentence, url)] = only(sound, "target")

    assert f"target 2026 {target}, keadaan awal 50." in sentence
    assert url == place(sound, "aksi/1/tahun/2026/")


def test_a_target_that_only_keeps_the_beginning_is_no_fault(sound):
    sound.actions.get(number=1).years.update(target=50)

    assert found(sound) == {}


def test_a_quarter_that_an_opd_did_not_report(sound):
    sound.actions.get(number=1).years.get().realisations.all().delete()
    sound.actions.get(number=3).years.get().realisations.all().delete()

    [(sentence, url)] = only(sound, "triwulan")

    assert sentence == "Dinas DP3A belum melaporkan triwulan 1 untuk 2 aksi."
    assert url == place(sound, "tahun/2026/?opd=DP3A")
    assert found(sound, today=WINTER) == {}  # not due yet


def test_an_action_that_no_opd_answers_for(sound):
    sound.actions.filter(number=1).update(lead=None)

    [(sentence, url)] = only(sound, "opd")

    assert sentence.startswith("Aksi 1. ")
    assert url == place(sound, "aksi/1/ubah/")


def test_a_code_that_was_deleted_or_replaced(sound):
    sound.actions.filter(number=1).update(code="2.08.01")
    sound.actions.filter(number=2).update(code="2.08.02")
    old = NomenclatureFactory(city=sound.city, valid_from=date(2023, 1, 1))
    for code in ("2.08.01", "2.08.02"):
        NomenclatureCodeFactory(nomenclature=old, code=code)
    assert found(sound) == {}
    new = NomenclatureFactory(city=sound.city, decree="Kepmen baru")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Sinkron", previous="2.08.02")

    told = [sentence for sentence, _url in only(sound, "kode")]

    assert len(told) == 2
    assert "2.08.01" in told[0]
    assert told[0].endswith("Dihapus oleh Kepmen baru.")
    assert told[1].endswith("Diganti oleh Kepmen baru: 2.08.09 Sinkron.")


def test_another_citys_decree_changes_nothing(sound):
    sound.actions.filter(number=1).update(code="2.08.01")
    foreign = MembershipFactory(pimpinan=True).city
    old = NomenclatureFactory(city=foreign, valid_from=date(2023, 1, 1))
    NomenclatureCodeFactory(nomenclature=old, code="2.08.01")
    NomenclatureFactory(city=foreign)

    assert found(sound) == {}


def test_the_checks_cost_four_queries_also_where_there_is_much_to_mend(
    sound, django_assert_num_queries
):
    revoking = RegulationFactory(city=sound.city)
    RelationFactory(source=revoking, target=sound.legal_basis)
    PlanLinkFactory(plan=sound, kind=LinkKind.DPA, title="DPA 2026")
    ActionYear.objects.update(target=1, ceiling=None)
    NomenclatureCodeFactory(nomenclature=NomenclatureFactory(city=sound.city))
    plans = ActionPlan.objects.select_related("city", "legal_basis")
    member = MembershipFactory(pimpinan=True, city=sound.city)
    board = monitoring(plans.get(pk=sound.pk), member, 2026, today=SPRING)

    with django_assert_num_queries(4):
        groups = check_plan(board, today=SPRING)

    assert [group.key for group in groups] == ["dasar", "anggaran", "target"]
