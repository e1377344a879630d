"""Estimates the effort (1 to 20) of bringing a question to its full points.

A whole number from 1 to 20 without a unit. Only the proportions matter: the cheapest way to a
predikat takes the sets whose efforts add up to least. Each city puts its own numbers in place
of these wherever it knows better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEAST, MOST = 1, 20

# What getting a document of the kind asks of a city that has none, and why.
KIND_EFFORTS: dict[str, tuple[int, Promise]] = {
    "perda": (8, _("dibahas dan disahkan bersama DPRD")),
    "perkada": (5, _("diharmonisasi, lalu ditandatangani kepala daerah")),
    "perdes_atau_kebijakan_lurah": (4, _("dikumpulkan dari desa dan kelurahan")),
    "dokumen_rad": (5, _("disusun bersama semua OPD")),
    "sertifikat_standar": (6, _("layanan harus lulus standardisasi dahulu")),
    "mou": (4, _("dirundingkan dengan pihak luar")),
    "profil_anak": (4, _("data semua OPD dihimpun dan ditulis")),
    "profil_kla": (4, _("data semua OPD dihimpun dan ditulis")),
    "data_2_tahun": (3, _("data terpilah dua tahun dikumpulkan")),
    "dpa_ttd_bappeda": (3, _("anggaran ditandai dan ditandatangani Bappeda")),
    "dpa_ttd_lurah_kades": (4, _("anggaran dikumpulkan dari desa dan kelurahan")),
    "dokumen_inovasi": (3, _("inovasi diuraikan dan dibuktikan")),
    "dokumen_akhir": (3, _("dokumen disusun sampai selesai")),
    "sertifikat": (3, _("pelatihan harus diikuti dahulu")),
    "sk": (3, _("ditandatangani kepala daerah atau kepala OPD")),
    "sop": (3, _("prosedur ditulis dan ditetapkan")),
    "surat_edaran": (2, _("ditandatangani tanpa pembahasan panjang")),
    "susunan_anggota": (2, _("ditetapkan bersama keputusannya")),
    "rencana_tindak_lanjut": (2, _("disepakati dalam rapat")),
    "matriks": (2, _("tabel baku diisi dengan data sendiri")),
    "laporan": (2, _("kegiatan yang sudah ada dilaporkan")),
    "dokumen": (2, _("dokumen yang biasanya sudah ada")),
    "materi_kie": (2, _("bahan dibuat atau dikumpulkan")),
    "usulan_anak": (2, _("hasil pertemuan anak ditulis")),
    "foto": (1, _("diambil pada kegiatan")),
    "notula": (1, _("ditulis pada rapat")),
    "daftar_hadir": (1, _("ditandatangani pada rapat")),
    "undangan": (1, _("surat yang sudah dikirim")),
    "buku_tamu": (1, _("buku yang sudah diisi")),
    "tautan_berita": (1, _("alamat berita disalin")),
}
OTHER_KIND = (2, _("seperti dokumen yang biasanya sudah ada"))
RETURNED_SHARE = 2  # mending what was returned takes half of making it
FURTHER_OPD = 1  # each office more has to be asked and waited for


class Asked(Protocol):
    """A kind of document that a question asks for, and what has become of it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EffortPart:
    """What makes up an estimate, line by line."""

    name: str | Promise
    why: str | Promise
    amount: int


@dataclass(frozen=True, slots=True)
class Estimate:
    value: int
    parts: tuple[EffortPart, ...]


def estimate(asked: Sequence[Asked], *, opds: int) -> Estimate:
    """The effort that a question still takes, with its reasons.

    Every kind that is missing counts whole, one that was returned half, one that waits for
    review or is settled nothing; every OPD beyond the first counts one. Where all papers are
    settled and points are still missing, a better paper of the hardest kind is needed.
    """
    parts = [part for kind in asked if (part := _part(kind)) is not None]
    if not any(kind.state in ("empty", "returned", "waiting") for kind in asked):
        parts = [_better(asked)]
    if opds > 1:
        amount = (opds - 1) * FURTHER_OPD
        parts.append(EffortPart(_("OPD pendukung"), _("setiap OPD harus ditunggu"), amount))
    total = sum(part.amount for part in parts)
    return Estimate(value=min(max(total, LEAST), MOST), parts=tuple(parts))


def _part(kind: Asked) -> EffortPart | None:
    whole, why = KIND_EFFORTS.get(kind.code, OTHER_KIND)
    if kind.state == "empty":
        return EffortPart(kind.name, why, whole)
    if kind.state == "returned":
        return EffortPart(
            kind.name, _("dikembalikan, tinggal diperbaiki"), -(-whole // RETURNED_SHARE)
        )
    if kind.state == "waiting":
        return EffortPart(kind.name, _("sudah masuk, menunggu pemeriksaan"), 0)
    return None


def _better(asked: Iterable[Asked]) -> EffortPart:
    efforts = [KIND_EFFORTS.get(kind.code, OTHER_KIND)[0] for kind in asked]
    why = _("yang diterima belum bernilai penuh")
    return EffortPart(_("Dokumen yang lebih kuat"), why, max(efforts, default=OTHER_KIND[0]))
