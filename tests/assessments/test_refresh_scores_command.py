from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.choices import ScoreKind
from assessments.models import Answer, TotalScore
from tests.assessments.situations import assert_scores_are_right, everything, working_year
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def drifted(year):
    """A year with a claim that no total knows of."""
    Answer.objects.filter(pk=answer_of(year, "1.1").pk).update(claimed_points="27.5")
    return year


def refresh(*arguments):
    out = StringIO()
    try:
        call_command("refresh_scores", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines()


def lines(year):
    return [
        f"{year}: claimed indicator 1: 0 → 27.5",
        f"{year}: claimed indicator 1 answered: 0 → 1",
        f"{year}: claimed cluster kelembagaan: 0 → 27.5",
        f"{year}: claimed total: 0 → 27.5",
        f"{year}: claimed total answered: 0 → 1",
    ]


def test_differences_are_told_and_mended(drifted):
    assert refresh() == (0, [*lines(drifted), "5 selisih diperbaiki."])
    assert_scores_are_right(drifted)
    assert refresh() == (0, ["Tidak ada selisih."])


def test_a_dry_run_tells_them_fails_and_stores_nothing(drifted):
    before = everything()

    status, told = refresh("--dry-run")

    assert (status, told[:-1]) == (1, lines(drifted))
    assert told[-1] == "5 selisih. Jalankan tanpa --dry-run untuk memperbaikinya."
    assert everything() == before


def test_every_year_of_every_city_is_looked_at(drifted):
    other = working_year(year=2025)
    of_kind = TotalScore.objects.filter(assessment=other, kind=ScoreKind.EVIDENCED)
    of_kind.update(points=500, predikat="Pratama")

    assert refresh() == (
        0,
        [
            *lines(drifted),
            f"{other}: evidenced total: 500 → 0",
            f"{other}: evidenced total predikat: Pratama → –",
            "7 selisih diperbaiki.",
        ],
    )


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_where_nothing_differs_that_is_said(arguments):
    assert refresh(*arguments) == (0, ["Tidak ada selisih."])


def test_without_any_year_nothing_differs(db):
    assert refresh("--dry-run") == (0, ["Tidak ada selisih."])
