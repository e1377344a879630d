"""An upload whose pieces reach several machines, which share a bucket and no folder."""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import DatabaseError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assessments.models import SupportingDocument, Upload
from assessments.services import upload_objects, upload_storage, uploads
from assessments.services.upload_storage import LostContentError
from backups.bucket import client_config
from tests.assessments import corpus
from tests.assessments.situations import NOW
from tests.assessments.test_uploads import arrive, begun, partial_files, sweep, upload_of
from tests.assessments.tus import Sender, id_in, place_of
from tests.backups.conftest import s3_address  # noqa: F401  # a fixture
from tests.site.test_bucket_storage import keys_in
from tests.site.test_bucket_storage import storage as bucket  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

PDF = corpus.pdf()
THIRD, FOURTH = len(PDF) // 3, len(PDF) // 4 + 1
DAY = timedelta(days=1)
FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def place_of_documents(settings, bucket, s3_address):  # noqa: F811
    """Says where documents lie: in the bucket, in a folder, or in both; or that it is away."""

    def put(address=s3_address, *, also_from=None, plainly=None):
        options = {
            "bucket_name": "dokumen",
            "location": "kota",
            "endpoint_url": address,
            "region_name": "us-east-1",
            "access_key": "kla",
            "secret_key": "rahasia",
            "client_config": client_config(retries={"total_max_attempts": 1}, connect_timeout=1),
        }
        first = {"BACKEND": "kla.bucket_storage.BucketStorage", "OPTIONS": options}
        if also_from:
            both = {"first": also_from, "second": first}
            first = {"BACKEND": "kla.two_places.TwoPlaces", "OPTIONS": both}
        settings.STORAGES = settings.STORAGES | {"default": plainly or first}

    put()
    return put


@pytest.fixture
def away(place_of_documents):
    """The bucket, as long as nobody answers there."""

    @contextmanager
    def nobody_answers():
        place_of_documents("http://127.0.0.1:9")
        yield
        place_of_documents()

    return nobody_answers


@pytest.fixture
def at(settings, tmp_path):
    """What comes next reaches the machine of this name."""

    def reach(name):
        settings.KLA_UPLOADS = tmp_path / name / "uploads"

    reach("a")
    return reach


@pytest.fixture
def sender(answer, staff, place_of_documents, at):
    return Sender(staff.user, answer)


@pytest.fixture
def shared(bucket):  # noqa: F811
    return bucket


@pytest.fixture
def objects(shared):
    """The keys of what has arrived of uploads."""

    def keys():
        return sorted(key for key in keys_in(shared) if key.startswith("kota/uploads/"))

    return keys


def stored():
    """The content of the one document."""
    with SupportingDocument.objects.get().file.open("rb") as file:
        return file.read()


def here(place):
    return upload_storage.path_of(UUID(id_in(place)))


def test_it_begins_here_goes_on_there_and_ends_here(sender, at, objects):
    place = sender.begin(PDF)

    statuses = []
    for number, name in enumerate("abab"):
        at(name)
        offset = int(sender.head(place)["Upload-Offset"])
        piece = PDF[offset : (number + 1) * FOURTH]
        statuses.append(sender.patch(place, offset, piece).status_code)
    pieces = objects()
    at("a")
    handed_in = sender.hand_in(id_in(place))

    assert (statuses, len(pieces), handed_in.status_code) == ([204] * 4, 4, 302)
    assert stored() == PDF
    assert (objects(), partial_files(), Upload.objects.count()) == ([], [], 0)


def test_a_piece_is_an_object_that_says_where_it_belongs(sender, objects):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])
    sender.patch(place, 100, PDF[100:150])

    nothing, first, second = (hashlib.sha256(PDF[:end]).hexdigest() for end in (0, 100, 150))
    folder = f"kota/uploads/{upload_of(place).pk.hex}"
    assert objects() == [
        f"{folder}/000000000000000-{nothing}-{first}",
        f"{folder}/000000000000100-{first}-{second}",
    ]
    assert upload_of(place).arrived_sha256 == second


def test_it_is_handed_in_and_read_at_a_machine_that_has_nothing_of_it(sender, at, objects):
    upload_id = sender.send(PDF, name="SK 12 Tahun 2025.pdf")
    at("b")

    proposed = sender.client.get(place_of(sender.answer, "upload_proposals", upload_id))
    handed_in = sender.hand_in(upload_id)

    assert (proposed.status_code, handed_in.status_code) == (200, 302)
    assert (stored(), objects(), partial_files()) == (PDF, [], [])


