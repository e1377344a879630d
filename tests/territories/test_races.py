"""Several people at one unit in the same moment, in threads of their own."""

from datetime import date

import pytest

from territories.choices import ChangeKind, ReportState, UnitLevel
from territories.criteria import Said, set_for
from territories.models import Report, Unit, UnitChange
from territories.services.reports import (
    Entry,
    accept_reports,
    return_report,
    save_reports,
    send_reports,
)
from territories.services.units import NewUnit, end_unit, succeed_units
from tests.assessments.situations import NOW
from tests.at_once import done_at_once
from tests.factories.cities import MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory

pytestmark = pytest.mark.django_db(transaction=True)

ON = date(2026, 3, 1)
PLACE = {"year": 2025, "criteria": set_for("kla-2023"), "at": NOW}


@pytest.fixture
def unit():
    return UnitFactory(code="99.01.1001")


@pytest.fixture
def admin(unit):
    return MembershipFactory(admin_kota=True, city=unit.city).user


@pytest.fixture
def secretaries(unit):
    people = MembershipFactory.create_batch(2, gugus_tugas=True, city=unit.city)
    return [member.user for member in people]


def split(unit, by, *numbers):
    after = [NewUnit(f"99.01.{number}", "Baru", UnitLevel.KELURAHAN) for number in numbers]
    given = {"before": [unit.pk], "after": after, "on": ON, "basis": "Perda 1/2026"}
    return lambda: succeed_units(kind=ChangeKind.SPLIT, **given, by=by, at=NOW)


def test_of_one_who_accepts_and_one_who_returns_exactly_one_decides(unit, secretaries):
    report = ReportFactory(unit=unit, sent=True)
    first, second = secretaries

    done_at_once(
        lambda: accept_reports(unit_id=unit.pk, **PLACE, seen={report.pk}, by=first),
        lambda: return_report(report_id=report.pk, reason="Perbaiki", by=second, at=NOW),
    )

    report.refresh_from_db()
    decided = (report.state, report.decided_by, report.reason)
    assert decided in [
        (ReportState.ACCEPTED, first, ""),
        (ReportState.RETURNED, second, "Perbaiki"),
    ]


def test_a_report_accepted_twice_at_once_is_decided_once(unit, secretaries):
    report = ReportFactory(unit=unit, sent=True)

    done_at_once(
        *(
            lambda by=by: accept_reports(unit_id=unit.pk, **PLACE, seen={report.pk}, by=by)
            for by in secretaries
        )
    )

    assert list(Report.objects.values_list("state", flat=True)) == [ReportState.ACCEPTED]


def test_a_unit_split_twice_at_once_is_split_once(unit, admin):
    told = done_at_once(split(unit, admin, 1, 2), split(unit, admin, 3, 4))

    assert sorted(told) == ["done", "ended"]
    assert UnitChange.objects.count() == 1
    assert Unit.objects.filter(active_from=ON).count() == 2


def test_a_unit_that_is_split_and_ended_at_once_is_one_of_both(unit, admin):
    given = {"unit_id": unit.pk, "on": ON, "basis": "Perda", "by": admin, "at": NOW}

    told = done_at_once(split(unit, admin, 1, 2), lambda: end_unit(**given))

    assert sorted(told) == ["done", "ended"]
    assert UnitChange.objects.count() == 1


def test_a_report_sent_while_its_unit_is_split_stays_with_the_unit_that_was(unit, admin):
    lurah = UnitSeatFactory(unit=unit).membership.user
    save_reports(unit_id=unit.pk, **PLACE, entries={"26.4": Entry(Said(yes=True))}, by=lurah)

    told = done_at_once(
        split(unit, admin, 1, 2),
        lambda: send_reports(unit_id=unit.pk, **PLACE, by=lurah),
    )

    assert told == ["done", "done"]
    sent = Report.objects.values_list("unit", "state")
    assert list(sent) == [(unit.pk, ReportState.SENT)]
    unit.refresh_from_db()
    assert unit.active_to == date(2026, 2, 28)
