"""The sender's side of a resumable upload, through Django's test client."""

import base64
import hashlib

from django.test import Client, TestCase
from django.urls import reverse

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


def metadata(**values):
    pairs = values.items()
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs)


def place_of(answer, name="upload_create", *more):
    """An address below the question."""
    year = answer.assessment
    return reverse(
        f"assessments:{name}", args=[year.city.slug, year.year, answer.question.code, *more]
    )


def committed():
    """What waits for the end of a transaction happens at the end of this block.

    The transaction around a test never ends.
    """
    return TestCase.captureOnCommitCallbacks(execute=True)


class CommittingClient(Client):
    def request(self, **request):
        with committed():
            return super().request(**request)


class Sender:
    """Somebody's browser on the page of one question."""

    def __init__(self, user, answer):
        self.answer = answer
        self.client = CommittingClient()
        self.client.force_login(user)

    def create(self, content=b"isi surat", *, name="surat.pdf", sha256=None, **headers):
        digest = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
        headers = {
            "HTTP_UPLOAD_LENGTH": str(len(content)),
            "HTTP_UPLOAD_METADATA": metadata(filename=name, sha256=digest),
            **TUS,
            **headers,
        }
        sent = {key: value for key, value in headers.items() if value is not None}
        return self.client.post(place_of(self.answer), **sent)

    def begin(self, content=b"isi surat", **options):
        """The address of a new upload."""
        created = self.create(content, **options)
        assert created.status_code == 201
        return created["Location"]

    def patch(self, place, offset, piece, **headers):
        headers = {"HTTP_UPLOAD_OFFSET": str(offset), **TUS, **headers}
        kind = headers.pop("content_type", "application/offset+octet-stream")
        sent = {key: value for key, value in headers.items() if value is not None}
        return self.client.patch(place, piece, content_type=kind, **sent)

    def head(self, place):
        return self.client.head(place, **TUS)

    def delete(self, place):
        return self.client.delete(place, **TUS)

    def send(self, content, **options):
        """A whole file in one piece; the id of its upload."""
        place = self.begin(content, **options)
        assert self.patch(place, 0, content).status_code == 204
        return id_in(place)

    def hand_in(self, *uploads, **fields):
        """Send the form that names these uploads."""
        kind = self.answer.question.evidence_kinds.first()
        data = {"kind": kind.code, "upload": list(uploads), **fields}
        return self.client.post(place_of(self.answer, "document_upload"), data)


def id_in(place):
    return place.rstrip("/").rpartition("/")[2]
