"""The terms of these pages, for whoever reads them first. CONTRIBUTING.md holds us to the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means here; `anchor` is its place on the page."""

    anchor: str
    word: Promise
    meaning: Promise


@dataclass(frozen=True, slots=True)
class Chapter:
    title: Promise
    terms: Sequence[Term]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        _("Penilaian"),
        (
            Term(
                "kla",
                _("Kota Layak Anak (KLA)"),
                _(
                    "Kabupaten atau kota yang memenuhi hak anak dan melindungi anak secara "
                    "menyeluruh dan berkelanjutan. Dinilai oleh kementerian."
                ),
            ),
            Term(
                "instrumen",
                _("Instrumen"),
                _("Daftar pertanyaan resmi satu penilaian, beserta poin dan jenis dokumennya."),
            ),
            Term(
                "klaster",
                _("Klaster"),
                _(
                    "Kelompok indikator: kelembagaan, lima klaster hak anak, dan wilayah di bawah kota."
                ),
            ),
            Term(
                "indikator",
                _("Indikator"),
                _("Satu hal yang dinilai. Setiap indikator terdiri atas beberapa pertanyaan."),
            ),
            Term(
                "poin",
                _("Poin"),
                _("Satuan nilai. Dalam instrumen 2023 seluruh pertanyaan bersama-sama 1.000 poin."),
            ),
            Term(
                "nilai",
                _("Nilai"),
                _(
                    "Banyaknya poin yang diklaim, ditetapkan, terbukti, atau resmi, untuk sebuah "
                    "pertanyaan, indikator, klaster, atau kota."
                ),
            ),
            Term(
                "predikat",
                _("Predikat"),
                _("Peringkat kota menurut nilainya: Pratama, Madya, Nindya, Utama, dan KLA."),
            ),
            Term(
                "langkah-menuju-predikat",
                _("Langkah menuju predikat"),
                _("Pertanyaan yang paling ringan dikerjakan agar kota mencapai sebuah predikat."),
            ),
        ),
    ),
    Chapter(
        _("Jawaban dan dokumen"),
        (
            Term(
                "klaim",
                _("Klaim"),
                _("Nilai yang menurut kota layak diperoleh untuk sebuah pertanyaan."),
            ),
            Term(
                "dokumen-pendukung",
                _("Dokumen pendukung"),
                _("Berkas atau tautan yang membuktikan klaim, misalnya SK, foto, atau laporan."),
            ),
            Term(
                "jenis-dokumen",
                _("Jenis dokumen"),
                _("Macam dokumen yang diminta instrumen. Satu pertanyaan dapat meminta beberapa."),
            ),
            Term(
                "terbukti",
                _("Terbukti"),
                _("Diklaim dan ditetapkan nilainya, dengan sedikitnya satu dokumen yang diterima."),
            ),
            Term(
                "poin-yang-masih-dapat-diraih",
                _("Poin yang masih dapat diraih"),
                _("Nilai tertinggi sebuah pertanyaan dikurangi yang sudah terbukti."),
            ),
            Term(
                "masa-dokumen",
                _("Masa dokumen"),
                _("Rentang waktu yang harus dicakup isi dokumen agar dihitung pada tahun itu."),
            ),
            Term(
                "tenggat",
                _("Tenggat"),
                _("Hari terakhir menyerahkan dokumen untuk sebuah pertanyaan."),
            ),
        ),
    ),
    Chapter(
        _("Pemeriksaan dan tahap"),
        (
            Term(
                "menunggu",
                _("Menunggu"),
                _("Dokumen sudah diserahkan dan belum diputuskan pemeriksa."),
            ),
            Term(
                "diterima",
                _("Diterima"),
                _("Pemeriksa menyatakan dokumen itu membuktikan jawaban."),
            ),
            Term(
                "dikembalikan",
                _("Dikembalikan"),
                _("Dokumen perlu diperbaiki; alasannya tertulis dan perbaikannya diunggah OPD."),
            ),
            Term(
                "diskusi",
                _("Diskusi"),
                _("Pesan di bawah pertanyaan, tempat OPD dan pemeriksa berdiskusi; tidak dihapus."),
            ),
            Term(
                "pengecualian",
                _("Pengecualian jenis dokumen"),
                _(
                    "Satu jenis dokumen tidak ditagih pada sebuah pertanyaan, dengan alasan pemeriksa."
                ),
            ),
            Term(
                "evaluasi-mandiri",
                _("Evaluasi mandiri"),
                _("Tahap kota menjawab sendiri seluruh pertanyaan dan mengumpulkan dokumennya."),
            ),
            Term(
                "verifikasi",
                _("Verifikasi"),
                _(
                    "Pemeriksaan resmi sesudah evaluasi mandiri: verifikasi administrasi, "
                    "verifikasi lapangan, lalu verifikasi final."
                ),
            ),
            Term(
                "masa-melengkapi-dokumen",
                _("Masa melengkapi dokumen"),
                _(
                    "Selama 2 × 24 jam dalam verifikasi lapangan, pertanyaan pilihan dibuka kembali."
                ),
            ),
        ),
    ),
    Chapter(
        _("Orang dan lembaga"),
        (
            Term(
                "opd",
                _("OPD"),
                _("Organisasi perangkat daerah, atau lembaga lain yang memegang dokumennya."),
            ),
            Term(
                "penanggung-jawab",
                _("Penanggung jawab dan pendukung"),
                _(
                    "Satu OPD bertanggung jawab atas sebuah pertanyaan; OPD lain melengkapi dokumen."
                ),
            ),
            Term(
                "gugus-tugas",
                _("Gugus Tugas KLA"),
                _(
                    "Tim koordinasi kota: membagikan pertanyaan, memeriksa, dan mengajukan penilaian."
                ),
            ),
            Term(
                "verifikator",
                _("Verifikator"),
                _("Memeriksa dokumen dan menetapkan nilai, tetapi tidak mengunggah."),
            ),
            Term(
                "pimpinan",
                _("Pimpinan"),
                _("Kepala daerah dan yang mewakilinya: melihat seluruhnya dan memutuskan arahnya."),
            ),
            Term(
                "pendamping",
                _("Pendamping"),
                _("Membaca seluruhnya dan memberi saran, misalnya dari provinsi atau fasilitator."),
            ),
            Term(
                "petugas-wilayah",
                _("Kecamatan atau kelurahan"),
                _("Mengisi laporan wilayahnya sendiri; tidak melihat yang lain."),
            ),
            Term(
                "forum-anak",
                _("Forum Anak"),
                _("Membaca pesan warga yang diteruskan Gugus Tugas; tidak melihat yang lain."),
            ),
            Term(
                "admin-kota",
                _("Admin kota"),
                _("Mengatur OPD, anggota, tahun penilaian, dan tahapnya."),
            ),
        ),
    ),
)
