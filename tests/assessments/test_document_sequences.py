"""Whatever people do with documents, in whatever order: some things are never so."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.choices import AnswerState, ScoreKind, Verdict
from assessments.models import Answer, Evidence, SupportingDocument, TotalScore
from assessments.services.documents import DocumentFacts, withdraw_evidence
from assessments.services.offers import offer_document
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.revisions import revise_document
from assessments.services.waivers import waive_kind
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    hand_in,
    secretary_of,
)
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db

DEEDS = ("upload", "revise", "offer", "withdraw", "accept", "return", "undo", "waive")
REFUSALS = {
    "accepted",
    "already_decided",
    "already_offered",
    "already_stored",
    "already_waived",
    "decided",
    "not_decided",
    "outdated",
    "own_document",
    "revised",
}
# Turns that chance alone would seldom put together.
TURNS = (
    ("upload", "accept", "undo", "withdraw"),
    ("upload", "return", "undo", "withdraw"),
    ("upload", "revise", "withdraw", "revise"),
    ("upload", "offer", "accept", "revise"),
)
# What is done, to which of the documents there are, on which question, by whom: the first
# person both hands in and reviews, the second hands in, the third reviews.
deeds = st.tuples(
    st.sampled_from([*TURNS, *((deed,) for deed in DEEDS)]),
    st.integers(0, 2),
    st.integers(0, 1),
    st.integers(0, 1),
)


class Office:
    """Two questions, three people, and one deed at a time."""

    def __init__(self, year):
        self.answers = [answer_of(year, "1.2"), answer_of(year, "2a.2")]
        self.people = [secretary_of(year) for _ in range(3)]
        self.files = 0

    def do(self, deed, which, question, person):
        """Try the deed; whatever is refused is refused with a known code."""
        reviewing = deed in ("accept", "return", "undo", "waive")
        by = self.people[2 - person * 2] if reviewing else self.people[person]
        answer = self.answers[question]
        evidence = list(Evidence.objects.order_by("pk"))
        target = evidence[which % len(evidence)] if evidence else None
        try:
            if deed == "upload":
                hand_in(answer, by=by, kind=self.photo(answer), files=[self.file()])
            elif deed == "waive":
                waive_kind(answer_id=answer.pk, kind=self.photo(answer), reason="-", by=by, at=NOW)
            elif target is not None:
                with transaction.atomic():
                    getattr(self, f"{deed}_it")(target, answer, by)
        except ValidationError as error:
            if error.code not in REFUSALS:
                raise

    def file(self):
        self.files += 1
        return checked(f"isi {self.files % 7}".encode())  # now and then one that is known

    @staticmethod
    def photo(answer):
        return answer.question.evidence_kinds.get(code="foto")

    def revise_it(self, target, answer, by):
        revise_document(
            evidence_id=target.pk,
            file=self.file(),
            said=DocumentFacts(),
            changes="-",
            by=by,
            at=NOW,
        )

    def offer_it(self, target, answer, by):
        offer_document(
            answer_id=answer.pk,
            document_id=target.document_id,
            kind=self.photo(answer),
            opd=None,
            by=by,
            at=NOW,
        )

    def withdraw_it(self, target, answer, by):
        withdraw_evidence(evidence_id=target.pk, by=by, at=NOW)

    def accept_it(self, target, answer, by):
        accept_evidence(evidence_id=target.pk, granted_points=Decimal(5), by=by, at=NOW)

    def return_it(self, target, answer, by):
        return_evidence(evidence_id=target.pk, reason="Buram", by=by, at=NOW)

    def undo_it(self, target, answer, by):
        undo_verdict(evidence_id=target.pk, by=by, at=NOW)


def verdicts():
    """What stands decided, by offer, with who decided it."""
    decided = Evidence.objects.exclude(verdict=Verdict.WAITING)
    return {row.pk: (row.verdict, row.decided_by_id) for row in decided}


def assert_the_office_is_in_order(year, counted):
    rows = list(Evidence.objects.select_related("document"))
    assert counted <= {row.pk for row in rows}, "what has counted is gone"
    for row in rows:
        own = {row.document.uploaded_by_id, row.offered_by_id}
        assert row.decided_by_id not in own, "somebody decided on their own document"
        if row.superseded_by_id is not None:
            assert row.verdict != Verdict.ACCEPTED, "an accepted document was replaced"
        assert row.document.file.storage.exists(row.document.file.name), "a file is gone"
    assert not SupportingDocument.objects.annotate(n=Count("revisions")).filter(n__gt=1)
    contents = list(SupportingDocument.objects.values_list("sha256", flat=True))
    assert len(contents) == len(set(contents)), "the same file is stored twice"
    for answer in Answer.objects.filter(assessment=year).with_state():
        current = [r.verdict for r in rows if r.answer_id == answer.pk and not r.superseded_by_id]
        assert answer.is_proven == (Verdict.ACCEPTED in current)
        if answer.state == AnswerState.WAITING:
            assert Verdict.WAITING in current
    proven = Answer.objects.filter(assessment=year).with_state().filter(is_proven=True).count()
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.EVIDENCED)
    assert total.points == 5 * proven, "points without an accepted document"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(deeds, min_size=4, max_size=10))
def test_no_sequence_of_deeds_breaks_what_a_document_is(year, sequence):
    with transaction.atomic():
        office = Office(year)
        counted: set[int] = set()
        single = [(deed, *rest) for turn, *rest in sequence for deed in turn]
        for deed in single:
            before = verdicts()
            office.do(*deed)
            counted |= {pk for pk, (verdict, _by) in verdicts().items() if verdict == "accepted"}
            if deed[0] in ("upload", "revise", "offer", "withdraw", "waive"):
                assert verdicts() == before, "an uploader changed a decision"
            assert_the_office_is_in_order(year, counted)
        assert_scores_are_right(year)
        transaction.set_rollback(True)
