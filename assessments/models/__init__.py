from assessments.models.activity import Activity
from assessments.models.answer import (
    PROVEN_POINTS,
    Answer,
    AnswerQuerySet,
    Assignment,
    StageScore,
    has_lead,
    is_late,
)
from assessments.models.assessment import Assessment, Award
from assessments.models.comment import Comment, Mention
from assessments.models.deadline import ClusterDeadline
from assessments.models.document import SupportingDocument
from assessments.models.document_count import DocumentCount
from assessments.models.evidence import Evidence, EvidenceQuerySet
from assessments.models.notification import (
    Notification,
    NotificationPreference,
    WhatsappConsent,
)
from assessments.models.points import OfficialIndicatorScore, PointsRecord
from assessments.models.produced_file import ProducedFile
from assessments.models.rendition import Rendition
from assessments.models.rescue import RescueWindow
from assessments.models.score import ClusterScore, IndicatorScore, TotalScore
from assessments.models.sensitive_kind import SensitiveKind
from assessments.models.sheet_import import SheetImport
from assessments.models.snapshot import Snapshot
from assessments.models.upload import Upload
from assessments.models.waiver import Waiver

__all__ = [
    "PROVEN_POINTS",
    "Activity",
    "Answer",
    "AnswerQuerySet",
    "Assessment",
    "Assignment",
    "Award",
    "ClusterDeadline",
    "ClusterScore",
    "Comment",
    "DocumentCount",
    "Evidence",
    "EvidenceQuerySet",
    "IndicatorScore",
    "Mention",
    "Notification",
    "NotificationPreference",
    "OfficialIndicatorScore",
    "PointsRecord",
    "ProducedFile",
    "Rendition",
    "RescueWindow",
    "SensitiveKind",
    "SheetImport",
    "Snapshot",
    "StageScore",
    "SupportingDocument",
    "TotalScore",
    "Upload",
    "Waiver",
    "WhatsappConsent",
    "has_lead",
    "is_late",
]
