"""Taking hold of a year before changing it.

A deed of a person takes hold through `held`, `held_for`, `held_answer` or `held_evidence`. Each asks
in this order whether the person may, waits for the lock, and asks whether the moment allows it: a
stranger never makes others wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment, Evidence, RescueWindow, TotalScore
from assessments.stages import AFTER_RESCUE_ACTIONS, RESCUE_ACTIONS, RESCUE_STAGE, StageAction
from cities.models import Membership, User
from cities.permissions import require_permission
from cities.roles import Permission


def lock(assessment_id: int) -> None:
    """Wait until nobody else changes the year. Must be called inside a transaction."""
    totals = TotalScore.objects.select_for_update().filter(assessment=assessment_id)
    list(totals.order_by("pk"))


def hold(assessment_id: int) -> Assessment:
    """Lock the year's totals, then read the year.

    Every change of points, verdicts or stage of a year passes through here first, so two
    of them never interleave. Must be called inside a transaction. Asks nothing: the machine's
    own work calls it, and the functions below for a person.
    """
    lock(assessment_id)
    rows = Assessment.objects.select_related("city", "instrument", "target", "band_table")
    return rows.get(pk=assessment_id)


def held(assessment_id: int, *, by: User, permission: Permission) -> Assessment:
    """The year, held for a deed that `by` may do in its city in any stage.

    Raises PermissionDenied.
    """
    city = Assessment.objects.select_related("city").get(pk=assessment_id).city
    require_permission(by, city, permission)
    return hold(assessment_id)


def held_for(
    assessment_id: int, action: StageAction, *, by: User, permission: Permission, at: datetime
) -> Assessment:
    """Like `held`, but only while the year allows the action.

    `at` is the server's clock when the deed began; an upload's deed begins when its file
    has arrived whole. Raises PermissionDenied and ValidationError (`closed`).
    """
    assessment = held(assessment_id, by=by, permission=permission)
    require_action(assessment, action, at=at)
    return assessment


def held_answer(
    answer_id: int, action: StageAction, *, by: User, permission: Permission, at: datetime
) -> tuple[Answer, Assessment]:
    """One question and its year, held while the year or the question's rescue window allows it.

    The answer was read before the lock: what a deed compares of it, it reads again. Raises
    PermissionDenied, also for an OPD that does not hold the question, and ValidationError
    (`closed`).
    """
    answer, _member = require_answer_permission(answer_id, by=by, permission=permission)
    assessment = hold(answer.assessment_id)
    require_action(assessment, action, at=at, answer_id=answer_id)
    answer.assessment = assessment
    return answer, assessment


def held_evidence(
    evidence_id: int, action: StageAction, *, by: User, permission: Permission, at: datetime
) -> tuple[Evidence, Assessment]:
    """An offered document as it stands once its year is held. Raises as `held_answer` does, and
    ValidationError (`withdrawn`).
    """
    evidence, _member = require_evidence_permission(evidence_id, by=by, permission=permission)
    return hold_evidence(evidence, action, at=at)


def require_answer_permission(
    answer_id: int, *, by: User, permission: Permission
) -> tuple[Answer, Membership]:
    """The answer, not yet held, and the membership with which `by` may act on it.

    Raises PermissionDenied.
    """
    rows = Answer.objects.select_related("question", "assessment__city")
    answer = rows.get(pk=answer_id)
    member = require_permission(by, answer.assessment.city, permission)
    require_own_answers(member, [answer_id])
    return answer, member


def require_evidence_permission(
    evidence_id: int, *, by: User, permission: Permission
) -> tuple[Evidence, Membership]:
    """The offered document, not yet held, and the membership with which `by` may act on it.

    Raises PermissionDenied and ValidationError (`withdrawn`).
    """
    rows = Evidence.objects.select_related("answer__assessment__city", "document", "kind")
    evidence = rows.filter(pk=evidence_id).first()
    if evidence is None:
        raise _withdrawn()
    member = require_permission(by, evidence.answer.assessment.city, permission)
    require_own_answers(member, [evidence.answer_id])
    return evidence, member


def require_own_answers(member: Membership, answer_ids: Collection[int]) -> None:
    """Refuse an OPD the questions that it does not hold. Raises PermissionDenied."""
    if member.may(Permission.VIEW_ASSESSMENT):
        return  # every question of the city; those of another city are refused with the year
    wanted = set(answer_ids)
    own = Answer.objects.visible_to(member).filter(pk__in=wanted).values_list("pk", flat=True)
    if wanted - set(own):
        raise PermissionDenied


def require_handed_in_by(member: Membership, opd_id: int | None) -> None:
    """Refuse an OPD what another one has handed in. Raises PermissionDenied."""
    if member.opd_id is not None and member.opd_id != opd_id:
        raise PermissionDenied


def actions_now(
    assessment: Assessment, *, at: datetime, answer_id: int | None = None
) -> frozenset[StageAction]:
    """What may be done at that moment in the year, or with one question of it.

    What a rescue window let in can still be decided on after it has closed, until the year
    leaves the stage. Pages ask this to know which forms to show, deeds to know whether to go on.
    """
    return actions_within(assessment, rescues_of(assessment, answer_id, at=at), at=at)


def rescues_of(
    assessment: Assessment, answer_id: int | None, *, at: datetime
) -> list[RescueWindow]:
    """The windows that have let the question in while the year is in their stage."""
    if answer_id is None or assessment.stage != RESCUE_STAGE:
        return []
    windows = RescueWindow.objects.filter(assessment=assessment, answers=answer_id)
    return list(windows.filter(opens_at__lte=at, stage_left_at=None))


def actions_within(
    assessment: Assessment, windows: Iterable[RescueWindow], *, at: datetime
) -> frozenset[StageAction]:
    """What `actions_now` says of a question that these windows have let in."""
    is_open = {window.is_open_at(at) for window in windows}
    if True in is_open:
        return assessment.actions | RESCUE_ACTIONS
    return assessment.actions | AFTER_RESCUE_ACTIONS if is_open else assessment.actions


def require_action(
    assessment: Assessment, action: StageAction, *, at: datetime, answer_id: int | None = None
) -> None:
    """Refuse what the moment does not allow. Raises ValidationError (`closed`)."""
    if action in assessment.actions or action in actions_now(
        assessment, at=at, answer_id=answer_id
    ):
        return
    raise ValidationError(assessment.standing_sentence, code="closed")


def hold_evidence(
    evidence: Evidence, action: StageAction, *, at: datetime
) -> tuple[Evidence, Assessment]:
    """Hold the year of an offered document, then read what became of it meanwhile.

    For deeds that have asked the permission already. Raises ValidationError (`closed`,
    `withdrawn`).
    """
    assessment = hold(evidence.answer.assessment_id)
    require_action(assessment, action, at=at, answer_id=evidence.answer_id)
    rows = Evidence.objects.select_related("answer__question", "document", "decided_by")
    as_it_stands = rows.filter(pk=evidence.pk).first()
    if as_it_stands is None:
        raise _withdrawn()
    return as_it_stands, assessment


def _withdrawn() -> ValidationError:
    return ValidationError(
        _("Dokumen ini sudah ditarik oleh pengunggahnya. Kembali ke daftar dokumen."),
        code="withdrawn",
    )
