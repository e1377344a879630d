"""What a camera wrote beside a picture is taken off, and the picture stays what it was."""

import io
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assessments.renditions.making import pdf
from assessments.renditions.making.jpeg_notes import without_notes

SECRET = b"Kamera Rahasia"


def photo(**options):
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    picture = Image.linear_gradient("L").convert(options.pop("mode", "RGB"))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"Rahasia juga", **options)
    return out.getvalue()


def dots(content):
    return Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"mode": "CMYK"}, {"mode": "L"}, {"icc_profile": b"icc"}]
)
def test_notes_go_and_every_dot_stays(options):
    before = photo(**options)

    after = without_notes(before)

    assert (SECRET in before, SECRET in after, b"Rahasia juga" in after) == (True, False, False)
    assert dots(after) == dots(before)
    assert Image.open(io.BytesIO(after)).info.get("icc_profile") == options.get("icc_profile")


def test_what_has_no_notes_is_the_same_bytes():
    plain = without_notes(photo())

    assert without_notes(plain) == plain


@given(st.binary(max_size=300), st.integers(0, 300))
def test_what_is_damaged_comes_back_or_is_cleaned_and_never_breaks(tail, cut):
    assert without_notes(tail) == tail or tail.startswith(b"\xff\xd8")
    without_notes(photo()[:cut] + tail)


@pytest.mark.parametrize("is_packed_twice", [False, True])
def test_a_photo_on_a_page_loses_them_too(tmp_path, is_packed_twice):
    source, target = tmp_path / "source", tmp_path / "target"
    content = photo()
    filters = [pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(256, 256))
        picture = pikepdf.Stream(made, zlib.compress(content) if is_packed_twice else content)
        picture.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Width": 256,
                "/Height": 256,
                "/ColorSpace": pikepdf.Name.DeviceRGB,
                "/BitsPerComponent": 8,
                "/Filter": pikepdf.Array(filters) if is_packed_twice else filters[1],
            }
        )
        made.pages[0].add_resource(picture, pikepdf.Name.XObject)
        made.save(source)

    result = pdf.make(source, target)

    assert result["changes"] == {"position": 1}
    with pikepdf.open(target) as shown:
        [kept] = shown.pages[0].Resources.XObject.values()
        assert SECRET not in kept.read_raw_bytes()
        assert dots(kept.read_raw_bytes()) == dots(content)
