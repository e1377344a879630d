"""What a demonstration document for a question looks like, with and without a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.conf import settings
from django.core.files.base import ContentFile

from assessments.services.documents import CheckedFile, DocumentFacts
from assessments.validators import inspect_file
from clusters.models import EvidenceKind, Question
from kla.demo.cast import CITY_NAME
from kla.demo.documents import Colour, make_pdf, make_photo

TITLE_LENGTH = 200
# What stands before the topic in the instrument's questions on policies and budgets.
PREAMBLES = ("Ada kebijakan (selain Perda KLA) tentang ", "Ada anggaran APBD/lainnya untuk ")
PALETTE: tuple[Colour, ...] = (
    (13, 110, 253),
    (25, 135, 84),
    (253, 126, 20),
    (111, 66, 193),
    (32, 201, 151),
    (214, 51, 132),
    (102, 112, 133),
)


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds of documents that fail a review for the same reason."""

    sound: str  # the line of a good document
    faulty: str  # what stands there instead when it is returned
    reason: str


RULE = Family(
    "Ditandatangani dan dicap oleh pejabat yang berwenang.",
    "Tanda tangan dan cap: (kosong)",
    "Belum ditandatangani pejabat yang berwenang. Unggah salinan yang bertanda tangan dan bercap.",
)
BUDGET = Family(
    "Disahkan oleh Bappeda.",
    "Pengesahan Bappeda: (kosong)",
    "Lembar anggaran belum ditandatangani Bappeda. Mintakan pengesahan, lalu unggah lagi.",
)
PHOTO = Family(
    "kegiatan pada",
    "tanpa tanggal",
    "Foto tidak jelas dan tidak bertanggal. Sertakan tanggal, tempat, dan nama kegiatan.",
)
FIGURES = Family(
    "Data dua tahun, terpilah menurut jenis kelamin.",
    "Data satu tahun.",
    "Data hanya satu tahun. Lengkapi tahun sebelumnya, terpilah laki-laki dan perempuan.",
)
MATRIX = Family(
    "Setiap baris menyebut dasar hukum dan pelaksananya.",
    "Kolom dasar hukum: (kosong)",
    "Matriks tidak mencantumkan dasar hukum. Isi nomor keputusan pada setiap baris.",
)
REPORT = Family(
    "Ditandatangani kepala perangkat daerah.",
    "Tanda tangan kepala perangkat daerah: (kosong)",
    "Belum ditandatangani kepala dinas, jadi belum dapat dipakai sebagai bukti.",
)

# The kinds by their codes in the instrument: how they are called here, and their family.
KINDS: Mapping[str, tuple[str, Family]] = MappingProxyType(
    {
        "perda": ("Peraturan Daerah", RULE),
        "perkada": ("Peraturan Wali Kota", RULE),
        "sk": ("Keputusan Wali Kota", RULE),
        "surat_edaran": ("Surat Edaran", RULE),
        "sop": ("SOP", RULE),
        "mou": ("Perjanjian kerja sama", RULE),
        "dpa_ttd_bappeda": ("DPA", BUDGET),
        "foto": ("Foto", PHOTO),
        "data_2_tahun": ("Data terpilah", FIGURES),
        "matriks": ("Matriks", MATRIX),
        "laporan": ("Laporan", REPORT),
        "dokumen_inovasi": ("Dokumen inovasi", REPORT),
    }
)
NUMBERED = frozenset({"perda", "perkada", "sk", "surat_edaran", "mou"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to make. `number` tells documents apart and fixes their dates."""

    question: Question
    kind: EvidenceKind
    year: int  # of the assessment; its evidence is from the two years before
    number: int
    is_faulty: bool = False

    @property
    def family(self) -> Family:
        return KINDS.get(self.kind.code, ("", REPORT))[1]

    @property
    def title(self) -> str:
        label = KINDS.get(self.kind.code, (self.kind.name, REPORT))[0]
        topic = self.question.text
        for preamble in PREAMBLES:
            topic = topic.removeprefix(preamble)
        topic, _bracket, _remark = topic.partition(" (")
        return f"{label}: {topic}"[:TITLE_LENGTH]

    @property
    def issued_on(self) -> date:
        return date(self.year - 1, 1 + self.number % 12, 1 + self.number % 28)


def facts_of(paper: Paper) -> DocumentFacts:
    """What the person who hands it in says of it."""
    is_undated = paper.is_faulty and paper.family is PHOTO
    has_period = paper.family in (FIGURES, MATRIX)
    years = 1 if paper.is_faulty else 2
    return DocumentFacts(
        title=paper.title,
        number=f"{paper.number}/CONTOH/{paper.year - 1}" if paper.kind.code in NUMBERED else "",
        issued_on=None if is_undated else paper.issued_on,
        period_start=date(paper.year - years, 1, 1) if has_period else None,
        period_end=date(paper.year - 1, 12, 31) if has_period else None,
    )


def file_of(paper: Paper) -> CheckedFile:
    """The file itself, looked into like every file that somebody uploads."""
    content, extension = _photo(paper) if paper.family is PHOTO else _document(paper)
    name = f"{paper.kind.code}-{paper.question.code}-{paper.number}.{extension}"
    file = ContentFile(content, name)
    return CheckedFile(file, inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES))


def _photo(paper: Paper) -> tuple[bytes, str]:
    family = paper.family
    when = family.faulty if paper.is_faulty else f"{family.sound} {paper.issued_on:%d-%m-%Y}"
    colour = PALETTE[paper.number % len(PALETTE)]
    caption = f"Pertanyaan {paper.question.code}, {when}"
    return make_photo(caption=caption, colour=colour), "jpg"


def _document(paper: Paper) -> tuple[bytes, str]:
    facts = facts_of(paper)
    lines = [
        f"{CITY_NAME}, penilaian tahun {paper.year}",
        f"Pertanyaan {paper.question.code}: {paper.question.text}",
        "",
        f"Nomor: {facts.number or paper.number}",
        f"Tanggal: {paper.issued_on:%d-%m-%Y}",
        "",
        paper.family.faulty if paper.is_faulty else paper.family.sound,
        "",
        "Dokumen ini dibuat untuk peragaan. Isinya tidak berasal dari daerah mana pun.",
    ]
    return make_pdf(title=paper.title, lines=lines), "pdf"
