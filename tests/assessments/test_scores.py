"""The stored totals: whatever happens to a year, they are what the arithmetic makes of it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.choices import ScoreKind, Stage, Verdict
from assessments.models import (
    Answer,
    ClusterScore,
    Evidence,
    IndicatorScore,
    StageScore,
    TotalScore,
)
from assessments.services.answers import import_points
from assessments.services.documents import withdraw_evidence
from assessments.services.review import (
    accept_evidence,
    grant_points,
    return_evidence,
    undo_verdict,
)
from assessments.services.scores import Difference, refresh_all
from clusters.services import spec_of
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    claim,
    everything,
    hand_in,
    secretary_of,
    set_stage,
    stored_scores,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import UserFactory
from tests.factories.clusters import generous_spec

pytestmark = pytest.mark.django_db

CODES = ("1.1", "1.2", "2a.1", "2a.2", "2b.1")
SHEET_KINDS = (ScoreKind.CLAIMED, ScoreKind.EM, ScoreKind.VF)
PEOPLE = 3


# --- Any sequence of deeds --------------------------------------------------------------------

people = st.integers(0, PEOPLE - 1)
codes = st.sampled_from(CODES)
anything = st.integers(0, 30)  # which of the documents there are, counted round
points = st.integers(0, 32_000).map(lambda thousandths: Decimal(thousandths) / 1000)
deeds = st.one_of(
    st.tuples(st.just("claim"), people, codes, st.none() | points),
    st.tuples(st.just("upload"), people, codes, anything),
    st.tuples(st.just("upload"), people, codes, anything),
    st.tuples(st.just("accept"), people, anything, points),
    st.tuples(st.just("accept"), people, anything, points),
    st.tuples(st.just("return"), people, anything, st.sampled_from(["Buram", " "])),
    st.tuples(st.just("undo"), people, anything, st.none()),
    st.tuples(st.just("grant"), people, codes, points),
    st.tuples(st.just("withdraw"), people, anything, st.none()),
    st.tuples(
        st.just("import"),
        people,
        st.tuples(st.sampled_from(SHEET_KINDS), st.booleans()),
        st.dictionaries(codes, st.none() | points),
    ),
    st.tuples(
        st.just("stage"), people, st.sampled_from([Stage.SELF_ASSESSMENT, Stage.CLOSED]), st.none()
    ),
)


class Player:
    """Does the deeds of a drawn sequence, each by whom it names."""

    def __init__(self, year, users):
        self.year = year
        self.users = users

    def play(self, deed, person, about, how):
        return getattr(self, f"_{deed}")(about, how, self.users[person])

    def _any_evidence(self, number):
        pks = list(Evidence.objects.order_by("pk").values_list("pk", flat=True))
        return pks[number % len(pks)] if pks else 0

    def _claim(self, code, value, by):
        answer = answer_of(self.year, code)
        claim(answer, value, by=by, seen_at=answer.claimed_at)

    def _upload(self, code, number, by):
        file = checked(f"isi {number % 4}".encode())  # some of it has been handed in before
        hand_in(answer_of(self.year, code), by=by, files=[file])

    def _accept(self, number, value, by):
        pk = self._any_evidence(number)
        accept_evidence(evidence_id=pk, granted_points=value, by=by, at=NOW)

    def _return(self, number, reason, by):
        return_evidence(evidence_id=self._any_evidence(number), reason=reason, by=by, at=NOW)

    def _undo(self, number, _how, by):
        undo_verdict(evidence_id=self._any_evidence(number), by=by, at=NOW)

    def _grant(self, code, value, by):
        grant_points(answer_id=answer_of(self.year, code).pk, granted_points=value, by=by, at=NOW)

    def _withdraw(self, number, _how, by):
        withdraw_evidence(evidence_id=self._any_evidence(number), by=by, at=NOW)

    def _import(self, sheet, values, by):
        kind, overwrite = sheet
        import_points(
            assessment=self.year, kind=kind, points=values, overwrite=overwrite, by=by, at=NOW
        )

    def _stage(self, stage, _how, by):
        set_stage(assessment_id=self.year.pk, stage=stage, at=NOW)


@given(sequence=st.lists(deeds, min_size=5, max_size=25))
@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_sequence_of_deeds_the_totals_are_right_and_nobody_judged_their_own(
    played_year, sequence
):
    year, users, spec = played_year
    point = transaction.savepoint()
    player = Player(year, users)
    for deed in sequence:
        try:
            player.play(*deed)
        except ValidationError:
            continue
    try:
        assert_scores_are_right(year, spec)
        own = Evidence.objects.exclude(verdict=Verdict.WAITING).filter(decided_by__isnull=False)
        assert [row for row in own.select_related("document") if decided_by_author(row)] == []
        assert refresh_all(assessment_id=year.pk) == []
    finally:
        transaction.savepoint_rollback(point)


@pytest.fixture
def played_year(db):
    year = working_year(spec=generous_spec())
    people = [secretary_of(year) for _ in range(PEOPLE)]
    return year, people, spec_of(year.instrument)


def decided_by_author(evidence):
    return evidence.decided_by_id == evidence.document.uploaded_by_id


# --- Recomputing ------------------------------------------------------------------------------


def spoil(year):
    """Claims and proven points whose totals somebody forgot."""
    Answer.objects.filter(pk=answer_of(year, "1.1").pk).update(claimed_points=30)
    answer = answer_of(year, "1.2")
    EvidenceFactory(answer=answer, accepted=True)
    granted(answer, "20")
    StageScore.objects.create(
        answer=answer, kind=ScoreKind.VA, points=5, entered_at=NOW, entered_by=UserFactory()
    )
    return answer


def test_recomputing_mends_what_drifted_and_says_what_it_was(year):
    spoil(year)

    differences = refresh_all(assessment_id=year.pk)

    assert [d for d in differences if d.kind == ScoreKind.CLAIMED] == [
        Difference("claimed", "indicator 1", Decimal(0), Decimal(30)),
        Difference("claimed", "indicator 1 answered", 0, 1),
        Difference("claimed", "cluster kelembagaan", Decimal(0), Decimal(30)),
        Difference("claimed", "total", Decimal(0), Decimal(30)),
        Difference("claimed", "total answered", 0, 1),
    ]
    assert {d.kind for d in differences} == {"claimed", "evidenced", "VA"}
    assert_scores_are_right(year)


def test_a_predikat_that_is_wrong_beside_right_points_is_mended_and_told(year):
    TotalScore.objects.filter(kind=ScoreKind.CLAIMED).update(predikat="Madya", in_gap=True)

    differences = refresh_all(assessment_id=year.pk)

    assert differences == [
        Difference("claimed", "total predikat", "Madya", ""),
        Difference("claimed", "total in_gap", True, False),
    ]
    assert_scores_are_right(year)


@pytest.mark.parametrize("model", [IndicatorScore, ClusterScore, TotalScore])
def test_a_row_that_is_missing_is_made_again(year, model):
    spoil(year)
    refresh_all(assessment_id=year.pk)
    model.objects.filter(assessment=year, kind=ScoreKind.CLAIMED).delete()

    differences = refresh_all(assessment_id=year.pk)

    assert {d.kind for d in differences} == {"claimed"}
    assert_scores_are_right(year)


def test_a_dry_run_tells_the_same_and_stores_nothing(year):
    spoil(year)
    before = everything()

    told = refresh_all(assessment_id=year.pk, dry_run=True)

    assert everything() == before
    assert refresh_all(assessment_id=year.pk) == told


def test_recomputing_a_sound_year_finds_nothing(year):
    claim(answer_of(year, "1.1"), "30")

    assert refresh_all(assessment_id=year.pk) == []


def test_granted_points_without_an_accepted_document_count_nothing(year):
    answer = answer_of(year, "1.2")
    granted(answer, "20")
    EvidenceFactory(answer=answer)
    EvidenceFactory(answer=answer, returned=True)
    refresh_all(assessment_id=year.pk)

    assert stored_scores(year, ScoreKind.EVIDENCED)["total"] == (0, None, False, 0)


def test_several_accepted_documents_count_the_points_once(year):
    answer = answer_of(year, "1.2")
    granted(answer, "20")
    EvidenceFactory(answer=answer, accepted=True)
    EvidenceFactory(answer=answer, accepted=True)
    refresh_all(assessment_id=year.pk)

    assert stored_scores(year, ScoreKind.EVIDENCED)["total"] == (20, None, False, 1)


def test_another_citys_answers_never_count(year):
    other = working_year()
    spoil(other)
    refresh_all(assessment_id=other.pk)

    assert refresh_all(assessment_id=year.pk) == []
    assert stored_scores(year, ScoreKind.CLAIMED)["total"] == (0, None, False, 0)
