"""Webhooks: registered, told in the transaction of the deed, sent, tried again, parked, sent anew."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from api.choices import WebhookEvent
from api.models import Delivery, Webhook
from api.services import deliveries, webhooks
from api.services.deliveries import PAUSES, TRIES, resend, send_due
from api.services.events import SEND, tell_of_deadlines
from api.signing import signed_headers
from assessments.choices import ScoreKind, Stage
from assessments.services.answers import import_points
from assessments.services.official import (
    IndicatorEntry,
    enter_official,
    enter_official_indicators,
)
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.transitions import submit_assessment
from cities.models import CityActivity, User
from cities.sealing import is_sealed
from clusters.models import Indicator
from jobs.models import Job
from jobs.running import carry_out
from tests.api.receiver import Answer, receiving
from tests.assessments.situations import (
    NOW,
    hand_in,
    reviewer_of,
    secretary_of,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.api import WebhookFactory, delivery_of
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db
URL = "https://dasbor.example.com/kla"
SECRETS = ("Rahasia keluarga", "Surat Keputusan", "Budi")  # what people wrote, and who they are


def clock(at):
    return lambda: at


def registered(admin, url=URL, events=("document.accepted",), at=NOW):
    return webhooks.create_webhook(city=admin.city, url=url, events=events, by=admin.user, at=at)


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True)


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture
def year():
    """A year with a webhook for everything, beside a city whose webhook hears nothing of it."""
    assessment = working_year(deadline=date(2026, 3, 20))
    WebhookFactory(city=assessment.city)
    WebhookFactory()
    return assessment


@pytest.fixture
def offered(year):
    staff = staff_of(year, "DISDIK")
    User.objects.filter(pk=staff.user_id).update(name="Budi Santoso")
    [evidence] = hand_in(answer_of(year, "1.2"), by=staff.user, title="Surat Keputusan 12")
    return evidence


def told(year):
    """What waits for the webhook of the year, as its receiver will read it."""
    rows = Delivery.objects.order_by("pk")
    assert {row.webhook.city_id for row in rows} <= {year.city_id}
    return [json.loads(row.body) for row in rows]


def asked():
    """For which webhooks a job was asked for."""
    return list(Job.objects.filter(name=SEND).values_list("arguments", flat=True))


# --- Registering ----------------------------------------------------------------------------------


def test_a_webhook_is_registered_with_a_secret_that_lies_sealed(admin):
    webhook, secret = registered(admin, events=["year.submitted", "document.returned"])

    stored = Webhook.objects.values().get()
    assert (stored["url"], stored["events"]) == (URL, ["document.returned", "year.submitted"])
    assert is_sealed(stored["secret"])
    assert secret not in str(stored)
    assert webhooks.unsealed(webhook) == secret
    entry = CityActivity.objects.get()
    assert (entry.city, entry.deed, entry.target) == (admin.city, "webhook_created", URL)
    assert entry.after == {"kind": "Dokumen dikembalikan, Penilaian diajukan"}


@pytest.mark.parametrize(
    ("url", "events", "code"),
    [
        (URL, [], "events"),
        (URL, ["document.burnt"], "events"),
        ("https://10.0.0.1/", ["year.submitted"], "private"),
        ("http://dasbor.example.com/", ["year.submitted"], "https"),
        (f"{URL}#lain", ["year.submitted"], "taken"),
    ],
)
def test_what_cannot_be_told_or_reached_is_refused(admin, url, events, code):
    registered(admin)
    with pytest.raises(ValidationError) as refused:
        registered(admin, url=url, events=events)

    assert refused.value.code == code
    assert Webhook.objects.count() == 1


def test_a_city_has_at_most_ten(admin):
    WebhookFactory.create_batch(webhooks.MOST - 1, city=admin.city)
    WebhookFactory.create_batch(2)
    registered(admin)

    with pytest.raises(ValidationError) as refused:
        registered(admin, url=f"{URL}/lain")
    assert refused.value.code == "too_many"


def test_every_change_stands_in_the_trail_and_a_second_one_changes_nothing(admin):
    webhook, first = registered(admin)
    facts = {"webhook": webhook, "by": admin.user, "at": NOW}
    for _twice in range(2):
        webhooks.choose_events(events=["year.submitted"], **facts)
    second = webhooks.renew_secret(**facts)
    for deed in (webhooks.pause, webhooks.pause, webhooks.resume, webhooks.resume):
        deed(**facts)
    webhooks.delete_webhook(**facts)

    assert first != second
    assert not Webhook.objects.exists()
    changes = [(one.deed, one.before, one.after) for one in CityActivity.objects.order_by("pk")]
    assert changes[1:] == [
        ("webhook_changed", {"kind": "Dokumen diterima"}, {"kind": "Penilaian diajukan"}),
        ("webhook_changed", {}, {"note": "Rahasia diperbarui"}),
        ("webhook_changed", {"state": "Aktif"}, {"state": "Dijeda"}),
        ("webhook_changed", {"state": "Dijeda"}, {"state": "Aktif"}),
        ("webhook_removed", {"kind": "Penilaian diajukan"}, {}),
    ]


def test_nobody_but_an_administrator_of_the_city_does_any_of_it(admin):
    webhook, _secret = registered(admin)
    delivery = delivery_of(webhook, parked_at=NOW)
    colleague = MembershipFactory(gugus_tugas=True, city=admin.city)
    before = list(Webhook.objects.values()), list(Delivery.objects.values())
    for by in (MembershipFactory(admin_kota=True).user, colleague.user):
        facts = {"webhook": webhook, "by": by, "at": NOW}
        for deed in (
            lambda by=by: webhooks.create_webhook(
                city=admin.city, url=f"{URL}/2", events=["year.submitted"], by=by, at=NOW
            ),
            lambda facts=facts: webhooks.choose_events(events=["year.submitted"], **facts),
            lambda facts=facts: webhooks.renew_secret(**facts),
            lambda facts=facts: webhooks.pause(**facts),
            lambda facts=facts: webhooks.resume(**facts),
            lambda facts=facts: webhooks.delete_webhook(**facts),
            lambda by=by: resend(delivery=delivery, by=by, at=NOW),
        ):
            with pytest.raises(PermissionDenied):
                deed()

    assert (list(Webhook.objects.values()), list(Delivery.objects.values())) == before


# --- What is told ---------------------------------------------------------------------------------


def test_a_verdict_is_told_without_names_and_without_what_people_wrote(year, offered, settings):
    reviewer = reviewer_of(year)
    facts = {"evidence_id": offered.pk, "by": reviewer.user}
    return_evidence(reason="Rahasia keluarga", at=NOW, **facts)
    undo_verdict(at=NOW, **facts)
    accept_evidence(granted_points=Decimal(5), at=NOW, **facts)

    place = f"{settings.KLA_BASE_URL}/api/v1/cities/{year.city.slug}/years/2026/questions/1.2/"
    data = {
        "city": year.city.slug,
        "city_code": year.city.code,
        "year": 2026,
        "questions": ["1.2"],
        "due_on": None,
        "url": place,
    }
    stamp = NOW.isoformat().replace("+00:00", "Z")
    assert told(year) == [
        {"type": "document.returned", "timestamp": stamp, "data": data},
        {"type": "document.accepted", "timestamp": stamp, "data": data},
    ]
    bodies = "".join(Delivery.objects.values_list("body", flat=True))
    assert [word for word in (*SECRETS, reviewer.user.name) if word in bodies] == []


def test_a_deed_that_is_taken_back_tells_nothing(year, offered):
    with transaction.atomic():
        accept_evidence(
            evidence_id=offered.pk,
            granted_points=Decimal(5),
            by=reviewer_of(year).user,
            at=NOW,
        )
        assert len(told(year)) == 1
        transaction.set_rollback(True)

    assert told(year) == []
    assert asked() == []


def test_a_webhook_hears_what_it_asked_for_alone(year, offered):
    Webhook.objects.filter(city=year.city).update(events=["document.returned"])
    reviewer = reviewer_of(year)
    facts = {"evidence_id": offered.pk, "by": reviewer.user, "at": NOW}
    accept_evidence(granted_points=Decimal(5), **facts)
    assert told(year) == []
    undo_verdict(**facts)
    return_evidence(reason="Buram", **facts)

    assert [one["type"] for one in told(year)] == ["document.returned"]


def test_a_submitted_year_is_told(year):
    submit_assessment(assessment_id=year.pk, by=secretary_of(year), at=NOW)

    [message] = told(year)
    assert (message["type"], message["data"]["questions"]) == ("year.submitted", [])
    assert message["data"]["url"].endswith(f"/api/v1/cities/{year.city.slug}/years/2026/")


def test_official_results_are_told_once_a_deed_however_they_came(year):
    set_stage(assessment_id=year.pk, stage=Stage.ADMINISTRATIVE, at=NOW)
    Delivery.objects.all().delete()
    by, kind = secretary_of(year), ScoreKind.VA
    answer = answer_of(year, "1.2")
    enter_official(
        answer_id=answer.pk, kind=kind, points=Decimal(1), why="Berita acara", by=by, at=NOW
    )
    indicators = Indicator.objects.filter(
        cluster__instrument=year.instrument, code__in=("2a", "2b")
    )
    enter_official_indicators(
        assessment_id=year.pk,
        entries=[IndicatorEntry(one, kind, seen=None, points=Decimal(1)) for one in indicators],
        why="Berita acara",
        by=by,
        at=NOW,
    )
    later = NOW + timedelta(minutes=1)
    sheet = {"1.2": Decimal(2)}
    import_points(assessment=year, kind=kind, points=sheet, overwrite=True, by=by, at=later)

    messages = told(year)
    assert {one["type"] for one in messages} == {"official.entered"}
    assert [one["data"]["questions"] for one in messages] == [["1.2"], [], ["1.2"]]


def test_a_sheet_of_claims_is_no_official_result(year):
    points = {"1.2": Decimal(1)}
    import_points(
        assessment=year,
        kind=ScoreKind.CLAIMED,
        points=points,
        overwrite=True,
        by=secretary_of(year),
        at=NOW,
    )

    assert told(year) == []


@pytest.mark.parametrize(
    ("days_left", "is_told"), [(8, False), (7, True), (3, True), (1, True), (0, True), (-1, False)]
)
def test_a_deadline_is_told_from_a_week_before_until_it_has_come(year, days_left, is_told):
    at = NOW.replace(year=2026, month=3, day=20) - timedelta(days=days_left)
    for _again in range(2):
        tell_of_deadlines(at=at)

    messages = told(year)
    assert len(messages) == is_told
    for message in messages:
        assert (message["type"], message["data"]["due_on"]) == ("deadline.near", "2026-03-20")
        assert "1.2" in message["data"]["questions"]


def test_a_deadline_is_told_seven_three_and_one_days_before_and_not_of_a_closed_year(year):
    for days_left in range(9, -2, -1):
        at = NOW.replace(year=2026, month=3, day=20) - timedelta(days=days_left)
        tell_of_deadlines(at=at)
    keys = Delivery.objects.order_by("pk").values_list("key", flat=True)
    assert [key.rpartition(":")[2] for key in keys] == ["7", "3", "1"]

    Delivery.objects.all().delete()
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)
    Delivery.objects.all().delete()
    tell_of_deadlines(at=NOW.replace(year=2026, month=3, day=20))
    assert told(year) == []


# --- Sending --------------------------------------------------------------------------------------


def test_a_delivery_is_signed_so_that_its_receiver_can_tell(admin, receiver):
    webhook, secret = registered(admin, url=receiver.url)
    delivery = delivery_of(webhook, body='{"type":"ujian"}', created_at=NOW)

    assert send_due(webhook.pk, now=clock(NOW)) == 1
    assert send_due(webhook.pk, now=clock(NOW)) == 0

    [seen] = receiver.seen
    assert seen.is_signed_with(secret)
    assert not seen.is_signed_with(webhooks.renew_secret(webhook=webhook, by=admin.user, at=NOW))
    assert seen.body == b'{"type":"ujian"}'
    assert seen.headers["webhook-id"] == str(delivery.uuid)
    assert seen.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert "Cookie" not in seen.headers
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.fault) == (204, 1, "")
    assert (delivery.delivered_at, delivery.parked_at) == (NOW, None)


def test_the_signature_is_that_of_the_published_example():
    """From the reference libraries of Standard Webhooks."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_tried_again_after_growing_pauses_and_parked_in_the_end(receiver):
    webhook = WebhookFactory(url=receiver.url)
    delivery = delivery_of(webhook, created_at=NOW)
    receiver.answers = [Answer(500)] * 20
    at, moments = NOW, []
    for pause in (*PAUSES, timedelta(days=30)):
        assert send_due(webhook.pk, now=clock(at - timedelta(microseconds=1))) == 0
        send_due(webhook.pk, now=clock(at))
        moments.append(at)
        at += pause
    send_due(webhook.pk, now=clock(at))

    delivery.refresh_from_db()
    assert list(PAUSES) == sorted(set(PAUSES))
    assert receiver.ids == [str(delivery.uuid)] * TRIES
    assert (delivery.attempts, delivery.status) == (TRIES, 500)
    assert (delivery.parked_at, delivery.delivered_at) == (moments[-1], None)
    assert delivery.fault == "Sistem itu sedang terganggu."


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (Answer(302, {"Location": "http://127.0.0.1:1/"}), 302, "mengalihkan"),
        (Answer(404), 404, "menolak"),
        (Answer(429), 429, "menolak"),
        (Answer(503), 503, "terganggu"),
        (Answer(hangs_up=True), None, "terputus"),
    ],
)
def test_what_went_wrong_is_said(receiver, answer, status, words):
    webhook = WebhookFactory(url=receiver.url)
    delivery = delivery_of(webhook, created_at=NOW)
    receiver.answers = [answer]
    send_due(webhook.pk, now=clock(NOW))

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (status, 1)
    assert words in delivery.fault
    assert len(receiver.seen) == 1
    send_due(webhook.pk, now=clock(NOW + PAUSES[0]))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.fault) == (204, "")