def test_what_a_machine_wrote_and_did_not_count_is_never_mixed_in(
    answer, staff, at, place_of_documents, monkeypatch
):
    """Its copy is longer than the row says, and has other bytes than another machine counted."""
    upload = begun(answer, staff.user, b"satu dua tiga")
    arrive(upload, 0, b"satu ")

    def dying(*_args, **_kwargs):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(Upload, "save", dying)
        with pytest.raises(DatabaseError):
            arrive(upload, 5, b"xxx xxxx")
    at("b")
    arrive(upload, 5, b"dua ")
    at("a")
    arrive(upload, 9, b"tiga")

    upload.refresh_from_db()
    with uploads.content_of(upload) as file:
        assert file.read() == b"satu dua tiga"
    at("b")
    with uploads.content_of(upload) as file:
        assert file.read() == b"satu dua tiga"


def test_a_server_that_comes_too_late_writes_beside_what_is_counted(
    answer, staff, at, place_of_documents, objects
):
    """It lost its row to another while its piece was on the way to the bucket."""
    upload = begun(answer, staff.user, b"satu dua")
    arrive(upload, 0, b"satu ")
    upload.refresh_from_db()
    known = upload.arrived_sha256
    at("b")
    arrive(upload, 5, b"dua")
    at("a")
    upload_storage.write(upload.pk, 5, BytesIO(b"xxx"), arrived=known)

    upload.refresh_from_db()
    assert len(objects()) == 3
    for name in "ab":
        at(name)
        with uploads.content_of(upload) as file:
            assert file.read() == b"satu dua"


def test_a_server_killed_between_object_and_row_is_no_hindrance(sender, at, objects):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:THIRD])
    upload = upload_of(place)
    upload_storage.write(
        upload.pk, THIRD, BytesIO(PDF[THIRD : 2 * THIRD]), arrived=upload.arrived_sha256
    )
    at("b")

    resumed = sender.patch(place, THIRD, PDF[THIRD : THIRD + 5])
    at("a")
    ended = sender.patch(place, THIRD + 5, PDF[THIRD + 5 :])
    sender.hand_in(id_in(place))

    assert (resumed.status_code, ended.status_code) == (204, 204)
    assert (stored(), objects()) == (PDF, [])


def test_a_copy_that_a_killed_server_had_half_fetched_is_made_whole(sender, at):
    place = sender.begin(PDF)
    for start in range(0, len(PDF), THIRD):
        sender.patch(place, start, PDF[start : start + THIRD])
    at("b")
    here(place).parent.mkdir(parents=True)
    here(place).write_bytes(PDF[:THIRD] + b"x" * THIRD + PDF[2 * THIRD :] + b"lebih")

    assert sender.hand_in(id_in(place)).status_code == 302
    assert stored() == PDF


def test_while_the_bucket_is_away_a_piece_is_refused_in_words_and_the_upload_waits(
    sender, at, away, objects
):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:THIRD])

    refused, offsets = [], []
    with away():
        for name in "ab":
            at(name)
            refused.append(sender.patch(place, THIRD, PDF[THIRD:]))
            offsets.append(sender.head(place)["Upload-Offset"])
    at("b")

    assert [answer.status_code for answer in refused] == [507, 507]
    assert "Coba lagi sebentar" in refused[0].content.decode()
    assert offsets == [str(THIRD)] * 2
    assert sender.patch(place, THIRD, PDF[THIRD:]).status_code == 204
    sender.hand_in(id_in(place))
    assert (stored(), objects()) == (PDF, [])


def test_while_the_bucket_is_away_the_form_is_refused_in_words_and_the_upload_waits(
    sender, at, away
):
    upload_id = sender.send(PDF)
    refused = []
    with away():
        for name in "ab":
            at(name)
            refused.append(sender.hand_in(upload_id).context["upload_form"].errors["file"])
        read = sender.client.get(place_of(sender.answer, "upload_proposals", upload_id))

    assert ["Coba lagi sebentar" in errors[0] for errors in refused] == [True, True]
    assert (read.status_code, Upload.objects.count()) == (200, 1)
    assert sender.hand_in(upload_id).status_code == 302
    assert stored() == PDF


