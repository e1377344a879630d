import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from meetings.attendance_address import AttendanceAddress, new_token
from meetings.models import Attendance, Decision, Meeting, Photo
from taskforce.models import Decree
from tests.assessments.situations import secretary_of, staff_of
from tests.factories.assessments import NOW, EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
    picture,
)
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)

ANI = {"name": "Ani", "institution": "PKK", "post": "Ketua", "deputy_for": "Ketua TP PKK"}

MEETING = {
    "kind": "coordination",
    "title": "Rakor",
    "starts_at": "02-03-2026 09.00",
    "place": "Aula",
    "chair": "Sekda",
}


@pytest.fixture
def client(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def reader(year):
    reading = Client()
    reading.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    return reading


@pytest.fixture
def meeting(city):
    return MeetingFactory(city=city)


def page(city, name, *args):
    return reverse(f"meetings:{name}", args=[city.slug, *args])


def test_the_first_page_tells_what_is_missing_and_what_waits(client, city):
    closed = MeetingFactory(city=city, closed=True, title="Rakor lalu")
    DecisionFactory(meeting=closed, due_on=date(2020, 1, 1))
    decree = DecreeFactory(city=city)
    CertificateFactory(member=TaskForceMemberFactory(decree=decree))

    text = client.get(page(city, "overview")).text

    for words in (
        f"SK Nomor {decree.number}",
        "1 anggota, 1 bersertifikat KHA (100%).",
        "1 tindak lanjut belum selesai, 1 terlambat",
        "Belum ada ketua.",
        "Rakor lalu",
    ):
        assert words in text, words


def test_a_city_with_nothing_yet_is_told_to_record_its_decree(client, city):
    text = client.get(page(city, "overview")).text

    assert "Belum ada SK Gugus Tugas yang tercatat. Catat SK yang berlaku." in text
    assert "Belum ada rapat yang tercatat." in text


def test_whoever_only_reads_is_offered_nothing_to_change(reader, city, meeting):
    decree = DecreeFactory(city=city)
    TaskForceMemberFactory(decree=decree)
    CommitmentFactory(city=city)

    texts = [
        reader.get(reverse(name, args=[city.slug, *args])).text
        for name, *args in (
            ("meetings:overview",),
            ("taskforce:decree_detail", decree.pk),
            ("meetings:meeting_list",),
            ("meetings:meeting_detail", meeting.pk),
            ("taskforce:commitment_list",),
        )
    ]

    offers = ("Rencanakan rapat", "Catat SK", "Tambah anggota", "Tulis notula", "Catat komitmen")
    assert [
        (re.findall("gugus-tugas/.*/ubah/", text), [one for one in offers if one in text])
        for text in texts
    ] == ([([], [])] * 5)


def handed_in(answer, title):
    """A document of that title behind the question."""
    return EvidenceFactory(answer=answer, document__title=title).document


def test_a_meeting_is_planned_with_a_proposed_agenda_and_the_members_invited(client, city):
    decree = DecreeFactory(city=city)
    TaskForceMemberFactory(decree=decree, post="Ketua", institution="PKK")
    TaskForceMemberFactory(decree=decree, until=date(2024, 1, 1))

    form = client.get(page(city, "meeting_create")).context["form"]
    client.post(page(city, "meeting_create"), MEETING | {"agenda": form["agenda"].value()})

    assert form["invited"].value() == "Ketua, PKK"
    meeting = Meeting.objects.get()
    assert meeting.agenda_items[0].startswith("Susunan Gugus Tugas: Unsur yang belum ada:")
    assert meeting.starts_at == NOW - timedelta(hours=1)
    assert client.get(page(city, "meeting_edit", meeting.pk)).status_code == 200


def test_a_meeting_that_ends_before_it_begins_is_refused(client, city):
    answer = client.post(page(city, "meeting_create"), MEETING | {"ends_at": "02-03-2026 09.00"})

    assert answer.context["form"].errors == {"ends_at": ["Rapat selesai sesudah dimulai."]}
    assert Meeting.objects.count() == 0


def test_the_invitation_is_a_message_a_letter_and_a_calendar_file(client, city, meeting):
    shown = client.get(page(city, "meeting_invitation", meeting.pk))
    letter = client.get(page(city, "meeting_letter", meeting.pk))
    calendar = client.get(page(city, "meeting_calendar", meeting.pk))
    words = PdfReader(BytesIO(letter.getvalue())).pages[0].extract_text()

    assert shown.context["whatsapp"].startswith("https://wa.me/?text=Yth.%20Bapak%2FIbu")
    assert meeting.title in words
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_minutes_are_written_from_the_present_revision_only(client, city, meeting):
    first = client.post(page(city, "minutes_edit", meeting.pk, 0), {"minutes": "Dibuka."})
    old = client.get(page(city, "minutes_edit", meeting.pk, 0))

    assert first.url == meeting.get_absolute_url()
    assert old.url == page(city, "minutes_edit", meeting.pk, 1)


def test_a_script_is_told_where_the_next_revision_is_saved(client, city, meeting):
    url = page(city, "minutes_edit", meeting.pk, 0)

    saved = client.post(url, {"minutes": "Dibuka."}, headers={"Accept": "application/json"})
    refused = client.post(url, {"minutes": "Lain"}, headers={"Accept": "application/json"})

    assert saved.json()["url"] == page(city, "minutes_edit", meeting.pk, 1)
    assert saved.json()["sentence"].startswith("Tersimpan ")
    assert refused.status_code == 409
    assert "menyimpan notula ini sesudah Anda membukanya" in refused.json()["sentence"]


def test_a_conflict_shows_both_texts_and_the_next_save_takes_the_merged_one(
    year, client, city, meeting
):
    other = Client()
    other.force_login(secretary_of(year, name="Budi"))
    url = page(city, "minutes_edit", meeting.pk, 0)
    other.post(url, {"minutes": "Dari Budi"})

    conflict = client.post(url, {"minutes": "Dari Ani"})

    assert conflict.status_code == 409
    assert conflict.context["form"]["minutes"].value() == "Dari Ani"
    assert conflict.context["meeting"].minutes == "Dari Budi"
    action = page(city, "minutes_edit", meeting.pk, 1)
    assert f'action="{action}"' in conflict.text
    client.post(action, {"minutes": "Keduanya"})
    meeting.refresh_from_db()
    assert meeting.minutes == "Keduanya"


def test_closed_minutes_have_no_page_to_write_on(client, city):
    closed = MeetingFactory(city=city, closed=True)
    url = page(city, "minutes_edit", closed.pk, 1)

    assert client.get(url).url == closed.get_absolute_url()
    refused = client.post(url, {"minutes": "Lain"})
    assert refused.status_code == 409
    assert "Notula rapat ini sudah ditutup pada" in refused.text


def test_a_reader_sees_minutes_attendance_and_photos_only_once_closed(reader, city):
    shown = {}
    for closed in (False, True):
        meeting = MeetingFactory(city=city, closed=closed)
        Meeting.objects.filter(pk=meeting.pk).update(minutes="Rahasia rapat")
        AttendanceFactory(meeting=meeting, name="Ani")
        photo = PhotoFactory(meeting=meeting)
        text = reader.get(meeting.get_absolute_url()).text
        paper = reader.get(page(city, "minutes_pdf", meeting.pk))
        if paper.streaming:
            paper.getvalue()  # read to its end, its file is closed
        shown[closed] = (
            "Rahasia rapat" in text,
            "Ani" in text,
            reader.get(page(city, "photo_view", photo.pk)).status_code,
            paper.status_code,
        )

    assert shown == {False: (False, False, 404, 302), True: (True, True, 200, 200)}


def test_decisions_are_noted_with_owner_and_question(client, year, city, meeting):
    DecreeFactory(city=city)
    seat = TaskForceMemberFactory(decree=Decree.objects.get())
    opd = city.opds.get(code="DISDIK")
    url = page(city, "decision_create", meeting.pk)
    sent = {"text": "Menyusun RAD", "due_on": "01-04-2026", "code": "1.2"}

    both = client.post(url, sent | {"owner_opd": opd.pk, "owner_member": seat.pk})
    unknown = client.post(url, sent | {"code": "99.9"})
    client.post(url, sent | {"owner_opd": opd.pk})

    assert both.context["form"].errors == {
        "owner_member": ["Pilih satu penanggung jawab: OPD atau anggota."]
    }
    assert unknown.context["form"].errors == {"code": ["Tidak ada pertanyaan 99.9 tahun ini."]}
    decision = Decision.objects.get()
    assert (decision.owner_opd, decision.answer) == (opd, answer_of(year, "1.2"))
    edit = client.get(page(city, "decision_edit", decision.pk)).context["form"]
    assert edit["code"].value() == "1.2"
    client.post(page(city, "decision_remove", decision.pk))
    assert Decision.objects.count() == 0


def test_closing_on_the_page_says_what_is_missing_then_closes(client, city, meeting):
    client.post(page(city, "minutes_edit", meeting.pk, 0), {"minutes": "Dibuka."})
    url = page(city, "meeting_close", meeting.pk)

    refused = client.post(url, {"revisi": "1"}, follow=True).text
    AttendanceFactory(meeting=meeting)
    client.post(url, {"revisi": "bukan angka"})
    still_open = not Meeting.objects.get().is_closed
    client.post(url, {"revisi": "1"})

    assert "Belum ada yang tercatat hadir." in refused
    assert still_open
    assert Meeting.objects.get().is_closed
    client.post(page(city, "addendum_create", meeting.pk), {"text": "Koreksi"})
    assert [one.text for one in meeting.addenda.all()] == ["Koreksi"]


def test_a_photo_is_added_shown_and_removed(client, city, meeting):
    file = BytesIO(picture((900, 600)))
    file.name = "rapat.jpg"

    client.post(page(city, "photo_add", meeting.pk), {"file": file, "caption": "Suasana"})
    photo = Photo.objects.get()
    shown = client.get(page(city, "photo_view", photo.pk))
    bad = BytesIO(b"bukan foto")
    bad.name = "rapat.jpg"
    refused = client.post(page(city, "photo_add", meeting.pk), {"file": bad})

    assert (shown["Content-Type"], shown.content) == ("image/jpeg", photo.jpeg)
    assert (refused.status_code, Photo.objects.count()) == (200, 1)
    client.post(page(city, "photo_remove", photo.pk))
    assert Photo.objects.count() == 0


def address_of(meeting):
    return reverse(
        "meetings:attendance_sign",
        args=[new_token(AttendanceAddress(meeting.pk, meeting.attendance_round))],
    )


def test_whoever_holds_the_address_signs_without_an_account_and_sees_nobody(meeting):
    AttendanceFactory(meeting=meeting, name="Budi Rahasia")
    guest = Client()

    form = guest.get(address_of(meeting))
    signed = guest.post(address_of(meeting), ANI)

    assert (form.status_code, "Budi Rahasia" in form.text + signed.text) == (200, False)
    assert "Terima kasih, Anda tercatat hadir." in signed.text
    one = meeting.attendances.get(name="Ani")
    assert (one.institution, one.post, one.deputy_for) == ("PKK", "Ketua", "Ketua TP PKK")


def test_who_signs_twice_reads_the_same_and_is_there_once(meeting):
    texts = [Client().post(address_of(meeting), ANI).status_code for _ in range(2)]

    assert (texts, meeting.attendances.count()) == ([200, 200], 1)


def test_a_picture_that_is_no_signature_is_refused_with_a_sentence(meeting):
    answer = Client().post(address_of(meeting), ANI | {"signature": "data:text/html,<b>"})

    assert "Tanda tangan tidak terbaca." in answer.text
    assert Attendance.objects.count() == 0


def test_an_address_that_is_over_says_what_to_do_and_takes_nothing(client, city, meeting):
    old = address_of(meeting)
    client.post(page(city, "attendance_renew", meeting.pk))
    closed = address_of(MeetingFactory(city=city, closed=True))

    statuses = [Client().post(url, ANI).status_code for url in (old, closed, "/hadir/palsu/")]

    assert (statuses, Attendance.objects.count()) == ([404, 410, 404], 0)
    assert "Pindai kode QR terbaru" in Client().get(old).text


def test_one_network_signs_only_so_often(settings, meeting):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"sign_attendance": "2/m/ip"}

    statuses = [
        Client().post(address_of(meeting), ANI | {"name": f"Peserta {number}"}).status_code
        for number in range(3)
    ]

    cache.clear()
    assert (statuses, meeting.attendances.count()) == ([200, 200, 429], 2)


