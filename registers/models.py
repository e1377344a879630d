"""What was taken from a register, frozen with its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, SupportingDocument
from clusters.register_files import SourceSpec
from registers.contract import AnswerKind, RegisterAnswer, read_row, read_years
from registers.wording import told

SHARE = AnswerKind.SHARE.value
KINDS = [(SHARE, _("persen")), (AnswerKind.COUNT.value, _("jumlah"))]


class TakenValue(models.Model):
    """A value of a register that became the figure of an answer.

    Never changed: when the register moves on, another one is taken. `rows` are the rows behind it
    as they were (`contract.stored_row`), `years` the counts by sex and year (`stored_years`), null
    for a share of units; `denominator` is null where a number stands alone. `document` is what was
    handed in of it, where the question asks for a paper that a matrix can be. Values taken before
    that was one document have the workbook there and the print of it as `paper`.
    """

    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="taken_values", verbose_name=_("jawaban")
    )
    register = models.CharField(_("register"), max_length=50)
    key = models.CharField(_("kunci"), max_length=300)
    as_of = models.DateField(_("tanggal acuan"))
    value = models.DecimalField(_("nilai"), max_digits=14, decimal_places=3)
    numerator = models.PositiveIntegerField(_("pembilang"))
    denominator = models.PositiveIntegerField(_("penyebut"), null=True, blank=True)
    # What the release before writes, which knows of shares alone, is a share.
    kind = models.CharField(
        _("jenis nilai"), max_length=10, choices=KINDS, default=SHARE, db_default=SHARE
    )
    years = models.JSONField(_("jumlah per tahun"), null=True, blank=True)
    title = models.TextField(_("yang dihitung"), blank=True, default="", db_default="")
    silence = models.CharField(
        _("sebutan baris kosong"), max_length=50, blank=True, default="", db_default=""
    )
    note = models.TextField(_("catatan"), blank=True, default="", db_default="")
    missing = models.PositiveIntegerField(_("belum diketahui"))
    rows = models.JSONField(_("baris"))
    fingerprint = models.CharField(_("kode keaslian"), max_length=64)
    document = models.ForeignKey(
        SupportingDocument,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dokumen"),
    )
    paper = models.ForeignKey(
        SupportingDocument,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dokumen cetak"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("nilai dari register")
        verbose_name_plural = _("nilai dari register")
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.told}"

    @property
    def told(self) -> str:
        """What was taken, as people read it: 38 dari 40 (95%), or 12."""
        return told(self.value, self.kind, self.numerator, self.denominator)

    @property
    def filed(self) -> SupportingDocument | None:
        """The document that a next one may follow; of two, the print."""
        return self.paper or self.document

    @property
    def as_answer(self) -> RegisterAnswer:
        """What the register said then. Of values from before these were kept, the question is the title."""
        return RegisterAnswer(
            title=self.title or self.answer.question.text,
            noun="",
            as_of=self.as_of,
            rows=tuple(read_row(row) for row in self.rows),
            url="",
            silence=self.silence or str(_("belum melapor")),
            kind=AnswerKind(self.kind),
            years=read_years(self.years or ()),
            note=self.note,
        )

    def is_still(self, source: SourceSpec, answer: RegisterAnswer) -> bool:
        """Whether it came from that source, and the source still says the same with the same rows."""
        of_source = (self.register, self.key) == (source.register, source.key)
        return of_source and self.fingerprint == answer.fingerprint
