"""The words of static/js: all of them can be translated, and a page brings those of its language."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from kla.languages import words_of_scripts
from scripts.messages import catalogue, key_of, words

SCRIPTS = sorted((Path(__file__).parents[2] / "static" / "js").glob("*.js"))
BLOCK = re.compile(r'<script id="words" type="application/json">(.*?)</script>')
FACT = re.compile(r"%\(\w+\)s")

COMMENT = re.compile(r"(?:^|(?<=[\s;{(,]))//[^\n]*$", re.MULTILINE)
TRANSLATED = re.compile(r'\b_\("(?:[^"\\\n]|\\.)*"')
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')
FILLED = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
# A capital, two words in a row, or a word beside something filled in: said to people.
SENTENCE = re.compile(
    r"[A-Z][a-z]|(?:^|\s)[a-z]{2,} [a-z]{2,}(?:$|[\s.,:;])|\{\} [a-z]{2}|[a-z]{2} \{\}"
)
NOT_SAID = {
    "showPicker": "name of a method",
    "serviceWorker": "name of a property",
    "Escape": "name of a key",
    "Arrow": "how names of keys begin",
    "Content-Type": "name of a header",
    "X-CSRFToken": "name of a header",
    "details summary": "selector",
    "panel unsent mb-4": "classes",
    "kla {} {}": "how tus-js-client names an upload",
}


def untranslated(code):
    """What a script says without asking for its translation."""
    code = TRANSLATED.sub("_(", COMMENT.sub("", code))
    literals = [FILLED.sub("{}", literal[1:-1]) for literal in LITERAL.findall(code)]
    return [text for text in literals if SENTENCE.search(text) and text not in NOT_SAID]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('const NONE = "Pilih baris.";', ["Pilih baris."]),
        ('words.textContent = "Batal";', ["Batal"]),
        ("return `${hours} jam lagi`;", ["{} jam lagi"]),
        ("`foto ${size({ a: 1 })} KB`", ["foto {} KB"]),
        ("'belum terkirim'", ["belum terkirim"]),
        ('_("Pilih baris.");', []),
        ('_("foto %(size)s KB", { size })', []),
        ('save(); // "Pilih baris."', []),
        ('made.className = "btn btn-outline-primary";', []),
        ('state === "menunggu"', []),
        ("`${prefix}${place}`", []),
    ],
)
def test_what_is_said_without_translation_is_found(code, found):
    assert untranslated(code) == found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_anything_that_cannot_be_translated(path):
    assert untranslated(path.read_text()) == []


def test_every_exception_still_stands_in_a_script():
    literals = {
        FILLED.sub("{}", literal[1:-1])
        for path in SCRIPTS
        for literal in LITERAL.findall(COMMENT.sub("", path.read_text()))
    }

    assert sorted(set(NOT_SAID) - literals) == []


def test_the_catalogue_and_the_page_read_the_same_words_out_of_the_scripts():
    of_scripts = {
        text for (_context, text, _many), files in words().items() if "static/js" in str(files)
    }
    calls = sum(len(re.findall(r"\b_\(", COMMENT.sub("", path.read_text()))) for path in SCRIPTS)
    found = sum(len(TRANSLATED.findall(COMMENT.sub("", path.read_text()))) for path in SCRIPTS)

    assert set(words_of_scripts()) == of_scripts
    assert len(of_scripts) > 50
    assert found == calls - 1  # the function itself


@pytest.mark.parametrize("word", words_of_scripts())
def test_every_word_of_the_scripts_has_english_with_the_same_facts(word):
    english = {key_of(message): message.string for message in catalogue() if message.id}

    said = english[(None, word, None)]
    assert said
    assert sorted(FACT.findall(said)) == sorted(FACT.findall(word))


@pytest.mark.django_db
def test_an_indonesian_page_brings_no_words(client):
    page = client.get("/masuk/").content.decode()

    assert 'id="words"' not in page
    assert '</footer>\n\n    <script src="' in page  # and not even a space in their place


@pytest.mark.django_db
def test_an_english_page_brings_all_words_in_english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get("/masuk/").content.decode()
    [block] = BLOCK.findall(page)

    with override("en"):
        assert json.loads(block) == {word: gettext(word) for word in words_of_scripts()}
    assert page.index(block) < page.index("js/menu.js")
