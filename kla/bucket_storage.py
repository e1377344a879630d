"""Documents in a bucket that speaks S3 (`S3_BUCKET`), by django-storages. Needs the group `s3`.

What django-storages leaves open is closed here: files are read as they come and not copied to
this machine first, what was sent is compared with the SHA-256 that the server made, and failures
are told as a file system tells them.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.utils.http import content_disposition_header
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from backups.bucket import client_config, sent_whole, told

READ_AHEAD = 256 * 1024  # bytes
AT_ONCE = 8  # requests of one thread; its client keeps ten connections
RESUMED = 3  # so often a connection that broke in the middle is taken up again
BROKEN = (BotoCoreError, ClientError, HTTPError, OSError)


class Object(io.RawIOBase):
    """An object, read as it comes. Reading at another place, or a broken connection, asks anew.

    Whoever only looks for its length goes on with what was asked, also when it is moved meanwhile.
    Raises FileNotFoundError where there is none, OSError where it changed meanwhile.
    """

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self.client, self.place = client, {"Bucket": bucket, "Key": key}
        self.position = self.body_at = 0
        with told(key):
            answer = client.get_object(**self.place)
        self.body: Any = answer["Body"]
        self.length: int = answer["ContentLength"]
        self.mark: str = answer["ETag"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        beginnings = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.length}
        self.position = beginnings[whence] + offset
        return self.position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.length - self.position)
        if wanted <= 0:
            return 0
        for left in range(RESUMED, -1, -1):
            try:
                piece = self._from_here().read(wanted)
                if piece:
                    break
            except FileNotFoundError:
                raise
            except BROKEN as error:
                if not left:
                    raise OSError(errno.EIO, f"{self.place['Key']}: {error}") from error
            self._let_go()
        else:
            raise OSError(errno.EIO, f"{self.place['Key']} ended too early")
        buffer[: len(piece)] = piece
        self.position += len(piece)
        self.body_at = self.position
        return len(piece)

    def _from_here(self) -> Any:
        if self.body_at != self.position:
            self._let_go()
        if self.body is None:
            part = {"Range": f"bytes={self.position}-", "IfMatch": self.mark}
            with told(self.place["Key"]):
                self.body = self.client.get_object(**self.place, **part)["Body"]
            self.body_at = self.position
        return self.body

    def _let_go(self) -> None:
        if self.body is not None:
            with suppress(*BROKEN):
                self.body.close()
            self.body = None

    def close(self) -> None:
        self._let_go()
        super().close()


class BucketStorage(S3Storage):
    """Files of documents as objects; each appears whole or not at all, which S3 itself warrants."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "client_config": client_config(),
            "file_overwrite": False,
            "default_acl": None,
            "signed_seconds": 0,
        }

    @property
    def client(self) -> Any:
        """One for each thread."""
        return self.connection.meta.client

    def key_of(self, name: str) -> str:
        return str(self._normalize_name(name))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Documents are written whole; see save.")
        content = Object(self.client, self.bucket_name, self.key_of(name))
        return File(io.BufferedReader(content, READ_AHEAD), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        """Stored and compared when this returns; else OSError, and nothing of it is there."""
        moved = getattr(content, "temporary_file_path", None)
        if moved is None:
            content.seek(0)
            self.replace(name, content)
            return name
        path = Path(moved())  # an upload that a folder would take over by its name
        with path.open("rb") as file:
            self.replace(name, file)
        path.unlink(missing_ok=True)
        return name

    def replace(self, name: str, content: IO[bytes] | Any) -> None:
        """Store what is left to read, also over what lies there; else as `save`."""
        with told(name):
            is_whole = sent_whole(self.client, self.bucket_name, self.key_of(name), content)
        if not is_whole:
            self.delete(name)
            raise OSError(errno.EIO, f"{name} arrived otherwise than it was sent")

    def delete(self, name: str) -> None:
        with told(name):
            super().delete(name)

    def delete_all(self, names: Iterable[str]) -> None:
        """Several at a time, one request each: not every server understands one for all."""
        client = self.client

        def delete(name: str) -> None:
            with told(name):
                client.delete_object(Bucket=self.bucket_name, Key=self.key_of(name))

        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(delete, names))

    def exists(self, name: str) -> bool:
        with told(name):
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with told(path):
            folders, files = super().listdir(path)
        return folders, files

    def size(self, name: str) -> int:
        with told(name):
            return int(
                self.client.head_object(Bucket=self.bucket_name, Key=self.key_of(name))[
                    "ContentLength"
                ]
            )

    def signed_address(self, name: str, *, filename: str, media_type: str) -> str:
        """Where whoever has this address gets the file from for a moment; empty: not so.

        Only for whom all questions of access were answered. The browser is told to keep it as a
        file and never to show it, for it does not come with our headers.
        """
        if not self.signed_seconds:
            return ""
        asked = {
            "ResponseContentDisposition": content_disposition_header(True, filename)
            or "attachment",
            "ResponseContentType": media_type,
            "ResponseCacheControl": "private, no-store",
        }
        return str(self.url(name, parameters=asked, expire=self.signed_seconds))

    def require_answer(self) -> None:
        """Raises what the client raises where the bucket does not answer within two seconds."""
        quick = client_config(
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=2,
            read_timeout=2,
        )
        client = self._create_session().client(
            "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=quick
        )
        client.head_bucket(Bucket=self.bucket_name)
