"""The one rule for e-mail addresses, at every door through which one comes in.

What people paste brings signs that nobody sees. Those that certainly mean nothing are taken
out; everything else that does not belong into an address is refused by its name and position.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

LONGEST = 254
QUOTES = "\"'`´“”„‟‘’‚‛«»‹›<>"
# Control and format signs, and every kind of space, at the ends of what was pasted.
INVISIBLE = {"Cf", "Cc", "Zs", "Zl", "Zp"}


def clean_email(text: str) -> str:
    """The address as it is stored and compared: NFKC, lower case, without invisible signs.

    Raises ValidationError: `empty`, `several` (a comma, a semicolon or a second @), `sign`
    (one that is no part of an address, named with its position), `too_long`, `invalid`.
    """
    address = _bare(text)
    if not address:
        raise ValidationError(_("E-mail kosong; isi."), code="empty")
    if address.count("@") > 1 or "," in address or ";" in address:
        raise ValidationError(_("Tulis satu alamat e-mail saja."), code="several")
    for position, sign in enumerate(address, 1):
        if not ("!" <= sign <= "~"):
            raise ValidationError(
                _("Tanda %(sign)s pada posisi %(position)d tidak boleh ada dalam alamat e-mail."),
                code="sign",
                params={"sign": _named(sign), "position": position},
            )
    if len(address) > LONGEST:
        raise ValidationError(_("Alamat e-mail terlalu panjang."), code="too_long")
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(
            _("%(email)s bukan alamat e-mail."), code="invalid", params={"email": f"“{address}”"}
        ) from error
    return address


def is_clean(address: str) -> bool:
    try:
        return clean_email(address) == address
    except ValidationError:
        return False


def comparable(text: str | None) -> str:
    """The cleaned address, or what was typed where it cannot be one: it then matches nobody."""
    try:
        return clean_email(text or "")
    except ValidationError:
        return text or ""


class EmailField(forms.EmailField):
    """A field whose value is a cleaned address."""

    default_validators = []  # clean_email says more

    def to_python(self, value: Any) -> str:
        # Django's own would refuse some invisible signs without naming them.
        text = "" if value is None else str(value)
        return clean_email(text) if _bare(text) else ""


def _bare(text: str) -> str:
    """NFKC in lower case, without format signs anywhere, without spaces and quotes around it."""
    # Before NFKC, which would take an ellipsis for three full stops and hide the mistake.
    if "…" in text:
        position = text.index("…") + 1
        raise ValidationError(
            _("Tanda %(sign)s pada posisi %(position)d tidak boleh ada dalam alamat e-mail."),
            code="sign",
            params={"sign": _named("…"), "position": position},
        )
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = unicodedata.normalize("NFKC", visible)
    return plain.strip().strip(QUOTES).strip().lower()


NAMES = {
    "…": "elipsis",
    " ": "spasi",
    "\t": "tab",
    "\n": "ganti baris",
    "\r": "ganti baris",
}


def _named(sign: str) -> str:
    """How people recognise the sign: itself, its name where we have one, and its code."""
    shown = f"“{sign}” " if unicodedata.category(sign) not in INVISIBLE else ""
    return f"{shown}({NAMES.get(sign, f'U+{ord(sign):04X}')})"
