import base64
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from cities.models import CityActivity
from meetings.choices import MeetingKind
from meetings.models import Addendum, Decision, Meeting, Photo
from meetings.pictures import PhotoFile, small_photo
from meetings.services.attendances import (
    AttendanceFacts,
    record_attendance,
    renew_attendance_address,
    sign_attendance,
    strike_attendance,
)
from meetings.services.decisions import (
    DecisionFacts,
    add_decision,
    change_decision,
    remove_decision,
)
from meetings.services.meetings import (
    MOST_PHOTOS,
    MeetingFacts,
    StaleMinutesError,
    add_photo,
    amend_minutes,
    change_meeting,
    close_meeting,
    record_meeting,
    remove_photo,
    save_minutes,
)
from tests.assessments.situations import secretary_of
from tests.factories.assessments import NOW
from tests.factories.cities import CityFactory, OpdFactory
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
    picture,
)

FACTS = MeetingFacts(MeetingKind.COORDINATION, "Rakor", NOW, "Aula", "Sekda", agenda="Satu\n\nDua ")
ANI = AttendanceFacts("Ani", "PKK")


@pytest.fixture
def signed(secretary):
    return {"by": secretary, "at": NOW}


@pytest.fixture
def meeting(city):
    return MeetingFactory(city=city)


@pytest.fixture
def ready(meeting):
    """With minutes, somebody who came, and a decision that lacks nothing."""
    AttendanceFactory(meeting=meeting)
    DecisionFactory(meeting=meeting, owner_opd=meeting.city.opds.first())
    Meeting.objects.filter(pk=meeting.pk).update(minutes="Dibuka.", revision=1)
    meeting.refresh_from_db()
    return meeting


def refusal(deed):
    with pytest.raises(ValidationError) as refused:
        deed()
    return refused.value


def test_a_meeting_is_recorded_and_changed(city, signed):
    meeting = record_meeting(city=city, facts=FACTS, **signed)
    change_meeting(meeting=meeting, facts=replace(FACTS, place="Kantor"), **signed)

    stored = Meeting.objects.get()
    assert (stored.title, stored.place, stored.agenda_items) == ("Rakor", "Kantor", ["Satu", "Dua"])
    entry = CityActivity.objects.order_by("position").last()
    assert (entry.deed, entry.before, entry.after) == (
        "meeting_changed",
        {"place": "Aula"},
        {"place": "Kantor"},
    )


def test_minutes_are_stored_from_the_revision_that_was_seen(meeting, signed):
    first = save_minutes(meeting=meeting, text="Dibuka.\r\nSatu", seen=0, **signed)
    second = save_minutes(meeting=meeting, text="Dibuka.\nSatu\nDua", seen=1, **signed)

    assert (first.revision, second.revision, second.minutes) == (1, 2, "Dibuka.\nSatu\nDua")
    assert (second.minutes_by, second.minutes_at) == (signed["by"], NOW)


def test_the_same_words_again_store_nothing_whatever_was_seen(meeting, signed):
    save_minutes(meeting=meeting, text="Dibuka.", seen=0, **signed)

    again = save_minutes(meeting=meeting, text="Dibuka.", seen=0, **signed)

    assert again.revision == 1


def test_words_of_a_colleague_are_never_overwritten_unseen(year, meeting, signed):
    colleague = secretary_of(year, name="Budi")
    save_minutes(meeting=meeting, text="Dari Budi", seen=0, by=colleague, at=NOW)

    with pytest.raises(StaleMinutesError) as refused:
        save_minutes(meeting=meeting, text="Dari saya", seen=0, **signed)

    assert refused.value.stored.minutes == "Dari Budi"
    assert "Budi menyimpan notula ini sesudah Anda membukanya." in refused.value.messages[0]
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.revision) == ("Dari Budi", 1)


def test_closing_makes_a_whole_meeting_final_and_seals_it(ready, signed):
    closed = close_meeting(meeting=ready, seen=1, **signed)

    assert (closed.closed_at, closed.closed_by) == (NOW, signed["by"])
    entry = CityActivity.objects.order_by("position").last()
    assert entry.deed == "meeting_closed"
    assert entry.after == {
        "attendance": "1 orang",
        "note": "1 keputusan",
        "checksum": closed.minutes_checksum(),
        "list_checksum": closed.attendance_seal(),
    }
    stored = Meeting.objects.get()
    assert (stored.checksum, stored.attendance_checksum) == (
        closed.minutes_checksum(),
        closed.attendance_seal(),
    )


