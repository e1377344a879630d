"""The parts of a public page, and the only fields that each of them copies. One is released by one.

`COLUMNS` is the whole list: a field that is not named here never leaves the site.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from childdata.queries.open_data import HEADER


class Section(models.TextChoices):
    """In the order of the page; the value stands in addresses."""

    SCORE = "predikat", _("Predikat dan nilai")
    CLUSTERS = "klaster", _("Nilai setiap klaster")
    DONE = "capaian", _("Yang sudah dikerjakan")
    PLAN = "rad", _("Rencana aksi dan realisasinya")
    CHILDREN = "profil-anak", _("Profil anak dua tahun")
    FACILITIES = "fasilitas", _("Fasilitas untuk anak")
    COMMITMENTS = "komitmen", _("Komitmen para pihak")


# Where the numbers of a part come from; the public reads it below the part.
SOURCES: Mapping[Section, str | Promise] = {
    Section.SCORE: _("penghargaan yang diumumkan, dan nilai yang dibekukan saat diajukan"),
    Section.CLUSTERS: _("nilai yang dibekukan saat diajukan"),
    Section.DONE: _("pertanyaan yang terbukti, dibekukan saat diajukan"),
    Section.PLAN: _("RAD pada tahun yang dinilai, dilaporkan sampai hari pengajuan"),
    Section.CHILDREN: _("data anak pada kedua tahun yang dinilai; angka kecil disembunyikan"),
    Section.FACILITIES: _("fasilitas dan sertifikat yang berlaku pada akhir masa dokumen"),
    Section.COMMITMENTS: _("komitmen yang dibuat sampai hari pengajuan"),
}

# The field, and its heading in tables.
COLUMNS: Mapping[Section, Mapping[str, str | Promise]] = {
    Section.SCORE: {
        "jenis": _("Jenis"),
        "nilai": _("Nilai"),
        "predikat": _("Predikat"),
        "sumber": _("Sumber"),
    },
    Section.CLUSTERS: {
        "klaster": _("Klaster"),
        "nama": _("Nama"),
        "maksimum": _("Nilai paling tinggi"),
        "diklaim": _("Diklaim kota"),
        "terbukti": _("Terbukti"),
    },
    Section.DONE: {
        "klaster": _("Klaster"),
        "indikator": _("Indikator"),
        "nama": _("Nama"),
        "terbukti": _("Pertanyaan terbukti"),
        "pertanyaan": _("Seluruh pertanyaan"),
    },
    Section.PLAN: {
        "nomor": _("Nomor"),
        "klaster": _("Klaster"),
        "aksi": _("Aksi"),
        "ukuran": _("Indikator kinerja"),
        "target": _("Target"),
        "satuan": _("Satuan"),
        "pagu": _("Pagu (Rp)"),
        "realisasi": _("Realisasi (Rp)"),
        "fisik": _("Fisik (%)"),
    },
    Section.CHILDREN: {name: name for name in HEADER},
    Section.FACILITIES: {
        "jenis": _("Jenis"),
        "nama": _("Nama"),
        "wilayah": _("Kelurahan atau desa"),
        "kecamatan": _("Kecamatan"),
        "standar": _("Bersertifikat standar"),
    },
    Section.COMMITMENTS: {
        "pihak": _("Pihak"),
        "lembaga": _("Lembaga"),
        "komitmen": _("Komitmen"),
        "tanggal": _("Tanggal"),
        "sampai": _("Sampai"),
    },
}

# What people typed freely, and is therefore looked through for personal data.
FREE_TEXT: Mapping[Section, tuple[str, ...]] = {
    Section.SCORE: ("sumber",),
    Section.PLAN: ("aksi", "ukuran", "satuan"),
    Section.CHILDREN: ("produsen", "sumber"),
    Section.FACILITIES: ("nama",),
    Section.COMMITMENTS: ("lembaga", "komitmen"),
}

# Places where a child may live, or a person's own home may be, are on no public list.
PUBLIC_TYPES = (
    "sra", "prap", "pisa", "rbra", "rass", "rira", "pka", "puspaga", "ruang-asi", "forum-anak",
)  # fmt: skip
