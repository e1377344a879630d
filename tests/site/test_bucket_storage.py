"""Documents in a bucket: on a real server that speaks S3, which a test may cut off."""

import errno
import hashlib
import io
import os

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.response import StreamingBody
from django.core.files import File
from django.core.files.base import ContentFile

from assessments.services.upload_storage import HandedOverFile
from backups import bucket as parts
from kla.bucket_storage import READ_AHEAD, BucketStorage, Object
from tests.backups.conftest import s3_address  # noqa: F401  # a fixture

NAME = "documents/ab/ab12"
LONG = os.urandom(3 * 1024 * 1024 + 17)


@pytest.fixture
def storage(s3_address):  # noqa: F811
    """An empty bucket, in which documents lie under a prefix."""
    place = {
        "endpoint_url": s3_address,
        "region_name": "us-east-1",
    }
    keys = {"aws_access_key_id": "kla", "aws_secret_access_key": "rahasia"}
    client = boto3.client("s3", **place, **keys)
    client.create_bucket(Bucket="dokumen")
    yield BucketStorage(
        **place, access_key="kla", secret_key="rahasia", bucket_name="dokumen", location="kota"
    )
    for one in client.list_objects_v2(Bucket="dokumen").get("Contents", []):
        client.delete_object(Bucket="dokumen", Key=one["Key"])
    client.delete_bucket(Bucket="dokumen")


def keys_in(storage):
    found = storage.client.list_objects_v2(Bucket="dokumen").get("Contents", [])
    return {one["Key"]: one["Size"] for one in found}


@pytest.mark.parametrize("content", [b"", b"satu", LONG], ids=["empty", "short", "long"])
def test_what_was_stored_comes_back(storage, content):
    assert storage.save(NAME, ContentFile(content)) == NAME

    assert keys_in(storage) == {f"kota/{NAME}": len(content)}
    assert storage.exists(NAME)
    assert storage.size(NAME) == len(content)
    with storage.open(NAME, "rb") as file:
        assert file.read() == content
        file.seek(0)
        assert b"".join(file.chunks()) == content


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_long_one_goes_in_parts_with_a_checksum_of_each(storage, monkeypatch, more):
    monkeypatch.setattr(parts, "PART", 5 * 1024 * 1024)
    content = os.urandom(2 * parts.PART + more)

    storage.save(NAME, ContentFile(content))

    head = storage.client.head_object(Bucket="dokumen", Key=f"kota/{NAME}", ChecksumMode="ENABLED")
    pieces = [content[start : start + parts.PART] for start in range(0, len(content), parts.PART)]
    assert head["ETag"].strip('"').endswith(f"-{len(pieces)}")
    with storage.open(NAME) as file:
        assert hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(content).digest()


def test_reading_holds_no_more_than_a_piece_at_a_time(storage, monkeypatch):
    """What is asked of the connection is counted: the server of this test shares our memory."""
    storage.save(NAME, ContentFile(LONG * 8))
    asked, begin = [], Object._from_here

    class Counting:
        def __init__(self, content):
            self.content = content

        def read(self, wanted):
            asked.append(wanted)
            return self.content.read(wanted)

        def close(self):
            self.content.close()

    monkeypatch.setattr(Object, "_from_here", lambda self: Counting(begin(self)))
    with storage.open(NAME) as file:
        read = sum(len(piece) for piece in iter(lambda: file.read(READ_AHEAD), b""))

    assert read == len(LONG * 8)
    assert max(asked) <= READ_AHEAD


def test_whoever_looks_for_its_length_reads_on_though_it_is_moved_meanwhile(storage):
    storage.save(NAME, ContentFile(LONG))
    with storage.open(NAME) as file:
        length = file.seek(0, io.SEEK_END)
        file.seek(0)
        storage.delete(NAME)

        assert (length, file.read()) == (len(LONG), LONG)


def test_it_is_read_from_any_place(storage):
    storage.save(NAME, ContentFile(LONG))

    with storage.open(NAME) as file:
        for place in (0, 5, len(LONG) - 3, 1024 * 1024, 7):
            file.seek(place)
            assert (file.tell(), file.read(10)) == (place, LONG[place : place + 10])
        assert file.seek(-4, io.SEEK_END) == len(LONG) - 4
        assert file.read() == LONG[-4:]
        assert file.read() == b""


def test_a_connection_that_breaks_in_the_middle_is_taken_up_again(storage, monkeypatch):
    storage.save(NAME, ContentFile(LONG))
    breaks = iter([True, False, True, True, False])
    plainly = StreamingBody.read

    def breaking(self, amt=None):
        if next(breaks, False):
            raise OSError(errno.ECONNRESET, "Connection reset by peer")
        return plainly(self, amt)

    monkeypatch.setattr(StreamingBody, "read", breaking)
    with storage.open(NAME) as file:
        assert file.read() == LONG


