"""What may be done in which stage of a year, as one table.

Who may do it stands in `cities.roles.GRANTS`. A deed needs both.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage


class Act(StrEnum):
    """A kind of deed that depends on the stage of the year."""

    CLAIM = "claim"
    UPLOAD = "upload"
    WITHDRAW = "withdraw"
    REVIEW = "review"  # accept, return, undo
    GRANT = "grant"
    ASSIGN = "assign"
    COMMENT = "comment"
    IMPORT_CLAIMS = "import_claims"
    IMPORT_OFFICIAL = "import_official"
    CHANGE_YEAR = "change_year"  # target and deadline
    ADVANCE = "advance"  # to the next stage


# Acts are listed, never subtracted: a new one is locked everywhere until it is written here.
STAGE_ACTS: dict[Stage, frozenset[Act]] = {
    Stage.PREPARATION: frozenset({Act.ASSIGN, Act.COMMENT, Act.CHANGE_YEAR, Act.ADVANCE}),
    Stage.SELF_ASSESSMENT: frozenset(
        {
            Act.CLAIM,
            Act.UPLOAD,
            Act.WITHDRAW,
            Act.REVIEW,
            Act.GRANT,
            Act.ASSIGN,
            Act.COMMENT,
            Act.IMPORT_CLAIMS,
            Act.IMPORT_OFFICIAL,
            Act.CHANGE_YEAR,
            Act.ADVANCE,
        }
    ),
    Stage.SUBMITTED: frozenset({Act.COMMENT, Act.IMPORT_OFFICIAL, Act.CHANGE_YEAR, Act.ADVANCE}),
    Stage.ADMINISTRATIVE: frozenset(
        {Act.COMMENT, Act.IMPORT_OFFICIAL, Act.CHANGE_YEAR, Act.ADVANCE}
    ),
    # Questions of a rescue window without anybody in charge can still be handed to an OPD.
    Stage.FIELD: frozenset(
        {Act.ASSIGN, Act.COMMENT, Act.IMPORT_OFFICIAL, Act.CHANGE_YEAR, Act.ADVANCE}
    ),
    Stage.FINAL: frozenset({Act.COMMENT, Act.IMPORT_OFFICIAL, Act.CHANGE_YEAR, Act.ADVANCE}),
    Stage.CLOSED: frozenset({Act.COMMENT}),
}

# What a rescue window adds in its stage, for its own questions and until it closes.
RESCUE_STAGE = Stage.FIELD
RESCUE_ACTS = frozenset({Act.CLAIM, Act.UPLOAD, Act.WITHDRAW, Act.REVIEW, Act.GRANT})
# What stays allowed for its questions after it has closed, until the year leaves the stage.
AFTER_RESCUE_ACTS = frozenset({Act.REVIEW, Act.GRANT})

ACT_LABELS: dict[Act, Promise] = {
    Act.CLAIM: _("mengisi klaim"),
    Act.UPLOAD: _("mengunggah dokumen"),
    Act.WITHDRAW: _("menarik dokumen"),
    Act.REVIEW: _("memeriksa dokumen"),
    Act.GRANT: _("menetapkan nilai"),
    Act.ASSIGN: _("membagi tugas"),
    Act.COMMENT: _("bercakap tentang pertanyaan"),
    Act.IMPORT_CLAIMS: _("mengimpor klaim"),
    Act.IMPORT_OFFICIAL: _("mengimpor hasil resmi"),
    Act.CHANGE_YEAR: _("mengubah target dan tenggat"),
    Act.ADVANCE: _("melanjutkan tahap"),
}

# Where the year stands, and who can change that. Shown on pages and as the refusal of a deed.
STAGE_SENTENCES: dict[Stage, Promise] = {
    Stage.PREPARATION: _(
        "Penilaian tahun %(year)d masih dalam persiapan: pertanyaan dapat dibagikan, jawaban dan "
        "dokumen belum dapat diisi. Gugus Tugas atau admin kota memulai evaluasi mandiri."
    ),
    Stage.SELF_ASSESSMENT: _(
        "Penilaian tahun %(year)d sedang dalam evaluasi mandiri: jawaban, dokumen, dan "
        "pemeriksaan dapat diubah sampai Gugus Tugas mengajukannya."
    ),
    Stage.SUBMITTED: _(
        "Penilaian tahun %(year)d sudah diajukan, jadi isinya tidak dapat diubah. Admin kota "
        "dapat membukanya kembali dengan alasan."
    ),
    Stage.ADMINISTRATIVE: _(
        "Penilaian tahun %(year)d sedang dalam verifikasi administrasi, jadi isinya tidak dapat "
        "diubah. Admin kota dapat membukanya kembali dengan alasan."
    ),
    Stage.FIELD: _(
        "Penilaian tahun %(year)d sedang dalam verifikasi lapangan, jadi isinya tidak dapat "
        "diubah, kecuali pertanyaan dalam masa sanggah yang masih berjalan. Gugus Tugas membuka "
        "masa sanggah; admin kota dapat membuka kembali tahap sebelumnya dengan alasan."
    ),
    Stage.FINAL: _(
        "Penilaian tahun %(year)d sedang dalam verifikasi final, jadi isinya tidak dapat diubah. "
        "Admin kota dapat membukanya kembali dengan alasan."
    ),
    Stage.CLOSED: _(
        "Penilaian tahun %(year)d sudah ditutup, jadi isinya tidak dapat diubah. Admin kota "
        "dapat membukanya kembali dengan alasan."
    ),
}


def following(stage: Stage) -> Stage | None:
    """The next stage; a year goes forward one step at a time."""
    stages = list(Stage)
    place = stages.index(stage) + 1
    return stages[place] if place < len(stages) else None


def preceding(stage: Stage) -> tuple[Stage, ...]:
    """The stages to which a year can be taken back, the nearest first."""
    stages = list(Stage)
    return tuple(reversed(stages[: stages.index(stage)]))
