from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InstrumentStatus(TextChoices):
    DRAFT = "draft", _("rancangan")
    PUBLISHED = "published", _("terbit")


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
