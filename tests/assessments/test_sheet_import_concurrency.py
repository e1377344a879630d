"""A sheet is confirmed while others work: it is applied as it was shown, or not at all."""

from decimal import Decimal

import pytest

from assessments.choices import ScoreKind, TrailEvent
from assessments.models import Activity, SheetImport
from assessments.services.sheet_imports import apply_import, keep_import, preview_of
from assessments.worksheets.rows import FileRow, Held
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    claim,
    later,
    secretary_of,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


@pytest.fixture
def year(transactional_db):
    return working_year()


def waiting(year, points, *, by):
    rows = [FileRow("1.2", Held(Decimal(points), ""), "Klaster", 6, held_of(year))]
    return keep_import(
        assessment=year,
        kind=ScoreKind.CLAIMED,
        rows=rows,
        name="lembar.xlsx",
        source="",
        by=by,
        at=NOW,
    )


def held_of(year):
    answer = answer_of(year, "1.2")
    return Held(answer.claimed_points, answer.note)


def confirmation(kept, *, by, at):
    seen = preview_of(kept).fingerprint
    return lambda: apply_import(import_id=kept.pk, from_file=(), seen=seen, by=by, at=at)


def test_a_sheet_confirmed_twice_at_once_is_applied_once(year):
    by = secretary_of(year)
    for number in range(1, ROUNDS + 1):
        deed = confirmation(waiting(year, number, by=by), by=by, at=later(number))

        assert sorted(map(str, at_once(deed, deed))) == ["1", "gone"]

    assert Activity.objects.filter(deed=TrailEvent.CLAIM_SAVED).count() == ROUNDS
    assert not SheetImport.objects.exists()
    assert_scores_are_right(year)


def test_a_claim_made_at_the_same_moment_is_never_lost_unseen(year):
    by, other = secretary_of(year), secretary_of(year)
    outcomes = []
    for number in range(1, ROUNDS + 1):
        kept = waiting(year, number, by=by)
        seen_at = answer_of(year, "1.2").claimed_at
        answer = answer_of(year, "1.2")

        def claiming(answer=answer, points=Decimal(number) + 10, seen_at=seen_at, number=number):
            claim(answer, points, by=other, at=later(1000 + number), seen_at=seen_at)
            return "claimed"

        told = at_once(confirmation(kept, by=by, at=later(number)), claiming)

        held = answer_of(year, "1.2").claimed_points
        assert (told, held) in (
            ([1, "stale"], number),  # the sheet came first: the page was old
            (["moved", "claimed"], number + 10),  # the claim came first: the preview was old
        )
        outcomes.append(told)

    assert len(outcomes) == ROUNDS
    assert_scores_are_right(year)
