"""What usually proves a question, and why such papers come back: one sentence, and it is ours.

The ministry asks for kinds of documents; what is said here of each kind comes from the reasons for
which our reviewers return papers (`UsualReason`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import UsualReason

Text = str | Promise

MOST_PROOFS = 3  # a sentence that lists more is not read to its end
MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class KindAdvice:
    """Of one kind of document: what a good one is, and why others are returned, likeliest first."""

    proof: Text
    reasons: Sequence[UsualReason]


# As parts of the sentence "… sering dikembalikan karena …".
BECAUSE: dict[UsualReason, Text] = {
    UsualReason.UNSIGNED: gettext_lazy("belum ditandatangani"),
    UsualReason.PHOTO: gettext_lazy("foto tanpa tanggal"),
    UsualReason.PERIOD: gettext_lazy("isinya di luar tahun yang dinilai"),
    UsualReason.NO_DECREE: gettext_lazy("SK-nya belum dilampirkan"),
    UsualReason.FIGURES: gettext_lazy("data belum terpilah"),
    UsualReason.OTHER_QUESTION: gettext_lazy("isinya tidak menjawab pertanyaan ini"),
    UsualReason.PAGES: gettext_lazy("halamannya tidak lengkap"),
    UsualReason.SAME_PHOTO: gettext_lazy("foto yang sama dipakai untuk pertanyaan lain"),
}

_DECREE = (UsualReason.UNSIGNED, UsualReason.PAGES, UsualReason.PERIOD)
_BUDGET = (UsualReason.UNSIGNED, UsualReason.PERIOD, UsualReason.PAGES)
_REPORT = (UsualReason.UNSIGNED, UsualReason.PERIOD, UsualReason.OTHER_QUESTION)
_FIGURES = (UsualReason.FIGURES, UsualReason.PERIOD)
_MEETING = (UsualReason.PERIOD, UsualReason.UNSIGNED, UsualReason.OTHER_QUESTION)
_CERTIFICATE = (UsualReason.PERIOD, UsualReason.PAGES)
_ANY = (UsualReason.OTHER_QUESTION, UsualReason.PAGES, UsualReason.PERIOD)

# By the code of the kind, which instruments share.
ADVICE: dict[str, KindAdvice] = {
    "perda": KindAdvice(gettext_lazy("peraturan daerah lengkap yang sudah diundangkan"), _DECREE),
    "perkada": KindAdvice(
        gettext_lazy("peraturan kepala daerah lengkap yang sudah diundangkan"), _DECREE
    ),
    "sk": KindAdvice(gettext_lazy("SK bertanda tangan"), _DECREE),
    "surat_edaran": KindAdvice(gettext_lazy("surat edaran bertanda tangan"), _DECREE),
    "dpa_ttd_bappeda": KindAdvice(gettext_lazy("DPA bertanda tangan Bappeda"), _BUDGET),
    "dpa_ttd_lurah_kades": KindAdvice(
        gettext_lazy("anggaran bertanda tangan lurah atau kepala desa"), _BUDGET
    ),
    "perdes_atau_kebijakan_lurah": KindAdvice(
        gettext_lazy("peraturan desa atau kebijakan lurah bertanda tangan"), _DECREE
    ),
    "matriks": KindAdvice(gettext_lazy("matriks KemenPPPA yang terisi penuh"), _FIGURES),
    "foto": KindAdvice(
        gettext_lazy("foto bertanggal dengan keterangan kegiatan"),
        (UsualReason.PHOTO, UsualReason.SAME_PHOTO),
    ),
    "data_2_tahun": KindAdvice(gettext_lazy("data terpilah dua tahun terakhir"), _FIGURES),
    "dokumen": KindAdvice(gettext_lazy("dokumen resmi yang menjawab pertanyaan ini"), _ANY),
    "laporan": KindAdvice(
        gettext_lazy("laporan bertanda tangan untuk tahun yang dinilai"), _REPORT
    ),
    "mou": KindAdvice(
        gettext_lazy("perjanjian kerja sama yang ditandatangani kedua pihak"), _DECREE
    ),
    "dokumen_inovasi": KindAdvice(
        gettext_lazy("uraian inovasi beserta dasar hukumnya"),
        (UsualReason.NO_DECREE, UsualReason.OTHER_QUESTION, UsualReason.PERIOD),
    ),
    "sertifikat": KindAdvice(gettext_lazy("sertifikat pelatihan atas nama peserta"), _CERTIFICATE),
    "sertifikat_standar": KindAdvice(
        gettext_lazy("sertifikat standar yang masih berlaku"), _CERTIFICATE
    ),
    "sop": KindAdvice(gettext_lazy("SOP yang sudah disahkan"), _DECREE),
    "notula": KindAdvice(gettext_lazy("notula bertanda tangan"), _MEETING),
    "daftar_hadir": KindAdvice(gettext_lazy("daftar hadir bertanda tangan"), _MEETING),
    "materi_kie": KindAdvice(gettext_lazy("materi KIE yang disebarkan"), _ANY),
    "profil_anak": KindAdvice(gettext_lazy("profil anak dengan data terpilah"), _FIGURES),
    "profil_kla": KindAdvice(gettext_lazy("profil KLA dengan data terpilah"), _FIGURES),
    "usulan_anak": KindAdvice(gettext_lazy("usulan anak yang tercatat dalam musyawarah"), _MEETING),
    "dokumen_akhir": KindAdvice(gettext_lazy("dokumen akhir yang sudah disahkan"), _DECREE),
    "tautan_berita": KindAdvice(
        gettext_lazy("tautan berita yang masih dapat dibuka"),
        (UsualReason.OTHER_QUESTION, UsualReason.PERIOD),
    ),
    "susunan_anggota": KindAdvice(
        gettext_lazy("susunan keanggotaan beserta SK-nya"),
        (UsualReason.NO_DECREE, UsualReason.UNSIGNED, UsualReason.PERIOD),
    ),
    "dokumen_rad": KindAdvice(
        gettext_lazy("RAD KLA beserta peraturannya"),
        (UsualReason.NO_DECREE, UsualReason.PERIOD, UsualReason.PAGES),
    ),
    "buku_tamu": KindAdvice(gettext_lazy("buku tamu bertanggal"), _MEETING),
    "undangan": KindAdvice(gettext_lazy("undangan bertanda tangan"), _MEETING),
    "rencana_tindak_lanjut": KindAdvice(
        gettext_lazy("rencana tindak lanjut yang disetujui pimpinan"), _REPORT
    ),
}


def advice(kinds: Iterable[tuple[str, str]]) -> str:
    """The sentence for a question that asks for these kinds, each a code and a name.

    A kind that nobody has written about yet is called by its name, with the reasons that are
    everybody's; a question that asks for no kind is told those alone.
    """
    given = [ADVICE.get(code) or KindAdvice(name, _ANY) for code, name in kinds]
    given = given or [ADVICE["dokumen"]]
    return _("Biasanya terbukti dengan %(proofs)s; sering dikembalikan karena %(reasons)s.") % {
        "proofs": _joined([str(one.proof) for one in given[:MOST_PROOFS]], _("serta")),
        "reasons": _joined([str(BECAUSE[reason]) for reason in _likeliest(given)], _("atau")),
    }


def _likeliest(given: Iterable[KindAdvice]) -> list[UsualReason]:
    """The first reason of each kind, then the second of each, none twice."""
    in_turn = zip_longest(*(one.reasons for one in given))
    found = dict.fromkeys(reason for reasons in in_turn for reason in reasons if reason)
    return list(found)[:MOST_REASONS]


def _joined(words: Sequence[str], last: str) -> str:
    """With “dan” as the last: a; a dan b; a, b, dan c."""
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])}, {last} {words[-1]}"
