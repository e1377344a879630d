"""Pictures in pixels, made from the SVG that stands by itself."""

from __future__ import annotations

import resvg_py

from figures.fonts import PICTURE_FAMILY, PICTURE_FILES

ZOOM = 2  # so that letters stay sharp on a projector


def png_of(svg: str) -> bytes:
    """The SVG on white, in twice as many pixels as it has units; a server has no fonts of its own."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(file) for file in PICTURE_FILES],
        font_family=PICTURE_FAMILY,
        sans_serif_family=PICTURE_FAMILY,
    )
