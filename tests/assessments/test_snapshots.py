"""What is frozen when a year changes its stage, and how a change to it is found."""

import hashlib
import io
import json
import re
from decimal import Decimal

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pypdf import PdfReader

from assessments.choices import ScoreKind, Stage
from assessments.models import (
    Assessment,
    Evidence,
    OfficialIndicatorScore,
    Snapshot,
    StageScore,
    TotalScore,
)
from assessments.reports.snapshot_pdf import snapshot_paper
from assessments.services.documents import withdraw_evidence
from assessments.services.official import enter_official
from assessments.services.review import accept_evidence, return_evidence
from assessments.services.snapshots import checksum, damaged
from assessments.services.transitions import submit_assessment
from assessments.services.waivers import waive_kind
from cities.roles import Role
from figures.numbers import format_points
from tests.assessments.situations import (
    NOW,
    checked,
    claim,
    hand_in,
    later,
    secretary_of,
    set_stage,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(year):
    return secretary_of(year, name="Siti Rahma")


@pytest.fixture
def filled(year, author):
    """1.2 claimed, with one accepted and one returned document; VA gave it 10."""
    question, reviewer = answer_of(year, "1.2"), secretary_of(year)
    claim(question, "20", by=author, note="Lihat lampiran", value=Decimal("2.5"))
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]
    first, second = hand_in(question, by=author, files=files)
    accept_evidence(evidence_id=first.pk, granted_points=Decimal("13.2"), by=reviewer, at=NOW)
    return_evidence(evidence_id=second.pk, reason="Buram", by=reviewer, at=NOW)
    StageScore.objects.create(
        answer=question, kind=ScoreKind.VA, points=10, entered_at=NOW, entered_by=reviewer
    )
    return year


@pytest.fixture
def snapshot(filled, author):
    return submit_assessment(assessment_id=filled.pk, by=author, at=later())


def page(snapshot, name="snapshot_detail"):
    year = snapshot.assessment
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, snapshot.number])


def test_the_page_shows_totals_and_folds_the_answers(client, snapshot, author):
    client.force_login(author)

    shown = client.get(page(snapshot)).text

    assert re.findall(r'<details class="folding" id="(.*?)" data-fold>', shown) == [
        "jawaban",
        "resmi",
    ]
    assert re.findall(r'<section class="section" aria-labelledby="(.*?)">', shown) == [
        "total",
        "klaster",
    ]


# --- What is frozen ---------------------------------------------------------------------------


def test_a_snapshot_holds_every_answer_with_its_documents_and_their_verdicts(snapshot):
    answers = {answer["code"]: answer for answer in snapshot.content["answers"]}

    assert list(answers) == ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]
    assert answers["1.2"] == {
        "code": "1.2",
        "claimed": "20.000",
        "granted": "13.200",
        "is_proven": True,
        "value": "2.500",
        "choice": "",
        "note": "Lihat lampiran",
        "official": {"VA": "10.000"},
        "official_entries": [
            {
                "kind": "VA",
                "points": "10.000",
                "why": "",
                "at": "2026-03-02T03:00:00+00:00",
                "by": StageScore.objects.get().entered_by.name,
            }
        ],
        "waivers": [],
        "documents": [
            {
                "title": "satu",
                "sha256": hashlib.sha256(b"satu").hexdigest(),
                "findings": {},
                "shown": None,
                "kind": "perda",
                "verdict": "accepted",
                "reason": "",
            },
            {
                "title": "dua",
                "sha256": hashlib.sha256(b"dua").hexdigest(),
                "findings": {},
                "shown": None,
                "kind": "perda",
                "verdict": "returned",
                "reason": "Buram",
            },
        ],
    }
    empty = answers["2b.1"]
    assert (empty["claimed"], empty["granted"], empty["documents"]) == (None, None, [])


