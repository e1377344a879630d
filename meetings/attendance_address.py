"""The address behind the QR code of a meeting: signed, short-lived, and ended by a new round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import segno
from django.core import signing

SALT = "meetings.attendance"
HOLDS = timedelta(hours=8)  # from when the code was shown: the longest rakor, lunch included


@dataclass(frozen=True, slots=True)
class AttendanceAddress:
    """Of which meeting the address is, and which of its rounds."""

    meeting_id: int
    round_: int


def new_token(address: AttendanceAddress) -> str:
    return signing.TimestampSigner(salt=SALT).sign(f"{address.meeting_id}.{address.round_}")


def read_token(token: str) -> AttendanceAddress | None:
    """What the token says; None for one that is too old or none of ours."""
    try:
        said = signing.TimestampSigner(salt=SALT).unsign(token, max_age=HOLDS)
        meeting_id, _dot, round_ = said.partition(".")
        return AttendanceAddress(int(meeting_id), int(round_))
    except (signing.BadSignature, ValueError):
        return None


def qr_picture(url: str) -> str:
    """A QR code of the address, as an address that holds the picture (SVG)."""
    return segno.make(url, error="m", micro=False).svg_data_uri(scale=8, border=3, light="#fff")
