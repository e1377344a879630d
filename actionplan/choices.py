"""The fixed vocabularies of a regional action plan (RAD)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reach(models.TextChoices):
    """Whether an action serves children directly, as the cities' own plans tell them apart."""

    DIRECT = "langsung", _("Langsung")
    INDIRECT = "tidak langsung", _("Tidak langsung")


class Direction(models.TextChoices):
    """Which way the figure of an action is meant to go."""

    UP = "naik", _("Naik")
    DOWN = "turun", _("Turun")


class FundSource(models.TextChoices):
    """Where the money of an action comes from."""

    APBD_KOTA = "apbd kota", _("APBD kabupaten/kota")
    APBD_PROVINSI = "apbd provinsi", _("APBD provinsi")
    APBN = "apbn", _("APBN")
    DANA_DESA = "dana desa", _("Dana desa atau kelurahan")
    NON_PEMERINTAH = "non-pemerintah", _("Dunia usaha, hibah, masyarakat")
    MIXED = "lebih dari satu", _("Lebih dari satu sumber")


class LinkKind(models.TextChoices):
    """The planning and budget documents that a plan is tied to."""

    RPJMD = "rpjmd", _("RPJMD")
    RKPD = "rkpd", _("RKPD")
    RENSTRA = "renstra", _("Renstra OPD")
    RENJA = "renja", _("Renja OPD")
    DPA = "dpa", _("DPA")
