"""Personal data in a text that is to be public: what is found is refused. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from texts.folding import folded
from texts.identities import looks_like_nik

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")
# Indonesian numbers begin with 0, +62 or 628 and have nine to thirteen digits. Codes of regions
# begin with 62 too (Kalimantan Tengah is 62.01), but never with 628.
BETWEEN = r"[\s.()\-\u2010-\u2015\u200b]*"
PHONE = re.compile(
    rf"(?<![\d/.])(?:\+{BETWEEN}62|62(?={BETWEEN}8)|0)(?:{BETWEEN}\d){{8,12}}(?![\d/])"
)
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
# Accounts and posts are often named after an office; that is nobody's name.
OFFICES = {
    "admin", "administrator", "akun", "anak", "badan", "bagian", "bidang", "camat", "dinas",
    "forum", "gugus", "kabid", "kabupaten", "kadis", "kantor", "kecamatan", "kelurahan", "kepala",
    "kota", "lurah", "opd", "operator", "pejabat", "pendamping", "petugas", "pimpinan",
    "puskesmas", "sekretariat", "sekretaris", "staf", "tugas", "unit", "uptd", "verifikator",
}  # fmt: skip


def faults_of(text: str, names: Iterable[str] = ()) -> Iterator[str]:
    """What a text holds that points at a person, in words; nothing for a text that may go out."""
    if looks_like_nik(text):
        yield _("16 angka seperti NIK")
    elif PHONE.search(text):
        yield _("nomor telepon")
    if EMAIL.search(text):
        yield _("alamat e-mail")
    words = f" {' '.join(_words(text))} "
    if any(f" {' '.join(_words(name))} " in words for name in names if is_name(name)):
        yield _("nama orang")


def is_name(name: str) -> bool:
    """Two words or more, and none of an office: one word alone is found in too many texts."""
    words = _words(name)
    return len(words) > 1 and OFFICES.isdisjoint(words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))
