"""A document offered for an answer, with the verdict on the pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import QUARANTINED, ScanState, Verdict
from assessments.models.visibility import seen_by
from cities.models import Membership, Opd, User
from clusters.models import EvidenceKind


def _documents_in(states: Iterable[ScanState]) -> models.QuerySet[Any, Any]:
    """The few documents in these states, found by an index instead of a look at each offer's."""
    documents = apps.get_model("assessments", "SupportingDocument").objects
    return documents.filter(scan_state__in=list(states)).values("pk")


_CURRENT = Q(superseded_by=None)
_UNACCEPTED = ~Q(verdict=Verdict.ACCEPTED)
_UNDECIDED = _CURRENT & Q(verdict=Verdict.WAITING)


def _withdrawable(member: Membership) -> Q:
    """Undecided documents that the member may take back: an OPD only what it handed in."""
    waiting = _UNDECIDED & Q(counted_at=None)
    return waiting if member.opd_id is None else waiting & Q(opd=member.opd_id)


def _revisable(member: Membership) -> Q:
    """What the member may hand in anew: an OPD only documents of its own."""
    open_ones = _CURRENT & _UNACCEPTED
    return open_ones if member.opd_id is None else open_ones & Q(document__opd=member.opd_id)


def _truth(condition: Q) -> models.Case:
    """Whether it holds, false where a column is empty, as a filter has it."""
    return models.Case(models.When(condition, then=models.Value(True)), default=models.Value(False))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, member: Membership) -> Self:
        """Documents offered for the answers that the member may see."""
        return self.filter(seen_by(member, "answer__"))

    def withdrawable_by(self, member: Membership) -> Self:
        """What the member sees and may take back."""
        return self.visible_to(member).filter(_withdrawable(member))

    def revisable_by(self, member: Membership) -> Self:
        """What the member sees and may hand in anew."""
        return self.visible_to(member).filter(_revisable(member))

    def with_ways_of(self, member: Membership) -> Self:
        """Annotate `is_withdrawable` and `is_revisable`, of documents that the member sees."""
        return self.annotate(
            is_withdrawable=_truth(_withdrawable(member)), is_revisable=_truth(_revisable(member))
        )

    def not_belonging_to(self, user: User) -> Self:
        """What the person may decide on; the twin of `Evidence.belongs_to`."""
        return self.exclude(Q(document__uploaded_by=user) | Q(offered_by=user))

    def current(self) -> Self:
        """Documents in force: not superseded by a later document or revision."""
        return self.filter(_CURRENT)

    def unaccepted(self) -> Self:
        return self.filter(_UNACCEPTED)

    def undecided(self) -> Self:
        """Without a verdict, in force; a document that was revised meanwhile is not."""
        return self.filter(_UNDECIDED)

    def not_refused(self) -> Self:
        """Without the undecided that the virus scanner has refused: those answer nothing."""
        refused = Q(document__in=_documents_in([ScanState.INFECTED]))
        return self.exclude(Q(verdict=Verdict.WAITING) & refused)

    def waiting(self) -> Self:
        """What somebody has to decide on: the undecided that can be opened."""
        return self.undecided().exclude(document__in=_documents_in(QUARANTINED))


class Evidence(models.Model):
    """A document offered for one answer, and the verdict on that pair."""

    answer = models.ForeignKey(
        "assessments.Answer", models.PROTECT, related_name="evidence", verbose_name=_("jawaban")
    )
    document = models.ForeignKey(
        "assessments.SupportingDocument",
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("dokumen"),
    )
    kind = models.ForeignKey(
        EvidenceKind, models.PROTECT, related_name="+", verbose_name=_("jenis dokumen")
    )
    offered_at = models.DateTimeField(_("diajukan pada"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # an offer keeps the name of who made it
        related_name="+",
        verbose_name=_("diajukan oleh"),
    )
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("OPD"),
        help_text=_("OPD yang mengajukan; kosong bila diajukan sekretariat."),
    )
    verdict = models.CharField(
        _("keputusan"), max_length=20, choices=Verdict.choices, default=Verdict.WAITING
    )
    reason = models.TextField(_("alasan"), blank=True)
    decided_at = models.DateTimeField(_("diputuskan pada"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a verdict keeps its author
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    counted_at = models.DateTimeField(
        _("pertama diterima pada"),
        null=True,
        blank=True,
        help_text=_("Tetap terisi bila keputusannya dibatalkan."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pemeriksa"),
        help_text=_("Yang mengembalikan versi sebelumnya."),
    )
    superseded_by = models.ForeignKey(
        "self",
        models.SET_NULL,  # withdrawing the better paper brings the returned one back to the fore
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("diganti oleh"),
    )

    objects = EvidenceQuerySet.as_manager()

    # Set by `with_ways_of`.
    is_withdrawable: bool
    is_revisable: bool

    class Meta:
        verbose_name = _("bukti")
        verbose_name_plural = _("bukti")
        indexes = [
            models.Index(
                fields=["answer", "verdict", "decided_at"], name="assessments_evidence_decided"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "document"],
                name="assessments_evidence_once_per_answer",
                violation_error_message=_("Dokumen ini sudah diajukan untuk pertanyaan tersebut."),
            ),
            models.CheckConstraint(
                name="assessments_evidence_verdict_is_signed",
                condition=Q(verdict=Verdict.WAITING, decided_at=None, decided_by=None)
                | (
                    Q(verdict__in=[Verdict.ACCEPTED, Verdict.RETURNED])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="assessments_evidence_accepted_is_not_replaced",
                condition=~Q(verdict=Verdict.ACCEPTED) | Q(superseded_by=None),
                violation_error_message=_("Dokumen yang sudah diterima tidak dapat diganti."),
            ),
            models.CheckConstraint(
                name="assessments_evidence_accepted_has_counted",
                condition=~Q(verdict=Verdict.ACCEPTED) | Q(counted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="assessments_evidence_return_has_reason",
                condition=~Q(verdict=Verdict.RETURNED) | ~Q(reason=""),
                violation_error_message=_("Tuliskan alasan pengembalian."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} ← {self.document_id}"

    def belongs_to(self, user: User) -> bool:
        """Whether the person uploaded or offered it, so that others have to decide on it."""
        return user.pk in (self.document.uploaded_by_id, self.offered_by_id)

    @property
    def is_waiting(self) -> bool:
        is_undecided = self.verdict == Verdict.WAITING and not self.is_revised
        return is_undecided and not self.document.is_quarantined

    @property
    def is_revised(self) -> bool:
        """Whether it was superseded by a revision of its own document, not by another document."""
        later = self.superseded_by.document if self.superseded_by else None
        while later is not None:
            later = later.revision_of
            if later is not None and later.pk == self.document_id:
                return True
        return False