def test_the_seal_tells_any_change_of_words_attendance_or_decisions(ready):
    before = ready.minutes_checksum()
    ready.minutes += "!"
    words = ready.minutes_checksum()
    ready.minutes = "Dibuka."
    AttendanceFactory(meeting=ready)
    people = ready.minutes_checksum()
    Decision.objects.update(due_on=date(2027, 1, 1))

    assert len({before, words, people, ready.minutes_checksum()}) == 4


def test_closing_needs_words_somebody_there_and_a_meeting_that_has_begun(city, signed):
    def closing(**fields):
        meeting = MeetingFactory(city=city, **fields)
        return refusal(lambda: close_meeting(meeting=meeting, seen=0, **signed)).code

    assert closing(minutes="Dibuka.", starts_at=NOW + timedelta(hours=1)) == "early"
    assert closing(minutes="  \n") == "empty"
    assert closing(minutes="Dibuka.") == "nobody"
    assert Meeting.objects.filter(closed_at__isnull=False).count() == 0


@pytest.mark.parametrize("lacking", [{"owner_opd": None}, {"due_on": None}])
def test_minutes_are_not_closed_while_a_decision_lacks_owner_or_day(ready, signed, lacking):
    owned = {"owner_opd": ready.city.opds.first()}
    DecisionFactory(meeting=ready, text="Menyusun RAD", **{**owned, **lacking})

    error = refusal(lambda: close_meeting(meeting=ready, seen=1, **signed))

    assert (error.code, error.messages) == (
        "incomplete",
        ["Belum ada penanggung jawab atau tenggat pada keputusan: “Menyusun RAD”."],
    )
    ready.refresh_from_db()
    assert not ready.is_closed


def test_minutes_that_a_colleague_went_on_writing_are_not_closed_unseen(ready, signed):
    save_minutes(meeting=ready, text="Dibuka. Lanjut.", seen=1, **signed)

    assert refusal(lambda: close_meeting(meeting=ready, seen=1, **signed)).code == "stale"


def test_a_closed_meeting_never_changes(ready, signed):
    decision, attendance = ready.decisions.get(), ready.attendances.get()
    photo = PhotoFactory(meeting=ready)
    close_meeting(meeting=ready, seen=1, **signed)
    seal = Meeting.objects.get().minutes_checksum()
    another = DecisionFacts("Lain")
    deeds = (
        lambda: change_meeting(meeting=ready, facts=FACTS, **signed),
        lambda: save_minutes(meeting=ready, text="Lain", seen=1, **signed),
        lambda: close_meeting(meeting=ready, seen=1, **signed),
        lambda: record_attendance(meeting=ready, facts=ANI, **signed),
        lambda: sign_attendance(meeting_id=ready.pk, round_=1, facts=ANI, at=NOW),
        lambda: strike_attendance(attendance=attendance, **signed),
        lambda: renew_attendance_address(meeting=ready, **signed),
        lambda: add_decision(meeting=ready, facts=another, **signed),
        lambda: change_decision(decision=decision, facts=another, **signed),
        lambda: remove_decision(decision=decision, **signed),
        lambda: add_photo(meeting=ready, photo=PhotoFile("", "1"), caption="", **signed),
        lambda: remove_photo(photo=photo, **signed),
    )

    assert [refusal(deed).code for deed in deeds] == ["closed"] * len(deeds)
    assert Meeting.objects.get().minutes_checksum() == seal
    assert list(Photo.objects.all()) == [photo]


def test_a_correction_of_closed_minutes_stands_beside_them(ready, signed):
    assert refusal(lambda: amend_minutes(meeting=ready, text="Koreksi", **signed)).code == "open"
    close_meeting(meeting=ready, seen=1, **signed)

    amend_minutes(meeting=ready, text=" Koreksi nama ", **signed)

    assert refusal(lambda: amend_minutes(meeting=ready, text=" ", **signed)).code == "empty"
    assert list(Addendum.objects.values_list("text", "by")) == [("Koreksi nama", signed["by"].pk)]