def test_a_snapshot_holds_what_was_not_required_and_where_official_points_come_from(year, author):
    question = answer_of(year, "1.2")
    kind = question.question.evidence_kinds.last()
    waive_kind(answer_id=question.pk, kind=kind, reason="Tidak ada kantor", by=author, at=NOW)
    for points in ("9", "10"):
        enter_official(
            answer_id=question.pk,
            kind=ScoreKind.VA,
            points=Decimal(points),
            why=f"BA {points}",
            by=author,
            at=NOW,
        )
    indicator = answer_of(year, "2a.2").question.indicator
    OfficialIndicatorScore.objects.create(
        assessment=year,
        indicator=indicator,
        kind=ScoreKind.VL,
        points=3,
        why="Surat 7",
        at=NOW,
        by=author,
    )
    snapshot = submit_assessment(assessment_id=year.pk, by=author, at=later())

    content = snapshot.content
    told = {"at": "2026-03-02T03:00:00+00:00", "by": "Siti Rahma"}
    row = next(row for row in content["answers"] if row["code"] == "1.2")
    assert content["format"] == 2
    assert row["waivers"] == [
        {"kind": kind.code, "name": kind.name, "reason": "Tidak ada kantor", **told}
    ]
    assert row["official_entries"] == [
        {"kind": "VA", "points": "10.000", "why": "BA 10", **told}  # the one that counts
    ]
    assert content["official_indicators"] == [
        {"code": indicator.code, "kind": "VL", "points": "3.000", "why": "Surat 7", **told}
    ]
    text = text_of(snapshot_paper(content, checksum=snapshot.checksum, moment="hari ini"))
    for words in ("Tidak ada kantor", "BA 10", "Surat 7", "Rincian nilai resmi"):
        assert words in text
    assert list(damaged()) == []


def test_a_snapshot_of_the_first_format_is_still_proved_shown_and_printed(
    client, snapshot, secretariat
):
    content = dict(snapshot.content)
    content["format"] = 1
    del content["official_indicators"]
    for answer in content["answers"]:
        del answer["waivers"], answer["official_entries"]
    Snapshot.objects.filter(pk=snapshot.pk).update(content=content, checksum=checksum(content))
    client.force_login(secretariat.user)

    assert list(damaged()) == []
    assert client.get(page(snapshot)).context["official"] == []
    paper = client.get(page(snapshot, "snapshot_pdf"))
    assert "Rincian nilai resmi" not in text_of(paper.content)


def text_of(paper):
    reader = PdfReader(io.BytesIO(paper))
    return " ".join(" ".join(sheet.extract_text().split()) for sheet in reader.pages)


def test_a_snapshot_names_the_year_its_instrument_and_who_froze_it(snapshot, author):
    year = snapshot.assessment
    content = snapshot.content

    assert content["city"] == {"code": year.city.code, "name": year.city.name}
    assert (content["year"], content["left"], content["stage"]) == (
        2026,
        "self_assessment",
        "submitted",
    )
    assert content["instrument"] == {
        "code": "kecil-2026",
        "title": "Instrumen kecil",
        "checksum": year.instrument.checksum,
        "maximum": "100.000",
        "measure": "points",
    }
    assert content["by"] == {"id": author.pk, "name": "Siti Rahma"}
    assert content["at"] == "2026-03-02T03:01:00+00:00"


def test_the_totals_of_a_snapshot_are_the_stored_ones(snapshot):
    stored = {
        row.kind: {
            "points": f"{row.points:.3f}",
            "predikat": row.predikat,
            "answered": row.answered,
        }
        for row in TotalScore.objects.filter(assessment=snapshot.assessment)
    }

    assert snapshot.content["totals"] == stored
    assert snapshot.content["totals"]["evidenced"]["points"] == "13.200"
    assert [row["points"]["evidenced"] for row in snapshot.content["clusters"]] == [
        "13.200",
        "0.000",
    ]


