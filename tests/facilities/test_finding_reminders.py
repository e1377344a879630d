"""Findings that are due in 7, 3 or 1 days, or late, reach who settles them and the Gugus Tugas."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.choices import NotificationKind
from assessments.models import Notification
from assessments.services.reminders import write_reminders
from facilities.services.finding_reminders import write_finding_reminders
from tests.assessments.situations import secretary_of, staff_of
from tests.facilities.test_expiry import TODAY, morning
from tests.factories.facilities import FacilityFactory, FindingFactory

LONG_AGO = date(2025, 1, 1)


def due_in(days, city, **fields):
    fields |= {"found_on": LONG_AGO, "due_on": TODAY + timedelta(days=days)}
    return FindingFactory(**{"facility__city": city, "sentence": "Pintu rusak", **fields})


def told(person):
    return list(
        Notification.objects.filter(user=person).order_by("pk").values_list("text", flat=True)
    )


def test_who_settles_it_and_the_coordinator_hear_of_it_and_nobody_else(year, city):
    dinkes, disdik = staff_of(year, "DINKES"), staff_of(year, "DISDIK")
    secretary = secretary_of(year)
    place = FacilityFactory(city=city, name="Puskesmas A", opd=disdik.opd)
    due_in(3, city, facility=place, opd=dinkes.opd)
    due_in(3, FacilityFactory().city)

    write_finding_reminders(at=morning())

    sentence = "1 temuan perlu selesai sampai 5 Maret 2026: Puskesmas A: Pintu rusak"
    assert (told(dinkes.user), told(disdik.user), told(secretary)) == ([sentence], [], [sentence])
    [row] = Notification.objects.filter(user=dinkes.user)
    assert (row.kind, row.url) == (
        NotificationKind.DUE_SOON,
        f"/kota/{city.slug}/fasilitas/temuan/",
    )


def test_what_the_facility_settles_itself_reaches_its_opd(year, city):
    dinkes = staff_of(year, "DINKES")
    due_in(1, city, facility__opd=dinkes.opd)

    write_finding_reminders(at=morning())

    assert len(told(dinkes.user)) == 1


def test_each_step_is_told_once_and_what_is_late_once_a_week(year, city):
    secretary = secretary_of(year)
    due_in(10, city)
    written = []
    for day in (0, 2, 3, 3, 6, 7, 8, 9, 10, 11, 12, 17, 18):
        write_finding_reminders(at=morning(day))
        written.append(len(told(secretary)))

    assert written == [0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5]
    assert told(secretary)[-1].startswith("1 temuan terlambat 8 hari (12 Maret 2026): Puskesmas")


def test_many_of_one_day_are_one_sentence(year, city):
    secretary = secretary_of(year)
    for _ in range(5):
        due_in(1, city)

    write_finding_reminders(at=morning())

    [sentence] = told(secretary)
    assert sentence.startswith("5 temuan perlu selesai sampai 3 Maret 2026: ")
    assert sentence.endswith("; dan 2 lainnya")


@pytest.mark.parametrize(
    ("days", "fields", "hour"), [(8, {}, 7), (1, {"closed": True}, 7), (1, {}, 5)]
)
def test_nothing_is_told_of_what_is_far_or_done_nor_at_night(year, city, days, fields, hour):
    secretary = secretary_of(year)
    due_in(days, city, **fields)

    write_finding_reminders(at=morning(hour=hour))

    assert told(secretary) == []


def test_the_daily_run_of_reminders_tells_it(year, city):
    secretary = secretary_of(year)
    due_in(1, city)

    write_reminders(at=morning(1))

    assert [text[:8] for text in told(secretary)].count("1 temuan") == 1


def test_writing_costs_the_same_for_one_finding_and_for_thirty(year, city):
    secretary_of(year)
    due_in(1, city)
    with CaptureQueriesContext(connection) as few:
        write_finding_reminders(at=morning())
    for _ in range(30):
        due_in(0, city)

    with CaptureQueriesContext(connection) as many:
        write_finding_reminders(at=morning())

    assert len(many) == len(few)