def test_the_secretary_writes_attendance_by_hand_and_strikes_it(client, city, meeting):
    url = page(city, "attendance_board", meeting.pk)

    client.post(url, ANI)
    twice = client.post(url, ANI)

    assert "Ani (PKK) sudah tercatat hadir." in twice.text
    board = client.get(url)
    assert board.context["qr"].startswith("data:image/svg+xml")
    client.post(page(city, "attendance_strike", meeting.attendances.get().pk))
    assert meeting.attendances.count() == 0


def test_the_board_of_decisions_narrows_to_one_opd_and_lets_it_settle(year, city):
    closed = MeetingFactory(city=city, closed=True)
    opd = city.opds.get(code="DISDIK")
    own = DecisionFactory(meeting=closed, owner_opd=opd, text="Menyusun RAD")
    DecisionFactory(meeting=closed, owner_opd=city.opds.get(code="DINKES"), text="Lain")
    staff = Client()
    staff.force_login(staff_of(year, "DISDIK").user)

    board = staff.get(page(city, "decision_list"), {"opd": opd.pk}).text
    settled = staff.post(page(city, "decision_settle", own.pk), {"note": "Sudah"})

    assert ("Menyusun RAD" in board, "Lain" in board) == (True, False)
    assert settled.url == page(city, "decision_list")
    own.refresh_from_db()
    assert own.done_note == "Sudah"
