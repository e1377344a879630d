"""The instrument in the administration: to look up, never to edit.

What is asked comes from a reviewed file (`manage.py load_instrument`); a row changed by hand
would silently change the worth of answers already given.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clusters.models import Band, Indicator, Instrument, Question
from texts.searching import searched
from trail.admin import ReadOnly


class BandInline(ReadOnly, admin.TabularInline):
    model = Band


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "title", "status", "published_at", "max_points"]
    inlines = [BandInline]


@admin.register(Indicator)
class IndicatorAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "cluster", "max_points"]
    list_filter = ["cluster__instrument", "cluster"]
    list_select_related = ["cluster"]
    search_fields = searched("code", "name")


@admin.register(Question)
class QuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "text", "max_points", "answer_type"]
    list_filter = ["indicator__cluster__instrument", "indicator__cluster", "answer_type"]
    search_fields = searched("code", "text")
    fields = [
        "indicator",
        "code",
        "text",
        "max_points",
        "answer_type",
        "options",
        "usual_fractions",
        "direction",
        "note",
        "evidence_kinds",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("indicator__cluster")