def test_attendance_is_written_once_however_the_name_is_typed(meeting, signed):
    record_attendance(meeting=meeting, facts=AttendanceFacts("Ani  Wati", "PKK Kota"), **signed)

    error = refusal(
        lambda: record_attendance(
            meeting=meeting, facts=AttendanceFacts(" ani wati", "pkk kota"), **signed
        )
    )

    assert (error.code, meeting.attendances.get().name) == ("known", "Ani Wati")


def test_a_phone_signs_only_in_the_round_of_its_address(meeting, signed):
    renew_attendance_address(meeting=meeting, **signed)

    error = refusal(lambda: sign_attendance(meeting_id=meeting.pk, round_=1, facts=ANI, at=NOW))
    is_new = sign_attendance(meeting_id=meeting.pk, round_=2, facts=ANI, at=NOW)
    again = sign_attendance(
        meeting_id=meeting.pk, round_=2, facts=replace(ANI, post="Ketua"), at=NOW
    )

    assert (error.code, is_new, again) == ("over", True, False)
    one = meeting.attendances.get()
    assert (one.name, one.post, one.by) == ("Ani", "", None)  # as it was signed first


def test_a_wrong_attendance_is_struck_once(meeting, signed):
    one = AttendanceFactory(meeting=meeting)

    strike_attendance(attendance=one, **signed)
    strike_attendance(attendance=one, **signed)

    assert meeting.attendances.count() == 0
    struck = CityActivity.objects.filter(deed="meeting_changed")
    assert [entry.before for entry in struck] == [{"attendance": str(one)}]


def test_a_decision_has_one_owner_of_the_city(meeting, signed):
    foreign = OpdFactory(city=CityFactory())

    error = refusal(
        lambda: add_decision(meeting=meeting, facts=DecisionFacts("A", foreign), **signed)
    )

    assert (error.code, Decision.objects.count()) == ("foreign", 0)


def test_a_decision_is_changed_and_taken_out_while_the_minutes_are_open(meeting, signed):
    opd = meeting.city.opds.first()
    decision = add_decision(meeting=meeting, facts=DecisionFacts("A"), **signed)
    change_decision(
        decision=decision, facts=DecisionFacts("A", opd, due_on=date(2026, 4, 1)), **signed
    )

    stored = Decision.objects.get()
    assert (stored.owner, stored.due_on) == (str(opd), date(2026, 4, 1))
    remove_decision(decision=decision, **signed)
    remove_decision(decision=decision, **signed)
    assert Decision.objects.count() == 0
    error = refusal(lambda: change_decision(decision=decision, facts=DecisionFacts("B"), **signed))
    assert error.code == "removed"


def test_a_photo_is_kept_small_upright_and_without_its_place(meeting, signed):
    photo = small_photo(ContentFile(picture((3000, 1500)), "rapat.jpg"))
    kept = add_photo(meeting=meeting, photo=photo, caption=" Suasana ", **signed)
    again = add_photo(meeting=meeting, photo=photo, caption="Lain", **signed)

    assert (again, kept.caption) == (kept, "Suasana")
    assert kept.jpeg[:3] == b"\xff\xd8\xff"
    assert len(kept.jpeg) < 40_000
    assert b"Exif" not in kept.jpeg


@pytest.mark.parametrize(
    ("content", "name"), [(b"%PDF-1.4 bukan foto", "rapat.pdf"), (b"<svg/>", "rapat.jpg")]
)
def test_what_is_no_photo_is_refused(content, name):
    with pytest.raises(ValidationError):
        small_photo(ContentFile(content, name))


def test_a_meeting_keeps_only_so_many_photos(meeting, signed):
    PhotoFactory.create_batch(MOST_PHOTOS, meeting=meeting)
    photo = PhotoFile(base64.b64encode(picture()).decode(), "f" * 64)

    error = refusal(lambda: add_photo(meeting=meeting, photo=photo, caption="", **signed))

    assert (error.code, meeting.photos.count()) == ("too_many", MOST_PHOTOS)
    remove_photo(photo=meeting.photos.first(), **signed)
    assert meeting.photos.count() == MOST_PHOTOS - 1
