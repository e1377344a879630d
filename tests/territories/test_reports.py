"""Reports of units: written, sent, accepted, returned, corrected."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cities.models import CityActivity, CityTrailEvent
from cities.roles import Role
from territories.choices import ReportState
from territories.criteria import Said, set_for
from territories.models import Report
from territories.register import TERRITORIES
from territories.services.reports import (
    Entry,
    accept_reports,
    repeat_reports,
    return_report,
    save_reports,
    send_reports,
)
from tests.assessments.situations import NOW, later, refused
from tests.factories.cities import MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory

pytestmark = pytest.mark.django_db

CRITERIA = set_for("kla-2023")
YES, NO = Entry(Said(yes=True)), Entry(Said(yes=False))


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def lurah(unit):
    return UnitSeatFactory(unit=unit).membership.user


@pytest.fixture
def secretary(unit):
    return MembershipFactory(gugus_tugas=True, city=unit.city).user


def write(unit, by, at=NOW, **entries):
    named = {code.replace("_", "."): entry for code, entry in entries.items()}
    place = {"unit_id": unit.pk, "year": 2025, "criteria": CRITERIA}
    return save_reports(**place, entries={c.lstrip("k"): e for c, e in named.items()}, by=by, at=at)


def send(unit, by, at=NOW):
    return send_reports(unit_id=unit.pk, year=2025, criteria=CRITERIA, by=by, at=at)


def accept(unit, by, seen=None, at=NOW):
    seen = set(Report.objects.values_list("pk", flat=True)) if seen is None else seen
    return accept_reports(unit_id=unit.pk, year=2025, criteria=CRITERIA, seen=seen, by=by, at=at)


def states(unit):
    return list(unit.reports.order_by("pk").values_list("criterion", "state", "yes"))


def share(unit, criterion="26.4"):
    answer = TERRITORIES.answer(
        city_id=unit.city_id, city_slug=unit.city.slug, year=2026, key=f"kla-2023/{criterion}"
    )
    return answer.numerator, answer.denominator, len(answer.missing)


def test_a_report_goes_from_draft_to_accepted_and_only_then_counts(unit, lurah, secretary):
    assert write(unit, lurah, k26_4=YES) == 1
    assert share(unit) == (0, 1, 1)
    send(unit, lurah)
    assert share(unit) == (0, 1, 1)
    accept(unit, secretary)

    assert states(unit) == [("26.4", "accepted", True)]
    assert share(unit) == (1, 1, 0)
    assert list(CityActivity.objects.order_by("position").values_list("deed", "target", "by")) == [
        (CityTrailEvent.REPORTS_SENT, unit.name, lurah.pk),
        (CityTrailEvent.REPORTS_ACCEPTED, unit.name, secretary.pk),
    ]


def test_a_draft_is_written_again_and_taken_away_by_emptying_it(unit, lurah):
    write(unit, lurah, k26_4=YES)

    assert write(unit, lurah, k26_4=YES) == 0
    assert write(unit, lurah, k26_4=NO) == 1
    assert states(unit) == [("26.4", "draft", False)]
    assert write(unit, lurah, k26_4=Entry(Said())) == 1
    assert states(unit) == []


def test_what_was_sent_is_not_changed(unit, lurah):
    write(unit, lurah, k26_4=YES)
    send(unit, lurah)

    with refused("waiting"):
        write(unit, lurah, k26_4=NO)
    with refused("nothing"):
        send(unit, lurah)


def test_a_correction_is_a_new_report_and_the_old_counts_until_it_is_accepted(
    unit, lurah, secretary
):
    old = ReportFactory(unit=unit, yes=True)
    write(unit, lurah, k26_4=NO, at=later())
    send(unit, lurah, at=later())
    assert share(unit) == (1, 1, 0)

    accept(unit, secretary)

    assert states(unit) == [("26.4", "replaced", True), ("26.4", "accepted", False)]
    assert share(unit) == (0, 1, 0)
    old.refresh_from_db()
    assert old.sent_at == NOW


def test_a_returned_report_says_why_and_is_put_right_by_another(unit, lurah, secretary):
    report = ReportFactory(unit=unit, sent=True)

    return_report(report_id=report.pk, reason=" Lampirkan SK ", by=secretary, at=NOW)
    report.refresh_from_db()
    assert (report.state, report.reason) == (ReportState.RETURNED, "Lampirkan SK")
    assert share(unit) == (0, 1, 1)

    assert write(unit, lurah, k26_4=Entry(Said(yes=True), "SK 12/2025")) == 1
    assert states(unit) == [("26.4", "returned", True), ("26.4", "draft", True)]


@pytest.mark.parametrize("reason", ["", "   ", "anak 3171 0112 3456 7890"])
def test_a_report_is_not_returned_without_a_reason_or_with_a_persons_number(
    unit, secretary, reason
):
    report = ReportFactory(unit=unit, sent=True)

    with refused("nik" if reason.strip() else "reason"):
        return_report(report_id=report.pk, reason=reason, by=secretary, at=NOW)


def test_a_report_is_decided_once(unit, secretary):
    report = ReportFactory(unit=unit)

    with refused("decided"):
        return_report(report_id=report.pk, reason="Keliru", by=secretary, at=NOW)
    with refused("nothing"):
        accept(unit, secretary)


def test_only_what_was_seen_is_accepted(unit, secretary):
    seen, unseen = (ReportFactory(unit=unit, sent=True, criterion=c) for c in ("26.4", "26.5"))

    accept(unit, secretary, seen={seen.pk})

    unseen.refresh_from_db()
    assert unseen.state == ReportState.SENT


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry(Said(count=1)), "incomplete"),
        (Entry(Said(yes=True), "NIK 3171011234567890"), "nik"),
    ],
)
def test_an_entry_that_is_not_complete_keeps_all_others_from_being_written(
    unit, lurah, entry, code
):
    with refused(code):
        write(unit, lurah, k26_5=YES, k26_4=entry)
    with refused("unknown"):
        write(unit, lurah, k26_5=YES, k99_1=YES)


def test_a_kecamatan_fills_for_its_kelurahan_and_nobody_elses(unit):
    camat = UnitSeatFactory(unit=unit.parent).membership.user
    beside = UnitFactory(city=unit.city)

    assert write(unit, camat, k26_4=YES) == 1
    with pytest.raises(PermissionDenied):
        write(beside, camat, k26_4=YES)


def test_a_kelurahan_fills_neither_for_its_neighbour_nor_for_its_kecamatan(unit, lurah):
    neighbour = UnitFactory(city=unit.city, parent=unit.parent)

    for other in (neighbour, unit.parent):
        with pytest.raises(PermissionDenied):
            write(other, lurah, k26_4=YES)


def test_somebody_without_a_seat_and_other_roles_fill_nothing(unit, secretary):
    nobody = MembershipFactory(role=Role.WILAYAH, city=unit.city).user
    elsewhere = UnitSeatFactory().membership.user

    for person in (nobody, elsewhere, secretary):
        with pytest.raises(PermissionDenied):
            write(unit, person, k26_4=YES)
    assert states(unit) == []


def test_the_people_of_a_unit_do_not_decide_on_their_own_report(unit, lurah):
    report = ReportFactory(unit=unit, sent=True)

    with pytest.raises(PermissionDenied):
        accept(unit, lurah)
    with pytest.raises(PermissionDenied):
        return_report(report_id=report.pk, reason="Keliru", by=lurah, at=NOW)


def test_the_database_itself_knows_one_report_that_counts(unit):
    ReportFactory(unit=unit)

    with pytest.raises(ValidationError) as refusal:
        ReportFactory.build(
            unit=unit, written_by=unit.reports.get().written_by
        ).validate_constraints()
    assert len(refusal.value.messages) == 1


def test_only_units_of_the_reference_day_are_in_the_whole(unit):
    city, parent = unit.city, unit.parent
    UnitFactory(city=city, parent=parent, active_to=date(2025, 12, 30))
    UnitFactory(city=city, parent=parent, active_to=date(2025, 12, 31))
    UnitFactory(city=city, parent=parent, active_from=date(2025, 12, 31))
    UnitFactory(city=city, parent=parent, active_from=date(2026, 1, 1))
    UnitFactory()  # of another city

    assert share(unit) == (0, 3, 3)
    assert share(unit, "25.2") == (0, 1, 1)


def repeat(unit, by, *codes):
    place = {"unit_id": unit.pk, "year": 2025, "criteria": CRITERIA}
    return repeat_reports(**place, codes=codes, by=by, at=NOW)


def test_last_years_answers_become_drafts_by_a_persons_choice_and_count_nowhere(unit, lurah):
    for code in ("26.4", "26.5", "26.2"):
        ReportFactory(unit=unit, year=2024, criterion=code)
    ReportFactory(unit=unit, year=2024, criterion="26.3", sent=True)  # never accepted
    ReportFactory(unit=unit, year=2023, criterion="26.9")  # of the year before that
    ReportFactory(unit=unit, year=2025, criterion="26.5", draft=True, yes=False)

    assert repeat(unit, lurah, "26.4", "26.5", "26.3", "26.9") == 1

    drafts = unit.reports.filter(year=2025).order_by("criterion")
    assert list(drafts.values_list("criterion", "state", "yes")) == [
        ("26.4", "draft", True),
        ("26.5", "draft", False),
    ]
    assert share(unit) == (0, 1, 1)
    with refused("nothing"):
        repeat(unit, lurah, "26.4")


def test_nobody_repeats_for_a_unit_of_others(unit, secretary):
    ReportFactory(unit=unit, year=2024)
    neighbour = UnitSeatFactory(unit__city=unit.city).membership.user

    for person in (secretary, neighbour):
        with pytest.raises(PermissionDenied):
            repeat(unit, person, "26.4")
    assert unit.reports.filter(year=2025).count() == 0


def test_what_somebody_else_wrote_after_the_page_was_opened_is_a_conflict(unit, lurah):
    camat = UnitSeatFactory(unit=unit).membership.user
    write(unit, camat, at=later(1), k26_4=YES)
    place = {"unit_id": unit.pk, "year": 2025, "criteria": CRITERIA, "entries": {"26.4": NO}}

    with refused("conflict"):
        save_reports(**place, seen=NOW, by=lurah, at=later(2))
    assert [one.said for one in Report.objects.all()] == [YES.said]

    assert save_reports(**place, seen=later(1), by=lurah, at=later(2)) == 1
    assert save_reports(**place, seen=NOW, by=lurah, at=later(3)) == 0  # ones own is none
