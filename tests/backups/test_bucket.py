"""Backups in a bucket: sent in parts, compared, cut off, removed, brought back."""

import importlib
import io
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from backups import bucket as buckets
from backups.bucket import Bucket
from backups.repository import Repository
from kla.management.backups import place_at
from tests.backups.test_backup_and_restore import document_with
from tests.factories.cities import CityFactory

PLACE = "s3://cadangan/kla"
LENGTH = 11 * 1024 * 1024  # three parts of 5 MB, the least that S3 takes

CUT_OFF = """
import io, os, signal
from backups import bucket
bucket.PART = 5 * 1024 * 1024
place = bucket.Bucket("s3://cadangan/kla")
class Dying(io.BytesIO):
    def read(self, size=-1):
        if self.tell() >= bucket.PART:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)
place.replace("blobs/plain/ab/satu", Dying(b"x" * 11_000_000))
"""


@pytest.fixture
def place(s3, monkeypatch):
    monkeypatch.setattr(buckets, "PART", 5 * 1024 * 1024)
    return Bucket(PLACE)


def keys(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket="cadangan").get("Contents", [])]


def uploads(s3):
    return s3.list_multipart_uploads(Bucket="cadangan").get("Uploads", [])


@pytest.mark.parametrize("length", [0, 1, 5 * 1024 * 1024 - 1, 5 * 1024 * 1024, LENGTH])
def test_what_was_sent_comes_back_whatever_its_length(place, length):
    content = os.urandom(length)

    place.replace("a/satu", io.BytesIO(content))

    with place.open("a/satu") as file:
        assert file.read() == content


