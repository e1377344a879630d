"""The instrument: what a city is asked, and what each answer is worth.

The rows below a draft are edited; publishing freezes them (clusters/services). They are
deleted only with their instrument or by its editors, so inside the tree foreign keys cascade,
and everyone outside protects.
"""

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters.choices import AnswerType, ClusterKind, Direction, InstrumentStatus, Measure
from clusters.spec import MAX_CODE, MAX_NAME, BandSpec

if TYPE_CHECKING:
    from clusters.models.sources import QuestionSource

FIRST_NUMBER, LAST_NUMBER = 1, 99


def points_field(verbose_name: Any) -> "models.DecimalField[Decimal, Decimal]":
    """Points of the 1000-point scale, to a thousandth."""
    return models.DecimalField(
        verbose_name,
        max_digits=7,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0))],
    )


def points_not_negative(name: str, field: str = "max_points") -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__gte": 0}),
        violation_error_message=_("Poin tidak boleh kurang dari nol."),
    )


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def published(self) -> Self:
        """The instruments that an assessment may be opened with; codes end in a year, newest first."""
        return self.filter(status=InstrumentStatus.PUBLISHED).order_by("-code")

    def frozen(self) -> Self:
        """Published and retired ones: what years rest on and everybody may read."""
        return self.exclude(status=InstrumentStatus.DRAFT).order_by("code")

    def visible_to(self, *, is_site_admin: bool) -> Self:
        """Everybody reads what years may rest on; a draft only those who make it."""
        return self.all() if is_site_admin else self.frozen()

    def with_tree(self) -> Self:
        """What the instrument corrects and everything below it, in a fixed number of queries."""
        links = models.Prefetch(
            "clusters__indicators__questions__question_agencies",
            QuestionAgency.objects.select_related("agency"),
        )
        return self.select_related("corrects").prefetch_related(
            "bands",
            "agencies",
            "evidence_kinds",
            "clusters__indicators__questions__evidence_kinds",
            links,
        )


