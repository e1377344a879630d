"""What an OPD reports of a quarter: its own only, never falling, corrections keep history."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actionplan.models import ActionYear
from cities.models import CityTrailEvent
from monitoring.models import Realisation
from monitoring.services.realisations import QuarterFacts, latest_of, report_quarter
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW, later, staff_of
from tests.at_once import at_once
from tests.factories.assessments import SupportingDocumentFactory
from tests.factories.cities import MembershipFactory
from tests.factories.monitoring import RealisationFactory

FACTS = QuarterFacts(Decimal("12.5"), 312_500_001, "Lelang terlambat", "Kontrak bulan depan")
AUTUMN = datetime(2026, 11, 2, tzinfo=UTC)


def report(row, by, *, quarter=1, facts=FACTS, seen=0, at=NOW):
    return report_quarter(year_id=row.pk, quarter=quarter, facts=facts, seen=seen, by=by, at=at)


def refused(*arguments, **named):
    before = list(Realisation.objects.values())
    with pytest.raises(ValidationError) as error:
        report(*arguments, **named)
    assert list(Realisation.objects.values()) == before
    return error.value.code


def test_an_opd_reports_its_own_action_to_the_rupiah(action_year, dinkes):
    report(action_year, dinkes.user)

    stored = Realisation.objects.get()
    assert (stored.physical, stored.money, stored.revision) == (Decimal("12.50"), 312_500_001, 1)
    [(deed, target, _before, after)] = trail(dinkes.city)
    assert (deed, target) == (
        CityTrailEvent.REALISATION_REPORTED,
        "1. Latih anggota Gugus Tugas (2026, TW 1)",
    )
    assert after == {
        "physical": "12.5",
        "money": "Rp312.500.001",
        "obstacle": "Lelang terlambat",
        "follow_up": "Kontrak bulan depan",
    }


def test_no_other_opd_reports_it_not_even_one_that_supports(action_year, year):
    other = staff_of(year, "DP3A")
    action_year.action.supporting.add(other.opd)

    with pytest.raises(PermissionDenied):
        report(action_year, other.user)

    assert not Realisation.objects.exists()


@pytest.mark.parametrize("role", ["pimpinan", "verifikator", "pendamping", "admin_kota"])
def test_who_only_looks_or_plans_reports_nothing(action_year, city, role):
    with pytest.raises(PermissionDenied):
        report(action_year, MembershipFactory(city=city, **{role: True}).user)

    assert not Realisation.objects.exists()


def test_the_secretariat_enters_what_comes_on_paper(action_year, secretary):
    assert report(action_year, secretary).by == secretary


def test_a_correction_is_another_row_and_the_first_stays(action_year, dinkes):
    first = report(action_year, dinkes.user)
    mended = replace(FACTS, money=300_000_000)

    second = report(action_year, dinkes.user, facts=mended, seen=1, at=later())

    assert [one.money for one in action_year.realisations.all()] == [312_500_001, 300_000_000]
    assert latest_of(action_year) == {1: second}
    first.refresh_from_db()
    assert first.money == 312_500_001
    assert trail(dinkes.city)[-1][2:] == ({"money": "Rp312.500.001"}, {"money": "Rp300.000.000"})


def test_the_same_again_is_no_correction(action_year, dinkes):
    first = report(action_year, dinkes.user)

    assert report(action_year, dinkes.user, seen=1, at=later()) == first
    assert len(trail(dinkes.city)) == 1


def test_a_report_upon_one_that_was_not_seen_is_refused(action_year, dinkes):
    report(action_year, dinkes.user)

    assert refused(action_year, dinkes.user, facts=replace(FACTS, money=1)) == "moved"
    assert refused(action_year, dinkes.user, facts=replace(FACTS, money=1), seen=2) == "moved"


@pytest.mark.parametrize(
    "facts", [QuarterFacts(Decimal(12), 400_000_000), QuarterFacts(Decimal(90), 1)]
)
def test_neither_figure_falls_in_a_later_quarter(action_year, dinkes, facts):
    report(action_year, dinkes.user, at=AUTUMN)

    assert refused(action_year, dinkes.user, quarter=2, facts=facts, at=AUTUMN) == "falls"


def test_an_earlier_quarter_cannot_be_corrected_above_a_later_one(action_year, dinkes):
    report(action_year, dinkes.user, at=AUTUMN)
    report(
        action_year, dinkes.user, quarter=3, facts=replace(FACTS, physical=Decimal(50)), at=AUTUMN
    )

    above = replace(FACTS, physical=Decimal("50.01"))
    assert refused(action_year, dinkes.user, facts=above, seen=1, at=AUTUMN) == "falls"
    level = replace(FACTS, physical=Decimal(50))
    assert report(action_year, dinkes.user, facts=level, seen=1, at=AUTUMN).revision == 2


@pytest.mark.parametrize(
    ("at", "is_early"),
    [
        (datetime(2026, 3, 31, 16, 59, tzinfo=UTC), True),  # 23.59 WIB
        (datetime(2026, 3, 31, 17, 0, tzinfo=UTC), False),  # midnight in the city
    ],
)
def test_a_quarter_is_reported_once_it_has_begun_in_the_city(action_year, dinkes, at, is_early):
    if is_early:
        assert refused(action_year, dinkes.user, quarter=2, at=at) == "early"
    else:
        assert report(action_year, dinkes.user, quarter=2, at=at).quarter == 2


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_are_four_quarters(action_year, dinkes, quarter):
    assert refused(action_year, dinkes.user, quarter=quarter) == "early"


@pytest.mark.parametrize(
    "facts", [QuarterFacts(Decimal("100.01"), 1), QuarterFacts(Decimal(1), -1)]
)
def test_figures_that_cannot_be_are_refused(action_year, dinkes, facts):
    with pytest.raises(ValidationError):
        report(action_year, dinkes.user, facts=facts)

    assert not Realisation.objects.exists()


def test_the_proof_is_a_document_of_the_city(action_year, dinkes):
    own = SupportingDocumentFactory(city=dinkes.city)
    foreign = SupportingDocumentFactory()

    for pk in (foreign.pk, uuid4()):
        assert refused(action_year, dinkes.user, facts=replace(FACTS, document_id=pk)) == "foreign"
    facts = replace(FACTS, document_id=own.pk)
    assert report(action_year, dinkes.user, facts=facts).document == own


def test_a_year_that_is_gone_says_so(action_year, dinkes):
    ActionYear.objects.all().delete()

    assert refused(action_year, dinkes.user) == "removed"


def test_the_newest_of_each_quarter_counts(action_year):
    RealisationFactory(action_year=action_year, quarter=2, revision=1)
    newest = RealisationFactory(action_year=action_year, quarter=2, revision=2)
    first = RealisationFactory(action_year=action_year, quarter=1)

    assert latest_of(action_year) == {1: first, 2: newest}


@pytest.mark.django_db(transaction=True)
def test_of_two_reports_at_once_one_counts_and_the_other_is_told(action_year, dinkes, secretary):
    def sent(by, money):
        def run():
            try:
                report(action_year, by, facts=replace(FACTS, money=money))
            except ValidationError as error:
                return error.code
            return "stored"

        return run

    told = at_once(sent(dinkes.user, 1), sent(secretary, 2))

    assert sorted(told) == ["moved", "stored"]
    assert Realisation.objects.count() == 1
