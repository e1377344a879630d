from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class InstrumentStatus(TextChoices):
    DRAFT = "draft", _("rancangan")
    PUBLISHED = "published", _("terbit")
    RETIRED = "retired", _("ditarik")


class Measure(TextChoices):
    """What a total counts: points, or indicators fulfilled where no points were published."""

    POINTS = "points", _("poin")
    INDICATORS = "indicators", _("indikator terpenuhi")

    @property
    def unit(self) -> str:
        """One word, to stand after any number of them."""
        return gettext("poin") if self == Measure.POINTS else gettext("indikator")


class Severity(TextChoices):
    """How much a finding of the linter matters; what is published has no errors."""

    ERROR = "error", _("kesalahan")
    WARNING = "warning", _("peringatan")
    NOTE = "note", _("catatan")


class RowChange(TextChoices):
    """What becomes of a row when one instrument takes the place of another."""

    ADDED = "added", _("baru")
    CHANGED = "changed", _("berubah")
    REMOVED = "removed", _("dihapus")


class ImportConflict(TextChoices):
    """Why an imported file might undo what somebody did to the draft on the site."""

    CHANGED = "changed", _("rancangan berubah sejak berkas diekspor")
    UNKNOWN = "unknown", _("berkas tidak menyebut dari isi mana ia dibuat")


class MatchKind(TextChoices):
    """What became of a question from one instrument to the next."""

    SAME = "same", _("sama")
    REWORDED = "reworded", _("bunyi berubah")
    SPLIT = "split", _("dipecah")
    MERGED = "merged", _("digabung")
    NEW = "new", _("baru")
    GONE = "gone", _("tidak ada lagi")

    def fits(self, before: int, after: int) -> bool:
        """Whether so many earlier and later questions can stand in this relation."""
        if self in (MatchKind.SAME, MatchKind.REWORDED):
            return before == after == 1
        if self == MatchKind.SPLIT:
            return before == 1 < after
        if self == MatchKind.MERGED:
            return after == 1 < before
        return (before, after) == ((0, 1) if self == MatchKind.NEW else (1, 0))


class ClusterKind(TextChoices):
    INSTITUTIONAL = "institutional", _("kelembagaan")
    SUBSTANTIVE = "substantive", _("klaster hak anak")
    TERRITORIAL = "territorial", _("kewilayahan")


class AnswerType(TextChoices):
    CHOICE = "choice", _("pilihan")
    PERCENT = "percent", _("persentase")
    COUNT = "count", _("jumlah")
    NARRATIVE = "narrative", _("uraian")


class Direction(TextChoices):
    """Which way a figure should move; empty where more is simply better."""

    LOWER_IS_BETTER = "lower_is_better", _("makin rendah makin baik")
