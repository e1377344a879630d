"""Criteria sets that a city made, and which set its units report by in a year."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from cities.models import City
from territories.choices import CriterionKind, CriterionLevel, Direction, RatingLevel
from territories.criteria import CriteriaSet, Criterion, packaged_set
from territories.rating import LevelRule, RatingRules


def criterion_as_json(criterion: Criterion) -> dict[str, Any]:
    threshold = criterion.threshold
    return asdict(criterion) | {"threshold": None if threshold is None else str(threshold)}


def kept_of(criteria: CriteriaSet, rules: RatingRules) -> dict[str, Any]:
    """Both as JSON, for a year that is closed."""
    return {
        "criteria": asdict(replace(criteria, criteria=()))
        | {"criteria": [criterion_as_json(one) for one in criteria.criteria]},
        "rules": {
            "levels": [
                {"level": one.level.value, "at_least": one.at_least, "required": one.codes}
                for one in rules.levels
            ],
            "source": rules.source,
        },
    }


def criterion_of_json(row: dict[str, Any]) -> Criterion:
    threshold, direction = row["threshold"], row["direction"]
    return Criterion(
        **row
        | {
            "level": CriterionLevel(row["level"]),
            "kind": CriterionKind(row["kind"]),
            "threshold": None if threshold is None else Decimal(threshold),
            "direction": None if direction is None else Direction(direction),
        }
    )


class CriteriaOfLevel(Func):
    """How many criteria of a level the column `criteria` of a city's own set holds."""

    output_field = models.IntegerField()

    def __init__(self, column: str, level: CriterionLevel) -> None:
        super().__init__(column, level=level.value)

    template = (
        "(SELECT COUNT(*) FROM jsonb_array_elements(%(expressions)s) AS one(item)"
        " WHERE one.item ->> 'level' = '%(level)s')"
    )

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        template = (
            "(SELECT COUNT(*) FROM json_each(%(expressions)s) AS one"
            " WHERE json_extract(one.value, '$.level') = '%(level)s')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class CityCriteriaSet(models.Model):
    """A version of a city's own: a draft that is edited, then published and never changed again.

    `based_on` is the code of the set that it was copied from, `criteria` a `criterion_as_json` each.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="criteria_sets", verbose_name=_("kabupaten/kota")
    )
    number = models.PositiveSmallIntegerField(_("versi"))
    code = models.CharField(_("kode"), max_length=50)
    title = models.CharField(_("judul"), max_length=150)
    instrument = models.CharField(_("instrumen"), max_length=50, blank=True)
    based_on = models.CharField(_("disalin dari"), max_length=50)
    criteria = models.JSONField(_("kriteria"), default=list)
    made_at = models.DateTimeField(_("dibuat pada"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    published_at = models.DateTimeField(_("diterbitkan pada"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterbitkan oleh"),
    )

    class Meta:
        verbose_name = _("set kriteria kota")
        verbose_name_plural = _("set kriteria kota")
        ordering = ["city", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "number"], name="territories_criteriaset_one_per_number"
            ),
            models.UniqueConstraint(
                fields=["city", "code"], name="territories_criteriaset_one_per_code"
            ),
            models.CheckConstraint(
                name="territories_criteriaset_published_by_somebody",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def as_set(self) -> CriteriaSet:
        return CriteriaSet(
            code=self.code,
            version=str(self.number),
            title=self.title,
            instrument=self.instrument,
            criteria=tuple(criterion_of_json(row) for row in self.criteria),
        )


class CriteriaChoiceQuerySet(models.QuerySet["CriteriaChoice"]):
    def in_force(self, city_id: int, year: int) -> CriteriaSet | None:
        """What the city has chosen for that year of data; None while it has not. One query."""
        choice = self.of_year(city_id, year)
        return choice.as_set() if choice else None

    def of_year(self, city_id: int, year: int) -> CriteriaChoice | None:
        return self.select_related("own").filter(city=city_id, year=year).first()


class CriteriaChoice(models.Model):
    """By which set the units of a city report for a year of data; `own` where the city made it.

    `kept` is what that set and the rules of rating said when the year was closed (`kept_of`).
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="+", verbose_name=_("kabupaten/kota")
    )
    year = models.PositiveSmallIntegerField(_("tahun data"))
    criteria = models.CharField(_("set kriteria"), max_length=50)
    own = models.ForeignKey(
        CityCriteriaSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set kriteria kota"),
    )
    kept = models.JSONField(_("isi saat tahun ditutup"), null=True, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = CriteriaChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("set kriteria tahun")
        verbose_name_plural = _("set kriteria tahun")
        ordering = ["city", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "year"], name="territories_criteriachoice_one_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.year}: {self.criteria}"

    def as_set(self) -> CriteriaSet | None:
        """The set; None where the project does not bring it any more."""
        if self.kept:
            said = self.kept["criteria"]
            return CriteriaSet(
                **said | {"criteria": tuple(map(criterion_of_json, said["criteria"]))}
            )
        return self.own.as_set() if self.own else packaged_set(self.criteria)

    @property
    def kept_rules(self) -> RatingRules | None:
        """By which a closed year is rated; None where none were kept."""
        if not self.kept:
            return None
        said = self.kept["rules"]
        levels = (
            LevelRule(RatingLevel(one["level"]), one["at_least"], frozenset(one["required"]))
            for one in said["levels"]
        )
        return RatingRules(tuple(levels), said["source"])
