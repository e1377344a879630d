"""Levels of units, kinds of criteria and states of reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitLevel(models.TextChoices):
    KECAMATAN = "kecamatan", _("kecamatan")
    KELURAHAN = "kelurahan", _("kelurahan")
    DESA = "desa", _("desa")
    DESA_ADAT = "desa_adat", _("desa adat")


class CriterionLevel(models.TextChoices):
    """Of which units a criterion asks; the instrument counts kelurahan and desa together."""

    KECAMATAN = "kecamatan", _("kecamatan")
    KELURAHAN = "kelurahan", _("kelurahan/desa")

    @property
    def unit_levels(self) -> tuple[UnitLevel, ...]:
        if self == CriterionLevel.KECAMATAN:
            return (UnitLevel.KECAMATAN,)
        return (UnitLevel.KELURAHAN, UnitLevel.DESA, UnitLevel.DESA_ADAT)

    @classmethod
    def of(cls, level: str) -> CriterionLevel:
        """The level whose criteria a unit of that level answers."""
        return cls.KECAMATAN if level == UnitLevel.KECAMATAN else cls.KELURAHAN


class CriterionKind(models.TextChoices):
    YES_NO = "yes_no", _("ya atau tidak")
    RATIO = "ratio", _("bagian dari keseluruhan")
    COUNT = "count", _("jumlah")
    BY_SEX = "by_sex", _("jumlah laki-laki dan perempuan")


class Direction(models.TextChoices):
    """On which side of its threshold a figure meets the criterion."""

    MORE_THAN = "more_than", _("lebih dari")
    AT_LEAST = "at_least", _("paling sedikit")
    AT_MOST = "at_most", _("paling banyak")
    LESS_THAN = "less_than", _("kurang dari")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("konsep")
    SENT = "sent", _("terkirim")
    ACCEPTED = "accepted", _("diterima")
    RETURNED = "returned", _("dikembalikan")
    REPLACED = "replaced", _("diganti")  # accepted once, until its correction was


class ChangeKind(models.TextChoices):
    SPLIT = "split", _("pemekaran")
    MERGED = "merged", _("penggabungan")
    RENAMED = "renamed", _("perubahan nama")
    PROMOTED = "promoted", _("desa menjadi kelurahan")
    ENDED = "ended", _("penghapusan")


class DeclarationKind(models.TextChoices):
    """What says that a unit works on being child-friendly: a ceremony, then a paper."""

    DECLARED = "declared", _("pencanangan")
    DECREED = "decreed", _("keputusan penetapan")


class RatingLevel(models.TextChoices):
    """Levels of a unit by the rules of its city, from the lowest to the highest."""

    PRATAMA = "pratama", _("Pratama")
    MADYA = "madya", _("Madya")
    NINDYA = "nindya", _("Nindya")