def test_a_secret_that_cannot_be_read_any_more_is_said(receiver, settings):
    webhook = WebhookFactory(url=receiver.url)
    delivery = delivery_of(webhook, created_at=NOW)
    settings.SECRET_KEY = "another" * 9
    send_due(webhook.pk, now=clock(NOW))

    delivery.refresh_from_db()
    assert "Perbarui rahasia" in delivery.fault
    assert receiver.seen == []


def test_a_worker_that_dies_after_the_answer_sends_the_same_id_once_more(receiver, monkeypatch):
    webhook = WebhookFactory(url=receiver.url)
    delivery = delivery_of(webhook, created_at=NOW)
    with monkeypatch.context() as dying:
        dying.setattr(deliveries, "_note", lambda *_a, **_kw: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_due(webhook.pk, now=clock(NOW))
    send_due(webhook.pk, now=clock(NOW))

    assert receiver.ids == [str(delivery.uuid)] * 2


def test_an_address_that_is_away_is_not_asked_for_all_that_waits(receiver):
    webhook = WebhookFactory(url=receiver.url)
    for minutes in range(6):
        delivery_of(webhook, created_at=NOW + timedelta(minutes=minutes))
    receiver.answers = [Answer(500)] * 3
    at = NOW + timedelta(hours=1)

    assert send_due(webhook.pk, now=clock(at)) == 0
    assert len(receiver.seen) == 3
    assert send_due(webhook.pk, now=clock(at)) == 3


def test_a_paused_webhook_keeps_what_happens_until_it_goes_on(year, offered):
    webhook = Webhook.objects.get(city=year.city)
    by = MembershipFactory(admin_kota=True, city=year.city).user
    webhooks.pause(webhook=webhook, by=by, at=NOW)
    accept_evidence(
        evidence_id=offered.pk, granted_points=Decimal(5), by=reviewer_of(year).user, at=NOW
    )
    deliveries.ask_for_due(at=NOW)
    assert asked() == []
    assert send_due(webhook.pk, now=clock(NOW)) == 0
    assert len(told(year)) == 1

    webhooks.resume(webhook=webhook, by=by, at=NOW)
    assert asked() == [[webhook.pk]]
    assert list(Delivery.objects.due(NOW)) == list(Delivery.objects.all())


def test_the_job_of_a_webhook_sends_once_however_often_it_is_brought(year, offered, receiver):
    Webhook.objects.filter(city=year.city).update(url=receiver.url)
    accept_evidence(
        evidence_id=offered.pk, granted_points=Decimal(5), by=reviewer_of(year).user, at=NOW
    )
    [job] = Job.objects.filter(name=SEND)
    outcomes = [carry_out(job.key, now=clock(NOW)).value for _twice in range(2)]

    assert outcomes == ["done", "nothing"]
    assert len(receiver.seen) == 1
    assert Delivery.objects.get().delivered_at == NOW


def test_what_pauses_is_asked_for_again_when_its_time_has_come():
    webhook, other = WebhookFactory(), WebhookFactory(paused_at=NOW)
    for one in (webhook, other):
        delivery_of(one, created_at=NOW, next_try_at=NOW + PAUSES[0], attempts=1)
    deliveries.ask_for_due(at=NOW + PAUSES[0] - timedelta(microseconds=1))
    assert asked() == []
    deliveries.ask_for_due(at=NOW + PAUSES[0])

    assert asked() == [[webhook.pk]]


def test_what_was_parked_or_has_arrived_is_sent_anew_under_the_same_id(admin, receiver):
    webhook, _secret = registered(admin, url=receiver.url)
    for facts in ({"parked_at": NOW, "attempts": TRIES}, {"delivered_at": NOW, "attempts": 1}):
        delivery = delivery_of(webhook, created_at=NOW, fault="", status=204, **facts)
        resend(delivery=delivery, by=admin.user, at=NOW)
        send_due(webhook.pk, now=clock(NOW))
        delivery.refresh_from_db()
        assert (delivery.delivered_at, delivery.attempts) == (NOW, 1)
        assert receiver.ids[-1] == str(delivery.uuid)


def test_what_still_waits_or_belongs_to_a_paused_webhook_is_not_sent_anew(admin):
    webhook, _secret = registered(admin)
    waiting, parked = delivery_of(webhook), delivery_of(webhook, parked_at=NOW)
    with pytest.raises(ValidationError) as refused:
        resend(delivery=waiting, by=admin.user, at=NOW)
    assert refused.value.code == "waiting"
    webhooks.pause(webhook=webhook, by=admin.user, at=NOW)
    parked.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        resend(delivery=parked, by=admin.user, at=NOW)
    assert refused.value.code == "paused"


@pytest.mark.parametrize(("years", "left"), [("1", ["new"]), ("", ["new", "old"])])
def test_deliveries_go_when_their_time_is_over(settings, years, left):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"deliveries": years}
    webhook = WebhookFactory()
    year_ago = NOW.replace(year=NOW.year - 1)
    delivery_of(webhook, key="old", created_at=year_ago)
    delivery_of(webhook, key="new", created_at=year_ago + timedelta(microseconds=1))

    assert deliveries.forget_old(at=NOW) == 2 - len(left)
    assert sorted(Delivery.objects.values_list("key", flat=True)) == left