def test_a_large_file_never_stands_in_memory_whole(place):
    asked = []

    class Counting(io.BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    place.replace("satu", Counting(b"x" * LENGTH))

    assert asked == [5 * 1024 * 1024] * 4


def test_it_lies_below_its_prefix_and_sees_nothing_beside_it(place, s3):
    s3.put_object(Bucket="cadangan", Key="kla-lain/runs/x", Body=b"")
    place.replace("runs/satu/berkas", io.BytesIO(b"isi"))

    assert keys(s3) == ["kla-lain/runs/x", "kla/runs/satu/berkas"]
    assert place.listdir("runs") == (["satu"], [])
    assert place.listdir("runs/satu") == ([], ["berkas"])
    assert place.listdir("") == (["runs"], [])


def test_a_bucket_without_a_prefix_is_used_from_its_top(s3):
    place = Bucket("s3://cadangan")
    place.replace("runs/satu/berkas", io.BytesIO(b"isi"))

    assert keys(s3) == ["runs/satu/berkas"]
    assert place.listdir("") == (["runs"], [])


@pytest.mark.parametrize("length", [10, LENGTH])
def test_what_arrives_otherwise_than_it_was_sent_is_refused_and_not_left_there(place, s3, length):
    """As from a server or a line that spoils bytes and notices nothing itself."""
    put, part = place.client.put_object, place.client.upload_part
    place.client.put_object = lambda **said: put(**unchecked(said))
    place.client.upload_part = lambda **said: part(**unchecked(said))

    with pytest.raises(OSError, match="satu arrived otherwise than it was sent"):
        place.replace("satu", io.BytesIO(b"x" * length))

    assert keys(s3) == []


def unchecked(said):
    """The same request with its last byte spoilt and a checksum that fits it."""
    said = {name: value for name, value in said.items() if name != "ChecksumSHA256"}
    return {**said, "Body": said["Body"][:-1] + b"!"}


def test_an_upload_that_fails_ends_and_leaves_what_lay_there(place, s3):
    place.replace("satu", io.BytesIO(b"lama"))

    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 5 * 1024 * 1024:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        place.replace("satu", Broken(b"x" * LENGTH))

    with place.open("satu") as file:
        assert file.read() == b"lama"
    assert uploads(s3) == []


def test_a_writer_killed_in_the_middle_leaves_what_lay_there_and_the_next_turn_its_parts(place, s3):
    place.replace("blobs/plain/ab/satu", io.BytesIO(b"lama"))

    died = subprocess.run([sys.executable, "-c", CUT_OFF], env=os.environ, check=False)

    assert died.returncode == -signal.SIGKILL
    with place.open("blobs/plain/ab/satu") as file:
        assert file.read() == b"lama"
    assert [one["Key"] for one in uploads(s3)] == ["kla/blobs/plain/ab/satu"]

    Repository(place).remove_all_but([])

    assert uploads(s3) == []
    assert keys(s3) == []


def test_what_is_not_there_is_no_file_and_a_refusal_is_told(place, monkeypatch):
    with pytest.raises(FileNotFoundError):
        place.open("tidak/ada")
    place.delete("tidak/ada")

    with pytest.raises(OSError, match="NoSuchBucket"):
        Bucket("s3://tidak-ada").listdir("runs")


def test_a_server_that_is_away_is_an_error_of_the_system(monkeypatch, s3):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    away = Bucket(PLACE)

    with pytest.raises(OSError, match="Could not connect"):
        away.listdir("runs")


@pytest.mark.parametrize(
    ("region", "default", "used"),
    [("", "", "us-east-1"), ("", "ap-southeast-3", "ap-southeast-3"), ("idn-1", "x", "idn-1")],
)
def test_a_region_that_is_set_to_nothing_is_none(s3, monkeypatch, region, default, used):
    """As compose hands on what nobody has set."""
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", default)

    assert Bucket(PLACE).client.meta.region_name == used


@pytest.mark.parametrize("address", ["s3://", "s3:///kla"])
def test_an_address_without_a_bucket_is_refused(address):
    with pytest.raises(CommandError) as refusal:
        place_at(address)

    assert str(refusal.value) == f"{address} tidak dapat dipakai sebagai tempat cadangan: {address}"


def test_without_the_optional_packages_it_says_what_to_install(monkeypatch):
    def none(name):
        raise ModuleNotFoundError("No module named 'boto3'")

    monkeypatch.setattr(importlib, "import_module", none)

    with pytest.raises(CommandError) as refusal:
        place_at(PLACE)

    assert str(refusal.value) == (
        "Cadangan ke S3 memerlukan kelompok pilihan s3: pasang requirements/s3.txt "
        "(No module named 'boto3')."
    )


def test_nothing_that_the_site_starts_with_imports_the_client():
    started = "import sys, django; django.setup(); import kla.urls, kla.management.backups; "
    loaded = "print(sorted({'boto3', 'botocore'} & set(sys.modules)))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(
        [sys.executable, "-c", started + loaded],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"


@pytest.mark.django_db(transaction=True)
def test_a_site_is_backed_up_to_a_bucket_listed_and_only_the_newest_kept(
    documents, s3, capsys, monkeypatch
):
    CityFactory()
    document_with(b"akta")

    call_command("backup", PLACE, keep_all=True)
    first = Repository(Bucket(PLACE)).manifest()
    monkeypatch.setattr("backups.creating.run_name", lambda _at: "20991231T000000Z")
    call_command("backup", PLACE, daily=1, weekly=0, monthly=0)
    capsys.readouterr()
    call_command("restore", PLACE, "--list")

    manifest = Repository(Bucket(PLACE)).manifest()
    assert (manifest.files, manifest.rows) == (1, first.rows)
    listed = f"20991231T000000Z  {sum(manifest.rows.values())} baris  1 berkas\n"
    assert capsys.readouterr().out == listed


@pytest.mark.django_db(transaction=True)
def test_a_backup_in_a_bucket_is_proven_by_bringing_it_back(documents, s3, capsys, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "kla.settings")
    CityFactory()
    document_with(b"akta")
    call_command("backup", PLACE)
    manifest = Repository(Bucket(PLACE)).manifest()
    capsys.readouterr()

    call_command("verify_backup", PLACE)

    assert capsys.readouterr().out == (
        f"Cadangan {manifest.name} dapat dipulihkan: {sum(manifest.rows.values())} baris dan "
        "1 berkas cocok, semua pemeriksaan bersih.\n"
    )
