"""What a search finds, on SQLite as on PostgreSQL."""

import unicodedata

import pytest

from cities.models import User
from tests.factories.cities import UserFactory
from texts.folding import as_title, composed, folded, visible
from texts.searching import found

NFD = unicodedata.normalize("NFD", "Café Ḥasan")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stored", ["Café Ḥasan", NFD, "CAFÉ ḤASAN", "cafe hasan", "Caf\u200bé Hasan"]
)
@pytest.mark.parametrize("typed", ["Café", "café", "cafe", "CAFE", NFD[:5], " ḥasan ", "hasan"])
def test_a_name_is_found_however_it_is_typed(stored, typed):
    person = UserFactory(name=stored)
    UserFactory(name="Kaf Husan")

    assert list(User.objects.filter(found(typed, "name"))) == [person]


@pytest.mark.django_db
def test_signs_of_a_pattern_stand_for_themselves():
    percent = UserFactory(name="100% jadi_1")
    UserFactory(name="100 jadi 1")

    assert list(User.objects.filter(found("0% ", "name"))) == [percent]
    assert list(User.objects.filter(found("i_1", "name", "email"))) == [percent]
    assert list(User.objects.filter(found("\\", "name"))) == []


@pytest.mark.django_db
def test_a_search_is_one_query(django_assert_num_queries):
    UserFactory(name="Émile")

    with django_assert_num_queries(1):
        assert (
            User.objects.filter(found("emile", "name", "email"))
            .exclude(found("zzz", "name"))
            .count()
            == 1
        )


def test_text_is_stored_composed_and_without_what_nobody_sees():
    assert composed(NFD) == "Café Ḥasan"
    assert visible("\u202eSurat\u200b \ufeffKeputusan") == "Surat Keputusan"
    assert visible("👨\u200d👩") == "👨\u200d👩"


@pytest.mark.parametrize(
    "title",
    [
        "Kode Pertanyaan",
        "kode\u00a0pertanyaan",
        " KODE\n  PERTANYAAN ",
        "Ko\u200bde pertanyaan\ufeff",
        '"kode pertanyaan"',
    ],
)
def test_a_title_is_known_however_it_is_broken(title):
    assert as_title(title) == "kode pertanyaan"


def test_letters_that_only_differ_in_marks_are_one():
    assert folded("ÀÉÎõÜçḥñ") == "aeioucḥn".replace("ḥ", "h")


@pytest.mark.django_db
def test_the_admin_searches_in_the_same_way(admin_client):
    UserFactory(name="Café Ḥasan")
    UserFactory(name="Kaf Husan")

    for typed in ("cafe", "HASAN", NFD):
        page = admin_client.get("/admin/cities/user/", {"q": typed})
        assert [person.name for person in page.context["cl"].result_list] == ["Café Ḥasan"]
