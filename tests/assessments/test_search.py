"""The search over a city: forgiving, ranked, and only what one may see, alike on both databases."""

import unicodedata
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import Answer, SupportingDocument
from assessments.queries.search import DOCUMENTS, KINDS, OPDS, PEOPLE, QUESTIONS, search
from cities.models import Opd
from clusters.models import Question
from tests.assessments.situations import NOW, secretary_of, staff_of, working_year
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import CityFactory, MembershipFactory, UserFactory
from tests.factories.clusters import small_spec
from texts.searching import words_of

pytestmark = pytest.mark.django_db

SOURCES = {
    "clusters_question": QUESTIONS,
    "assessments_supportingdocument": DOCUMENTS,
    "cities_opd": OPDS,
    "cities_user": PEOPLE,
}
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has triggers")


@pytest.fixture
def admin(year):
    return MembershipFactory(admin_kota=True, city=year.city)


def ask(member, term):
    return {group.kind: [hit.title for hit in group.hits] for group in search(member, term)}


def paper(answer, title, **facts):
    fields = {f"document__{name}": value for name, value in facts.items()}
    return EvidenceFactory(answer=answer, document__title=title, **fields).document


def named(answer, text):
    Question.objects.filter(pk=answer.question_id).update(text=text)


# --- Forgiving --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "term",
    [
        "Pelatihan konvensi hak anak",
        "anak konvensi",  # another order
        "KONVENSI pelat",  # the beginnings of words
        "konvénsi",
        unicodedata.normalize("NFD", "konvénsi"),
        "  hak   anak ",
        "“konvensi”, anak!",
        "188.45/1234/2026",
        "188.45/12",
        "sk 188",
        "scan_0001.pdf",
        "scan",
    ],
)
def test_a_document_is_found_however_it_is_asked_for(year, admin, answer, term):
    paper(
        answer,
        "SK pelatihan konvensi hak anak",
        number="SK 188.45/1234/2026",
        original_name="scan_0001.pdf",
    )
    paper(answer, "Foto kegiatan", original_name="foto.jpg")

    assert ask(admin, term).get("dokumen") == ["SK pelatihan konvensi hak anak"]


@pytest.mark.parametrize(
    "stored", ["Café Ramah Anak", unicodedata.normalize("NFD", "Café Ramah Anak")]
)
@pytest.mark.parametrize(
    "term", ["cafe", "café", "CAFÉ ramah", unicodedata.normalize("NFD", "café")]
)
def test_accents_are_one_in_either_form_on_either_side(year, admin, answer, stored, term):
    paper(answer, stored)

    assert ask(admin, term) == {"dokumen": [stored]}


@pytest.mark.parametrize("term", ["2a.2", "2A.2", "2a", "2a."])
def test_a_question_is_found_by_its_code(year, admin, term):
    assert ask(admin, term)["pertanyaan"][0].startswith("2a.") is True


def test_the_parts_of_a_code_have_to_follow_each_other(year, admin):
    named(answer_of(year, "1.1"), "Bagian 2 dari pasal 1")

    assert [title[:3] for title in ask(admin, "1.2")["pertanyaan"]] == ["1.2"]


@pytest.mark.parametrize("term", ["", " ", "…", "\x00", "“”", "-", '"', "*", "NEAR(", "%", "'; --"])
def test_what_has_no_word_finds_nothing_and_breaks_nothing(year, admin, client, term):
    client.force_login(admin.user)

    response = client.get(reverse("assessments:city_search", args=[year.city.slug]), {"q": term})

    assert response.status_code == 200
    assert response.context["groups"] == []


@pytest.mark.parametrize(
    "word", ["AND", "NOT", "body", "ref", "a:b", "(anak", "anak*", "& | !", "^a"]
)
def test_words_of_a_search_language_are_only_words(year, admin, answer, word):
    paper(answer, f"Surat {word} tetap")

    assert ask(admin, f"surat {word}")["dokumen"] == [f"Surat {word} tetap"]


def test_every_word_has_to_be_there(year, admin, answer):
    paper(answer, "SK gugus tugas")

    assert ask(admin, "gugus tidak") == {}


def test_only_so_many_words_are_asked_for():
    assert len(words_of(" ".join(str(n) for n in range(100)))) == 8


# --- Ranked -----------------------------------------------------------------------------------