def test_thrown_away_it_leaves_nothing(sender, at, objects):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])
    at("b")

    assert sender.delete(place).status_code == 204
    assert (objects(), Upload.objects.count()) == ([], 0)


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_where_the_bucket_has_lost_it_too_the_upload_ends(
    sender,
    at,
    shared,
    objects,
    harm,
):
    places = [sender.begin(PDF), sender.begin(PDF)]
    for place in places:
        sender.patch(place, 0, PDF[:100])
    for key in objects():
        shared.client.delete_object(Bucket="dokumen", Key=key)
        if harm == "damaged":
            shared.client.put_object(Bucket="dokumen", Key=key, Body=b"x" * 100)
    at("b")

    answers = [sender.patch(places[0], 100, PDF[100:])]
    if harm == "gone":
        answers.append(sender.head(places[1]))

    assert {answer.status_code for answer in answers} == {410}
    assert Upload.objects.count() == 2 - len(answers)


def test_one_lost_meanwhile_is_told_so_by_the_form(sender, at, shared, objects):
    upload_id = sender.send(PDF)
    for key in objects():
        shared.client.delete_object(Bucket="dokumen", Key=key)
    at("b")

    refused = sender.hand_in(upload_id)

    assert refused.context["upload_form"].errors["file"].as_data()[0].code == "lost"
    assert Upload.objects.count() == 0


# --- Sweeping ---------------------------------------------------------------------------------


def test_what_nobody_goes_on_with_is_swept_from_any_machine(
    answer, staff, at, place_of_documents, objects
):
    upload = begun(answer, staff.user)
    arrive(upload, 0, b"isi ", at=NOW)
    at("b")

    assert sweep(at=NOW + DAY - timedelta(microseconds=1)) == uploads.Swept(0, 0)
    assert len(objects()) == 1
    assert sweep(at=NOW + DAY) == uploads.Swept(1, 0)
    assert objects() == []


def test_objects_of_no_upload_are_swept_and_documents_stay(
    sender,
    answer,
    staff,
    shared,
    objects,
):
    sender.hand_in(sender.send(PDF))
    waiting = begun(answer, staff.user)
    arrive(waiting, 0, b"isi ")
    kept = keys_in(shared)
    upload_storage.write(uuid4(), 0, BytesIO(b"sisa"))

    assert sweep(at=NOW) == uploads.Swept(0, 1)
    assert keys_in(shared) == kept
    assert stored() == PDF


def test_what_a_bucket_that_is_away_keeps_is_swept_later(sender, away, objects):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])

    with away():
        assert sender.delete(place).status_code == 204
        assert sweep(at=NOW) == uploads.Swept(0, 0)
    assert (partial_files(), len(objects())) == ([], 1)
    assert sweep(at=NOW) == uploads.Swept(0, 1)
    assert objects() == []


def test_a_machine_forgets_copies_of_what_ended_elsewhere(sender, at):
    old, young, newest = (sender.begin(corpus.pdf(pages=pages)) for pages in (1, 2, 3))
    sender.patch(old, 0, PDF)
    sender.patch(young, 0, b"%PDF")
    long_ago = here(young).stat().st_mtime - 2 * DAY.total_seconds() - 10
    os.utime(here(old), (long_ago, long_ago))

    sender.patch(newest, 0, b"%PDF")

    assert partial_files() == sorted(upload_of(place).pk.hex for place in (young, newest))
    assert sender.hand_in(id_in(old)).status_code == 302, "what goes on is fetched again"


# --- Moving to a bucket and back ----------------------------------------------------------------


def test_one_that_began_in_a_folder_goes_along_with_its_next_piece(
    answer, staff, at, place_of_documents, objects
):
    place_of_documents(plainly=FOLDER)
    upload = begun(answer, staff.user, b"satu dua tiga")
    arrive(upload, 0, b"satu ")
    assert objects() == []

    place_of_documents()
    arrive(upload, 5, b"dua ")
    at("b")
    arrive(upload, 9, b"tiga")

    upload.refresh_from_db()
    with uploads.content_of(upload) as file:
        assert file.read() == b"satu dua tiga"
    assert len(objects()) == 2


def test_while_documents_move_machines_share_uploads_in_either_order(
    sender, at, place_of_documents, objects
):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:THIRD])
    place_of_documents(also_from=FOLDER)
    at("b")
    sender.patch(place, THIRD, PDF[THIRD:])

    assert len(objects()) == 2
    sender.hand_in(id_in(place))

    assert isinstance(default_storage.first, FileSystemStorage)
    assert default_storage.first.exists(SupportingDocument.objects.get().file.name)
    assert (stored(), objects()) == (PDF, [])