def test_one_that_stays_broken_is_an_error_and_never_a_shorter_file(storage, monkeypatch):
    storage.save(NAME, ContentFile(LONG))

    with storage.open(NAME) as file:
        file.read(1024)
        monkeypatch.setattr(StreamingBody, "read", lambda *_args: b"")
        with pytest.raises(OSError, match="ended too early"):
            file.read()


def test_one_that_is_replaced_meanwhile_is_never_mixed(storage):
    storage.save(NAME, ContentFile(LONG))

    with storage.open(NAME) as file:
        file.read(10)
        storage.client.put_object(Bucket="dokumen", Key=f"kota/{NAME}", Body=LONG[::-1])
        file.seek(2 * 1024 * 1024)
        with pytest.raises(OSError, match=r"PreconditionFailed|412"):
            file.read(10)


def test_what_is_not_there_is_told_as_in_a_folder(storage):
    for ask in (storage.open, storage.size):
        with pytest.raises(FileNotFoundError):
            ask(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)
    assert storage.listdir("documents") == ([], [])


def test_folders_and_files_are_listed_as_in_a_folder(storage):
    for name in (NAME, "documents/cd/cd34", "renditions/ab/ab12"):
        storage.save(name, ContentFile(b"x"))

    assert storage.listdir("") == (["documents", "renditions"], [])
    assert storage.listdir("documents/ab") == ([], ["ab12"])


def test_nothing_is_written_over(storage):
    storage.save(NAME, ContentFile(b"lama"))

    second = storage.save(NAME, ContentFile(b"baru"))

    assert second != NAME
    with storage.open(NAME) as file:
        assert file.read() == b"lama"


def test_what_is_replaced_is_written_over_from_where_it_is_read(storage):
    storage.save(NAME, ContentFile(b"lama"))
    content = io.BytesIO(b"yang baru")
    content.seek(5)

    storage.replace(NAME, content)

    with storage.open(NAME) as file:
        assert file.read() == b"baru"


def test_many_are_removed_at_a_time(storage):
    names = [f"documents/ab/ab{number}" for number in range(20)]
    for name in names:
        storage.save(name, ContentFile(b"x"))

    storage.delete_all([*names[1:], "documents/ab/never"])

    assert list(keys_in(storage)) == [f"kota/{names[0]}"]


def test_an_upload_that_arrived_in_pieces_is_taken_over_by_its_path(storage, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(LONG)

    storage.save(NAME, HandedOverFile(path, name="sk.pdf", size=len(LONG)))

    with storage.open(NAME) as file:
        assert file.read() == LONG
    assert not path.exists()


def test_one_that_arrived_otherwise_is_gone_and_told(storage, monkeypatch, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(LONG)
    monkeypatch.setattr(parts, "_is_stored", lambda *_args: False)

    with pytest.raises(OSError, match="arrived otherwise"):
        storage.save(NAME, HandedOverFile(path, name="sk.pdf", size=len(LONG)))

    assert keys_in(storage) == {}
    assert path.exists(), "it can be sent again"


def test_a_part_that_fails_leaves_nothing_behind(storage, monkeypatch):
    monkeypatch.setattr(parts, "PART", 5 * 1024 * 1024)

    class Breaking(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= parts.PART:
                raise OSError(errno.EIO, "disk")
            return super().read(size)

    with pytest.raises(OSError, match="disk"):
        storage.save(NAME, File(Breaking(bytes(3 * parts.PART))))

    assert keys_in(storage) == {}
    assert "Uploads" not in storage.client.list_multipart_uploads(Bucket="dokumen")


def test_a_server_that_is_away_is_an_error_of_the_storage(storage, monkeypatch):
    gone = BucketStorage(
        endpoint_url="http://127.0.0.1:9",
        region_name="us-east-1",
        access_key="kla",
        secret_key="rahasia",
        bucket_name="dokumen",
        client_config=parts.client_config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    for ask in (
        lambda: gone.open(NAME),
        lambda: gone.exists(NAME),
        lambda: gone.save(NAME, ContentFile(b"x")),
        lambda: gone.delete(NAME),
        lambda: gone.delete_all([NAME]),
        lambda: gone.replace(NAME, io.BytesIO(b"x")),
        lambda: gone.listdir("documents"),
    ):
        with pytest.raises(OSError, match=r"documents|endpoint") as refused:
            ask()
        assert not isinstance(refused.value, FileNotFoundError)
        assert "rahasia" not in str(refused.value)
    with pytest.raises(EndpointConnectionError):
        gone.require_answer()


def test_it_answers(storage):
    storage.require_answer()


def test_documents_are_written_whole_or_not(storage):
    with pytest.raises(ValueError, match="written whole"):
        storage.open(NAME, "wb")