# --- Pages ----------------------------------------------------------------------------------------


def test_an_administrator_registers_and_sees_the_secret_once(client, admin):
    client.force_login(admin.user)
    slug = admin.city.slug
    page = client.post(
        reverse("api:webhook_create", args=[slug]), {"url": URL, "events": ["year.submitted"]}
    )
    webhook = Webhook.objects.get()
    secret = webhooks.unsealed(webhook)

    assert secret in page.text
    for name, parts in (("list", []), ("detail", [webhook.pk]), ("renew", [webhook.pk])):
        assert secret not in client.get(reverse(f"api:webhook_{name}", args=[slug, *parts])).text
    renewed = client.post(reverse("api:webhook_renew", args=[slug, webhook.pk]))
    webhook.refresh_from_db()
    assert webhooks.unsealed(webhook) != secret
    assert webhooks.unsealed(webhook) in renewed.text


def test_every_delivery_is_listed_with_what_became_of_it(client, admin):
    webhook, _secret = registered(admin)
    parked = delivery_of(
        webhook, parked_at=NOW, attempts=8, status=503, fault="Sistem itu sedang terganggu."
    )
    delivery_of(webhook)
    foreign = delivery_of(WebhookFactory())
    client.force_login(admin.user)
    page = client.get(reverse("api:webhook_detail", args=[admin.city.slug, webhook.pk])).text

    words = ("Gagal, dihentikan", "HTTP 503", "8 percobaan", "sedang terganggu", "Menunggu dikirim")
    assert [word for word in words if word not in page] == []
    assert page.count("Kirim ulang") == 1
    assert str(foreign.uuid) not in page

    where = [admin.city.slug, webhook.pk, parked.pk]
    client.post(reverse("api:delivery_resend", args=where))
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)


