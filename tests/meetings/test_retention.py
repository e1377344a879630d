"""Lists of attendance lose their people once their time is over; what was signed can be proved."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from cities.models import CityActivity, CityTrailEvent, User
from meetings.jobs import remove_attendance_names
from meetings.models import Attendance, Meeting
from meetings.papers import minutes_paper
from meetings.queries.papers import minutes_content
from meetings.services.meetings import close_meeting
from meetings.services.retention import remove_names
from tests.at_once import at_once
from tests.factories.assessments import NOW
from tests.factories.cities import SiteAdminFactory
from tests.factories.meetings import AttendanceFactory, DecisionFactory, MeetingFactory

YEARS_LATER = NOW.replace(year=NOW.year + 2)


@pytest.fixture
def admin(db):
    return SiteAdminFactory()


@pytest.fixture
def closed(city, secretary):
    """A meeting that was closed at NOW, with two people of whom one stood in for another."""
    meeting = MeetingFactory(city=city, minutes="Dibuka.", revision=1)
    DecisionFactory(meeting=meeting, owner_opd=city.opds.first())
    AttendanceFactory(meeting=meeting, name="Ani Wati", post="Ketua", signature="aGFs")
    AttendanceFactory(meeting=meeting, name="Budi", deputy_for="Camat Utara", institution="PKK")
    return close_meeting(meeting=meeting, seen=1, by=secretary, at=NOW)


def rows():
    return list(
        Attendance.objects.order_by("pk").values_list(
            "name", "institution", "post", "deputy_for", "signature"
        )
    )


def test_people_go_and_rows_stay_with_institution_and_post(closed, admin):
    sealed = closed.checksum, closed.attendance_checksum

    assert remove_names(until=NOW, by=admin, at=YEARS_LATER) == 1

    assert rows() == [("", "Dinas Sosial", "Ketua", "", ""), ("", "PKK", "", "", "")]
    meeting = Meeting.objects.get()
    assert meeting.names_removed_at == YEARS_LATER
    assert (meeting.minutes_checksum(), meeting.attendance_seal()) == sealed
    assert (meeting.checksum, meeting.attendance_checksum) == sealed


def test_a_kept_copy_of_the_list_can_be_held_against_the_seal(closed):
    copy = [
        [one.name, one.institution, one.post, one.deputy_for, one.signature, one.at.isoformat()]
        for one in Attendance.objects.order_by("pk")
    ]
    told = json.dumps(copy, ensure_ascii=False, separators=(",", ":"))

    assert hashlib.sha256(told.encode()).hexdigest() == closed.attendance_checksum


@pytest.mark.parametrize("change", ["name", "institution", "post", "deputy_for", "signature"])
def test_any_change_of_a_list_shows_until_it_goes(closed, change):
    Attendance.objects.filter(name="Budi").update(**{change: "Lain"})

    assert Meeting.objects.get().attendance_seal() != closed.attendance_checksum


def test_it_is_told_in_the_trail_and_a_second_run_does_nothing(closed, admin):
    remove_names(until=NOW, by=admin, at=YEARS_LATER)
    before = rows(), list(Meeting.objects.values()), CityActivity.objects.count()

    assert remove_names(until=NOW, by=admin, at=YEARS_LATER + timedelta(days=1)) == 0

    assert (rows(), list(Meeting.objects.values()), CityActivity.objects.count()) == before
    line = CityActivity.objects.get(deed=CityTrailEvent.DATA_REMOVED)
    assert (line.target, line.by, line.after) == (
        closed.title,
        admin,
        {
            "attendance": "nama dan tanda tangan 2 orang dihapus",
            "checksum": closed.checksum,
            "list_checksum": closed.attendance_checksum,
        },
    )


def test_later_and_open_meetings_keep_their_people(city, closed, admin):
    AttendanceFactory(meeting=MeetingFactory(city=city))

    assert remove_names(until=NOW - timedelta(seconds=1), by=admin, at=YEARS_LATER) == 0
    assert remove_names(until=YEARS_LATER, by=admin, at=YEARS_LATER) == 1

    assert [bool(name) for name, *_rest in rows()] == [False, False, True]


def test_what_was_closed_before_seals_were_stored_is_sealed_first(closed, admin):
    Meeting.objects.update(checksum="", attendance_checksum="")

    remove_names(until=NOW, by=admin, at=YEARS_LATER)

    meeting = Meeting.objects.get()
    assert (meeting.checksum, meeting.attendance_checksum) == (
        closed.checksum,
        closed.attendance_checksum,
    )


def test_the_database_refuses_names_that_go_without_a_seal(closed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.update(attendance_checksum="", names_removed_at=NOW)

    assert Meeting.objects.get().names_removed_at is None


def test_only_a_site_administrator_removes_names(closed, secretary):
    with pytest.raises(PermissionDenied):
        remove_names(until=NOW, by=secretary, at=YEARS_LATER)

    assert [name for name, *_rest in rows()] == ["Ani Wati", "Budi"]


@pytest.mark.parametrize(("years", "gone"), [("", False), ("3", False), ("2", True)])
def test_the_clock_removes_what_is_as_old_as_the_installation_says(
    closed, admin, settings, years, gone
):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"attendances": years}

    for _run in range(2):
        remove_attendance_names.function(now=lambda: YEARS_LATER)

    assert [not name for name, *_rest in rows()] == [gone, gone]
    found = CityActivity.objects.filter(deed=CityTrailEvent.DATA_REMOVED)
    oldest = User.objects.filter(is_superuser=True).order_by("pk")[:1]
    assert [line.by for line in found] == list(oldest) * gone


def test_without_an_administrator_nobody_would_answer_for_it(closed, settings):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"attendances": "1"}
    User.objects.filter(is_superuser=True).update(is_active=False)

    with pytest.raises(ImproperlyConfigured, match="Belum ada administrator situs yang aktif"):
        remove_attendance_names.function(now=lambda: YEARS_LATER)

    assert [name for name, *_rest in rows()] == ["Ani Wati", "Budi"]


def test_page_and_paper_say_that_the_names_went(closed, admin, client, secretary):
    client.force_login(secretary)
    before = client.get(closed.get_absolute_url()).text
    remove_names(until=NOW, by=admin, at=YEARS_LATER)

    page = client.get(closed.get_absolute_url()).text
    with minutes_paper(minutes_content(Meeting.objects.get()), city="Kota") as paper:
        text = "\n".join(one.extract_text() for one in PdfReader(paper).pages)

    said = "Nama dan tanda tangan dihapus pada 2 Maret 2028 sesuai masa simpan."
    assert [said in one for one in (before, page)] == [False, True]
    assert said in " ".join(text.split())
    for one in (page, text):
        assert [word in one for word in ("Ani Wati", "Camat Utara")] == [False, False]
        assert [word in one for word in ("Ketua", "PKK", closed.checksum)] == [True] * 3
    assert closed.attendance_checksum in page
    assert "Daftar hadir (2 orang)" in text


@pytest.mark.django_db(transaction=True)
def test_two_who_remove_at_once_tell_it_once(closed, admin):
    def removing():
        return remove_names(until=NOW, by=admin, at=YEARS_LATER)

    told = at_once(removing, removing)

    assert sum(told) == 1
    assert CityActivity.objects.filter(deed=CityTrailEvent.DATA_REMOVED).count() == 1
