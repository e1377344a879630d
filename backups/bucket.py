"""A bucket that speaks S3, in which backups lie: `s3://bucket/prefix`.

Address, region and keys come from where every program of this kind takes them: AWS_ENDPOINT_URL,
AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the file AWS_SHARED_CREDENTIALS_FILE. Needs
the optional group `s3`; nothing else imports this module.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File

# Bytes that are held in memory at once, and the length of a part; S3 takes 10,000 of them.
PART = 16 * 1024 * 1024
CHUNK = 1024 * 1024
SCHEME = "s3://"
GONE = frozenset({"404", "NoSuchKey"})


def sent_whole(client: Any, bucket: str, key: str, content: IO[bytes]) -> bool:
    """Send it, in parts where it is long, and say whether the server has what was sent.

    Raises what the client raises; an upload in parts is then ended.
    """
    first = content.read(PART)
    if len(first) < PART:
        expected = hashlib.sha256(first).digest()
        checksum = _base64(expected)
        client.put_object(Bucket=bucket, Key=key, Body=first, ChecksumSHA256=checksum)
        return _is_stored(client, bucket, key, expected, expected.hex())
    sent = hashlib.sha256()
    digests = _send_parts(client, {"Bucket": bucket, "Key": key}, _parts(first, content), sent)
    expected = hashlib.sha256(b"".join(digests)).digest()
    return _is_stored(client, bucket, key, expected, sent.hexdigest())


def _send_parts(
    client: Any, place: dict[str, Any], pieces: Iterator[bytes], sent: Any
) -> list[bytes]:
    """The SHA-256 of each part; one that fails ends the upload."""
    begun = client.create_multipart_upload(**place, ChecksumAlgorithm="SHA256")
    place = {**place, "UploadId": begun["UploadId"]}
    digests, parts = [], []
    try:
        for number, data in enumerate(pieces, 1):
            sent.update(data)
            digests.append(hashlib.sha256(data).digest())
            said = {"PartNumber": number, "ChecksumSHA256": _base64(digests[-1])}
            taken = client.upload_part(**place, **said, Body=data)
            parts.append({**said, "ETag": taken["ETag"]})
        client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    except BaseException:
        client.abort_multipart_upload(**place)
        raise
    return digests


def _is_stored(client: Any, bucket: str, key: str, expected: bytes, sha256: str) -> bool:
    """By the checksum that the server made; where it makes none, by reading all of it again.

    That of an object in parts is the one over the checksums of its parts.
    """
    head = client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    said = head.get("ChecksumSHA256", "").partition("-")[0]
    if said:
        return bool(said == _base64(expected))
    again = hashlib.sha256()
    for piece in client.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(CHUNK):
        again.update(piece)
    return again.hexdigest() == sha256


def client_config(**more: Any) -> Config:
    """Checksums are our own; those that newer clients add by themselves many servers refuse."""
    asked = {
        "retries": {"mode": "standard", "total_max_attempts": 5},
        "connect_timeout": 10,
        "read_timeout": 60,
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    }
    return Config(**(asked | more))


class Bucket:
    """A `Place` (folder.py). An object appears whole or not at all, which S3 itself warrants."""

    def __init__(self, address: str) -> None:
        bucket, _slash, prefix = address.removeprefix(SCHEME).partition("/")
        if not address.startswith(SCHEME) or not bucket:
            raise ValueError(address)
        self.bucket, self.prefix = bucket, prefix.strip("/")
        with told(address):
            self.client: Any = boto3.client("s3", region_name=_region(), config=client_config())

    def open(self, name: str, mode: str = "rb") -> File:
        """The whole object as a temporary file of this machine, which is gone once it is closed."""
        copy = TemporaryFile()  # noqa: SIM115 -- closed by whoever reads it
        try:
            for piece in self._pieces(name):
                copy.write(piece)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return File(copy, name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        under = self._key(f"{path}/" if path else "")
        folders, files = [], []
        pages = self.client.get_paginator("list_objects_v2")
        with told(path):
            for page in pages.paginate(Bucket=self.bucket, Prefix=under, Delimiter="/"):
                folders += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
                files += [one["Key"] for one in page.get("Contents", [])]
        return (
            [name.removeprefix(under).rstrip("/") for name in folders],
            [name.removeprefix(under) for name in files if name != under],
        )

    def delete(self, name: str) -> None:
        with told(name):
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def replace(self, name: str, content: IO[bytes]) -> None:
        """Send it part by part, then compare what the server says it has with what was sent."""
        with told(name):
            is_whole = sent_whole(self.client, self.bucket, self._key(name), content)
        if not is_whole:
            self.delete(name)
            raise OSError(errno.EIO, f"{name} arrived otherwise than it was sent")

    def forget_parts(self) -> None:
        """Of uploads that a killed process left: nobody sees them, but they are paid for."""
        pages = self.client.get_paginator("list_multipart_uploads")
        with told(self.prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._key("")):
                for one in page.get("Uploads", []):
                    self.client.abort_multipart_upload(
                        Bucket=self.bucket, Key=one["Key"], UploadId=one["UploadId"]
                    )

    # --- One object -----------------------------------------------------------------------------

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _pieces(self, name: str) -> Iterator[bytes]:
        with told(name):
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
            yield from answer["Body"].iter_chunks(CHUNK)


def _region() -> str:
    """Named or not, and an empty name is none; servers other than Amazon's mostly do not care."""
    names = ("AWS_REGION", "AWS_DEFAULT_REGION")
    return next((region for name in names if (region := os.environ.get(name))), "us-east-1")


def _parts(first: bytes, content: IO[bytes]) -> Iterator[bytes]:
    yield first
    while data := content.read(PART):
        yield data


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


@contextmanager
def told(name: str) -> Iterator[None]:
    """What the client raises, as a file system would say it."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in GONE:
            raise FileNotFoundError(errno.ENOENT, "No such object", name) from error
        raise OSError(errno.EIO, f"{name}: {error}") from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, f"{name}: {error}") from error
