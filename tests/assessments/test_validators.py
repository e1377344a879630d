"""What may come in from outside, and what is refused with which reason."""

import hashlib
import io
import tracemalloc
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.validators import FileFacts, inspect_file, safe_name
from tests.assessments.corpus import (
    CSV,
    FOUND,
    GOOD,
    HOSTILE,
    HOSTILE_NAMES,
    large_pdf,
    overfull_archive,
    padded,
    pdf,
    picture,
    png_of_size,
)

LIMIT = 25 * 1024 * 1024


def inspect(data, name, max_bytes=LIMIT):
    return inspect_file(SimpleUploadedFile(name, data), max_bytes=max_bytes)


def refusal(data, name, max_bytes=LIMIT):
    with pytest.raises(ValidationError) as caught:
        inspect_file(named(data, name), max_bytes=max_bytes)
    return caught.value


def named(data, name):
    """A file with the very name that came over the wire; Django would tidy it."""
    return File(io.BytesIO(data), name=name)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_is_known_by_its_content(name):
    data, media_type, extension = GOOD[name]

    assert inspect(data, name) == FileFacts(
        media_type, extension, len(data), hashlib.sha256(data).hexdigest()
    )


@pytest.mark.parametrize("name", FOUND)
def test_what_could_act_or_was_mended_is_taken_and_told(name):
    data, media_type, extension, *found = FOUND[name]
    facts = inspect(data, name)

    assert (facts.media_type, facts.extension) == (media_type, extension)
    assert facts.findings == (found[0] if found else {})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused_for_its_reason(name):
    data, code = HOSTILE[name]

    assert refusal(data, name).code == code


@pytest.mark.parametrize("name", HOSTILE)
def test_a_refusal_names_the_file_and_says_what_to_do(name):
    data, _code = HOSTILE[name]
    sentence = " ".join(refusal(data, name).messages)

    assert f"“{name}”" in sentence
    assert "%(" not in sentence
    assert "ungg" in sentence.lower()


def test_the_browsers_media_type_is_not_believed():
    file = SimpleUploadedFile("laporan.pdf", b"<html></html>", content_type="application/pdf")

    with pytest.raises(ValidationError) as caught:
        inspect_file(file, max_bytes=LIMIT)

    assert caught.value.code == "not_allowed"


def test_the_declared_size_is_not_believed():
    file = SimpleUploadedFile("nilai.csv", CSV)
    file.size = 1

    assert inspect_file(file, max_bytes=LIMIT).size == len(CSV)


@pytest.mark.parametrize("name", ["laporan.pdf", "foto.jpg", "gambar.png", "surat.docx"])
def test_the_file_stays_open_at_its_beginning(name):
    file = ContentFile(GOOD[name][0], name=name)
    file.seek(7)

    inspect_file(file, max_bytes=LIMIT)

    assert file.tell() == 0
    assert file.read() == GOOD[name][0]


def test_a_refused_file_stays_open_at_its_beginning():
    file = ContentFile(HOSTILE["separuh.pdf"][0], name="separuh.pdf")

    with pytest.raises(ValidationError):
        inspect_file(file, max_bytes=LIMIT)

    assert file.tell() == 0


def test_a_file_of_exactly_the_limit_is_accepted():
    data = padded(pdf(), 1_500)

    assert inspect(data, "laporan.pdf", max_bytes=1_500).size == 1_500


def test_one_byte_over_the_limit_is_refused_with_both_sizes():
    error = refusal(padded(pdf(), 2_049), "laporan.pdf", max_bytes=2_048)

    assert error.code == "too_large"
    assert error.message % error.params == (
        "Berkas “laporan.pdf” berukuran 2.049\xa0byte, melebihi batas 2.048\xa0byte. Kompres "
        "atau bagi menjadi beberapa berkas, lalu unggah kembali."
    )


