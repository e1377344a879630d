"""Each rule with the data that trips it, and the data that just does not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import Answer, Assignment, ClusterDeadline
from cities.models import Opd
from clusters.models import Question
from plans.checked import Severity
from plans.checks import RULES
from plans.queries.checks import PAGES, check_board, checked_year
from tests.assessments.situations import staff_of
from tests.csv_files import csv_rows
from tests.factories.assessments import NOW, EvidenceFactory, answer_of, granted
from tests.factories.cities import DistrictFactory, MembershipFactory, VillageFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def asked(year, code, **fields):
    """Make a question of the small instrument into another one."""
    Question.objects.filter(pk=answer_of(year, code).question_id).update(**fields)


def answered(year, code, points=None, **fields):
    points = None if points is None else Decimal(points)
    Answer.objects.filter(pk=answer_of(year, code).pk).update(claimed_points=points, **fields)
    return answer_of(year, code)


def found(year, code, today=TODAY):
    """What one rule says, by question, OPD or place."""
    [rule] = [rule for rule in RULES if rule.code == code]
    return {
        one.answer.question.code
        if one.answer
        else one.opd.code
        if one.opd
        else one.place: one.facts
        for one in rule.find(checked_year(year, today=today))
    }


def test_every_rule_has_its_own_code_and_a_page_for_its_remedy():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {rule.remedy for rule in RULES} == set(PAGES)
    assert {rule.severity for rule in RULES} == set(Severity)


# --- What contradicts itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "points", "facts"),
    [
        ("Tidak ada", "3", "Jawaban “Tidak ada”, tetapi diklaim 3 poin."),
        ("Belum ada", "3", "Jawaban “Belum ada”, tetapi diklaim 3 poin."),
        ("Tidak ada", "0", None),
        ("Tidak ada", None, None),
        ("Perda", "3", None),
        ("", "3", None),
    ],
)
def test_points_are_not_claimed_for_nothing_at_all(year, choice, points, facts):
    answered(year, "1.1", points, choice=choice)

    assert found(year, "B1").get("1.1") == facts


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        ("100.001", "Diisi 100,001 persen."),
        ("-1", "Diisi \N{MINUS SIGN}1 persen."),
        ("100", None),
        ("0", None),
        (None, None),
    ],
)
def test_a_percentage_lies_between_nought_and_a_hundred(year, value, facts):
    answered(year, "2a.1", value=value)
    answered(year, "2a.2", value=250)  # a count may be any

    assert found(year, "B2") == ({"2a.1": facts} if facts else {})


@pytest.mark.parametrize(
    ("answer_type", "direction", "value", "points", "facts"),
    [
        ("percent", "", "0", "5", "Angka 0, tetapi diklaim 5 poin."),
        ("count", "", "0", "5", "Angka 0, tetapi diklaim 5 poin."),
        ("percent", "lower_is_better", "100", "5", "Angka 100, tetapi diklaim 5 poin."),
        ("percent", "lower_is_better", "0", "5", None),
        ("count", "lower_is_better", "100", "5", None),
        ("percent", "", "0.1", "5", None),
        ("percent", "", "0", "0", None),
        ("percent", "", None, "5", None),
        ("narrative", "", "0", "5", None),
    ],
)
def test_the_worst_figure_earns_nothing(year, answer_type, direction, value, points, facts):
    asked(year, "2a.1", answer_type=answer_type, direction=direction)
    answered(year, "2a.1", points, value=value)

    assert found(year, "B3") == ({"2a.1": facts} if facts else {})


@pytest.mark.parametrize(
    ("text", "value", "facts"),
    [
        (
            "% kecamatan dengan Forum Anak",
            "55",
            "55 persen dari 4 bukan bilangan utuh; 2 adalah 50 persen.",
        ),
        ("Persentase kecamatan dengan KTR", "50.4", None),
        ("% kecamatan dengan Forum Anak", "75", None),
        ("% desa/kelurahan dengan KTR", "33", None),
        (
            "% desa/kelurahan dengan KTR",
            "40",
            "40 persen dari 3 bukan bilangan utuh; 1 adalah 33,3 persen.",
        ),
        ("Persentase anak di kecamatan", "55", None),
        ("% kecamatan dengan Forum Anak", "400", None),
    ],
)
def test_a_share_of_districts_or_villages_is_a_number_of_them(year, text, value, facts):
    districts = DistrictFactory.create_batch(4, city=year.city)
    VillageFactory.create_batch(3, district=districts[0])
    DistrictFactory()  # of another city
    asked(year, "2a.1", text=text)
    answered(year, "2a.1", value=value)

    assert found(year, "B4") == ({"2a.1": facts} if facts else {})


def test_without_registered_districts_no_share_of_them_is_doubted(year):
    asked(year, "2a.1", text="% kecamatan dengan Forum Anak")
    answered(year, "2a.1", value=55)

    assert found(year, "B4") == {}


@pytest.mark.parametrize(
    ("text", "before", "value", "other", "is_told"),
    [
        ("Jumlah yang sesuai standar", "count", 8, 9, True),
        ("Jumlah yang sesuai standar", "count", 8, 8, False),
        ("Jumlah yang sesuai standar", "percent", 8, 9, False),
        ("Jumlah lembaga", "count", 8, 9, False),
        ("Jumlah yang sesuai standar", "count", None, 9, False),
        ("Jumlah yang sesuai standar", "count", 8, None, False),
    ],
)
def test_a_part_is_not_larger_than_its_whole(year, text, before, value, other, is_told):
    asked(year, "2a.1", answer_type=before)
    asked(year, "2a.2", text=text)
    answered(year, "2a.1", value=value)
    answered(year, "2a.2", value=other)

    facts = "9, lebih besar daripada 8 pada pertanyaan 2a.1."
    assert found(year, "B5") == ({"2a.2": facts} if is_told else {})


def test_a_part_is_not_measured_by_a_question_of_another_indicator(year):
    asked(year, "2b.1", text="Jumlah yang sesuai standar", answer_type="count")
    answered(year, "2a.2", value=8)
    answered(year, "2b.1", value=9)

    assert found(year, "B5") == {}


@pytest.mark.parametrize(
    ("text", "choice", "is_told"),
    [
        ("Forum  anak ADA", "Tidak", True),
        ("Forum anak ada", "Ya", False),
        ("Forum anak aktif", "Tidak", False),
        ("Forum anak ada", "", False),
    ],
)
def test_the_same_question_has_the_same_answer(year, text, choice, is_told):
    asked(year, "1.1", text="Forum anak ada")
    asked(year, "1.2", text=text)
    answered(year, "1.1", choice="Ya")
    answered(year, "1.2", choice=choice)

    facts = "Dijawab “Tidak”, pada 1.1 “Ya”."
    assert found(year, "B6") == ({"1.2": facts} if is_told else {})


def test_the_same_words_in_another_cluster_ask_something_else(year):
    asked(year, "1.1", text="SOP ada", answer_type="choice")
    asked(year, "2b.1", text="SOP ada", answer_type="choice")
    answered(year, "1.1", choice="Ya")
    answered(year, "2b.1", choice="Tidak")

    assert found(year, "B6") == {}


@pytest.mark.parametrize(("points", "is_told"), [("30.001", True), ("30", False), (None, False)])
def test_no_claim_exceeds_the_maximum(year, points, is_told):
    answered(year, "1.1", points)

    facts = "Diklaim 30,001 dari paling banyak 30 poin."
    assert found(year, "B7") == ({"1.1": facts} if is_told else {})


# --- What puts points at risk -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "trait", "is_told"),
    [("30", "returned", True), ("29", "returned", False), ("30", "accepted", False)],
)
def test_a_full_claim_beside_a_returned_document_is_told(year, points, trait, is_told):
    EvidenceFactory(answer=answered(year, "1.1", points), **{trait: True})

    facts = "Diklaim penuh, 30 poin, padahal ada dokumen yang dikembalikan."
    assert found(year, "R1") == ({"1.1": facts} if is_told else {})


def test_a_claim_needs_a_document_unless_it_is_of_nothing(year):
    answered(year, "1.1", "12")
    answered(year, "1.2", "0")
    EvidenceFactory(answer=answered(year, "2b.1", "5"))

    assert found(year, "R2") == {"1.1": "Diklaim 12 poin tanpa dokumen."}


@pytest.mark.parametrize(
    ("points", "facts"),
    [
        ("10", "Diklaim 10 dari 20; yang lazim terdekat 13,2."),
        ("13.2", None),
        ("13.3", None),
        ("20", None),
        ("0", None),
    ],
)
def test_a_part_of_the_points_that_worksheets_never_show_is_doubted(year, points, facts):
    answered(year, "1.1", "10")  # of this question no usual parts are known
    answered(year, "1.2", points)

    assert found(year, "R3") == ({"1.2": facts} if facts else {})


@pytest.mark.parametrize(("points", "is_told"), [("11", True), ("12", False), (None, False)])
def test_more_granted_than_claimed_is_told(year, points, is_told):
    granted(answered(year, "1.1", points), "12")

    facts = "Ditetapkan 12 poin, diklaim 11."
    assert found(year, "R4") == ({"1.1": facts} if is_told else {})


# --- What is unfinished -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "value", "is_told"), [("5", None, True), ("5", 0, False), ("0", None, False)]
)
def test_points_for_a_figure_need_the_figure(year, points, value, is_told):
    answered(year, "1.1", "5")
    answered(year, "2a.2", points, value=value)

    facts = "Diklaim 5 poin, angkanya belum diisi."
    assert found(year, "L1") == ({"2a.2": facts} if is_told else {})


def test_an_accepted_document_without_a_claim_is_told(year):
    EvidenceFactory(answer=answer_of(year, "1.1"), accepted=True)
    EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answered(year, "2b.1", "0"), accepted=True)

    assert found(year, "L2") == {"1.1": "Dokumennya diterima, tetapi belum ada klaim."}


def test_a_question_with_contributors_alone_has_no_lead(year):
    Assignment.objects.filter(answer=answer_of(year, "1.2"), is_lead=True).delete()

    assert found(year, "L3") == {
        "1.2": "Bernilai sampai 20 poin, tanpa OPD penanggung jawab.",
        "2a.1": "Bernilai sampai 15 poin, tanpa OPD penanggung jawab.",
    }


def test_an_opd_with_questions_needs_somebody_who_can_sign_in(year):
    staff_of(year, "DP3A")
    gone = staff_of(year, "DISDIK").user
    gone.is_active = False
    gone.save()
    Assignment.objects.filter(opd__code="DINKES").delete()

    assert found(year, "L4") == {
        "DISDIK": "Ditugasi 1 pertanyaan, belum ada akun yang dapat masuk."
    }


@pytest.mark.parametrize(
    ("deadline", "stage", "is_told"),
    [
        (TODAY - timedelta(days=1), "self_assessment", True),
        (TODAY, "self_assessment", False),
        (None, "self_assessment", False),
        (TODAY - timedelta(days=1), "closed", False),
    ],
)
def test_a_year_that_is_open_past_its_date_is_told(year, deadline, stage, is_told):
    year.deadline, year.stage = deadline, stage

    facts = "Lewat 1 hari, padahal pengisian masih terbuka."
    assert found(year, "L5") == ({"Tenggat tahun": facts} if is_told else {})


@pytest.mark.parametrize(("days", "is_told"), [(2, True), (0, False)])
def test_a_cluster_past_its_date_with_open_questions_is_told(year, days, is_told):
    for cluster in year.instrument.clusters.all():
        due = TODAY - timedelta(days=days)
        ClusterDeadline.objects.create(assessment=year, cluster=cluster, due_on=due)
    EvidenceFactory(answer=answer_of(year, "1.1"))
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True)

    facts = "Lewat 2 hari, 3 pertanyaan belum selesai."
    assert found(year, "L6") == ({"Klaster I": facts} if is_told else {})


def test_a_question_past_the_date_of_its_assignment_is_told(year):
    yesterday = TODAY - timedelta(days=1)
    Assignment.objects.filter(answer__question__code__in=["1.1", "2b.1"]).update(due_on=yesterday)
    Assignment.objects.filter(answer__question__code="2a.2").update(due_on=TODAY)
    EvidenceFactory(answer=answer_of(year, "2b.1"))  # waits for review: the OPD did its part

    assert found(year, "L7") == {"1.1": "Tenggat penugasannya lewat 1 hari."}
    year.stage = "closed"
    assert found(year, "L7") == {}


# --- The page ---------------------------------------------------------------------------------


def board(year, member):
    return check_board(year, member, today=TODAY)


def urls(shown):
    return {
        row.code or row.place: row.url
        for one in shown.severities
        for group in one.groups
        for row in group.rows
        if group.rule.code in ("B1", "L3", "L4")
    }


def test_findings_are_grouped_by_severity_and_lead_to_their_remedy(year, secretariat):
    answered(year, "1.1", "3", choice="Tidak ada")
    Assignment.objects.exclude(opd__code="DP3A").delete()
    address = f"/kota/{year.city.slug}/penilaian/2026"

    shown = board(year, secretariat)

    assert [one.severity for one in shown.severities] == list(Severity)
    assert urls(shown) == {
        "1.1": f"{address}/pertanyaan/1.1/#klaim",
        "1.2": f"{address}/penugasan/1.2/",
        "2a.1": f"{address}/penugasan/2a.1/",
        "2a.2": f"{address}/penugasan/2a.2/",
        "2b.1": f"{address}/penugasan/2b.1/",
        "Dinas DP3A": "",  # the secretariat invites nobody
    }


def test_who_may_not_put_it_right_reads_it_without_a_link(year):
    leader = MembershipFactory(pimpinan=True, city=year.city)
    admin = MembershipFactory(admin_kota=True, city=year.city)

    assert set(urls(board(year, leader)).values()) == {""}
    invite = reverse("cities:invitation_create", args=[year.city.slug])
    assert urls(board(year, admin))["Dinas DP3A"] == invite


def test_where_everything_fits_the_page_says_so(client, year, secretariat):
    for code in ("DP3A", "DINKES", "DISDIK"):
        staff_of(year, code)
    lead = Opd.objects.get(city=year.city, code="DINKES")
    Assignment.objects.create(answer=answer_of(year, "2a.1"), opd=lead, is_lead=True)
    client.force_login(secretariat.user)

    page = client.get(reverse("plans:check_list", args=[year.city.slug, 2026]))

    assert page.context["board"].count == 0
    assert f"{len(RULES)} aturan diperiksa, semuanya cocok." in page.content.decode()


def test_the_findings_go_out_as_a_table(client, year, secretariat):
    answered(year, "1.1", "12")
    client.force_login(secretariat.user)

    file = client.get(
        reverse("plans:check_list", args=[year.city.slug, 2026]) + "?data=pemeriksaan&format=csv"
    )

    header, first, *_rest = csv_rows(file)
    assert header == ["Tingkat", "Aturan", "Temuan", "Kode", "Tempat", "Keterangan"]
    assert first[:4] == ["Berisiko bagi nilai", "R2", "Klaim tanpa dokumen", "1.1"]
    assert first[-1] == "Diklaim 12 poin tanpa dokumen."