def test_the_very_code_comes_first_then_what_begins_so_then_the_words(year, admin):
    named(answer_of(year, "1.1"), "Pasal 2a.1 dan 2a.2")
    named(answer_of(year, "1.2"), "Anak 2a dengan 9")

    assert [title.split()[0] for title in ask(admin, "2a.2")["pertanyaan"]] == ["2a.2", "1.1"]
    assert [title.split()[0] for title in ask(admin, "2a")["pertanyaan"]][:2] == ["1.1", "1.2"]


def test_the_words_as_they_were_typed_come_before_others_then_the_newest(year, admin, answer):
    old = {"uploaded_at": NOW - timedelta(days=9)}
    paper(answer, "Anak dan forum")
    paper(answer, "Forum anak lama", **old)
    paper(answer, "Forum anak baru")

    assert ask(admin, "forum anak")["dokumen"] == [
        "Forum anak baru",
        "Forum anak lama",
        "Anak dan forum",
    ]


def test_the_kind_with_the_closest_hit_comes_first(year, admin, answer):
    paper(answer, "Surat dari DINKES kepada anak")
    paper(answer, "Nomor tepat", number="DISDIK")

    assert [group.kind for group in search(admin, "DINKES")] == ["opd", "dokumen"]
    assert [group.kind for group in search(admin, "DISDIK")] == ["dokumen", "opd"]


def test_the_newest_year_comes_first(year, admin):
    open_year(city=year.city, spec=small_spec("kecil-2025"), year=year.year - 1)

    hits = next(group.hits for group in search(admin, "1.1") if group.kind == "pertanyaan")

    assert [hit.detail[:4] for hit in hits] == [str(year.year), str(year.year - 1)]


def test_of_a_document_its_newest_version_is_found(year, admin, answer):
    before = paper(answer, "Perda lama")
    paper(answer, "Perda baru", revision_of=before, revision=2, changes="Ditandatangani")

    assert ask(admin, "perda")["dokumen"] == ["Perda baru"]


# --- Only what one may see --------------------------------------------------------------------


def test_staff_of_an_opd_find_what_is_theirs_and_no_more(year, answer):
    paper(answer_of(year, "1.2"), "Rahasia pendidikan")
    paper(answer_of(year, "2a.2"), "Rahasia kesehatan")
    Question.objects.update(text="Apakah rahasia")
    for opd in Opd.objects.filter(city=year.city):
        Opd.objects.filter(pk=opd.pk).update(name=f"{opd.code} rahasia")
    staff = staff_of(year, "DISDIK")
    staff.user.name = "Orang rahasia"
    staff.user.save()

    assert ask(staff, "rahasia") == {
        "pertanyaan": ["1.2 Apakah rahasia"],
        "dokumen": ["Rahasia pendidikan"],
        "opd": ["DISDIK rahasia"],
    }


def test_another_city_is_never_found(year, admin):
    other = working_year(city=None)
    paper(answer_of(other, "1.2"), "Rahasia kota lain")
    Opd.objects.filter(city=other.city, code="DINKES").update(name="Dinas rahasia")
    MembershipFactory(gugus_tugas=True, city=other.city, user__name="Orang rahasia")
    UserFactory(name="Rahasia tanpa kota")

    assert ask(admin, "rahasia") == {}


def test_people_are_found_only_by_who_may_see_the_members(year, admin):
    MembershipFactory(verifikator=True, city=year.city, user__name="Ñuñez Pratiwi")
    secretary = MembershipFactory(gugus_tugas=True, city=year.city)

    assert ask(admin, "nunez") == {"orang": ["Ñuñez Pratiwi"]}
    assert ask(secretary, "nunez") == {}


def test_a_document_that_was_offered_for_nothing_is_not_found(year, admin, answer):
    document = paper(answer, "Surat ditarik")
    document.evidence.all().delete()

    assert ask(admin, "ditarik") == {}


# --- Never stale ------------------------------------------------------------------------------


def test_what_is_changed_or_deleted_is_found_as_it_now_is(year, admin, answer):
    document = paper(answer, "Judul semula")
    named = {"title": "Nama pengganti", "original_name": "a.pdf"}
    SupportingDocument.objects.filter(pk=document.pk).update(**named)
    Opd.objects.filter(city=year.city, code="DINKES").update(name="Badan pengganti")

    assert ask(admin, "semula") == {}
    assert ask(admin, "pengganti") == {"dokumen": ["Nama pengganti"], "opd": ["Badan pengganti"]}
    document.evidence.all().delete()
    document.delete()
    assert ask(admin, "pengganti") == {"opd": ["Badan pengganti"]}


