"""Which MATRIKS belongs to a question: its columns, rows and years.

It is read from the question's words, and only then from its indicator's name: numbers of
indicators change their meaning between the years of the instrument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MATRIX_KIND = "matriks"  # the code of the kind of evidence in the instrument
SEXES = ("L", "P")
HEADER_ROW = 5

Years = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One thing asked in each row; once for each year and each sex where those are told apart."""

    title: str
    is_number: bool = False
    is_yearly: bool = False
    is_by_sex: bool = False


@dataclass(frozen=True, slots=True)
class MatrixSpec:
    """A table: its first column names the row, and `rows` are the names that stand there."""

    name: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as it stands in the sheet."""

    title: str
    is_number: bool


def _people(title: str) -> MatrixColumn:
    return MatrixColumn(title, is_number=True, is_yearly=True, is_by_sex=True)


def _number(title: str) -> MatrixColumn:
    return MatrixColumn(title, is_number=True, is_yearly=True)


def _text(title: str) -> MatrixColumn:
    return MatrixColumn(title, is_yearly=True)


NOTE = MatrixColumn("Keterangan")
DEFAULT = MatrixSpec("Data terpilah", (MatrixColumn("Uraian"), _people("Jumlah"), NOTE))
REGULATIONS = MatrixSpec(
    "Peraturan dan kebijakan",
    (MatrixColumn("Nama peraturan"), MatrixColumn("Nomor"), _text("Berlaku"), NOTE),
)
PARTNERSHIP = MatrixSpec(
    "Kemitraan",
    (
        MatrixColumn("Lembaga mitra"),
        MatrixColumn("Kegiatan"),
        MatrixColumn("Klaster"),
        _text("Pelaksanaan"),
        NOTE,
    ),
)
TRAINED = MatrixSpec(
    "Sumber daya manusia terlatih",
    (
        MatrixColumn("Lembaga"),
        MatrixColumn("Pelatihan"),
        _people("Petugas"),
        _people("Terlatih"),
        NOTE,
    ),
)
ACTIVITIES = MatrixSpec(
    "Program dan kegiatan",
    (MatrixColumn("Program atau kegiatan"), MatrixColumn("Pelaksana"), _text("Pelaksanaan"), NOTE),
)
UNITS = MatrixSpec(
    "Lembaga dan fasilitas",
    (MatrixColumn("Jenis lembaga atau fasilitas"), _number("Jumlah"), _number("Memenuhi"), NOTE),
)
BIRTH_CERTIFICATES = MatrixSpec(
    "Registrasi dan akta kelahiran",
    (MatrixColumn("Kelompok umur"), _people("Anak"), _people("Berakta"), _people("Ber-KIA"), NOTE),
    rows=("0–60 hari", "61 hari–1 tahun", "1–5 tahun", "5–12 tahun", "12–18 tahun"),
)
INFORMATION = MatrixSpec(
    "Fasilitas informasi layak anak",
    (
        MatrixColumn("Nama fasilitas"),
        MatrixColumn("Pengelola"),
        MatrixColumn("Layanan"),
        _people("Pengunjung"),
        NOTE,
    ),
)
CHILD_GROUPS = MatrixSpec(
    "Kelompok anak",
    (
        MatrixColumn("Nama kelompok"),
        MatrixColumn("Kegiatan"),
        _people("Anggota"),
        MatrixColumn("Lingkup"),
        MatrixColumn("Pendamping"),
    ),
)
CHILD_MARRIAGE = MatrixSpec(
    "Perkawinan anak",
    (
        MatrixColumn("Sumber data"),
        MatrixColumn("Kelompok umur"),
        _people("Perkawinan"),
        MatrixColumn("Penyebab"),
    ),
    rows=("KUA", "Pengadilan agama", "Pencatatan sipil", "Adat"),
)
CONSULTATION = MatrixSpec(
    "Lembaga konsultasi keluarga",
    (
        MatrixColumn("Nama lembaga"),
        MatrixColumn("Jenis"),
        MatrixColumn("Layanan"),
        _number("Keluarga"),
        NOTE,
    ),
)
NUTRITION = MatrixSpec(
    "Status gizi balita",
    (MatrixColumn("Status gizi"), _people("Balita"), NOTE),
    rows=("Balita ditimbang", "Berat badan kurang", "Gizi buruk", "Gizi lebih", "Stunting"),
)

BY_QUESTION: tuple[tuple[str, MatrixSpec], ...] = (
    (r"\b(?:ke|ber)?mitra(?:an)?\b|\bperan OPD\b", PARTNERSHIP),
    (r"\bterlatih\b", TRAINED),
    (r"^(?:upaya|program|mekanisme|inovasi)\b|\bdipantau\b|\b(?:terlibat|berperan)\b", ACTIVITIES),
    (r"^%|^persentase (?:kantor|fasilitas|SRA)\b|\bLKSA\b|\bsesuai standar\b", UNITS),
    (r"^ruang bermain|^lembaga layanan milik|^sarana", UNITS),
)
BY_INDICATOR: tuple[tuple[str, MatrixSpec], ...] = (
    (r"^peraturan|\bkebijakan daerah\b", REGULATIONS),
    (r"\bakta kelahiran\b", BIRTH_CERTIFICATES),
    (r"\binformasi layak anak\b", INFORMATION),
    (r"\bpartisipasi\b", CHILD_GROUPS),
    (r"\bperkawinan\b", CHILD_MARRIAGE),
    (r"\bkonsultasi\b", CONSULTATION),
    (r"\bgizi\b", NUTRITION),
)


def matrix_for(*, question: str, indicator: str) -> MatrixSpec:
    """The table that fits the question's text, else its indicator's name, else the plain one."""
    for patterns, text in ((BY_QUESTION, question), (BY_INDICATOR, indicator)):
        for pattern, spec in patterns:
            if re.search(pattern, text, re.IGNORECASE):
                return spec
    return DEFAULT


def evaluated_years(year: int) -> Years:
    """The two years that the evaluation of `year` looks at."""
    return year - 2, year - 1


def headings(spec: MatrixSpec, years: Years) -> list[Heading]:
    """The columns of the sheet, one beside the other."""
    found = []
    for column in spec.columns:
        suffixes = [""]
        if column.is_yearly:
            sexes = SEXES if column.is_by_sex else ("",)
            suffixes = [f" {sex} {year}" if sex else f" {year}" for year in years for sex in sexes]
        found += [Heading(f"{column.title}{suffix}", column.is_number) for suffix in suffixes]
    return found