def test_webhooks_of_another_city_are_not_there(client, admin):
    client.force_login(admin.user)
    foreign = WebhookFactory()
    delivery = delivery_of(foreign, parked_at=NOW)
    mine, _secret = registered(admin)
    slug = admin.city.slug
    for name in ("detail", "edit", "renew", "delete"):
        address = reverse(f"api:webhook_{name}", args=[slug, foreign.pk])
        assert client.get(address).status_code == 404
    for name in ("edit", "renew", "pause", "resume", "delete"):
        address = reverse(f"api:webhook_{name}", args=[slug, foreign.pk])
        assert client.post(address).status_code == 404
    address = reverse("api:delivery_resend", args=[slug, mine.pk, delivery.pk])
    assert client.post(address).status_code == 404
    delivery.refresh_from_db()
    assert delivery.parked_at == NOW
    assert Webhook.objects.count() == 2


def test_events_are_chosen_anew_and_a_webhook_is_paused_resumed_and_deleted(client, admin):
    client.force_login(admin.user)
    webhook, _secret = registered(admin)

    def post(name, **data):
        return client.post(reverse(f"api:webhook_{name}", args=[admin.city.slug, webhook.pk]), data)

    assert "Pilih paling sedikit satu" in post("edit").text
    post("edit", events=WebhookEvent.values)
    webhook.refresh_from_db()
    assert webhook.events == WebhookEvent.values
    states = []
    for name in ("pause", "resume"):
        post(name)
        webhook.refresh_from_db()
        states.append(webhook.paused_at is not None)
    assert states == [True, False]
    post("delete")
    assert not Webhook.objects.exists()


def test_webhooks_are_described_for_programs_and_for_people(client, admin):
    document = client.get("/api/v1/openapi.json").json()
    assert list(document["webhooks"]) == WebhookEvent.values
    for one in document["webhooks"].values():
        content = one["post"]["requestBody"]["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/WebhookMessage"}
    data = document["components"]["schemas"]["EventData"]
    assert sorted(data["required"]) == sorted(data["properties"])

    client.force_login(admin.user)
    page = client.get("/api/").text
    assert [event for event in WebhookEvent.values if event not in page] == []
    assert "webhook-signature" in page
