from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from taskforce.choices import CommitmentState, Sector
from taskforce.models import Commitment
from taskforce.queries.commitments import commitment_board
from taskforce.services.commitments import CommitmentFacts, change_commitment, record_commitment
from tests.factories.assessments import NOW
from tests.factories.taskforce import CommitmentFactory

TODAY = NOW.date()
FACTS = CommitmentFacts(Sector.MEDIA, "Persatuan Wartawan", "Rubrik anak", date(2026, 1, 5))


def test_a_commitment_is_recorded_and_its_outcome_told(city, secretary):
    signed = {"by": secretary, "at": NOW}
    commitment = record_commitment(city=city, facts=FACTS, **signed)

    change_commitment(
        commitment=commitment,
        facts=replace(FACTS, state=CommitmentState.KEPT, outcome="Terbit setiap pekan"),
        **signed,
    )
    told = replace(FACTS, occasion="Rakor, 5 Januari 2026")
    change_commitment(commitment=commitment, facts=told, **signed)

    stored = Commitment.objects.get()
    assert (stored.state, stored.outcome) == ("running", "")
    assert stored.occasion == "Rakor, 5 Januari 2026"
    first, second, third = city.activities.order_by("position")
    assert {one.label for one in third.changes} == {"Disampaikan pada", "Keadaan", "Catatan"}
    assert third.after["occasion"] == stored.occasion
    assert (second.after["state"], second.after["note"]) == ("Terpenuhi", "Terbit setiap pekan")
    assert [first.deed, second.deed, third.deed] == ["commitment_changed"] * 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "kept"}, "Tuliskan hasilnya bila komitmen sudah selesai."),
        (
            {"due_on": date(2026, 1, 4)},
            "Tenggat komitmen tidak boleh sebelum tanggalnya, 5 Januari 2026.",
        ),
    ],
)
def test_a_commitment_that_can_not_be_is_refused(city, secretary, change, sentence):
    with pytest.raises(ValidationError) as refused:
        record_commitment(city=city, facts=replace(FACTS, **change), by=secretary, at=NOW)

    assert refused.value.messages == [sentence]
    assert Commitment.objects.count() == 0


def test_the_page_of_commitments_names_all_six_parties_and_who_is_silent(city):
    late = CommitmentFactory(city=city, due_on=TODAY - timedelta(days=1))
    kept = CommitmentFactory(
        city=city, sector=Sector.MAYOR, state="kept", outcome="Sudah", due_on=late.due_on
    )

    board = commitment_board(Commitment.objects.filter(city=city), today=TODAY)

    assert [one.sector for one in board.sectors] == list(Sector)
    assert [row.commitment for row in board.rows] == [kept, late]
    assert (board.kept, board.late) == (1, 1)
    assert board.silent == ["DPRD", "Penegak hukum", "Lembaga masyarakat", "Media massa"]
