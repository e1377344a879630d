"""A year as the rules of the checks read it, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.models import Answer, Assessment, ClusterDeadline
from assessments.scoring import ZERO
from cities.models import Opd
from figures.numbers import format_number
from registers.models import TakenValue


class Severity(models.TextChoices):
    WRONG = "wrong", gettext_lazy("Bertentangan")
    RISKY = "risky", gettext_lazy("Berisiko bagi nilai")
    UNFINISHED = "unfinished", gettext_lazy("Belum lengkap")


class Remedy(models.TextChoices):
    """Where it is put right; the label is the link."""

    CLAIM = "claim", gettext_lazy("Perbaiki klaim")
    DOCUMENT = "document", gettext_lazy("Lengkapi dokumen")
    REVIEW = "review", gettext_lazy("Buka pertanyaan")
    REGISTER = "register", gettext_lazy("Lihat register")
    LEAD = "lead", gettext_lazy("Tugaskan OPD")
    MEMBERS = "members", gettext_lazy("Undang anggota")
    CLUSTER_DATES = "cluster_dates", gettext_lazy("Ubah tenggat klaster")
    YEAR = "year", gettext_lazy("Ubah tenggat tahun")


@dataclass(frozen=True, slots=True)
class CheckedYear:
    """A year as the rules read it; `answers` in order, `with_state` and `with_assignments`."""

    assessment: Assessment
    answers: Sequence[Answer]
    unpeopled: Mapping[Opd, int]  # OPDs of which nobody can sign in: how many questions each holds
    deadlines: Sequence[ClusterDeadline]
    units: Mapping[str, int]  # how many districts and villages the city has registered
    today: date
    on_links: frozenset[int] = frozenset()  # answers that lean on links without a copy alone
    cautions: Sequence[tuple[int, str]] = ()  # answer and what a register has against its document
    answerable: frozenset[str] = frozenset()  # codes of questions that a register answers
    taken: Mapping[int, TakenValue] = field(default_factory=dict)  # the last one, by answer
    tolerance: Decimal = ZERO  # by how much a figure may differ from what was taken


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: where, the facts, and on what its remedy works."""

    facts: str
    answer: Answer | None = None
    opd: Opd | None = None
    place: str = ""  # where it is neither a question nor an OPD


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    severity: Severity
    title: str | Promise
    remedy: Remedy
    find: Callable[[CheckedYear], Iterator[Finding]]


def claimed(answer: Answer) -> str:
    """The points as people read them."""
    return format_number(answer.claimed_points or ZERO)
