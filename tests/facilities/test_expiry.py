"""What ends within 180, 90 and 30 days reaches the OPD and the Gugus Tugas, once each."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.choices import NotificationKind
from assessments.models import Assessment, Notification
from assessments.services.reminders import write_reminders
from facilities.choices import threshold_of
from facilities.models import Credential, Facility
from facilities.queries.boards import as_endings, ending_counts, endings
from facilities.services.expiry import write_expiry_reminders
from tests.assessments.situations import secretary_of, staff_of
from tests.factories.facilities import CredentialFactory, FacilityFactory

TODAY = date(2026, 3, 2)


def morning(days=0, hour=7):
    """That hour of a day in the city's own time (Asia/Jakarta)."""
    return datetime.combine(TODAY + timedelta(days=days), time(hour), ZoneInfo("Asia/Jakarta"))


def ending_in(days, city, **fields):
    fields |= {"issued_on": date(2023, 1, 1), "expires_on": TODAY + timedelta(days=days)}
    return CredentialFactory(facility__city=city, **fields)


def told(person):
    rows = Notification.objects.filter(user=person, kind=NotificationKind.EXPIRING)
    return list(rows.order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, 0), (0, 30), (30, 30), (31, 90), (90, 90), (91, 180), (180, 180), (181, None)],
)
def test_the_nearest_threshold_counts(days, expected):
    assert threshold_of(days) == expected


def test_opd_and_coordinator_hear_of_it_and_nobody_else(year, city):
    dinkes, disdik = staff_of(year, "DINKES"), staff_of(year, "DISDIK")
    secretary = secretary_of(year)
    ending_in(80, city, facility__opd=dinkes.opd, facility__name="Puskesmas A")

    write_expiry_reminders(at=morning())

    sentence = (
        "1 surat fasilitas berakhir dalam 90 hari: Puskesmas A, Standardisasi PRAP (21 Mei 2026)."
    )
    assert (told(dinkes.user), told(disdik.user), told(secretary)) == ([sentence], [], [sentence])
    assert {one.url for one in Notification.objects.all()} == {
        f"/kota/{city.slug}/fasilitas/berakhir/?sisa=90"
    }


def test_each_threshold_is_told_once_however_often_it_runs(year, city):
    secretary = secretary_of(year)
    ending_in(180, city)
    written = []
    for day in (0, 0, 1, 89, 90, 91, 149, 150, 151, 179, 180, 181, 182, 300):
        write_expiry_reminders(at=morning(day))
        written.append(len(told(secretary)))

    assert written == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4]
    assert told(secretary)[-1].startswith("1 surat fasilitas sudah berakhir dan tidak terhitung")


def test_what_was_found_late_is_told_once_at_its_threshold(year, city):
    secretary = secretary_of(year)
    ending_in(20, city)

    for day in (0, 1):
        write_expiry_reminders(at=morning(day))

    assert [text[:47] for text in told(secretary)] == [
        "1 surat fasilitas berakhir dalam 30 hari: Puske"
    ]


def test_many_papers_are_one_sentence_a_threshold(year, city):
    secretary = secretary_of(year)
    for days in (-5, 10, 11, 12, 13, 14):
        ending_in(days, city)

    write_expiry_reminders(at=morning())

    lapsed, soon = told(secretary)
    assert lapsed.startswith("1 surat fasilitas sudah berakhir")
    assert soon.startswith("5 surat fasilitas berakhir dalam 30 hari")
    assert soon.endswith("; dan 2 lainnya.")


def test_a_second_paper_on_the_same_day_is_told_too(year, city):
    secretary = secretary_of(year)
    ending_in(20, city)
    write_expiry_reminders(at=morning())

    ending_in(21, city, facility__name="Puskesmas B")
    write_expiry_reminders(at=morning(hour=9))

    assert len(told(secretary)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_on": None},
        {"expires_on": TODAY + timedelta(days=181)},
        {"facility__active_to": TODAY - timedelta(days=1)},
    ],
)
def test_nothing_is_told_of_what_holds_on_or_is_gone(year, city, fields):
    secretary = secretary_of(year)
    CredentialFactory(**{"facility__city": city, "expires_on": TODAY, **fields})

    write_expiry_reminders(at=morning())

    assert told(secretary) == []


def test_a_paper_in_whose_place_another_holds_is_not_told(year, city):
    secretary = secretary_of(year)
    paper = ending_in(10, city)
    CredentialFactory(facility=paper.facility, expires_on=TODAY + timedelta(days=900))
    ending_in(10, city, facility__name="Puskesmas B")

    write_expiry_reminders(at=morning())

    [sentence] = told(secretary)
    assert (sentence[:18], "Puskesmas B" in sentence) == ("1 surat fasilitas ", True)


def test_nobody_is_told_before_six_in_the_morning_of_the_city(year, city):
    secretary = secretary_of(year)
    ending_in(10, city)

    write_expiry_reminders(at=morning(hour=5))
    early = told(secretary)
    write_expiry_reminders(at=morning(hour=6))

    assert (early, len(told(secretary))) == ([], 1)


def test_a_city_without_a_year_waits_for_one(year, city):
    secretary = secretary_of(year)
    paper = ending_in(10, city)
    elsewhere = ending_in(10, FacilityFactory().city)  # opens no year

    write_expiry_reminders(at=morning())

    assert len(told(secretary)) == 1
    assert Assessment.objects.filter(city=elsewhere.facility.city).count() == 0
    told_at = dict(Credential.objects.values_list("pk", "told"))
    assert told_at == {paper.pk: 30, elsewhere.pk: None}


def test_the_daily_run_of_reminders_tells_it(year, city):
    secretary = secretary_of(year)
    ending_in(10, city)

    write_reminders(at=morning(1))

    assert len(told(secretary)) == 1


def test_the_list_shows_what_has_ended_first_then_what_is_nearest(year, city):
    near, lapsed, far = (ending_in(days, city) for days in (10, -3, 170))
    ending_in(181, city)
    there = Facility.objects.filter(city=city)

    rows = as_endings(endings(there, TODAY, None), TODAY)

    assert [(row.paper.pk, row.days) for row in rows] == [
        (lapsed.pk, -3),
        (near.pk, 10),
        (far.pk, 170),
    ]
    assert rows[0].words == "berakhir 3 hari lalu, tidak terhitung"
    assert ending_counts(there, TODAY) == {0: 1, 30: 1, 90: 0, 180: 1}
    within = {days: endings(there, TODAY, days).count() for days in (0, 30, 90, 180)}
    assert within == {0: 1, 30: 2, 90: 2, 180: 3}


def test_writing_costs_the_same_for_one_paper_and_for_thirty(year, city):
    secretary_of(year)
    ending_in(10, city)
    with CaptureQueriesContext(connection) as few:
        write_expiry_reminders(at=morning())
    for _ in range(30):
        ending_in(10, city)

    with CaptureQueriesContext(connection) as many:
        write_expiry_reminders(at=morning(1))

    assert len(many) == len(few)
