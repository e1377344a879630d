"""A city's years in the administration: to look up, never to edit.

Claims, verdicts and totals change through deeds that keep the history and the sums; a row
changed by hand would have neither. Only awards, which nothing here computes, are entered.
"""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from assessments.models import (
    Activity,
    Answer,
    Assessment,
    Assignment,
    Award,
    ClusterDeadline,
    ClusterScore,
    Comment,
    DocumentCount,
    Evidence,
    IndicatorScore,
    Mention,
    Notification,
    NotificationPreference,
    OfficialIndicatorScore,
    PointsRecord,
    Rendition,
    RescueWindow,
    SensitiveKind,
    Snapshot,
    StageScore,
    SupportingDocument,
    TotalScore,
    Waiver,
    WhatsappConsent,
)
from texts.searching import searched
from trail.admin import ReadOnly

OF_ANSWER = ["answer__assessment__city", "answer__question"]
SEARCH_ANSWER = ["answer__assessment__city__name", "answer__question__code"]
SEARCH_YEAR = ["assessment__city__name"]
SEARCH_AUTHOR = ["by__name", "by__email"]


@admin.register(Award)
class AwardAdmin(admin.ModelAdmin):
    list_display = ["city", "year", "predikat", "points", "source"]
    list_filter = ["predikat", "year"]
    list_select_related = ["city"]
    search_fields = searched("city__name", "predikat", "source")
    autocomplete_fields = ["city"]


@admin.register(Assessment)
class AssessmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "year", "instrument", "stage", "target", "deadline"]
    list_filter = ["stage", "year", "instrument"]
    list_select_related = ["city", "instrument", "target"]
    search_fields = searched("city__name", "city__code")


class AssignmentInline(ReadOnly, admin.TabularInline):
    model = Assignment


@admin.register(Answer)
class AnswerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "question", "claimed_points", "granted_points", "claimed_at"]
    list_filter = ["assessment__year", "question__indicator__cluster"]
    list_select_related = ["assessment__city", "question"]
    search_fields = searched("assessment__city__name", "question__code", "question__text")
    inlines = [AssignmentInline]


@admin.register(SupportingDocument)
class SupportingDocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "city", "opd", "media_type", "size", "uploaded_at", "uploaded_by"]
    list_filter = ["media_type", "uploaded_at"]
    list_select_related = ["city", "opd", "uploaded_by"]
    search_fields = searched("title", "number", "original_name", "address", "sha256", "city__name")
    # The file itself leaves only through the page that asks who wants it.
    fields = [
        "title",
        "city",
        "opd",
        "original_name",
        "media_type",
        "size",
        "sha256",
        "address",
        "seen_on",
        "shows",
        "number",
        "issued_on",
        "period_start",
        "period_end",
        "uploaded_at",
        "uploaded_by",
    ]


@admin.register(SensitiveKind)
class SensitiveKindAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "code", "sensitivity", "by", "at"]
    list_filter = ["sensitivity"]
    list_select_related = ["city", "by"]
    search_fields = searched("city__name", "code")


@admin.register(Rendition)
class RenditionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["document", "state", "media_type", "size", "made_at", "attempts", "fault"]
    list_filter = ["state", "media_type"]
    list_select_related = ["document"]
    search_fields = searched("document__title", "sha256", "document__city__name")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["document", "answer", "kind", "verdict", "decided_by", "decided_at"]
    list_filter = ["verdict", "answer__assessment__year"]
    list_select_related = ["document", "kind", "decided_by", *OF_ANSWER]
    search_fields = searched("document__title", "reason", *SEARCH_ANSWER)


@admin.register(StageScore)
class StageScoreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["answer", "kind", "points", "entered_by", "entered_at"]
    list_filter = ["kind", "answer__assessment__year"]
    list_select_related = ["entered_by", *OF_ANSWER]
    search_fields = searched(*SEARCH_ANSWER)


@admin.register(TotalScore)
class TotalScoreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "kind", "points", "predikat", "in_gap", "answered"]
    list_filter = ["kind", "predikat", "assessment__year"]
    list_select_related = ["assessment__city"]
    search_fields = searched(*SEARCH_YEAR, "predikat")


@admin.register(ClusterScore)
class ClusterScoreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "cluster", "kind", "points"]
    list_filter = ["kind", "assessment__year"]
    list_select_related = ["assessment__city", "cluster"]
    search_fields = searched(*SEARCH_YEAR, "cluster__code")


