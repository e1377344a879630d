"""Nothing leaves that was not released: private values are planted, every public address is read."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve, reverse

from actionplan.models import Action, ActionYear
from assessments.choices import ScoreKind, Stage
from assessments.models import Assessment, SupportingDocument, TotalScore
from facilities.models import Facility
from public.models import ReleasedDocument
from public.sections import Section
from public.services.documents import withdraw_document
from public.services.releases import withdraw_section
from public.urls import urlpatterns
from taskforce.models import Commitment
from tests.assessments.situations import claim, hand_in, later, set_stage, working_year
from tests.factories.assessments import NOW, answer_of
from tests.factories.childdata import ObservationFactory
from tests.factories.facilities import FacilityFactory
from tests.factories.public import PublicMessageFactory
from tests.factories.taskforce import DecreeFactory, TaskForceMemberFactory
from tests.public.situations import fill, let_out, paper, publisher_of, release

PRIVATE = {
    "signatory": "Rina Kusumawati",
    "outcome": "Hasil yang belum dibaca siapa pun",
    "occasion": "Rapat tertutup",
    "contact": "0812-7777-1234",
    "address": "Jalan Rahasia 17",
    "official": "Hendra Gunawan",
    "head": "Yuliana Pertiwi",
    "unit contact": "0721-555-1234",
    "note of a claim": "Catatan dalam kota",
    "document": "Surat rahasia.pdf",
    "what a document says": "Isi surat yang tidak dirilis",
    "file name of a released document": "Laporan Bu Tuti.csv",
    "title of it inside the city": "Laporan untuk dalam kota",
    "withdrawn document": "Isi dokumen yang ditarik",
    "title of the withdrawn document": "Judul yang ditarik",
    "note of a count": "Sumber dari wawancara",
    "action of a part that is not released": "Aksi yang belum diumumkan",
    "ceiling of it": "987654321",
    "points of a later stage": "777.123",
    "withdrawn facility": "Taman yang ditarik",
    "home of children": "Panti Kasih Bunda",
    "message": "Pesan yang belum dimoderasi",
    "another city": "Kota Belum Merilis",
}
NOT_RELEASED = (Section.PLAN, Section.FACILITIES)  # the latter was, and is withdrawn


@pytest.fixture
def year(db):
    year = working_year()
    fill(year)
    plant_before(year)
    year = set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)
    member = publisher_of(year)
    release(year, *(one for one in Section if one != Section.PLAN), by=member)
    for_all, taken_back = (
        SupportingDocument.objects.get(original_name=name)
        for name in (PRIVATE["file name of a released document"], "ditarik.csv")
    )
    let_out(year, for_all, by=member, title="Laporan untuk semua")
    let_out(year, taken_back, by=member, title=PRIVATE["title of the withdrawn document"])
    withdraw_document(assessment=year, document=taken_back, by=member.user, at=later(2))
    withdraw_section(assessment=year, section=Section.FACILITIES, by=member.user, at=later(2))
    plant_after(year)
    member.user.name = "Wahyu Setiawan"
    member.user.save()
    return year


def plant_before(year):
    city = year.city
    Commitment.objects.update(
        signatory=PRIVATE["signatory"], outcome=PRIVATE["outcome"], occasion=PRIVATE["occasion"]
    )
    Facility.objects.filter(city=city).update(
        contact=PRIVATE["contact"], address=PRIVATE["address"]
    )
    FacilityFactory(city=city, name=PRIVATE["withdrawn facility"])
    FacilityFactory(city=city, type="pengasuhan", kind="lksa", name=PRIVATE["home of children"])
    TaskForceMemberFactory(decree=DecreeFactory(city=city), name=PRIVATE["official"])
    city.units.update(head=PRIVATE["head"], contact=PRIVATE["unit contact"])
    answer = answer_of(year, "1.2")
    claim(answer, "10", note=PRIVATE["note of a claim"])
    hand_in(answer, title=PRIVATE["document"])
    proven = answer_of(year, "2a.2")
    paper(
        proven,
        b"Isi yang dirilis",
        name=PRIVATE["file name of a released document"],
        title=PRIVATE["title of it inside the city"],
    )
    paper(proven, PRIVATE["withdrawn document"].encode(), name="ditarik.csv")
    paper(proven, PRIVATE["what a document says"].encode(), name="rahasia.csv")
    ObservationFactory(city=city, variable="akta", year=2025, note=PRIVATE["note of a count"])
    Action.objects.update(name=PRIVATE["action of a part that is not released"])
    ActionYear.objects.update(ceiling=int(PRIVATE["ceiling of it"]))


def plant_after(year):
    points = PRIVATE["points of a later stage"]
    TotalScore.objects.filter(assessment=year, kind=ScoreKind.VF).update(points=points)
    PublicMessageFactory(city=year.city, text=PRIVATE["message"])
    other = working_year(year=2025)
    other.city.name = PRIVATE["another city"]
    other.city.save()
    assert Assessment.objects.count() == 2


def crawled(client):
    """What every address says that the public pages lead to: its head and its content, in text."""
    found, waiting = {}, [reverse("public:index")]
    while waiting:
        path = waiting.pop()
        if path in found or not path.startswith("/publik/"):
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.getvalue().decode(errors="replace")
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        found[path] = f"{head}\n{text}"
        links = re.findall(r'(?:(?:href|src)=|"alamat": )"([^"]+)"', text)
        links += re.findall(r'content="(http[^"]+)"', text)
        waiting += [urlsplit(urljoin(f"http://testserver{path}", link)).path for link in links]
    return found


def test_no_private_value_is_on_any_page_or_in_any_file_or_header(client, year):
    inside = {"release_list", "release_preview", "release_do", "release_undo", "message_list"}
    inside |= {"document_list", "document_preview", "document_release", "document_withdraw"}
    inside |= {"message_settle", "passed_list"}
    inside |= {"message_sent"}  # nothing leads there
    pages = crawled(client)
    people = year.city.memberships.values_list("user__name", "user__email")
    private = {*PRIVATE.values(), *(value for row in people for value in row if value)}

    leaks = [(path, value) for path, text in pages.items() for value in private if value in text]

    assert {resolve(path).url_name for path in pages} == {one.name for one in urlpatterns} - inside
    assert leaks == []
    assert "Isi yang dirilis" in "".join(pages.values())


def test_no_other_document_is_at_an_address_that_somebody_guesses(client, year):
    released = ReleasedDocument.objects.order_by("pk").values_list("pk", flat=True)
    guesses = range(min(released), max(released) + 20)

    codes = {}
    for pk in guesses:
        answer = client.get(reverse("public:document_file", args=[year.city.slug, year.year, pk]))
        answer.getvalue()
        codes[pk] = answer.status_code

    standing = ReleasedDocument.objects.standing().values_list("pk", flat=True)
    assert {pk for pk, code in codes.items() if code == 200} == set(standing)
    assert set(codes.values()) == {200, 404}


def test_what_was_planted_would_be_found(client, year):
    """What is released after all is read, and the home of children is not among it."""
    release(year, Section.FACILITIES)

    text = client.get(
        reverse("public:city_page", args=[year.city.slug, year.year])
    ).content.decode()

    assert PRIVATE["withdrawn facility"] in text
    assert PRIVATE["home of children"] not in text


def test_a_part_that_is_not_released_is_at_no_address(client, year):
    codes = {
        (section, kind): client.get(
            reverse("public:data_file", args=[year.city.slug, year.year, section, kind])
        ).status_code
        for section in NOT_RELEASED
        for kind in ("csv", "json")
    }

    assert set(codes.values()) == {404}


def test_no_count_below_the_least_is_in_any_file(client, year):
    """Three boys married young are planted; their forty-three together are public."""
    path = reverse("public:data_file", args=[year.city.slug, year.year, "profil-anak", "json"])

    rows = client.get(path).json()["data"]

    shown = {row["jumlah"] for row in rows if row["jumlah"] != ""}
    assert 43 in shown
    assert [count for count in shown if 0 < count < 5] == []