def test_the_checksum_is_that_of_the_canonical_json(snapshot):
    stored = Snapshot.objects.get()
    text = json.dumps(stored.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert stored.checksum == hashlib.sha256(text.encode()).hexdigest() == checksum(stored.content)


def test_every_later_stage_freezes_another_that_names_the_one_before(snapshot, author):
    set_stage(assessment_id=snapshot.assessment.pk, stage=Stage.CLOSED, at=later(2))
    set_stage(assessment_id=snapshot.assessment.pk, stage=Stage.FIELD, at=later(3))

    rows = list(Snapshot.objects.order_by("number"))
    assert [(row.number, row.left, row.stage) for row in rows] == [
        (1, "self_assessment", "submitted"),
        (2, "submitted", "administrative"),
        (3, "administrative", "field"),
        (4, "field", "final"),
        (5, "final", "closed"),
        (6, "closed", "field"),
    ]
    assert [row.content["previous"] for row in rows] == [None, *(r.checksum for r in rows[:-1])]
    assert list(damaged()) == []


def test_what_was_frozen_stays_when_the_year_is_worked_on_again(snapshot, author):
    year = snapshot.assessment
    set_stage(assessment_id=year.pk, stage=Stage.SELF_ASSESSMENT, at=later(2))
    question = answer_of(year, "1.2")
    claim(question, "5", by=author, at=later(3), seen_at=question.claimed_at)
    extra = hand_in(question, by=author, files=[checked(b"tiga", "tiga.pdf")])[0]
    withdraw_evidence(evidence_id=extra.pk, by=author, at=later(4))

    stored = Snapshot.objects.get(number=1)
    assert stored.content == snapshot.content
    assert stored.content["totals"]["claimed"]["points"] == "20.000"
    assert list(damaged()) == []


def test_freezing_takes_the_same_queries_however_much_there_is(
    filled, author, django_assert_max_num_queries
):
    for code in ("1.1", "2a.1", "2a.2", "2b.1"):
        claim(answer_of(filled, code), "3", by=author)

    with django_assert_max_num_queries(22):
        submit_assessment(assessment_id=filled.pk, by=author, at=later())


# --- Finding a change -------------------------------------------------------------------------


def verify():
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_snapshots", stdout=out, stderr=err)
    return out.getvalue()


def test_untouched_snapshots_are_reported_as_whole(snapshot):
    assert verify() == "1 rekaman utuh.\n"


def change_a_total(snapshot):
    snapshot.content["totals"]["evidenced"]["points"] = "90.000"
    snapshot.save()


def change_a_verdict(snapshot):
    snapshot.content["answers"][1]["documents"][1]["verdict"] = "accepted"
    snapshot.save()


def change_the_checksum(snapshot):
    Snapshot.objects.filter(pk=snapshot.pk).update(checksum="0" * 64)


def change_the_author(snapshot):
    Snapshot.objects.filter(pk=snapshot.pk).update(by=UserFactory())


def change_the_moment(snapshot):
    Snapshot.objects.filter(pk=snapshot.pk).update(at=later(90))


def change_both_content_and_checksum(snapshot):
    """The one after it still names the old checksum."""
    snapshot.content["totals"]["evidenced"]["points"] = "90.000"
    Snapshot.objects.filter(pk=snapshot.pk).update(
        content=snapshot.content, checksum=checksum(snapshot.content)
    )


def remove_it(snapshot):
    snapshot.delete()


@pytest.mark.parametrize(
    "harm",
    [
        change_a_total,
        change_a_verdict,
        change_the_checksum,
        change_the_author,
        change_the_moment,
        change_both_content_and_checksum,
        remove_it,
    ],
)
def test_any_change_to_a_snapshot_is_found(snapshot, author, harm):
    set_stage(assessment_id=snapshot.assessment.pk, stage=Stage.ADMINISTRATIVE, at=later(2))
    harm(snapshot)

    with pytest.raises(CommandError) as refusal:
        verify()
    assert refusal.value.returncode == 1


# --- On the page and on paper -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["snapshot_detail", "snapshot_pdf"])
def test_a_snapshot_is_read_by_those_who_see_the_year(client, snapshot, staff, name):
    seen = {}
    for role in (Role.ADMIN_KOTA, Role.GUGUS_TUGAS, Role.VERIFIKATOR, Role.PIMPINAN):
        client.force_login(MembershipFactory(city=snapshot.assessment.city, role=role).user)
        seen[role] = client.get(page(snapshot, name)).status_code
    client.force_login(staff.user)
    seen[Role.OPD] = client.get(page(snapshot, name)).status_code
    client.force_login(MembershipFactory().user)
    seen["stranger"] = client.get(page(snapshot, name)).status_code

    assert list(seen.values()) == [200, 200, 200, 200, 403, 404]


@pytest.mark.parametrize("name", ["snapshot_detail", "snapshot_pdf"])
def test_the_number_of_another_year_does_not_open_here(client, snapshot, secretariat, name):
    client.force_login(secretariat.user)
    year = snapshot.assessment

    for number in (0, 2):
        url = reverse(f"assessments:{name}", args=[year.city.slug, year.year, number])
        assert client.get(url).status_code == 404


def test_a_changed_snapshot_says_so_on_its_page(client, snapshot, secretariat):
    client.force_login(secretariat.user)
    whole = client.get(page(snapshot)).text

    change_a_total(snapshot)

    changed = client.get(page(snapshot)).text
    assert ["tidak cocok lagi" in text for text in (whole, changed)] == [False, True]


def words_of(paper):
    """All text of a PDF whose pages were written without compressing their fonts away."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        streams = [
            operand
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tj"
            for operand in operands
        ]
        return [bytes(text).decode("cp1252") for text in streams], pdf.pages[0].mediabox


def test_the_paper_shows_the_totals_in_indonesian_numbers_and_the_checksum(snapshot):
    paper = snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment="2 Maret 2026")

    words, size = words_of(paper)

    assert {"20", "13,2", "1/2", "2 Maret 2026, Siti Rahma"} <= set(words)
    assert f"SHA-256 {snapshot.checksum}" in words
    assert [round(float(side)) for side in size] == [0, 0, 595, 842]


def test_the_same_snapshot_always_prints_the_same_bytes(snapshot):
    papers = {
        snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment="2 Maret 2026")
        for _time in range(2)
    }

    assert len(papers) == 1


def test_a_title_that_no_printer_knows_does_not_stop_the_paper(snapshot):
    for title in ("<b>Perda & lampiran", "📄 دليل", "x" * 200):
        snapshot.content["answers"][1]["documents"][0]["title"] = title
        paper = snapshot_paper(snapshot.content, checksum="0" * 64, moment="hari ini")
        assert paper.startswith(b"%PDF-")


def test_the_paper_is_offered_as_a_file_named_after_city_year_and_number(
    client, snapshot, secretariat
):
    client.force_login(secretariat.user)

    response = client.get(page(snapshot, "snapshot_pdf"))

    slug = snapshot.assessment.city.slug
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="rekaman-kla-{slug}-2026-1.pdf"'
    )
    words, _size = words_of(response.content)
    assert "2 Maret 2026 10.01 WIB, Siti Rahma" in words


@pytest.mark.parametrize(
    ("points", "text"),
    [(None, "–"), ("0.000", "0"), ("12.000", "12"), ("0.660", "0,66"), ("1000.500", "1.000,5")],
)
def test_points_on_paper_are_written_as_people_write_them(points, text):
    assert format_points(points) == text


def test_a_year_without_any_document_prints_too(year, author):
    snapshot = submit_assessment(assessment_id=year.pk, by=author, at=later())

    words, _size = words_of(
        snapshot_paper(snapshot.content, checksum=snapshot.checksum, moment="hari ini")
    )

    assert "Tidak ada dokumen." in words
    assert Evidence.objects.count() == 0
    assert Assessment.objects.get().stage == Stage.SUBMITTED