@admin.register(IndicatorScore)
class IndicatorScoreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "indicator", "kind", "points", "answered"]
    list_filter = ["kind", "assessment__year"]
    list_select_related = ["assessment__city", "indicator"]
    search_fields = searched(*SEARCH_YEAR, "indicator__code")


@admin.register(DocumentCount)
class DocumentCountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["answer", "kind", "opd", "state", "waiting_since", "number"]
    list_filter = ["state", "answer__assessment__year"]
    list_select_related = ["kind", "opd", *OF_ANSWER]
    search_fields = searched("kind__name", "opd__name", *SEARCH_ANSWER)


@admin.register(Activity)
class ActivityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by", "deed", "detail", "assessment", "answer"]
    list_filter = ["deed", "at"]
    list_select_related = ["by", "assessment__city", *OF_ANSWER]
    search_fields = searched(*SEARCH_AUTHOR, "detail", *SEARCH_YEAR)


@admin.register(Comment)
class CommentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by", "text", "answer"]
    list_filter = ["at"]
    list_select_related = ["by", *OF_ANSWER]
    search_fields = searched("text", *SEARCH_AUTHOR, *SEARCH_ANSWER)


@admin.register(Mention)
class MentionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "opd", "comment"]
    list_filter = ["comment__at"]
    list_select_related = ["opd", "comment"]
    search_fields = searched("code", "opd__name", "comment__text")


@admin.register(Waiver)
class WaiverAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["answer", "kind", "reason", "by", "at"]
    list_filter = ["at", "answer__assessment__year"]
    list_select_related = ["kind", "by", *OF_ANSWER]
    search_fields = searched("reason", "kind__name", *SEARCH_AUTHOR, *SEARCH_ANSWER)


@admin.register(PointsRecord)
class PointsRecordAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["answer", "kind", "points", "why", "by", "at"]
    list_filter = ["kind", "at", "answer__assessment__year"]
    list_select_related = ["by", *OF_ANSWER]
    search_fields = searched("why", *SEARCH_AUTHOR, *SEARCH_ANSWER)


@admin.register(OfficialIndicatorScore)
class OfficialIndicatorScoreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "indicator", "kind", "points", "why", "by", "at"]
    list_filter = ["kind", "at", "assessment__year"]
    list_select_related = ["assessment__city", "indicator", "by"]
    search_fields = searched("why", "indicator__code", *SEARCH_AUTHOR, *SEARCH_YEAR)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "number", "left", "stage", "checksum", "by", "at"]
    list_filter = ["stage", "at", "assessment__year"]
    list_select_related = ["assessment__city", "by"]
    search_fields = searched("checksum", *SEARCH_AUTHOR, *SEARCH_YEAR)
    # A whole year in one field; its own page shows it to be read.
    exclude = ["content"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("content")


@admin.register(RescueWindow)
class RescueWindowAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "opens_at", "closes_at", "cancelled_at", "by", "at"]
    list_filter = ["opens_at", "assessment__year"]
    list_select_related = ["assessment__city", "by"]
    search_fields = searched("note", *SEARCH_AUTHOR, *SEARCH_YEAR)


@admin.register(ClusterDeadline)
class ClusterDeadlineAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "cluster", "due_on"]
    list_filter = ["due_on", "assessment__year"]
    list_select_related = ["assessment__city", "cluster"]
    search_fields = searched("cluster__code", "cluster__name", *SEARCH_YEAR)


@admin.register(Notification)
class NotificationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created_at", "user", "kind", "text", "read_at", "emailed_at"]
    list_filter = ["kind", "created_at", "in_app", "by_email"]
    list_select_related = ["user"]
    search_fields = searched("text", "user__name", "user__email", *SEARCH_YEAR)


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "kind", "in_app", "email"]
    list_filter = ["kind", "in_app", "email"]
    list_select_related = ["user"]
    search_fields = searched("user__name", "user__email")


@admin.register(WhatsappConsent)
class WhatsappConsentAdmin(ReadOnly, admin.ModelAdmin):
    """Who agreed, and to how much; the number is nobody else's business."""

    list_display = ["user", "most_a_day", "agreed_at"]
    list_select_related = ["user"]
    exclude = ["number"]
    search_fields = searched("user__name", "user__email")
