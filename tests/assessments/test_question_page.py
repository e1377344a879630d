"""The page of one question: what is owed stands first."""

import pytest

from assessments.choices import Stage, TrailEvent
from assessments.models import Assignment, Evidence
from assessments.services.activity import record
from assessments.services.document_counts import refresh_counts
from tests.assessments.situations import claim, hand_in, later, set_stage, staff_of
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
    refresh_counts([answer.pk])

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
        code: (page.context["answer"].previous, page.context["answer"].following)
        for code in ("1.1", "2a.1", "2b.1")
        if (page := client.get(answer_of(year, code).get_absolute_url()))
    }

    assert ways == {"1.1": (None, "1.2"), "2a.1": ("1.2", "2a.2"), "2b.1": ("2a.2", None)}


# --- What stands at addresses of its own ------------------------------------------------------


def documents_page(client, answer, query=""):
    return client.get(f"{answer.get_absolute_url()}semua-dokumen/{query}")


def titles(items):
    return [item.evidence.document.title for item in items]


def test_of_many_documents_the_newest_of_each_group_stand_on_the_page(opened, answer):
    for number in range(12):
        moment = {"offered_at": later(number)}
        EvidenceFactory(answer=answer, document__title=f"Kembali {number}", returned=True, **moment)
        EvidenceFactory(answer=answer, document__title=f"Menunggu {number}", **moment)

    page = opened()

    newest = range(11, 1, -1)
    assert titles(page.context["owed"].returned) == [f"Kembali {number}" for number in newest]
    assert titles(page.context["others"]) == [f"Menunggu {number}" for number in newest]
    assert "12 dokumen perlu diperbaiki" in page.text
    assert page.text.count("10 terbaru dari 12: lihat semua dokumen") == 2


def test_ten_of_each_group_are_all_of_them_and_nothing_leads_further(opened, answer):
    EvidenceFactory.create_batch(10, answer=answer)

    page = opened()

    assert len(page.context["others"]) == 10
    assert "lihat semua dokumen" not in page.text


def test_what_settles_a_kind_counts_however_many_newer_papers_there_are(opened, answer):
    kind = kind_of(answer, "perda")
    EvidenceFactory(answer=answer, kind=kind, accepted=True, offered_at=NOW)
    for number in range(12):
        EvidenceFactory(answer=answer, kind=kind, accepted=True, offered_at=later(number + 1))
        EvidenceFactory(answer=answer, kind=kind, returned=True, offered_at=later(number + 1))

    asked = {row.code: row.state for row in opened().context["owed"].asked}

    assert asked["perda"] == "accepted"


def test_all_documents_are_read_page_by_page_with_what_each_took_the_place_of(
    opened, client, answer
):
    opened()
    for number in range(26):
        EvidenceFactory(answer=answer, document__title=f"Surat {number}", offered_at=later(number))
    newest = Evidence.objects.get(document__title="Surat 25")
    EvidenceFactory(answer=answer, document__title="Lama", superseded_by=newest, offered_at=NOW)
    elsewhere = answer_of(answer.assessment, "1.1")
    EvidenceFactory(answer=elsewhere, kind=kind_of(answer, "perda"))

    first, second = documents_page(client, answer), documents_page(client, answer, "?halaman=2")

    assert titles(first.context["documents"]) == [f"Surat {n}" for n in range(25, 0, -1)]
    assert [one.document.title for one in first.context["documents"][0].earlier] == ["Lama"]
    assert titles(second.context["documents"]) == ["Surat 0"]


def test_only_who_sees_the_question_reads_its_documents_and_its_history(client, year, answer):
    """DISDIK and DP3A hold 1.2, DINKES does not."""
    EvidenceFactory(answer=answer)
    client.force_login(staff_of(year, "DINKES").user)

    asked = [f"{answer.get_absolute_url()}{rest}" for rest in ("semua-dokumen/", "riwayat/")]

    assert [client.get(url).status_code for url in asked] == [404, 404]


def test_the_history_is_read_page_by_page_newest_first(client, opened, answer, reviewer):
    opened(reviewer)
    for number in range(26):
        told = {"answer": answer, "by": reviewer.user, "at": later(number)}
        record(TrailEvent.CLAIM_SAVED, assessment=answer.assessment, **told)
    address = f"{answer.get_absolute_url()}riwayat/"

    pages = [client.get(f"{address}?halaman={n}").context["page_obj"] for n in (1, 2)]

    assert [[line.at for line in page] for page in pages] == [
        [later(number) for number in range(25, 0, -1)],
        [later(0)],
    ]
