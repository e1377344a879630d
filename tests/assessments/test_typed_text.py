"""What a reviewer typed is on the page that refuses it, whatever the reason."""

import pytest
from django.urls import reverse

from assessments.choices import Stage
from assessments.models import Waiver
from assessments.services.review import return_evidence
from assessments.services.waivers import waive_kind
from tests.assessments.situations import (
    NOW,
    secretary_of,
    set_stage,
)
from tests.factories.assessments import EvidenceFactory

pytestmark = pytest.mark.django_db

REASON = "Stempel belum ada pada halaman tanda tangan."


@pytest.fixture
def reading(client, reviewer):
    client.force_login(reviewer.user)
    return client


def url(year, name, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def lock_year(year):
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)


def test_a_reason_survives_a_colleague_who_was_first(reading, year, answer):
    evidence = EvidenceFactory(answer=answer)
    colleague = secretary_of(year, name="Siti Rahma")
    return_evidence(evidence_id=evidence.pk, reason="Buram", by=colleague, at=NOW)

    response = reading.post(
        url(year, "evidence_review", evidence.pk), {"verdict": "returned", "reason": REASON}
    )

    page = response.content.decode()
    assert "sudah diputuskan oleh Siti Rahma" in page
    assert response.context["unsent"] == REASON
    assert f'data-draft-field="reason">{REASON}</textarea>' in page


def test_a_reason_survives_a_year_that_was_locked_meanwhile(reading, year, answer):
    evidence = EvidenceFactory(answer=answer)
    lock_year(year)

    data = {"verdict": "returned", "reason": REASON, "usual_reason": "unsigned"}
    response = reading.post(url(year, "evidence_review", evidence.pk), data)

    assert response.context["form"] is None
    assert response.context["unsent"] == (
        f"Dokumen belum ditandatangani atau belum dibubuhi stempel. {REASON}"
    )


def test_a_reason_too_long_to_be_taken_survives_too(reading, year, answer):
    evidence = EvidenceFactory(answer=answer)
    lock_year(year)

    data = {"verdict": "returned", "reason": "a" * 2001}
    response = reading.post(url(year, "evidence_review", evidence.pk), data)

    assert response.context["unsent"] == "a" * 2001


def test_a_page_that_refused_nothing_shows_nothing_unsent(reading, year, answer):
    evidence = EvidenceFactory(answer=answer)
    return_evidence(evidence_id=evidence.pk, reason="Buram", by=secretary_of(year), at=NOW)

    response = reading.get(url(year, "evidence_review", evidence.pk))

    assert response.context["unsent"] == ""


def test_a_reason_for_a_waiver_survives_a_colleague_who_was_first(reading, year, answer):
    kind = answer.question.evidence_kinds.first()
    colleague = secretary_of(year, name="Siti Rahma")
    waive_kind(answer_id=answer.pk, kind=kind, reason="Digabung", by=colleague, at=NOW)

    response = reading.post(
        url(year, "kind_waive", answer.question.code), {"kind": kind.code, "reason": REASON}
    )

    page = response.content.decode()
    assert f"{kind.name} sudah dikecualikan oleh Siti Rahma: Digabung" in page
    assert response.context["waiver_form"]["reason"].value() == REASON
    assert f"{REASON}</textarea>" in page
    assert Waiver.objects.count() == 1


def test_a_reason_for_a_waiver_survives_a_locked_year(reading, year, answer):
    kind = answer.question.evidence_kinds.first()
    lock_year(year)

    response = reading.post(
        url(year, "kind_waive", answer.question.code), {"kind": kind.code, "reason": REASON}
    )

    assert f"{REASON}</textarea>" in response.content.decode()


def test_points_typed_for_a_locked_year_stay_in_their_field(reading, year, answer):
    EvidenceFactory(answer=answer, accepted=True)
    lock_year(year)

    response = reading.post(
        url(year, "points_grant", answer.question.code), {"granted_points": "7,5"}
    )

    assert 'value="7,5"' in response.content.decode()
