"""The page of terms."""

import re
from pathlib import Path

import pytest
from django.template.defaultfilters import slugify
from django.urls import reverse

from cities.roles import Role
from kla.glossary import CHAPTERS

CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
TERMS = [term for chapter in CHAPTERS for term in chapter.terms]
# Words for people who look into a trail or write code; nobody else meets them.
OF_TRAILS = {"aktivitas", "kode keaslian", "kode keaslian terakhir", "filter"}


@pytest.mark.django_db
def test_everybody_reads_it_signed_in_or_not_from_the_foot_of_every_page(client):
    address = reverse("glossary")
    assert f'href="{address}"' in client.get(reverse("account_login")).text

    text = client.get(address).text

    for term in TERMS:
        assert f'id="{term.anchor}"' in text
        assert f"<dt>{term.word}</dt>" in text


def test_each_term_has_one_place_and_one_or_two_sentences():
    anchors = [term.anchor for term in TERMS]

    assert sorted(set(anchors)) == sorted(anchors)
    assert [one for one in anchors if one != slugify(one)] == []
    assert {
        str(term.word): len(str(term.meaning)) for term in TERMS if len(str(term.meaning)) > 160
    } == {}
    assert [str(term.word) for term in TERMS if str(term.meaning)[-1] != "."] == []


def test_the_words_we_hold_ourselves_to_are_explained():
    table = CONTRIBUTING.read_text().split("\n## Words\n")[1].split("\n## ")[0]
    held = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[2:]
    ours = {word for words in held for word in words.split(", ")}
    explained = " ".join(f"{term.word} {term.meaning}" for term in TERMS).lower()

    assert len(ours) > 10
    assert {word for word in ours - OF_TRAILS if word not in explained} == set()


def test_every_role_is_explained():
    words = " ".join(str(term.word) for term in TERMS)

    assert [role.label for role in Role if str(role.label) not in words] == []
