"""Every points a question ever had stay, each with who, when and why."""

from decimal import Decimal

import pytest

from assessments.choices import ScoreKind
from assessments.models import PointsRecord
from assessments.queries.points import KINDS, points_history
from assessments.services.answers import import_points
from assessments.services.official import enter_official
from assessments.services.review import accept_evidence, grant_points, undo_verdict
from tests.assessments.situations import (
    NOW,
    claim,
    hand_in,
    later,
    refused,
    secretary_of,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db


def kept(answer):
    """The records of a question, oldest first."""
    rows = PointsRecord.objects.filter(answer=answer).order_by("pk")
    return [(row.kind, row.points, row.why, row.by, row.at) for row in rows]


def test_a_later_claim_leaves_the_earlier_one_as_it_was(answer):
    ani, budi = secretary_of(answer), secretary_of(answer)
    claim(answer, "5", by=ani, note="Perda 3/2023")
    claim(answer, "13.2", by=budi, at=later(1), seen_at=NOW)
    claim(answer, None, by=ani, at=later(2), seen_at=later(1))

    assert kept(answer) == [
        (ScoreKind.CLAIMED, Decimal(5), "Perda 3/2023", ani, NOW),
        (ScoreKind.CLAIMED, Decimal("13.2"), "", budi, later(1)),
        (ScoreKind.CLAIMED, None, "", ani, later(2)),
    ]


def test_a_claim_that_only_changes_its_note_is_no_new_points(answer):
    by = secretary_of(answer)
    claim(answer, "5", by=by)
    claim(answer, "5", by=by, at=later(), seen_at=NOW, note="Lebih jelas")

    assert kept(answer) == [(ScoreKind.CLAIMED, Decimal(5), "", by, NOW)]


def test_a_refused_claim_keeps_nothing(answer):
    with refused("over_maximum"):
        claim(answer, "20.5")

    assert kept(answer) == []


def test_an_import_keeps_what_it_changed_and_nothing_else(year, answer):
    ani, budi = secretary_of(answer), secretary_of(answer)
    claim(answer, "5", by=ani)
    sheet = {"1.1": Decimal(30), "1.2": Decimal(5), "2a.1": None}

    import_points(
        assessment=year,
        kind=ScoreKind.CLAIMED,
        points=sheet,
        overwrite=True,
        by=budi,
        at=later(),
        source="Lembar Bappeda",
    )

    why = "Impor lembar nilai: Lembar Bappeda"
    assert kept(answer_of(year, "1.1")) == [(ScoreKind.CLAIMED, Decimal(30), why, budi, later())]
    assert kept(answer) == [(ScoreKind.CLAIMED, Decimal(5), "", ani, NOW)]
    assert PointsRecord.objects.count() == 2


def test_an_import_of_an_official_stage_keeps_every_earlier_result(year, answer):
    by = secretary_of(year)
    for number, points in enumerate([Decimal(12), Decimal(9)]):
        import_points(
            assessment=year,
            kind=ScoreKind.VA,
            points={"1.2": points},
            overwrite=True,
            by=by,
            at=later(number),
        )

    assert kept(answer) == [
        (ScoreKind.VA, Decimal(12), "Impor lembar nilai", by, later(0)),
        (ScoreKind.VA, Decimal(9), "Impor lembar nilai", by, later(1)),
    ]


def test_what_a_review_grants_is_kept_with_the_document_that_led_to_it(answer, staff, reviewer):
    evidence = hand_in(answer, by=staff.user, title="Perda KLA")[0]
    by = reviewer.user
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(12), by=by, at=later(1))
    grant_points(answer_id=answer.pk, granted_points=Decimal(20), by=by, at=later(2))
    grant_points(answer_id=answer.pk, granted_points=Decimal(20), by=by, at=later(3))
    undo_verdict(evidence_id=evidence.pk, by=by, at=later(4))

    assert kept(answer) == [
        (ScoreKind.EVIDENCED, Decimal(12), "Dokumen diterima: Perda KLA", by, later(1)),
        (ScoreKind.EVIDENCED, Decimal(20), "", by, later(2)),
    ]


# --- Shown ------------------------------------------------------------------------------------


@pytest.fixture
def rich(answer, staff, reviewer):
    """A question with a claim, granted points and two official stages, one of them taken back."""
    claim(answer, "20", by=staff.user)
    evidence = hand_in(answer, by=staff.user)[0]
    accept_evidence(
        evidence_id=evidence.pk, granted_points=Decimal("13.2"), by=reviewer.user, at=later(1)
    )
    admin = secretary_of(answer, name="Admin")
    for number, (kind, points) in enumerate([("VA", 12), ("VA", 9), ("VF", 8), ("VF", None)]):
        enter_official(
            answer_id=answer.pk,
            kind=ScoreKind(kind),
            points=None if points is None else Decimal(points),
            why=f"BA {number}",
            by=admin,
            at=later(2 + number),
        )
    return answer


def test_the_newest_points_of_each_kind_stand_side_by_side(rich):
    history = points_history(rich)

    assert [
        (column.kind, column.is_official, column.latest and column.latest.points)
        for column in history.columns
    ] == [
        (ScoreKind.CLAIMED, False, Decimal(20)),
        (ScoreKind.EVIDENCED, False, Decimal("13.2")),
        (ScoreKind.EM, True, None),
        (ScoreKind.VA, True, Decimal(9)),
        (ScoreKind.VL, True, None),
        (ScoreKind.VF, True, None),
    ]
    assert tuple(column.kind for column in history.columns) == KINDS == tuple(ScoreKind)


def test_every_record_is_told_newest_first_in_one_query(rich, django_assert_num_queries):
    with django_assert_num_queries(1):
        records = [(r.kind, r.points, str(r.by)) for r in points_history(rich).records]

    assert [row[:2] for row in records] == [
        ("VF", None),
        ("VF", Decimal(8)),
        ("VA", Decimal(9)),
        ("VA", Decimal(12)),
        ("evidenced", Decimal("13.2")),
        ("claimed", Decimal(20)),
    ]
    assert {row[2] for row in records[:4]} == {"Admin"}


def test_another_questions_points_are_not_told(year, rich):
    assert points_history(answer_of(year, "1.1")).records == []


@pytest.mark.parametrize(
    ("role", "may_enter"),
    [("admin_kota", True), ("gugus_tugas", True), ("verifikator", False), ("pendamping", False)],
)
def test_the_history_of_a_question_tells_official_points_apart_and_offers_to_enter_them(
    client, year, rich, role, may_enter
):
    client.force_login(MembershipFactory(city=year.city, **{role: True}).user)

    page = client.get(f"{rich.get_absolute_url()}riwayat/").content.decode()

    assert page.count("points-now__item--official") == 4
    assert [page.count(why) >= 1 for why in ("BA 0", "BA 1", "BA 2", "BA 3")] == [True] * 4
    assert ("Catat nilai resmi" in page) is may_enter
