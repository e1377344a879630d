import base64
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from icalendar import Calendar
from PIL import Image, ImageDraw
from pypdf import PdfReader

from assessments.models import Evidence
from clusters.library import packaged
from meetings.attendance_address import AttendanceAddress, new_token, qr_picture, read_token
from meetings.invitation import calendar_file, invitation_text
from meetings.papers import invitation_letter, minutes_paper
from meetings.pictures import PNG_PREFIX, checked_signature
from meetings.queries.papers import minutes_content
from meetings.services.minutes_filing import hand_in_minutes
from tests.assessments.situations import secretary_of
from tests.factories.assessments import NOW, answer_of, open_year
from tests.factories.meetings import (
    AddendumFactory,
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
)

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def drawn(size=(300, 160), *, ink=True, form="PNG"):
    """What the canvas sends: clear paper, and a line where something was drawn."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(picture).line((10, 10, 200, 120), fill="black", width=3)
    content = io.BytesIO()
    (picture if form == "PNG" else picture.convert("RGB")).save(content, form)
    return PNG_PREFIX + base64.b64encode(content.getvalue()).decode()


def text_of(paper):
    with paper:
        return "\n".join(page.extract_text() for page in PdfReader(paper).pages)


def test_a_signature_is_made_anew_as_a_small_grey_picture():
    kept = base64.b64decode(checked_signature(drawn((1200, 600))))

    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("PNG", (480, 240))
        assert picture.convert("L").getextrema()[0] < 100
    assert len(kept) < 5_000


@pytest.mark.parametrize("sent", ["", drawn(ink=False)])
def test_a_canvas_that_was_left_alone_is_no_signature(sent):
    assert checked_signature(sent) == ""


@pytest.mark.parametrize(
    "sent",
    [
        "https://example.org/a.png",
        PNG_PREFIX + "bukan base64!",
        PNG_PREFIX + base64.b64encode(b"bukan gambar").decode(),
        drawn(form="JPEG"),
        drawn((1201, 600)),
        PNG_PREFIX + "A" * 60_000,
        drawn()[:-200],
    ],
)
def test_what_is_no_picture_of_our_canvas_is_refused(sent):
    with pytest.raises(ValidationError) as refused:
        checked_signature(sent)

    assert refused.value.code == "signature"


def test_the_address_of_attendance_says_which_meeting_and_round():
    token = new_token(AttendanceAddress(7, 2))

    assert read_token(token) == AttendanceAddress(7, 2)
    assert read_token(token.replace("7.2", "8.2", 1)) is None
    assert read_token("tautan-palsu") is None


def test_the_address_of_attendance_ends_after_eight_hours(monkeypatch):
    now = datetime.now(tz=UTC).timestamp()
    token = new_token(AttendanceAddress(7, 1))

    monkeypatch.setattr("time.time", lambda: now + timedelta(hours=7, minutes=59).seconds)
    assert read_token(token) == AttendanceAddress(7, 1)
    monkeypatch.setattr("time.time", lambda: now + timedelta(hours=8, seconds=5).seconds)
    assert read_token(token) is None


def test_the_qr_code_is_a_picture_in_an_address():
    assert qr_picture("https://kla.example/hadir/7/").startswith(
        "data:image/svg+xml;charset=utf-8,"
    )


def test_the_message_says_what_when_where_and_nobody_elses_name(city):
    meeting = MeetingFactory(
        city=city,
        title="Rakor",
        starts_at=START,
        agenda="RAD\nVerifikasi",
        letter_number="005/1",
        invited="Ketua, PKK",
    )

    text = invitation_text(meeting, city="Kota Contoh", url="https://kla.example/r/1/")

    assert text.splitlines() == [
        "Yth. Bapak/Ibu anggota Gugus Tugas KLA Kota Contoh,",
        "",
        "Mengundang hadir pada Rakor",
        "Waktu: 10 Maret 2026 09.00 WIB",
        "Tempat: Aula",
        "Dipimpin: Wakil Wali Kota",
        "Surat: 005/1",
        "",
        "Agenda:",
        "1. RAD",
        "2. Verifikasi",
        "",
        "Bila berhalangan, mohon menugaskan wakil. Agenda dan suratnya: https://kla.example/r/1/",
        "",
        "Gugus Tugas KLA Kota Contoh",
    ]


def test_the_calendar_file_has_one_event_that_keeps_its_name(city):
    meeting = MeetingFactory(
        city=city, title="Rakor; KLA, " + "panjang " * 20, starts_at=START, place="Aula, lantai 2"
    )
    facts = {"city": city.name, "host": "kla.example", "url": "https://kla.example/r/1/"}

    content = calendar_file(meeting, at=NOW, **facts)
    meeting.starts_at += timedelta(days=1)
    moved = calendar_file(meeting, at=NOW, **facts)

    [event] = Calendar.from_ical(content).walk("VEVENT")
    [later] = Calendar.from_ical(moved).walk("VEVENT")
    assert (event["UID"], later["UID"]) == (f"rapat-{meeting.pk}@kla.example",) * 2
    assert event["DTSTART"].dt == START
    assert event["DTEND"].dt == START + timedelta(hours=2)
    assert later["DTSTART"].dt == START + timedelta(days=1)
    assert (event["LOCATION"], event["SUMMARY"]) == (
        "Aula, lantai 2",
        f"{meeting.title} – {city.name}",
    )
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_the_letter_lists_who_is_invited_and_the_agenda(city):
    meeting = MeetingFactory(city=city, agenda="RAD KLA", invited="Ketua, PKK\nKapolres")

    text = text_of(invitation_letter(meeting, city=city.name))

    assert [word in text for word in ("1. RAD KLA", "1. Ketua, PKK", "2. Kapolres")] == [True] * 3


def test_the_minutes_on_paper_hold_everything_that_was_closed(city):
    meeting = MeetingFactory(city=city, closed=True, minutes="Rapat dibuka <pukul> 9 & seterusnya.")
    signature = checked_signature(drawn())
    AttendanceFactory(meeting=meeting, name="Ani", deputy_for="Camat", signature=signature)
    DecisionFactory(meeting=meeting, text="Menyusun RAD", owner_opd=city.opds.first())
    PhotoFactory(meeting=meeting, caption="Suasana")
    AddendumFactory(meeting=meeting, text="Koreksi nama")
    content = minutes_content(meeting)

    with minutes_paper(content, city=city.name) as paper:
        pages = PdfReader(paper).pages
        text = "\n".join(page.extract_text() for page in pages)
        pictures = sum(len(page.images) for page in pages)

    for words in (
        "Rapat dibuka <pukul> 9 & seterusnya.",
        "Menyusun RAD",
        "1 April 2026",
        "Ani, mewakili Camat",
        "Suasana",
        "Koreksi nama",
        meeting.minutes_checksum(),
    ):
        assert words in text, words
    assert pictures == 2


def test_open_minutes_say_on_paper_that_they_are_a_draft(city):
    text = text_of(minutes_paper(minutes_content(MeetingFactory(city=city)), city=city.name))

    assert "Belum ditutup: rancangan notula." in text
    assert "Kode keaslian" not in text


@pytest.fixture
def real_year(db):
    return open_year(spec=packaged("kla-2023"))


def test_closed_minutes_are_handed_in_as_one_document_of_the_question(real_year):
    secretary, answer = secretary_of(real_year), answer_of(real_year, "2.3")
    meeting = MeetingFactory(city=real_year.city, closed=True)

    def hand_in(meeting, answer):
        with minutes_paper(minutes_content(meeting), city=real_year.city.name) as paper:
            return hand_in_minutes(
                meeting=meeting, paper=paper, answer=answer, by=secretary, at=NOW
            )

    codes = []
    for one, question in (
        (MeetingFactory(city=real_year.city), answer),
        (meeting, answer_of(real_year, "2.1")),
    ):
        with pytest.raises(ValidationError) as refused:
            hand_in(one, question)
        codes.append(refused.value.code)
    document = hand_in(meeting, answer)

    offer = Evidence.objects.get()
    assert codes == ["open", "not_asked"]
    assert (offer.answer, offer.document, offer.kind.code) == (answer, document, "notula")
    assert (document.media_type, document.period_start) == ("application/pdf", date(2026, 3, 2))
