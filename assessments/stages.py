"""What may be done in which stage of a year, as one table.

Who may do it stands in `cities.roles.GRANTS`. A deed needs both.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.choices import Stage, TrailEvent


class StageAction(StrEnum):
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


# Actions are listed, never subtracted: a new one is locked everywhere until it is written here.
STAGE_ACTIONS: dict[Stage, frozenset[StageAction]] = {
    Stage.PREPARATION: frozenset(
        {StageAction.ASSIGN, StageAction.COMMENT, StageAction.CHANGE_YEAR, StageAction.ADVANCE}
    ),
    Stage.SELF_ASSESSMENT: frozenset(
        {
            StageAction.CLAIM,
            StageAction.UPLOAD,
            StageAction.WITHDRAW,
            StageAction.REVIEW,
            StageAction.GRANT,
            StageAction.ASSIGN,
            StageAction.COMMENT,
            StageAction.IMPORT_CLAIMS,
            StageAction.IMPORT_OFFICIAL,
            StageAction.CHANGE_YEAR,
            StageAction.ADVANCE,
        }
    ),
    Stage.SUBMITTED: frozenset(
        {
            StageAction.COMMENT,
            StageAction.IMPORT_OFFICIAL,
            StageAction.CHANGE_YEAR,
            StageAction.ADVANCE,
        }
    ),
    Stage.ADMINISTRATIVE: frozenset(
        {
            StageAction.COMMENT,
            StageAction.IMPORT_OFFICIAL,
            StageAction.CHANGE_YEAR,
            StageAction.ADVANCE,
        }
    ),
    # Questions of a rescue window without anybody in charge can still be handed to an OPD.
    Stage.FIELD: frozenset(
        {
            StageAction.ASSIGN,
            StageAction.COMMENT,
            StageAction.IMPORT_OFFICIAL,
            StageAction.CHANGE_YEAR,
            StageAction.ADVANCE,
        }
    ),
    Stage.FINAL: frozenset(
        {
            StageAction.COMMENT,
            StageAction.IMPORT_OFFICIAL,
            StageAction.CHANGE_YEAR,
            StageAction.ADVANCE,
        }
    ),
    Stage.CLOSED: frozenset({StageAction.COMMENT}),
}

# What a rescue window adds in its stage, for its own questions and until it closes.
RESCUE_STAGE = Stage.FIELD
RESCUE_ACTIONS = frozenset(
    {
        StageAction.CLAIM,
        StageAction.UPLOAD,
        StageAction.WITHDRAW,
        StageAction.REVIEW,
        StageAction.GRANT,
    }
)
# What stays allowed for its questions after it has closed, until the year leaves the stage.
AFTER_RESCUE_ACTIONS = frozenset({StageAction.REVIEW, StageAction.GRANT})

ACTION_LABELS: dict[StageAction, Promise] = {
    StageAction.CLAIM: pgettext_lazy("dapat", "mengisi klaim"),
    StageAction.UPLOAD: pgettext_lazy("dapat", "mengunggah dokumen"),
    StageAction.WITHDRAW: pgettext_lazy("dapat", "menarik dokumen"),
    StageAction.REVIEW: _("memeriksa dokumen"),
    StageAction.GRANT: pgettext_lazy("dapat", "menetapkan nilai"),
    StageAction.ASSIGN: _("membagi tugas"),
    StageAction.COMMENT: _("berdiskusi tentang pertanyaan"),
    StageAction.IMPORT_CLAIMS: _("mengimpor klaim"),
    StageAction.IMPORT_OFFICIAL: _("mengimpor hasil resmi"),
    StageAction.CHANGE_YEAR: _("mengubah target dan tenggat"),
    StageAction.ADVANCE: _("melanjutkan tahap"),
}

# What of a year's trail tells of its stages.
STAGE_DEEDS = (
    TrailEvent.ASSESSMENT_OPENED,
    TrailEvent.ASSESSMENT_SUBMITTED,
    TrailEvent.STAGE_ADVANCED,
    TrailEvent.STAGE_REOPENED,
    TrailEvent.RESCUE_OPENED,
    TrailEvent.RESCUE_CANCELLED,
)

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
        "diubah, kecuali pertanyaan dalam masa melengkapi dokumen yang masih berjalan. Gugus Tugas membuka "
        "masa melengkapi dokumen; admin kota dapat membuka kembali tahap sebelumnya dengan alasan."
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
