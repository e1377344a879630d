"""Every word of the site has its English, and the catalogue holds no others."""

import io
import re
from collections import Counter

import pytest
from babel.messages.mofile import write_mo

from scripts.messages import ENGLISH, catalogue, key_of, said, words

FACT = re.compile(r"%\(\w+\)\d*\.?\d*[sdf]|%%|%[sd]")
TAG = re.compile(r"</?\w+[^>]*>")


@pytest.fixture(scope="module")
def asked():
    return words()


@pytest.fixture(scope="module")
def messages():
    return {key_of(message): message for message in catalogue() if message.id}


def test_every_word_has_its_english(asked, messages):
    assert [key for key in asked if key not in messages or not all(said(messages[key]))] == []


def test_no_english_is_kept_of_what_is_said_nowhere(asked, messages):
    assert messages.keys() - asked.keys() == set()


def test_no_english_is_a_guess(messages):
    assert [key for key, message in messages.items() if message.fuzzy] == []


def test_the_facts_and_marks_of_a_sentence_are_in_its_english(messages):
    def of(pattern, text):
        return Counter(pattern.findall(text))

    astray = [
        key
        for key, message in messages.items()
        for english, source in zip(said(message)[::-1], [key[2] or key[1], key[1]], strict=False)
        if (of(TAG, english) != of(TAG, source))
        or (of(FACT, english) != of(FACT, source) and not (key[2] and english == said(message)[0]))
    ]

    assert astray == []


def test_no_word_has_one_number_in_one_place_and_two_in_another(asked):
    """A catalogue has one entry for both, and the plain call would get the English of one."""
    with_many = {(context, one) for context, one, many in asked if many}
    without = {(context, one) for context, one, many in asked if not many}

    assert with_many & without == set()


def test_what_is_compiled_is_what_is_written():
    """Whoever changes a word runs `make setup`; the tests would look at old English otherwise."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())

    assert ENGLISH.with_suffix(".mo").read_bytes() == compiled.getvalue()
