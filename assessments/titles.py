"""What the name of a file says of the paper in it: its kind and its title. Pure.

Phones, scanners and messengers name files after themselves; those names say nothing.
static/js/proposals.js shows the same proposals before sending, from the tables below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

MAX_TITLE = 200
LONGEST_EXTENSION = 5

# Words of a file name, in lower case, on the left; on the right the words with which the kinds
# that they mean begin. The first row that fits decides, so the longer words come first.
# Both sides are regular expressions that Python and JavaScript read alike.
KIND_WORDS: tuple[tuple[str, str], ...] = (
    (r"surat edaran|se", r"surat edaran"),
    (r"surat keputusan|keputusan|sk|kepwal|kepbup|kepgub", r"surat keputusan|sk|keputusan"),
    (r"peraturan daerah|perda", r"peraturan daerah|perda"),
    (
        r"perwal|perwali|perbup|pergub|perkada|peraturan (?:wali ?kota|bupati)",
        r"peraturan kepala daerah|perkada",
    ),
    (r"perdes|peraturan desa", r"peraturan desa"),
    (r"dpa|rka|anggaran", r"dpa|anggaran|rka"),
    (r"matriks", r"matriks"),
    (r"notula|notulen|notulensi", r"notula"),
    (r"daftar hadir|absensi|presensi", r"daftar hadir|absensi"),
    (r"undangan", r"undangan"),
    (r"buku tamu", r"buku tamu"),
    (r"mou|nota kesepahaman|perjanjian kerja ?sama|pks", r"nota kesepahaman|mou"),
    (r"sop", r"sop|prosedur baku"),
    (r"sertifikat", r"sertifikat"),
    (r"laporan|lpj", r"laporan"),
    (r"profil anak", r"profil anak"),
    (r"profil kla", r"profil kla"),
    (r"rad", r"dokumen rad|rad"),
    (r"foto|dokumentasi", r"foto|dokumentasi"),
)

# Names that devices, messengers and people give to anything, as words in lower case.
_CAMERA = r"img|dsc|dscn|dscf|pxl|vid|mvimg|photo|image|picture|gambar|p"
_SCANNER = r"cam ?scanner|adobe scan|scan|scanned|scanner|pindai|hasil scan|scan dokumen"
_MONTH = r"(?:jan|feb|mar|apr|mei|may|jun|jul|ag|aug|sep|okt|oct|nov|des|dec)[a-z]*"
_ANYTHING = (
    r"document|dokumen|doc|file|berkas|untitled|tanpa judul|new|baru|salinan|copy|download|unduhan"
    r"|lampiran"
)
NAMELESS: tuple[str, ...] = (
    rf"(?:{_CAMERA})[ \d~]*(?:(?:mp|night|portrait|wa)[ \d~]*)*",
    r"whats ?app (?:image|video|document)[\w ]*",
    r"(?:screen ?shot|tangkapan layar)[\w ]*",
    rf"(?:{_SCANNER})[ \d]*(?:{_MONTH}[ \d]*)?",
    rf"(?:{_ANYTHING})[ \d]*",
    r"[ \d~]*",
    r"[0-9a-f]{8}(?: ?[0-9a-f]{4}){3} ?[0-9a-f]{12}",
    r"[a-z]{1,2}",
)
_NAMELESS = re.compile("|".join(f"(?:{pattern})" for pattern in NAMELESS))


class Named(Protocol):
    """A kind of document, as a question asks for it."""

    code: str
    name: str


Kind = TypeVar("Kind", bound=Named)


def kind_from_name(name: str, kinds: Iterable[Kind]) -> Kind | None:
    """The one kind among those that the file name says; None where it says none or several.

    A question's only kind is it, whatever the name says.
    """
    offered = list(kinds)
    if len(offered) == 1:
        return offered[0]
    words = _words(_stem(name))
    for said, begins in KIND_WORDS:
        if not re.search(rf"(?:^| )(?:{said})(?: |$)", words):
            continue
        meant = [kind for kind in offered if re.match(rf"(?:{begins})(?: |$)", _words(kind.name))]
        if meant:
            return meant[0] if len(meant) == 1 else None
    return None


def title_from(name: str) -> str:
    """The title that a file name makes, at most 200 characters; empty where it says nothing."""
    stem = _stem(name)
    words = _words(stem)
    if _NAMELESS.fullmatch(words) or any(re.fullmatch(said, words) for said, _kind in KIND_WORDS):
        return ""
    title = stem if " " in stem else stem.replace("_", " ")
    return " ".join(title.split())[:MAX_TITLE].rstrip()


def title_for(name: str, kind: str, code: str) -> str:
    """The title of a file of this kind for this question: as its name says, else kind and code."""
    proposed = _("%(kind)s – %(code)s") % {"kind": kind[: MAX_TITLE - len(code) - 3], "code": code}
    return title_from(name) or proposed


def distinct(titles: Sequence[str]) -> list[str]:
    """The titles in their order, those that occur several times with a number each."""
    return [
        title if titles.count(title) == 1 else f"{title} ({titles[: index + 1].count(title)})"
        for index, title in enumerate(titles)
    ]


def tables() -> Mapping[str, object]:
    """The patterns for the browser, which proposes by the same rules."""
    return {"kinds": KIND_WORDS, "nameless": NAMELESS}


def _stem(name: str) -> str:
    """The name without its extension; of ` .pdf` nothing is left."""
    composed = unicodedata.normalize("NFC", name).strip()
    stem, dot, extension = composed.rpartition(".")
    return (
        stem.strip()
        if dot and " " not in extension and len(extension) <= LONGEST_EXTENSION
        else composed
    )


def _words(text: str) -> str:
    """In lower case, with one space where words end."""
    return " ".join(re.sub(r"[_/+.,()-]", " ", text.lower()).split())
