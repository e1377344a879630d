"""The nomenclature of programmes and activities as the city imported it, decree by decree."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cities.models import City
from nomenclature.codes import CodeBook, CodeEntry


class NomenclatureQuerySet(models.QuerySet["Nomenclature"]):
    def with_counts(self) -> Self:
        """Each with `count`, how many codes it has."""
        return self.annotate(count=models.Count("codes"))

    def books(self) -> list[CodeBook]:
        """As `codes.look_up` reads them, in one query."""
        rows = self.order_by("-valid_from", "-pk", "codes__code").values_list(
            "pk", "decree", "valid_from", "codes__code", "codes__name", "codes__previous"
        )
        books: dict[tuple[int, str, date], dict[str, CodeEntry]] = {}
        for pk, decree, valid_from, code, name, previous in rows:
            entries = books.setdefault((pk, decree, valid_from), {})
            if code is not None:  # a decree may have none yet
                entries[code] = CodeEntry(code, name, tuple(previous.split()))
        return [CodeBook(decree, since, entries) for (_, decree, since), entries in books.items()]


class NomenclatureCodeQuerySet(models.QuerySet["NomenclatureCode"]):
    def as_told(self, city_id: int, decree: str) -> dict[str, dict[str, str]]:
        """Name and predecessors of each code of a decree, in the spelling of a table."""
        stored = self.filter(nomenclature__city=city_id, nomenclature__decree=decree)
        return {one.code: {"name": one.name, "previous": one.previous} for one in stored}


class Nomenclature(models.Model):
    """The codes of one decree, and since when they hold. The newest one that holds counts."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="nomenclatures", verbose_name=_("kabupaten/kota")
    )
    decree = models.CharField(pgettext_lazy("produk hukum", "keputusan"), max_length=200)
    valid_from = models.DateField(_("berlaku mulai"))
    at = models.DateTimeField(_("dimuat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dimuat oleh")
    )

    objects = NomenclatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomenklatur")
        verbose_name_plural = _("nomenklatur")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "decree"], name="nomenclature_decree_once")
        ]

    def __str__(self) -> str:
        return self.decree


class NomenclatureCode(models.Model):
    """A code of a decree; `previous` are the codes whose place it took, separated by spaces."""

    nomenclature = models.ForeignKey(
        Nomenclature, models.CASCADE, related_name="codes", verbose_name=_("nomenklatur")
    )
    code = models.CharField(_("kode"), max_length=30)
    name = models.TextField(_("nama"), max_length=1000)
    previous = models.TextField(_("menggantikan"), blank=True)

    objects = NomenclatureCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("kode nomenklatur")
        verbose_name_plural = _("kode nomenklatur")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["nomenclature", "code"], name="nomenclature_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
