"""A disk that is really full: 507 with what was typed, nothing half stored, and on again after it."""

import hashlib
import io
import re
import sqlite3
import time
from contextlib import ExitStack, closing
from functools import cached_property
from random import Random
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from assessments.choices import Sensitivity
from assessments.models import Evidence, Rendition
from assessments.models.rendition import RenditionState
from assessments.services.renditions import make_rendition
from tests.assessments.situations import (
    checked,
    hand_in,
    later,
    reviewer_of,
    staff_of,
    working_year,
)
from tests.assessments.test_sensitive_documents import photo
from tests.assessments.tus import metadata
from tests.factories.assessments import answer_of
from tests.faults.server import CSRF, Server
from tests.faults.small_disk import small_disk

pytestmark = pytest.mark.faults


def noise(width):
    """A JPEG of nothing but noise, some half a byte for each of its points."""
    out = io.BytesIO()
    points = Random(width).randbytes(width * width)
    Image.frombytes("L", (width, width), points).save(out, "JPEG", quality=90)
    return out.getvalue()


FULL = "Tempat penyimpanan penuh"
TEXT = "Kalimat panjang yang tidak boleh hilang ketika tempat habis."
BIG = noise(800)  # larger than what is received in memory
DISKS = {"media": 8_000, "uploads": 8_000, "tmp": 8_000, "db": 40_000}  # kilobytes


def picture(content):
    return checked(content, "foto.jpg", "image/jpeg")


