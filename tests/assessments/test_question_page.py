"""The page of one question: what is owed stands first."""

import pytest

from assessments.choices import Stage
from assessments.models import Assignment, Evidence
from tests.assessments.situations import claim, hand_in, set_stage, staff_of
from tests.factories.assessments import NOW, EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

REASON = "Halaman tanda tangan belum dipindai."


@pytest.fixture
def opened(client, answer, staff):
    """The page of 1.2 as somebody sees it, DISDIK's own staff unless told."""

    def open_page(member=None):
        client.force_login((member or staff).user)
        return client.get(answer.get_absolute_url())

    return open_page


def kind_of(answer, code):
    return answer.question.evidence_kinds.get(code=code)


def stand_in_order(text, *words):
    places = [text.index(word) for word in words]
    assert places == sorted(places), dict(zip(words, places, strict=True))


def test_a_returned_paper_with_its_reason_stands_before_all_else(opened, answer, staff):
    [evidence] = hand_in(answer, by=staff.user, title="Perda KLA")
    Evidence.objects.update(
        verdict="returned", reason=REASON, decided_at=NOW, decided_by=evidence.offered_by
    )

    response = opened()

    stand_in_order(
        response.text,
        "1 dokumen perlu diperbaiki",
        REASON,
        "Unggah perbaikan",
        "0 dari 2 jenis lengkap",
        'id="klaim"',
        'id="dokumen"',
        'id="unggah"',
        'id="percakapan"',
    )
    assert response.text.count(REASON) == 1
    assert response.text.count("Unggah perbaikan") == 1


def test_a_paper_stands_in_one_place(opened, answer):
    returned = EvidenceFactory(answer=answer, returned=True)
    waiting = EvidenceFactory(answer=answer)
    accepted = EvidenceFactory(answer=answer, accepted=True)

    context = opened().context

    assert [item.evidence for item in context["owed"].returned] == [returned]
    assert {item.evidence for item in context["others"]} == {waiting, accepted}
    assert len(context["documents"]) == 3


def test_a_paper_that_was_replaced_is_owed_no_more(opened, answer, staff):
    old = EvidenceFactory(answer=answer, returned=True, reason=REASON)
    old.superseded_by = EvidenceFactory(answer=answer)
    old.save()

    response = opened()

    assert response.context["owed"].returned == []
    assert "perlu diperbaiki" not in response.text


@pytest.mark.parametrize(
    ("handed_in", "heading"),
    [
        ({}, "Kurang 2 jenis dokumen"),
        ({"perda": {}}, "Kurang 1 jenis dokumen"),
        ({"perda": {}, "foto": {}}, "Dokumen yang diminta"),
        ({"perda": {"accepted": True}, "foto": {"accepted": True}}, "Dokumen lengkap"),
        ({"perda": {"accepted": True}, "foto": {"returned": True}}, "1 dokumen perlu diperbaiki"),
    ],
)
def test_the_heading_says_what_is_owed(opened, answer, handed_in, heading):
    for code, traits in handed_in.items():
        EvidenceFactory(answer=answer, kind=kind_of(answer, code), **traits)

    text = opened().text

    headings = (
        "Kurang 2 jenis dokumen",
        "Kurang 1 jenis dokumen",
        "Dokumen yang diminta",
        "Dokumen lengkap",
        "1 dokumen perlu diperbaiki",
    )
    assert [one for one in headings if one in text] == [heading]


def test_the_ways_lead_to_what_is_still_to_do(opened, answer):
    ways = ('href="#unggah"', 'href="#klaim"')
    assert [way in opened().text for way in ways] == [True, True]

    claim(answer, "10")
    assert [way in opened().text for way in ways] == [True, False]

    for code in ("perda", "foto"):
        EvidenceFactory(answer=answer, kind=kind_of(answer, code))
    assert [way in opened().text for way in ways] == [False, False]


def test_who_only_reads_sees_what_is_owed_and_no_way_to_do_it(opened, answer):
    EvidenceFactory(answer=answer, returned=True, reason=REASON)
    leader = MembershipFactory(pimpinan=True, city=answer.assessment.city)

    text = opened(leader).text

    assert REASON in text
    assert [word in text for word in ("Unggah perbaikan", 'href="#unggah"')] == [False, False]


def test_nothing_can_be_put_right_once_the_year_is_closed(opened, answer, year):
    EvidenceFactory(answer=answer, returned=True, reason=REASON)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    text = opened().text

    assert REASON in text
    assert "Unggah perbaikan" not in text


def test_the_page_names_who_leads_and_folds_who_supports(opened, answer, year):
    """DISDIK leads 1.2, DP3A supports it."""
    own, supporting = opened().text, opened(staff_of(year, "DP3A")).text

    assert "Anda penanggung jawab" in own
    assert "Anda penanggung jawab" not in supporting
    assert "<strong>Dinas DISDIK</strong>" in supporting
    assert "1 OPD pendukung" in own
    Assignment.objects.filter(answer=answer, is_lead=True).delete()
    assert "Belum ada penanggung jawab." in opened(staff_of(year, "DP3A")).text


def test_the_first_and_the_last_question_lead_only_one_way(client, year, reviewer):
    client.force_login(reviewer.user)

    ways = {
        code: (page.context["previous"], page.context["following"])
        for code in ("1.1", "2a.1", "2b.1")
        if (page := client.get(answer_of(year, code).get_absolute_url()))
    }

    assert ways == {"1.1": (None, "1.2"), "2a.1": ("1.2", "2a.2"), "2b.1": ("2a.2", None)}
