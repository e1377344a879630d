from datetime import date

import pytest

from clusters.library import packaged
from registers.contract import shown_value
from registers.registry import sight_of, source_for
from registers.services.taking import take_value
from taskforce.register import TASKFORCE
from tests.assessments.situations import secretary_of
from tests.factories.assessments import NOW, answer_of, open_year
from tests.factories.taskforce import CertificateFactory, DecreeFactory, TaskForceMemberFactory


@pytest.fixture
def real_year(db):
    return open_year(spec=packaged("kla-2023"))


def test_the_register_counts_certificates_that_hold_at_the_end_of_the_evaluated_years(real_year):
    city = real_year.city
    decree = DecreeFactory(city=city)
    trained, expired, lacking = TaskForceMemberFactory.create_batch(3, decree=decree)
    TaskForceMemberFactory(decree=decree, name="")
    TaskForceMemberFactory(decree=decree, until=date(2025, 12, 30))
    TaskForceMemberFactory(decree=decree, since=date(2026, 1, 1))
    CertificateFactory(member=trained, valid_to=date(2025, 12, 31))
    CertificateFactory(member=expired, valid_to=date(2025, 12, 30))
    CertificateFactory(member=lacking, issued_on=date(2026, 1, 1))

    answer = TASKFORCE.answer(city_id=city.pk, city_slug=city.slug, year=2026, key="kha")

    assert (answer.numerator, answer.denominator, len(answer.missing)) == (1, 4, 1)
    assert (answer.as_of, answer.shown) == (
        date(2025, 12, 31),
        shown_value(answer.value, answer.kind),
    )
    assert [row.says for row in answer.rows] == [
        "Pelatihan KHA",
        "sertifikat berakhir 30 Desember 2025",
        "belum ada sertifikat",
        "pejabat belum diisi",
    ]
    assert answer.url.endswith(f"/sk/{decree.pk}/?tanggal=2025-12-31")


def test_the_register_without_a_decree_has_nothing_to_say(real_year):
    city = real_year.city
    DecreeFactory(city=city, valid_from=date(2026, 1, 1))

    answer = TASKFORCE.answer(city_id=city.pk, city_slug=city.slug, year=2026, key="kha")

    assert (answer.rows, answer.value) == ((), None)
    with pytest.raises(LookupError):
        TASKFORCE.answer(city_id=city.pk, city_slug=city.slug, year=2026, key="lain")


def test_the_share_is_taken_as_the_figure_of_question_2_2(real_year):
    decree = DecreeFactory(city=real_year.city)
    members = TaskForceMemberFactory.create_batch(4, decree=decree)
    CertificateFactory(member=members[0])
    answer, secretary = answer_of(real_year, "2.2"), secretary_of(real_year)
    city = real_year.city
    offer = TASKFORCE.answer(city_id=city.pk, city_slug=city.slug, year=2026, key="kha")
    seen = sight_of(source_for(answer, real_year), offer)

    taken = take_value(answer_id=answer.pk, seen=seen, by=secretary, at=NOW)

    answer.refresh_from_db()
    assert (answer.value, taken.numerator, taken.denominator) == (25, 1, 4)
    assert taken.document is None  # a matrix is no certificate
