from assessments.models.activity import Activity, Comment
from assessments.models.answer import Answer, AnswerQuerySet, Assignment, StageScore, is_late
from assessments.models.assessment import Assessment, Award
from assessments.models.document import SupportingDocument
from assessments.models.evidence import Evidence
from assessments.models.score import ClusterScore, IndicatorScore, TotalScore
from assessments.models.waiver import Waiver

__all__ = [
    "Activity",
    "Answer",
    "AnswerQuerySet",
    "Assessment",
    "Assignment",
    "Award",
    "ClusterScore",
    "Comment",
    "Evidence",
    "IndicatorScore",
    "StageScore",
    "SupportingDocument",
    "TotalScore",
    "Waiver",
    "is_late",
]