@pytest.mark.parametrize("is_stale", [False, True])
def test_without_the_bucket_again_only_what_is_certainly_here_goes_on(
    answer, staff, at, place_of_documents, is_stale
):
    upload = begun(answer, staff.user, b"satu dua tiga")
    arrive(upload, 0, b"satu dua ")
    if is_stale:
        upload_storage.path_of(upload.pk).write_bytes(b"satu xxx xxx")
    place_of_documents(plainly=FOLDER)
    upload.refresh_from_db()

    def go_on():
        return upload_storage.write(upload.pk, 9, BytesIO(b"tiga"), arrived=upload.arrived_sha256)

    if is_stale:
        assert not upload_storage.holds(upload.pk, 9, arrived=upload.arrived_sha256)
        with pytest.raises(LostContentError):
            go_on()
    else:
        assert go_on() == ""
        assert upload_storage.path_of(upload.pk).read_bytes() == b"satu dua tiga"


def test_what_a_server_of_an_older_version_counted_is_sent_again_and_never_guessed(
    answer, staff, at, place_of_documents
):
    """It leaves the SHA-256 of less than it counts."""
    upload = begun(answer, staff.user, b"satu dua tiga")
    arrive(upload, 0, b"satu ")
    at("b")
    arrive(upload, 5, b"xxx ")
    upload.refresh_from_db()
    at("a")
    upload_storage.path_of(upload.pk).write_bytes(b"satu tiga ekor")

    with pytest.raises(LostContentError):
        upload_storage.write(upload.pk, 12, BytesIO(b"a"), arrived=upload.arrived_sha256)


# --- Beside the documents -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # a backup reads in a transaction of its own
def test_whoever_looks_through_documents_sees_none_of_it(
    sender, objects, capsys, tmp_path, place_of_documents
):
    sender.hand_in(sender.send(PDF))
    place = sender.begin(corpus.pdf(pages=2))
    sender.patch(place, 0, b"%PDF")
    before = objects()

    call_command("verify_documents")
    call_command("backup", str(tmp_path / "cadangan"))
    place_of_documents(also_from=FOLDER)
    call_command("move_documents")
    said = capsys.readouterr().out

    assert "1 berkas utuh" in said
    assert ", 1 berkas (" in said
    assert "1 dipindahkan" in said
    assert (objects(), stored()) == (before, PDF)


def test_without_a_bucket_nothing_is_done_for_one(answer, staff, monkeypatch):
    def never(*_args, **_kwargs):
        raise AssertionError

    for name in ("bring", "store", "is_there", "sha256_of_first"):
        monkeypatch.setattr(upload_objects, name, never)
    upload = begun(answer, staff.user, b"satu dua")
    arrive(upload, 0, b"satu ")
    arrive(upload, 5, b"dua")

    upload.refresh_from_db()
    assert upload.arrived_sha256 == ""
    assert upload_storage.holds(upload.pk, 8)
    with uploads.content_of(upload) as file:
        assert file.read() == b"satu dua"
    uploads.discard(upload_id=upload.pk)
    sweep(at=NOW)


def test_without_a_bucket_its_client_is_not_even_imported():
    asked = (
        "import django, sys, uuid; django.setup();"
        "from assessments.services import upload_storage as s, uploads;"
        "s.remove(uuid.uuid4()); list(s.stored_uploads());"
        "print(sorted({'boto3', 'storages'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "kla.settings", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"


# --- Any order ----------------------------------------------------------------------------------

# At which machine, how long a piece, of which bytes, and whether its row counts it.
STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.binary(max_size=1), st.booleans()),
    max_size=8,
)


@given(STEPS, st.sampled_from("abcd"))
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_of_machines_and_deaths_it_is_what_was_counted(
    at, place_of_documents, steps, last
):
    upload_id, counted, arrived = uuid4(), b"", ""
    for number, (name, length, other, is_counted) in enumerate(steps):
        at(name)
        piece = ((other or b"x") + bytes([number])) * length
        after = upload_storage.write(upload_id, len(counted), BytesIO(piece), arrived=arrived)
        if is_counted:
            counted, arrived = counted + piece, after
    at(last)

    assert upload_storage.holds(upload_id, len(counted), arrived=arrived)
    if counted:
        path = upload_storage.whole(upload_id, len(counted), arrived=arrived)
        assert path.read_bytes() == counted
    upload_storage.remove(upload_id)
    assert upload_id not in set(upload_storage.stored_uploads())
