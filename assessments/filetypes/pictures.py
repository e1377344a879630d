"""Pictures: of a sane size, and nothing but a picture. None is decoded here."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.filetypes.findings import FileFinding
from assessments.filetypes.inspected import InspectedFile
from assessments.filetypes.kinds import BMP, GIF, HEIC, JPEG, PNG, TIFF, WEBP, Content, Kind
from assessments.filetypes.picture_heads import walk_bmp, walk_gif, walk_heic, walk_tiff
from assessments.filetypes.picture_walks import DamagedError, Extent, walk_jpeg, walk_png, walk_webp
from assessments.filetypes.signs import MARKUP, hides_zip, occurs

MAX_PIXELS = 100_000_000  # phones take 48 to 64 million, A3 at 600 dpi has 70


def inspect_jpeg(file: InspectedFile) -> Content:
    return _inspect(file, JPEG, walk_jpeg)


def inspect_png(file: InspectedFile) -> Content:
    return _inspect(file, PNG, walk_png)


def inspect_webp(file: InspectedFile) -> Content:
    return _inspect(file, WEBP, walk_webp)


def inspect_heic(file: InspectedFile) -> Content:
    return _inspect(file, HEIC, walk_heic)


def inspect_gif(file: InspectedFile) -> Content:
    return _inspect(file, GIF, walk_gif)


def inspect_bmp(file: InspectedFile) -> Content:
    return _inspect(file, BMP, walk_bmp)


def inspect_tiff(file: InspectedFile) -> Content:
    return _inspect(file, TIFF, walk_tiff)


def _inspect(file: InspectedFile, kind: Kind, walk: Callable[[InspectedFile], Extent]) -> Content:
    try:
        extent = walk(file)
    except DamagedError as error:
        raise _broken(file, kind) from error
    if not extent.width * extent.height:
        raise _broken(file, kind)
    if extent.width * extent.height > MAX_PIXELS:
        raise _too_many_pixels(file, extent)
    _refuse_second_nature(file, kind, extent)
    return Content(kind, {} if extent.is_whole else {FileFinding.TRUNCATED.value: 1})


def _refuse_second_nature(file: InspectedFile, kind: Kind, extent: Extent) -> None:
    """Refuse a picture that is also a web page or an archive.

    Other bytes behind the picture are left alone: phones keep a second photo there. So is
    text inside it: pages show a picture that was drawn anew and has none.
    """
    if occurs(MARKUP, file.chunks(extent.end)) or hides_zip(file):
        raise file.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) berawalan gambar %(kind)s, tetapi membawa halaman "
                "web atau arsip di dalamnya. Ambil ulang fotonya, atau unggah tangkapan layarnya."
            ),
            kind=kind.label,
        )


def _broken(file: InspectedFile, kind: Kind) -> ValidationError:
    return file.refusal(
        "broken",
        _(
            "Berkas “%(name)s” (%(size)s) adalah gambar %(kind)s yang rusak atau terpotong. "
            "Salin ulang dari kamera atau ponsel, lalu unggah kembali."
        ),
        kind=kind.label,
    )


def _too_many_pixels(file: InspectedFile, extent: Extent) -> ValidationError:
    return file.refusal(
        "too_many_pixels",
        _(
            "Gambar “%(name)s” (%(size)s) berukuran %(width)d × %(height)d piksel, melebihi batas "
            "%(limit)d juta piksel. Perkecil gambarnya, lalu unggah kembali."
        ),
        width=extent.width,
        height=extent.height,
        limit=MAX_PIXELS // 1_000_000,
    )