@on_sqlite
@pytest.mark.parametrize(("table", "index"), SOURCES.items())
def test_after_all_migrations_every_trigger_is_there(table, index):
    """A migration that alters one of these tables calls `make_search` again; see 0012_search."""
    with connection.cursor() as cursor:
        wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        cursor.execute(wanted, [table])
        names = {name for (name,) in cursor.fetchall()}

    events = {f"{index.index}_{event}" for event in ("insert", "update", "delete")}
    assert events <= names


@on_sqlite
@pytest.mark.parametrize(("table", "index"), SOURCES.items())
def test_the_index_holds_every_row_and_no_other(year, admin, answer, table, index):
    gone = paper(answer, "Akan dihapus")
    gone.evidence.all().delete()
    gone.delete()
    paper(answer, "Tetap ada")
    key = "ref" if index.is_keyed else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, body FROM {index.index} ORDER BY 1")
        indexed = cursor.fetchall()
        cursor.execute(f"SELECT {index.key}, {index.columns} FROM {table} ORDER BY 1")

        assert indexed == cursor.fetchall()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL plans so")
@pytest.mark.parametrize(("table", "index"), SOURCES.items())
def test_postgresql_searches_by_the_index_of_the_migration(year, table, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {index._on_postgresql()}", ["'anak':*"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"Bitmap Index Scan on {index.index}" in plan


# --- The page ---------------------------------------------------------------------------------


def opened(client, user, year, **query):
    client.force_login(user)
    return client.get(reverse("assessments:city_search", args=[year.city.slug]), query)


def test_the_page_links_to_what_was_found(client, year, admin, answer):
    paper(answer, "SK <b>forum</b> anak")

    html = opened(client, admin.user, year, q="forum").content.decode()

    assert f'<a href="{answer_url(answer)}#dokumen">SK &lt;b&gt;forum&lt;/b&gt; anak</a>' in html


def answer_url(answer):
    return Answer.objects.get(pk=answer.pk).get_absolute_url()


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_has_a_list_of_its_own(client, year, admin, answer, kind):
    paper(answer, "Temuan anak")
    Question.objects.update(text="Temuan anak")
    Opd.objects.filter(city=year.city, code="DINKES").update(name="Temuan anak")
    MembershipFactory(verifikator=True, city=year.city, user__name="Temuan anak")

    page = opened(client, admin.user, year, q="temuan", jenis=kind).context["page_obj"]

    assert {hit.title[-11:] for hit in page.object_list} == {"Temuan anak"}


def test_a_page_has_at_most_25_and_the_first_shows_six_of_each(client, year, admin, answer):
    for number in range(30):
        paper(answer, f"Foto {number}")

    first = opened(client, admin.user, year, q="foto").context["groups"]
    rest = opened(client, admin.user, year, q="foto", jenis="dokumen", halaman="2")

    assert [(len(group.hits), group.has_more) for group in first] == [(6, True)]
    assert (
        len(rest.context["page_obj"].object_list),
        rest.context["page_obj"].paginator.count,
    ) == (
        5,
        30,
    )


@pytest.mark.parametrize(
    ("term", "sentence"), [("", "Tulis beberapa awal kata"), ("xyzzy", "Kurangi kata")]
)
def test_without_words_or_hits_the_page_says_what_to_do(client, year, admin, term, sentence):
    assert sentence in opened(client, admin.user, year, q=term).content.decode()


def test_every_page_of_a_city_leads_to_its_search(client, year):
    client.force_login(secretary_of(year))
    url = reverse("assessments:city_search", args=[year.city.slug])

    html = client.get(reverse("assessments:question_list", args=[year.city.slug, 2026])).content

    assert f'href="{url}" data-search'.encode() in html


def test_the_search_of_a_person_with_one_city_is_that_citys(client, year):
    user = secretary_of(year)
    client.force_login(user)
    home = reverse("assessments:search_home")

    one = client.get(home).url
    MembershipFactory(verifikator=True, city=CityFactory(), user=user)
    several = client.get(home).url

    assert one == reverse("assessments:city_search", args=[year.city.slug])
    assert several == reverse("assessments:city_list")


def test_the_search_leads_nobody_to_a_city_that_they_may_not_search(client, year):
    """Where the Forum Anak has an account there is nothing to find; an OPD's city still is found."""
    user = MembershipFactory(forum_anak=True, city=CityFactory()).user
    client.force_login(user)
    home = reverse("assessments:search_home")

    nowhere = client.get(home).url
    MembershipFactory(verifikator=True, city=year.city, user=user)
    one = client.get(home).url

    assert nowhere == reverse("assessments:city_list")
    assert one == reverse("assessments:city_search", args=[year.city.slug])
