"""What we say usually proves a question, and why such papers come back."""

import pytest
from django.urls import reverse

from assessments.advice import ADVICE, BECAUSE, MOST_PROOFS, MOST_REASONS, advice
from assessments.choices import UsualReason
from clusters.library import packaged
from tests.factories.assessments import answer_of

INSTRUMENTS = ("kla-2011", "kla-2023")


def asked_by(instrument):
    """The kinds of every question, as codes and names."""
    spec = packaged(instrument)
    names = {kind.code: kind.name for kind in spec.evidence_kinds}
    return [
        [(code, names[code]) for code in question.evidence]
        for cluster in spec.clusters
        for indicator in cluster.indicators
        for question in indicator.questions
    ]


def test_the_sentence_names_what_proves_and_why_it_comes_back():
    assert advice([("sk", "Surat keputusan"), ("foto", "Foto")]) == (
        "Biasanya terbukti dengan SK bertanda tangan serta foto bertanggal dengan keterangan "
        "kegiatan; sering dikembalikan karena belum ditandatangani atau foto tanpa tanggal."
    )


def test_each_kind_tells_its_likeliest_reason_before_any_tells_its_second():
    """SK: unsigned, pages; photo: no date, the same photo."""
    sentence = advice([("sk", ""), ("foto", ""), ("laporan", "")])

    assert sentence.endswith("karena belum ditandatangani atau foto tanpa tanggal.")
    assert sentence.count("tanda tangan") == 2


def test_one_kind_tells_more_than_one_reason():
    assert advice([("matriks", "")]).endswith(
        "karena data belum terpilah atau isinya di luar tahun yang dinilai."
    )


def test_a_question_of_many_kinds_names_the_first_few():
    kinds = [("sk", ""), ("sop", ""), ("perda", ""), ("mou", "")]

    assert MOST_PROOFS == 3
    assert "SK bertanda tangan, SOP yang sudah disahkan, serta peraturan daerah" in advice(kinds)
    assert "perjanjian" not in advice(kinds)


@pytest.mark.parametrize(
    ("kinds", "proof"),
    [
        ([("baru", "Berita acara")], "Berita acara"),
        ([], "dokumen resmi yang menjawab pertanyaan ini"),
    ],
)
def test_what_nobody_has_written_about_is_told_what_holds_for_all(kinds, proof):
    assert advice(kinds) == (
        f"Biasanya terbukti dengan {proof}; sering dikembalikan karena isinya tidak menjawab "
        "pertanyaan ini atau halamannya tidak lengkap."
    )


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_kind_of_our_instruments_has_its_own_advice(instrument):
    assert {
        code for kinds in asked_by(instrument) for code, _name in kinds
    } - ADVICE.keys() == set()


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_question_gets_one_sentence_that_is_read_to_its_end(instrument):
    sentences = {advice(kinds) for kinds in asked_by(instrument)}

    assert max(len(sentence) for sentence in sentences) < 240
    assert {sentence.count(".") for sentence in sentences} == {1}


def test_every_usual_reason_is_told_somewhere():
    assert BECAUSE.keys() == set(UsualReason)
    told = {reason for one in ADVICE.values() for reason in one.reasons[:MOST_REASONS]}
    assert told == set(UsualReason)


@pytest.mark.django_db
def test_the_page_says_that_the_advice_is_ours(client, year, staff, reviewer):
    for member in (staff, reviewer):
        client.force_login(member.user)
        page = client.get(answer_of(year, "1.2").get_absolute_url())
        text = " ".join(page.text.split())

        assert f"{page.context['owed'].advice} <small" in text
        assert "Dari kami, bukan dari kementerian" in text
    elsewhere = client.get(reverse("assessments:question_list", args=[year.city.slug, year.year]))
    assert "bukan dari kementerian" not in elsewhere.text
