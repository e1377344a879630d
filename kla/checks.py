"""What has to be there before the site starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from figures.fonts import missing_files


def fonts_are_installed(**_options: Any) -> list[CheckMessage]:
    """Without its fonts the site makes no PDF and no picture of a plot."""
    return [
        Error(f"The font {file} is missing.", hint="Run `npm ci`.", id="kla.E001")
        for file in missing_files()
    ]
