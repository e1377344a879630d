"""What goes out packed, and what stays as it is."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from kla.middleware import COMPRESSED_TYPES, CompressedPages

TEXT = "Kota Layak Anak. " * 200
PACKED = {"Accept-Encoding": "gzip, br"}


def answered(response, **headers):
    request = RequestFactory().get("/", headers=headers)
    return CompressedPages(lambda _request: response)(request)


@pytest.mark.django_db
def test_a_page_goes_out_compressed_and_says_the_same(client):
    address = reverse("account_login")
    plain = client.get(address)
    packed = client.get(address, headers=PACKED)

    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    title = b"<title>"
    assert (
        gzip.decompress(packed.content).partition(title)[2][:40]
        == (plain.content.partition(title)[2][:40])
    )


def test_the_same_page_has_no_telling_length():
    lengths = {len(answered(HttpResponse(TEXT), **PACKED).content) for _ in range(60)}

    assert len(lengths) > 1


@pytest.mark.parametrize("media_type", sorted(COMPRESSED_TYPES))
def test_text_of_every_kind_is_compressed(media_type):
    response = answered(HttpResponse(TEXT, content_type=f"{media_type}; charset=utf-8"), **PACKED)

    assert gzip.decompress(response.content).decode() == TEXT


@pytest.mark.parametrize(
    "media_type",
    [
        "application/pdf",
        "application/zip",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
    ],
)
def test_what_is_packed_already_stays_as_it_is(media_type):
    response = answered(HttpResponse(TEXT, content_type=media_type), **PACKED)

    assert not response.has_header("Content-Encoding")
    assert response.content.decode() == TEXT


def test_a_stream_keeps_its_length_and_its_pace():
    stream = StreamingHttpResponse([TEXT.encode()] * 3, content_type="text/csv")
    response = answered(stream, **PACKED)

    assert not response.has_header("Content-Encoding")
    assert b"".join(response).decode() == TEXT * 3


def test_whoever_does_not_ask_gets_plain_text():
    assert answered(HttpResponse(TEXT)).content.decode() == TEXT