class SmallServer(Server):
    database_folder = "db"

    def __init__(self, var):
        super().__init__(
            var,
            DATABASE_URL=f"sqlite:///{var}/db/kla.sqlite3",
            DJANGO_SETTINGS_MODULE="tests.faults.site_settings",
            DEBUG="0",
            KLA_LOCAL="1",
        )

    def send(self, where, **fields):
        form = {"csrfmiddlewaretoken": CSRF, **fields}
        headers = {
            "Cookie": self.cookie,
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.ask("POST", f"{self.question}{where}/", urlencode(form), headers)

    def upload(self, content, title):
        """The form with its file in one request, as without script."""
        body = b"".join(
            [
                f'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n'.encode(),
                b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n',
                f"{self.kind}\r\n".encode(),
                b'--x\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\n',
                b"\r\n" + content + b"\r\n--x--\r\n",
            ]
        )
        headers = {
            "Cookie": self.cookie,
            "X-CSRFToken": CSRF,
            "Content-Type": "multipart/form-data; boundary=x",
        }
        return self.ask("POST", f"{self.question}dokumen/", body, headers)

    def rows(self, query):
        with closing(sqlite3.connect(self.var / "db" / "kla.sqlite3")) as database:
            database.create_function(
                "REGEXP", 2, lambda pattern, text: bool(re.search(pattern, text))
            )
            return database.execute(query).fetchall()

    @cached_property
    def kind(self):
        """The first kind of document that the form of the question offers."""
        page = self.ask("GET", self.question, headers={"Cookie": self.cookie})[1]
        return re.search(r'<select name="kind".*?<option value="([^"]+)"', page, re.DOTALL)[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    var = tmp_path_factory.mktemp("var")
    with ExitStack() as stack:
        disks = {
            name: stack.enter_context(small_disk(var / name, size)) for name, size in DISKS.items()
        }
        server = stack.enter_context(SmallServer(var))
        server.disks = disks
        yield server


def test_a_document_that_finds_no_room_is_507_with_what_was_typed(server):
    disk = server.disks["media"]
    documents = "SELECT count(*) FROM assessments_supportingdocument"
    disk.fill(leave=8192)

    status, page, _headers = server.upload(BIG, "SK Gugus Tugas 2024")

    assert status == 507
    assert "Tempat penyimpanan berkas penuh" in page
    assert 'value="SK Gugus Tugas 2024"' in page
    assert (server.rows(documents), disk.files()) == ([(0,)], [])
    disk.free()
    assert server.upload(BIG, "SK Gugus Tugas 2024")[0] == 302
    assert server.rows(documents) == [(1,)]
    [name] = server.rows("SELECT file, sha256 FROM assessments_supportingdocument")
    stored = server.var / "media" / name[0]
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == name[1]


def test_a_piece_of_an_upload_that_finds_no_room_is_507_and_goes_on_later(server):
    disk = server.disks["uploads"]
    said = {"Cookie": server.cookie, "X-CSRFToken": CSRF, "Tus-Resumable": "1.0.0"}
    digest = hashlib.sha256(BIG).hexdigest()
    made = {
        **said,
        "Upload-Length": str(len(BIG)),
        "Upload-Metadata": metadata(filename="a.jpg", sha256=digest),
    }
    address = server.ask("POST", f"{server.question}unggahan/", headers=made)[2]["Location"]
    piece = {**said, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    disk.fill(leave=8192)

    full = server.ask("PATCH", address, BIG, piece)[0]
    stands = server.ask("HEAD", address, headers=said)[2]["Upload-Offset"]

    disk.free()
    assert (full, stands) == (507, "0")
    assert server.ask("PATCH", address, BIG, piece)[:2] == (204, "")
    assert server.ask("HEAD", address, headers=said)[2]["Upload-Offset"] == str(len(BIG))


def test_a_body_that_finds_no_room_on_its_way_in_is_507_in_words(server):
    disk = server.disks["tmp"]
    before = disk.files()
    disk.fill(leave=8192)

    status, page, headers = server.upload(BIG, "SK")

    assert status == 507
    assert "Tempat penyimpanan server penuh, jadi kiriman belum diterima." in page
    assert headers["X-Frame-Options"] == "DENY"
    assert disk.files() == before
    # Pages and short forms need no room there.
    assert server.ask("GET", server.question, headers={"Cookie": server.cookie})[0] == 200
    assert server.send("pesan", text="Pendek")[0] == 302
    disk.free()
    assert server.upload(noise(801), "SK")[0] == 302


def test_a_database_that_finds_no_room_is_507_with_the_form_and_keeps_what_it_has(server):
    disk = server.disks["db"]
    comments = "SELECT text FROM assessments_comment WHERE text LIKE 'Kalimat%'"
    lines = "SELECT count(*) FROM assessments_activity"
    before = server.rows(lines)
    disk.fill()

    answers = [server.send("pesan", text=f"{TEXT} {'x' * 1500}") for _ in range(30)]
    refused = [page for status, page, _headers in answers if status == 507]

    kept = len(server.rows(comments))
    assert {status for status, *_rest in answers} <= {302, 507}, server.log()[-6000:]
    assert refused, "the database never found itself without room"
    assert all(FULL in page and TEXT in page for page in refused)
    assert kept == len(answers) - len(refused)
    assert server.rows(lines) == [(before[0][0] + kept,)]
    assert server.rows("PRAGMA integrity_check") == [("ok",)]
    disk.free()
    assert server.send("pesan", text=TEXT)[0] == 302
    assert len(server.rows(comments)) == kept + 1


# --- Renditions: made behind the requests, and marked on their way out -----------------------------


@pytest.fixture
def rooms(settings, tmp_path):
    """Where documents lie and where they are worked on, each on a small disk of its own."""
    with (
        small_disk(tmp_path / "media", 2_000) as media,
        small_disk(tmp_path / "tmp", 2_000) as tmp,
    ):
        settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR = media.path, tmp.path
        yield {"media": media, "tmp": tmp}


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["media", "tmp"])
def test_a_rendition_that_finds_no_room_is_made_once_there_is_some(rooms, room):
    answer = answer_of(working_year(), "1.2")
    files = [picture(photo())]
    [evidence] = hand_in(answer, by=staff_of(answer.assessment, "DISDIK").user, files=files)
    before = rooms["media"].files()
    rooms[room].fill(leave=4096)

    states = [make_rendition(evidence.document_id, at=later(10 * n)) for n in range(1, 6)]

    assert states == [RenditionState.PENDING] * 5
    assert Rendition.objects.get().attempts == 0
    assert (rooms["media"].files(), rooms["tmp"].files()) == (before, [])
    rooms[room].free()
    assert make_rendition(evidence.document_id, at=later(100)) == RenditionState.READY


@pytest.mark.django_db
def test_a_marked_copy_that_finds_no_room_is_507(rooms):
    year = working_year()
    answer = answer_of(year, "1.2")
    hand_in(
        answer,
        by=staff_of(year, "DISDIK").user,
        files=[picture(photo())],
        sensitivity=Sensitivity.CHILD,
    )
    evidence = Evidence.objects.get()
    make_rendition(evidence.document_id, at=later())
    client = Client(raise_request_exception=False)
    client.force_login(reviewer_of(year).user)
    address = reverse("assessments:document_view", args=[year.city.slug, evidence.document_id])
    rooms["tmp"].fill(leave=4096)

    full = client.get(address)

    assert (full.status_code, FULL in full.text) == (507, True)
    rooms["tmp"].free()
    again = client.get(address)
    assert (again.status_code, again["Content-Type"]) == (200, "image/jpeg")
    again.close()


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_finds_no_room_keeps_the_one_before(tmp_path):
    answer = answer_of(working_year(), "1.2")
    hand_in(answer, files=[picture(BIG)])
    with small_disk(tmp_path / "backups", 4_000) as disk:
        call_command("backup", str(disk.path))
        before = disk.files()
        hand_in(answer, files=[picture(noise(801))])
        disk.fill(leave=64_000)
        time.sleep(1)  # a run is named for its second

        with pytest.raises(CommandError, match="No space left on device"):
            call_command("backup", str(disk.path))

        assert disk.files() == before
        disk.free()
        call_command("backup", str(disk.path))
        assert {one for one in before if one.startswith("blobs/")} < set(disk.files())
