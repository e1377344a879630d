"""How large a file is said to be."""

import pytest

from texts.sizes import written_size


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 byte"), (1, "1 byte"), (1_023, "1023 byte"), (1_024, "1,0 KB"), (2_516_582, "2,4 MB")],
)
def test_a_size_is_said_in_one_word_for_bytes(count, words):
    assert written_size(count) == words.replace(" ", "\xa0")
