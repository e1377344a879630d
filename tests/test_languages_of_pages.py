"""No page mixes its languages: what the site itself says is English on every English page.

What people and papers say stays as it is: names, titles, the words of the instrument. So each text
on a page is held against what the catalogue translates, not against a dictionary.
"""

import re
from dataclasses import astuple
from html.parser import HTMLParser

import pytest
from django.test import Client

from clusters.services.life import create_draft
from scripts.messages import catalogue, key_of, said
from tests.assessments.situations import NOW
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import BandTableFactory, small_spec
from tests.test_access_matrix import (
    BAND_TABLE,
    DRAFT,
    PARTS,
    address,
    other_place,
    people_of,
    place,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAID_IN = {"alt", "aria-label", "placeholder", "title"}
UNSAID = {"code", "script", "style", "svg"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
FACT = re.compile(r"%\(\w+\)\d*\.?\d*[sdf]|%[sd]")
# What people, the instrument, the trail and the catalogues of the ministry call things.
DATA = {"SK Gugus Tugas", "Pertanyaan", "Forum Anak", "anak"}
FEW = 3  # words of a sentence without its facts: one or two stand in anybody's data, too


class Texts(HTMLParser):
    """The texts of a page in the page's own language; `lang` is which."""

    def __init__(self, html):
        super().__init__()
        self.lang, self.open, self.found = "", [], []
        self.feed(html)

    @property
    def is_silent(self):
        return bool(self.open and self.open[-1][1])

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "html":
            self.lang = facts["lang"]
        if tag not in VOID:
            foreign = facts.get("lang", self.lang) != self.lang
            self.open.append((tag, self.is_silent or foreign or tag in UNSAID))
        if not self.is_silent:
            self.found += [facts[name] for name in SAID_IN & facts.keys() if facts[name]]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.is_silent:
            self.found.append(data)

    @property
    def texts(self):
        return {" ".join(text.split()) for text in self.found} - {""}


def strings_in(value):
    if isinstance(value, str):
        return {value}
    return set().union(*map(strings_in, value)) if isinstance(value, list | tuple) else set()


@pytest.fixture(scope="module")
def indonesian():
    """What is Indonesian only: whole texts, and sentences that have facts in them."""
    whole, sentences = set(), []
    for message in catalogue():
        if not message.id or (words := key_of(message)[1]) in said(message):
            continue
        words = " ".join(re.sub(r"<[^>]*>", "", words).split())
        fixed = FACT.split(words)
        if len(fixed) == 1:
            whole.add(words)
        elif len("".join(fixed).split()) >= FEW:
            sentences.append(".+?".join(map(re.escape, fixed)))
    return whole - DATA - strings_in(astuple(small_spec())), re.compile("|".join(sentences))


@pytest.fixture(scope="module")
def world(rows_of_a_module):
    create_draft(spec=small_spec(DRAFT), by=SiteAdminFactory(), at=NOW)
    BandTableFactory(code=BAND_TABLE)
    ours, theirs = place(), other_place()
    return ours, {actor: signed_in(user) for actor, user in people_of(ours, theirs).items()}


@pytest.fixture
def media_root(world, rows_of_a_module, settings):
    settings.MEDIA_ROOT = rows_of_a_module
    return rows_of_a_module


def pages(cookies, rows, language):
    client = Client()
    client.cookies.update(cookies)
    client.cookies["bahasa"] = language
    for name in PARTS:
        answer = client.get(address(name, rows(name)))
        if answer.streaming:
            answer.getvalue()  # read to its end, a document's file is closed
        elif answer["Content-Type"].startswith("text/html"):
            yield name, Texts(answer.content.decode())


@pytest.mark.parametrize("actor", ["site_admin", "gugus_tugas", "opd_own"])
def test_an_english_page_says_nothing_in_indonesian(world, indonesian, actor):
    ours, people = world
    whole, sentences = indonesian

    mixed = {
        (name, text)
        for name, page in pages(people[actor], ours.rows, "en")
        if page.lang == "en"
        for text in page.texts
        if text in whole or sentences.fullmatch(text)
    }

    assert mixed == set()


def test_the_texts_of_an_indonesian_page_are_found(world, indonesian):
    """What the test above does not find is there to be found."""
    ours, people = world
    whole, _sentences = indonesian

    found = {
        name
        for name, page in pages(people["opd_own"], ours.rows, "id")
        if page.lang == "id" and page.texts & whole
    }

    assert {"assessments:task_list", "assessments:question_detail", "glossary"} - found == set()


def test_pages_for_everybody_stay_as_they_were_released(world):
    ours, people = world

    spoken = {
        page.lang
        for name, page in pages(people["anonymous"], ours.rows, "en")
        if name.startswith("public:")
    }

    assert spoken - {""} == {"id"}  # a picture has none