class Instrument(models.Model):
    """One version of the evaluation questionnaire: draft, published, retired.

    A published one is never changed; a correction is a new version that names what it
    corrects. A retired one keeps its years and takes no new ones.
    """

    code = models.SlugField(_("kode"), max_length=MAX_CODE, unique=True)
    title = models.CharField(_("judul"), max_length=MAX_NAME)
    title_en = models.CharField(_("judul dalam bahasa Inggris"), max_length=MAX_NAME, blank=True)
    legal_basis = models.JSONField(_("dasar hukum"), default=list, blank=True)
    provenance = models.TextField(_("asal-usul"), blank=True)
    max_points = points_field(_("poin maksimum"))
    bands_note = models.TextField(_("catatan predikat"), blank=True)
    stages = models.JSONField(_("tahap penilaian"), default=list, blank=True)
    measure = models.CharField(
        _("satuan nilai"), max_length=20, choices=Measure, default=Measure.POINTS
    )
    # SHA-256 of the content; empty while it may still change.
    checksum = models.CharField(_("kode keaslian isi"), max_length=64, blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=InstrumentStatus,
        default=InstrumentStatus.DRAFT,
    )
    published_at = models.DateTimeField(_("terbit pada"), null=True, blank=True)
    retired_at = models.DateTimeField(_("ditarik pada"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("membetulkan instrumen"),
    )
    correction_note = models.TextField(_("yang dibetulkan"), blank=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrumen")
        verbose_name_plural = _("instrumen")
        constraints = [
            points_not_negative("clusters_instrument_points_not_negative"),
            models.CheckConstraint(
                name="clusters_instrument_status_known",
                condition=Q(status__in=InstrumentStatus.values),
                violation_error_message=_("Status instrumen tidak dikenal."),
            ),
            models.CheckConstraint(
                name="clusters_instrument_published_has_date",
                condition=Q(status=InstrumentStatus.DRAFT, published_at=None, retired_at=None)
                | Q(
                    status=InstrumentStatus.PUBLISHED,
                    published_at__isnull=False,
                    retired_at=None,
                )
                | Q(
                    status=InstrumentStatus.RETIRED,
                    published_at__isnull=False,
                    retired_at__isnull=False,
                ),
                violation_error_message=_(
                    "Instrumen yang terbit mempunyai tanggal terbit, yang ditarik juga tanggal "
                    "penarikan; rancangan tidak memiliki keduanya."
                ),
            ),
            models.CheckConstraint(
                name="clusters_instrument_measure_known",
                condition=Q(measure__in=Measure.values),
                violation_error_message=_("Satuan nilai tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unit(self) -> str:
        """What its numbers count, in a word to stand after them."""
        return Measure(self.measure).unit

    @property
    def codes(self) -> tuple[str, ...]:
        """Its code and those of what it corrects, the nearest first: files beside instruments name
        one of them. A query for each that it corrects.
        """
        return (self.code, *(self.corrects.codes if self.corrects else ()))

    @cached_property
    def changed_sources(self) -> "dict[str, QuestionSource]":
        """By code of its question what answers that in place of what the file says; a query."""
        changed = Question.objects.of_instrument(self).exclude(changed_source=None)
        rows = changed.select_related("changed_source")
        return {question.code: question.changed_source for question in rows}

    def band_specs(self) -> tuple[BandSpec, ...]:
        """Its bands as plain values, from the lowest; those of a published one are read once a process.

        Its checksum is that of its content, bands included, so what is kept is never out of date.
        """
        if not self.checksum:
            return _specs_of(self.bands.all())
        return _published_bands(self.checksum, self.pk)

    @property
    def is_draft(self) -> bool:
        return self.status == InstrumentStatus.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == InstrumentStatus.PUBLISHED

    @property
    def is_retired(self) -> bool:
        return self.status == InstrumentStatus.RETIRED


class Band(models.Model):
    """A predikat and the totals for which the ministry publishes it."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="bands")
    predikat = models.CharField(_("predikat"), max_length=MAX_NAME)
    minimum = points_field(_("batas bawah"))
    maximum = points_field(_("batas atas"))

    class Meta:
        verbose_name = _("rentang predikat")
        verbose_name_plural = _("rentang predikat")
        ordering = ["minimum"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "predikat"],
                name="clusters_band_one_per_predikat",
                violation_error_message=_("Predikat ini sudah ada di instrumen tersebut."),
            ),
            models.CheckConstraint(
                name="clusters_band_minimum_below_maximum",
                condition=Q(minimum__gte=0, minimum__lt=F("maximum")),
                violation_error_message=_("Batas bawah predikat harus di bawah batas atasnya."),
            ),
        ]

    def __str__(self) -> str:
        return self.predikat


@lru_cache(maxsize=64)
def _published_bands(checksum: str, instrument_id: int) -> tuple[BandSpec, ...]:
    # Raises where the database does not have it yet, as a copy of it may; nothing is kept then.
    return _specs_of(Instrument.objects.get(pk=instrument_id).bands.all())


def _specs_of(bands: "models.QuerySet[Band]") -> tuple[BandSpec, ...]:
    return tuple(BandSpec(*row) for row in bands.values_list("predikat", "minimum", "maximum"))


class Agency(models.Model):
    """The kind of office that usually answers, under the instrument's own code."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="agencies")
    code = models.CharField(_("kode"), max_length=MAX_CODE)
    name = models.CharField(_("nama"), max_length=MAX_NAME)
    position = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("perangkat daerah baku")
        verbose_name_plural = _("perangkat daerah baku")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "code"],
                name="clusters_agency_one_per_code",
                violation_error_message=_("Kode perangkat daerah ini sudah ada."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceKind(models.Model):
    """A kind of document that a question may ask for."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="evidence_kinds")
    code = models.CharField(_("kode"), max_length=MAX_CODE)
    name = models.CharField(_("nama"), max_length=MAX_NAME)
    position = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("jenis dokumen")
        verbose_name_plural = _("jenis dokumen")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "code"],
                name="clusters_evidencekind_one_per_code",
                violation_error_message=_("Kode jenis dokumen ini sudah ada."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cluster(models.Model):
    """A section of the instrument: kelembagaan, a klaster, or the territorial section."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="clusters")
    code = models.CharField(_("kode"), max_length=MAX_CODE)
    label = models.CharField(_("label"), max_length=MAX_NAME)
    name = models.CharField(_("nama"), max_length=MAX_NAME)
    name_en = models.CharField(_("nama dalam bahasa Inggris"), max_length=MAX_NAME, blank=True)
    kind = models.CharField(_("jenis"), max_length=20, choices=ClusterKind)
    max_points = points_field(_("poin maksimum"))
    position = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("klaster")
        verbose_name_plural = _("klaster")
        ordering = ["position"]
        constraints = [
            points_not_negative("clusters_cluster_points_not_negative"),
            models.UniqueConstraint(
                fields=["instrument", "code"],
                name="clusters_cluster_one_per_code",
                violation_error_message=_("Kode klaster ini sudah ada di instrumen tersebut."),
            ),
            models.CheckConstraint(
                name="clusters_cluster_kind_known",
                condition=Q(kind__in=ClusterKind.values),
                violation_error_message=_("Jenis klaster tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Indicator(models.Model):
    """A row of the instrument that carries points; several rows may share one number."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="indicators")
    code = models.CharField(_("kode"), max_length=MAX_CODE)
    number = models.PositiveSmallIntegerField(_("nomor"))
    name = models.CharField(_("nama"), max_length=MAX_NAME)
    name_en = models.CharField(_("nama dalam bahasa Inggris"), max_length=MAX_NAME, blank=True)
    max_points = points_field(_("poin maksimum"))
    counts_among_24 = models.BooleanField(_("termasuk 24 indikator"))
    note = models.TextField(_("catatan"), blank=True)
    position = models.PositiveSmallIntegerField(_("urutan dalam instrumen"))

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikator")
        ordering = ["position"]
        constraints = [
            points_not_negative("clusters_indicator_points_not_negative"),
            models.UniqueConstraint(
                fields=["cluster", "code"],
                name="clusters_indicator_one_per_code",
                violation_error_message=_("Kode indikator ini sudah ada di klaster tersebut."),
            ),
            models.CheckConstraint(
                name="clusters_indicator_number_in_range",
                condition=Q(number__gte=FIRST_NUMBER, number__lte=LAST_NUMBER),
                violation_error_message=_("Nomor indikator harus antara 1 dan 99."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def of_instrument(self, instrument: Instrument) -> Self:
        return self.filter(indicator__cluster__instrument=instrument)

    def in_order(self) -> Self:
        """As the instrument prints them, each with its indicator and cluster at hand."""
        return self.select_related("indicator__cluster").order_by("position", "pk")


class Question(models.Model):
    """One question, its maximum points, and the kinds of documents that usually prove it."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="questions")
    code = models.CharField(_("kode"), max_length=MAX_CODE)
    text = models.TextField(_("pertanyaan"))
    text_en = models.TextField(_("pertanyaan dalam bahasa Inggris"), blank=True)
    max_points = points_field(_("poin maksimum"))
    answer_type = models.CharField(_("bentuk jawaban"), max_length=20, choices=AnswerType)
    options = models.JSONField(_("pilihan jawaban"), default=list, blank=True)
    # Decimal fractions as text: JSON numbers would come back as binary floats.
    usual_fractions = models.JSONField(_("bagian poin yang lazim"), default=list, blank=True)
    direction = models.CharField(_("arah"), max_length=20, choices=Direction, blank=True)
    note = models.TextField(_("catatan"), blank=True)
    position = models.PositiveSmallIntegerField(_("urutan dalam instrumen"))
    evidence_kinds = models.ManyToManyField(
        EvidenceKind,
        related_name="questions",
        verbose_name=_("dokumen yang diminta"),
        blank=True,
    )
    agencies = models.ManyToManyField(
        Agency,
        through="QuestionAgency",
        related_name="questions",
        verbose_name=_("perangkat daerah baku"),
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("pertanyaan")
        verbose_name_plural = _("pertanyaan")
        ordering = ["position"]
        constraints = [
            points_not_negative("clusters_question_points_not_negative"),
            models.UniqueConstraint(
                fields=["indicator", "code"],
                name="clusters_question_one_per_code",
                violation_error_message=_("Kode pertanyaan ini sudah ada di indikator tersebut."),
            ),
            models.CheckConstraint(
                name="clusters_question_answer_type_known",
                condition=Q(answer_type__in=AnswerType.values),
                violation_error_message=_("Bentuk jawaban tidak dikenal."),
            ),
            models.CheckConstraint(
                name="clusters_question_direction_known",
                condition=Q(direction__in=["", *Direction.values]),
                violation_error_message=_("Arah tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class QuestionAgency(models.Model):
    """An office that usually answers a question; position 0 leads, the others contribute."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="question_agencies")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="question_agencies")
    position = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("perangkat daerah pertanyaan")
        verbose_name_plural = _("perangkat daerah pertanyaan")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "agency"],
                name="clusters_questionagency_once",
                violation_error_message=_("Perangkat daerah ini sudah tercatat di pertanyaan."),
            ),
            models.UniqueConstraint(
                fields=["question", "position"],
                name="clusters_questionagency_one_per_position",
                violation_error_message=_("Urutan ini sudah terisi di pertanyaan tersebut."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.agency_id}"
