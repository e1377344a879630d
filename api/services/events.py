"""What webhooks are told: one row for each that asked, in the transaction of the deed itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from api.answers.webhooks import EventData, WebhookMessage
from api.bearer import ROOT
from api.choices import WebhookEvent
from api.models import Delivery, Webhook
from api.values import written
from assessments.choices import TrailEvent
from assessments.models import Activity, Answer, Assessment, StageScore
from cities.models import City
from jobs.running import ask

SEND = "api.jobs.send_webhook"
DAYS_BEFORE = (1, 3, 7)  # of a deadline, as people are told

# By what stands in the trail of a year.
TOLD = {
    TrailEvent.EVIDENCE_RETURNED: WebhookEvent.DOCUMENT_RETURNED,
    TrailEvent.EVIDENCE_ACCEPTED: WebhookEvent.DOCUMENT_ACCEPTED,
    TrailEvent.ASSESSMENT_SUBMITTED: WebhookEvent.YEAR_SUBMITTED,
    TrailEvent.OFFICIAL_ENTERED: WebhookEvent.OFFICIAL_ENTERED,
    TrailEvent.SHEET_IMPORTED: WebhookEvent.OFFICIAL_ENTERED,  # where its points are official
}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened in a year; `key` is what it is told once under."""

    event: WebhookEvent
    key: str
    codes: tuple[str, ...] = ()
    due_on: date | None = None


def tell_of_entry(entry: Activity) -> None:
    """For `KLA_TRAIL_LISTENERS`: what webhooks asked for, of an entry of a year's trail."""
    event = TOLD.get(TrailEvent(entry.deed))
    if event is None:
        return
    webhooks = _asking(entry.assessment.city_id, event)
    if not webhooks:
        return
    codes: tuple[str, ...] = (entry.answer.question.code,) if entry.answer else ()
    if entry.deed == TrailEvent.SHEET_IMPORTED:
        codes = _official_codes(entry)
        if not codes:
            return
    subject = entry.answer_id or "-"
    # Of a document that is judged twice, each verdict counts; of indicators entered at once, one.
    key = f"{event}:{entry.assessment_id}:{subject}:{entry.at.isoformat()}"
    if event in (WebhookEvent.DOCUMENT_ACCEPTED, WebhookEvent.DOCUMENT_RETURNED):
        key = f"{key}:{entry.position}"
    _tell(webhooks, [NewEvent(event, key, codes)], entry.assessment, at=entry.at)


def tell_of_deadlines(*, at: datetime) -> None:
    """For `KLA_REMINDER_SOURCES`: days by which questions are due, one event a day and step."""
    asking = Webhook.objects.order_by("city", "pk")
    by_city: defaultdict[int, list[Webhook]] = defaultdict(list)
    for webhook in asking:
        if WebhookEvent.DEADLINE_NEAR in webhook.events:
            by_city[webhook.city_id].append(webhook)
    years = Assessment.objects.filter(city__in=by_city).select_related("city", "instrument")
    for assessment in years.order_by("pk"):
        if assessment.is_open:
            news = _near(assessment, at=at)
            _tell(by_city[assessment.city_id], news, assessment, at=at)


def _near(assessment: Assessment, *, at: datetime) -> list[NewEvent]:
    today = at.astimezone(assessment.city.zone).date()
    answers = Answer.objects.filter(assessment=assessment).with_state().with_due_on()
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for answer in answers.select_related("question").in_order():
        due = answer.due_on
        if due is not None and answer.is_pending and 0 <= (due - today).days <= DAYS_BEFORE[-1]:
            by_day[due].append(answer.question.code)
    news = []
    for due, codes in sorted(by_day.items()):
        step = next(step for step in DAYS_BEFORE if (due - today).days <= step)
        key = f"{WebhookEvent.DEADLINE_NEAR}:{assessment.pk}:{due}:{step}"
        news.append(NewEvent(WebhookEvent.DEADLINE_NEAR, key, tuple(codes), due))
    return news


def _official_codes(entry: Activity) -> tuple[str, ...]:
    """The questions whose official points came with an import; none where it brought claims."""
    stored = StageScore.objects.filter(
        answer__assessment=entry.assessment_id, entered_at=entry.at
    ).order_by("answer__question__position")
    return tuple(stored.values_list("answer__question__code", flat=True).distinct())


def _asking(city_id: int, event: WebhookEvent) -> list[Webhook]:
    """Also those that are paused: what they asked for waits until they go on."""
    rows = Webhook.objects.filter(city=city_id).order_by("pk")
    return [one for one in rows if event in one.events]


def _tell(
    webhooks: Sequence[Webhook], news: Sequence[NewEvent], assessment: Assessment, *, at: datetime
) -> None:
    rows = [
        Delivery(
            webhook=webhook,
            event=one.event,
            key=one.key,
            body=_body(one, assessment, at=at),
            created_at=at,
            next_try_at=at,
        )
        for webhook in webhooks
        for one in news
    ]
    keys = [one.key for one in news]
    known = Delivery.objects.filter(webhook__in=webhooks, key__in=keys)
    told = set(known.values_list("webhook", "key"))
    fresh = [row for row in rows if (row.webhook_id, row.key) not in told]
    Delivery.objects.bulk_create(fresh, ignore_conflicts=True)
    going = {webhook.pk for webhook in webhooks if webhook.paused_at is None}
    for pk in dict.fromkeys(row.webhook_id for row in fresh if row.webhook_id in going):
        ask(SEND, pk, at=at)


def _body(one: NewEvent, assessment: Assessment, *, at: datetime) -> str:
    city: City = assessment.city
    year = f"{settings.KLA_BASE_URL}{ROOT}cities/{city.slug}/years/{assessment.year}/"
    data = EventData(
        city=city.slug,
        city_code=city.code,
        year=assessment.year,
        questions=list(one.codes),
        due_on=one.due_on,
        url=f"{year}questions/{one.codes[0]}/" if len(one.codes) == 1 else year,
    )
    return written(WebhookMessage(type=one.event, timestamp=at, data=data))