def test_reading_stops_at_the_first_byte_over_the_limit():
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"x" * size

    stream = Endless()
    file = File(stream, name="besar.csv")
    file.size = 10**12

    with pytest.raises(ValidationError) as caught:
        inspect_file(file, max_bytes=100_000)

    assert caught.value.code == "too_large"
    assert stream.taken == 2 * 64 * 1024


def test_pixels_at_the_limit_are_accepted_and_above_refused():
    assert inspect(png_of_size(10_000, 10_000), "denah.png").media_type == "image/png"
    assert refusal(png_of_size(10_000, 10_001), "denah.png").code == "too_many_pixels"


def test_an_archive_with_entries_at_the_limit_is_accepted():
    assert inspect(overfull_archive(1_997), "surat.docx").extension == "docx"


@pytest.mark.parametrize(("name", "safe"), HOSTILE_NAMES.items())
def test_a_name_is_reduced_to_plain_visible_text(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_a_safe_name_is_never_empty_long_or_a_path(name):
    safe = safe_name(name)

    assert 0 < len(safe) <= 120
    assert not set(safe) & set("/\\\x00\r\n\u202e")
    assert safe_name(safe) == safe


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_never_breaks_the_inspection(name):
    try:
        facts = inspect_file(named(pdf(), name), max_bytes=LIMIT)
    except ValidationError as error:
        assert error.code == "mislabelled"  # noqa: PT017 -- both outcomes are right
    else:
        assert facts.media_type == "application/pdf"


STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x20\x00\x00\x00WEBPVP8 ",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<",
    b"\xef\xbb\xbf",
]
SOUND = [
    "laporan.pdf",
    "dibatasi.pdf",
    "linear.pdf",
    "ponsel.jpg",
    "foto.JPEG",
    "gambar.png",
    "foto.webp",
    "tembus.webp",
    "grafik.docx",
    "matriks.xlsx",
    "nilai.csv",
]


def only_validation_errors(data, name):
    """Inspect; whatever the parsers think of it, a person gets facts or a sentence."""
    try:
        inspect(data, name)
    except ValidationError as error:
        assert error.messages[0]  # noqa: PT017 -- accepting it would be right as well


@settings(max_examples=200)
@given(st.sampled_from(STARTS), st.binary(max_size=3_000))
@example(b"PK\x05\x06", bytes(18))
@example(b"PK\x05\x06", bytes(10))
@example(b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18)
def test_random_bytes_never_cause_anything_but_a_refusal(start, rest):
    only_validation_errors(start + rest, "laporan.pdf")


@settings(max_examples=400)
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=6),
    st.floats(0, 1) | st.just(1.0),
)
def test_a_damaged_document_never_causes_anything_but_a_refusal(name, flips, kept):
    data = bytearray(GOOD[name][0])
    for place, change in flips:
        data[int(place * len(data))] ^= change

    only_validation_errors(bytes(data[: int(kept * len(data))]), name)


@contextmanager
def memory():
    """The most that Python itself held at once inside the block, in bytes."""
    peak = []
    tracemalloc.start()
    try:
        yield lambda: peak[0]
    finally:
        peak.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("laporan.pdf", large_pdf(LIMIT)),
        ("foto.jpg", picture("JPEG") + bytes(LIMIT - 100_000)),
        ("nilai.csv", CSV * (LIMIT // len(CSV))),
    ],
    ids=["pdf", "jpeg", "csv"],
)
def test_a_large_file_is_never_held_in_memory_whole(name, data, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)

    with path.open("rb") as stream, memory() as peak:
        inspect_file(File(stream, name=name), max_bytes=LIMIT)

    assert peak() < 4 * 1024 * 1024


@pytest.mark.parametrize("name", ["bom.docx", "raksasa.docx", "ramai.docx", "bom.pdf"])
def test_a_bomb_is_refused_without_unpacking_it(name):
    data, code = HOSTILE[name]
    file = named(data, name)

    with memory() as peak, pytest.raises(ValidationError) as caught:
        inspect_file(file, max_bytes=len(data))

    assert caught.value.code == code
    assert peak() < 8 * 1024 * 1024
