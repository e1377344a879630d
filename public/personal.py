"""Personal data in a text that is to be public: what is found is refused. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from texts.folding import folded
from texts.identities import looks_like_nik

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@.]{2,}")
# Indonesian numbers begin with 0, +62 or 628 and have nine to thirteen digits. Codes of regions
# begin with 62 too (Kalimantan Tengah is 62.01), but never with 628.
BETWEEN = r"[\s.()\-\u2010-\u2015\u200b]*"
PHONE = re.compile(
    rf"(?<![\d/.])(?:\+{BETWEEN}62|62(?={BETWEEN}8)|0)(?:{BETWEEN}\d){{8,12}}(?![\d/])"
)
# In a file digits stand in tables, and every letter names its office and whoever signed it: there
# only what is written as such a number is one for certain, and only a mobile phone is a person's.
NIK_AS_WRITTEN = re.compile(r"(?<![\d.,/-])(?:\d{16}|\d{6}([ .-])\d{6}\1\d{4})(?!\d)")
NIK_BY_NAME = re.compile(
    r"\b(?:NIK|KTP)\b\D{0,20}\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}(?!\d)", re.IGNORECASE
)
MOBILE_AS_WRITTEN = re.compile(
    r"(?<![\d/.,])(?:\+?62[ -]?|0)8\d{1,2}(?:[ -]?\d{3,4}){2,3}(?![\d/])"
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
    if "@" in text and EMAIL.search(text):
        yield _("alamat e-mail")
    words = f" {' '.join(_words(text))} "
    if any(f" {name} " in words for name in map(_name_in, names) if name):
        yield _("nama orang")


def faults_of_file(text: str) -> Iterator[str]:
    """What the text in a file holds that is a person's for certain, in words.

    What `faults_of` finds beyond that is left to whoever reads the file.
    """
    written = NIK_AS_WRITTEN.finditer(text)
    if NIK_BY_NAME.search(text) or any(_is_nik(found[0]) for found in written):
        yield _("16 angka seperti NIK")
    if MOBILE_AS_WRITTEN.search(text):
        yield _("nomor telepon seluler")


def _is_nik(written: str) -> bool:
    """In groups, as years stand in a row, only with a province, a day and a month in their places."""
    digits = re.sub(r"\D", "", written)
    day, month = int(digits[6:8]), int(digits[8:10])
    is_day = 1 <= day <= 31 or 41 <= day <= 71  # of women 40 is added
    return written == digits or ("11" <= digits[:2] <= "96" and is_day and 1 <= month <= 12)


@lru_cache(maxsize=10_000)  # the names of a city, asked for again on each page of a document
def _name_in(name: str) -> str:
    """The name as it is looked for; empty for none.

    Two words or more, and none of an office: one word alone is found in too many texts.
    """
    words = _words(name)
    return " ".join(words) if len(words) > 1 and OFFICES.isdisjoint(words) else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))
