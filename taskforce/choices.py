"""The fixed vocabularies of the Gugus Tugas and the commitments of its parties."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Element(models.TextChoices):
    """An `unsur`: whom somebody stands for in the Gugus Tugas.

    Perpres 25/2021 names government, community bodies, business and media; decrees of cities add
    the others. Which of them a decree must have is data: `compositions/`.
    """

    GOVERNMENT = "government", _("Perangkat daerah")
    LEGISLATIVE = "legislative", _("DPRD")
    LAW_ENFORCEMENT = "law_enforcement", _("Penegak hukum")
    COMMUNITY = "community", _("Lembaga masyarakat")
    BUSINESS = "business", _("Dunia usaha")
    MEDIA = "media", _("Media massa")
    CHILDREN = "children", _("Forum Anak")
    UNIVERSITY = "university", _("Perguruan tinggi")
    OTHER = "other", _("Unsur lain")


class TaskForceRole(models.TextChoices):
    """What somebody is in the Gugus Tugas; who chairs it differs between cities."""

    PATRON = "patron", _("Pengarah")
    CHAIR = "chair", _("Ketua")
    SECRETARY = "secretary", _("Sekretaris")
    COORDINATOR = "coordinator", _("Koordinator")
    MEMBER = "member", pgettext_lazy("jabatan", "Anggota")


class Field(models.TextChoices):
    """What somebody works for: the institutional section or one of the five clusters."""

    INSTITUTION = "institution", _("Kelembagaan")
    CIVIL_RIGHTS = "cluster_1", _("Klaster I: hak sipil dan kebebasan")
    FAMILY = "cluster_2", _("Klaster II: keluarga dan pengasuhan")
    HEALTH = "cluster_3", _("Klaster III: kesehatan dan kesejahteraan")
    EDUCATION = "cluster_4", _("Klaster IV: pendidikan dan budaya")
    PROTECTION = "cluster_5", _("Klaster V: perlindungan khusus")


class DecreeState(models.TextChoices):
    IN_FORCE = "in_force", _("Berlaku")
    NOT_YET = "not_yet", _("Belum berlaku")
    REPLACED = "replaced", _("Sudah diganti")
    EXPIRED = "expired", _("Masa berlaku habis")


class Sector(models.TextChoices):
    """The six parties whose commitment the Gugus Tugas of a city asks for, mayor first."""

    MAYOR = "mayor", _("Kepala daerah")
    LEGISLATIVE = "legislative", _("DPRD")
    LAW_ENFORCEMENT = "law_enforcement", _("Penegak hukum")
    COMMUNITY = "community", _("Lembaga masyarakat")
    BUSINESS = "business", _("Dunia usaha")
    MEDIA = "media", _("Media massa")


class CommitmentState(models.TextChoices):
    RUNNING = "running", _("Berjalan")
    KEPT = "kept", _("Terpenuhi")
    BROKEN = "broken", _("Tidak terpenuhi")
